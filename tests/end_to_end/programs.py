"""``main.py`` as a program of its own, and what is left of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
MAIN = str(ROOT / "main.py")


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """An environment whose home, configuration, data and temporary folders are under ``folder``."""
    places = {
        "HOME": folder / "home",
        "XDG_CONFIG_HOME": folder / "home" / "config",
        "XDG_DATA_HOME": folder / "home" / "data",
        "XDG_CACHE_HOME": folder / "home" / "cache",
        "TMPDIR": folder / "tmp",
    }
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name != "PCSCLITE_CSOCK_NAME"}
    return kept | {name: str(place) for name, place in places.items()} | {"QT_QPA_PLATFORM": "offscreen"} | more


def run(*arguments: str, env: Mapping[str, str], seconds: float = 110) -> subprocess.CompletedProcess[str]:
    """To its end."""
    return subprocess.run(
        [sys.executable, MAIN, *arguments],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


LOGGING = """
import logging, os
logging.basicConfig(
    filename=os.path.join(os.environ["DEBUG_LOGS"], f"{os.getpid()}.log"), encoding="utf-8", level=logging.DEBUG
)
"""


@dataclass
class Played:
    """One demonstration, over. Under ``folder``: what it left, its data, its home, its logs at DEBUG."""

    folder: Path
    process: subprocess.CompletedProcess[str]

    @property
    def left(self) -> Path:
        """Pictures, documents, summary."""
        return self.folder / "left"

    @property
    def data(self) -> Path:
        """Authority, cards, database, what the application keeps."""
        return self.folder / "data"

    @property
    def summary(self) -> str:
        """The page."""
        return (self.left / "resume.html").read_text("utf-8")


def play(folder: Path, *options: str) -> Played:
    """``main.py demo --offscreen`` with everything it writes under ``folder``; each of its programs logs all it can."""
    for name in ("logs", "site"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(LOGGING, "utf-8")
    env = surroundings(folder, PYTHONPATH=str(folder / "site"), DEBUG_LOGS=str(folder / "logs"))
    places = ("--offscreen", str(folder / "left"), "--data", str(folder / "data"))
    return Played(folder, run("demo", *places, *options, env=env))


class Running:
    """A command that runs until interrupted; ``ready`` is the JSON of its first line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        line = process.stdout.readline()
        self.ready: dict[str, Any] = json.loads(line) if line else {}

    def ends(self, signal: int) -> int:
        """Exit status after ``signal``."""
        self.process.send_signal(signal)
        return self.process.wait(20)


@contextmanager
def running(*arguments: str, env: Mapping[str, str]) -> Iterator[Running]:
    """Killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, MAIN, *arguments],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Running(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def patient_page(url: str, matricule: str) -> dict[str, Any]:
    """What a patient sees. Not by requests: its debug log quotes addresses, and this one names the patient."""
    with urlopen(f"{url}{matricule}.json", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def is_alive(pid: int) -> bool:
    """Whether it runs; a process that nobody has waited for yet runs no more."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def is_gone(pid: int, seconds: float = 20) -> bool:
    """Waits for its end."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
