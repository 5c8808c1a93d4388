"""From a card put in to its holder's name on screen, and from a card taken out to a locked screen.

The window is the application's own, in a process of its own (``benchmarks.recognition_window``) that says when it
painted; both processes read the same monotonic clock.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.figures import NotHere, Row, Section
from benchmarks.identity import CARD
from benchmarks.setting import PATIENCE, Setting

TITLE = "Card put in to its holder's name on screen; card taken out to a locked screen (offscreen)"
_TOLD = "   of which after PC/SC told of it"


def measure(setting: Setting, runs: int) -> Section:
    """Each run a program that never saw the card, then the same once more. Raises NotHere."""
    if importlib.util.find_spec("PySide6") is None:
        raise NotHere("PySide6 is not installed")
    seen: dict[str, Samples] = {}
    setting.cards  # noqa: B018 - started before the clock
    for _ in range(runs):
        with _window(setting) as window:
            for label in ("1. name on screen, card new to the program", "2. name on screen, card seen before"):
                seen.setdefault(label, Samples()).add(setting, window, f"insert {CARD}", "shown")
                seen.setdefault("3. locked screen", Samples()).add(setting, window, f"withdraw {CARD}", "locked")
    return Section(TITLE, tuple(row for label, samples in sorted(seen.items()) for row in samples.rows(label)))


class Samples:
    """Milliseconds of one thing, in all and after the window was told; and the card's commands."""

    def __init__(self) -> None:
        self._all: list[float] = []
        self._after: list[float] = []
        self._commands: list[int] = []

    def add(self, setting: Setting, window: Window, command: str, until: str) -> None:
        """Do ``command`` at the card table and wait until the window says ``until``."""
        before, start = setting.apdus(), time.monotonic()
        setting.cards.send(command)
        told, done = window.wait(until)
        self._all.append((done - start) * 1000)
        self._after.append((done - told) * 1000)
        self._commands.append(setting.apdus() - before)

    def rows(self, label: str) -> Iterator[Row]:
        """Two rows."""
        yield Row(label, "ms", self._all, self._commands if any(self._commands) else ())
        yield Row(_TOLD, "ms", self._after)


class Window:
    """The program with the window."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def wait(self, until: str) -> tuple[float, float]:
        """When the window was last told of a change before ``until``, and when that was on screen."""
        assert self._process.stdout is not None
        told = 0.0
        for line in self._process.stdout:
            said = json.loads(line)
            if said["what"] == until:
                return told or said["at"], said["at"]
            told = said["at"]
        raise AssertionError("the window ended")


@contextmanager
def _window(setting: Setting) -> Iterator[Window]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PCSCLITE_CSOCK_NAME": setting.cards.socket}
    command = [sys.executable, "-m", "benchmarks.recognition_window", str(setting.folder)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        window = Window(process)
        window.wait("ready")
        yield window
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE)
