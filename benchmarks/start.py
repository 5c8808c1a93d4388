"""Start of the program to its first painted window, beside a program that only shows an empty window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import NotHere, Row, Section
from benchmarks.setting import PATIENCE, Setting

TITLE = "Start of the program to its first window painted (offscreen)"
_CONFIGURATION = """\
[dmp]
base_url = "https://localhost:9"
ca_file = "authority/root.pem"
[identity]
ins_oid = "test"
"""


def measure(setting: Setting, runs: int) -> Section:
    """Fresh processes in turn, after one of each that fills the file caches. Raises NotHere."""
    ours = configured(setting.folder)
    environment = surroundings(setting)
    times: dict[str, list[float]] = {"ours": [], "empty": []}
    for number in range(runs + 1):
        for name, arguments in (("ours", ours), ("empty", ())):
            seconds = first_window(arguments, environment)
            if number:
                times[name].append(seconds * 1000)
    empty = Row("a program with an empty QMainWindow", "ms", times["empty"])
    return Section(TITLE, (Row("Praticien", "ms", times["ours"]).beside(empty), empty))


def configured(folder: Path) -> tuple[str, ...]:
    """The arguments of an application whose configuration and data are in ``folder``."""
    file = folder / "praticien.toml"
    file.write_text(_CONFIGURATION, "utf-8")
    return "--config", str(file), "--data", str(folder / "application")


def surroundings(setting: Setting) -> Mapping[str, str]:
    """No screen, no keyring of this machine, and the private pcscd where there is one, else none at all.

    Compiled modules are kept from the first start on, as everywhere but in some development environments.
    """
    try:
        socket = setting.cards.socket
    except NotHere:
        socket = str(setting.folder / "no-pcscd")
    changes = {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "benchmarks.memory_keyring.Keyring",
        "PCSCLITE_CSOCK_NAME": socket,
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return os.environ | changes


def first_window(arguments: tuple[str, ...], environment: Mapping[str, str]) -> float:
    """Seconds from the start of the process to its word. Raises AssertionError when it ends without it."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.first_window", *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        word = process.stdout.readline()
        seconds = time.perf_counter() - start
        _, errors = process.communicate(timeout=PATIENCE)
    if word != b"shown\n" or process.returncode != 0:
        raise AssertionError(errors.decode("utf-8", "replace")[-2000:])
    return seconds
