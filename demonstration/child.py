"""A program of ours run beside the window: one line of JSON when ready, gone when we are gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from card_reader.ending import end
from praticien.errors import EnvironmentProblem

MAIN = Path(__file__).parents[1] / "main.py"


class ChildFailed(EnvironmentProblem):
    """The program ended, or said nothing, before it was ready; ``detail`` is its last words."""

    code = "demonstration.child_failed"


class Child:
    """Starts ``main.py ARGUMENTS --with-parent`` and waits for its line of JSON (``ready``).

    Its standard input is a pipe that closes when this process dies, however it dies: the child then ends.
    """

    def __init__(self, *arguments: str, log: Path, patience: float = 60.0) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, str(MAIN), *arguments, "--with-parent"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        watchdog = threading.Timer(patience, self._process.kill)
        watchdog.start()
        try:
            self.ready = self._first_line()
        finally:
            watchdog.cancel()

    def _first_line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            ready = json.loads(line)
        except ValueError:
            self.close()
            raise ChildFailed(self._last_words()) from None
        if not isinstance(ready, dict):
            self.close()
            raise ChildFailed("not an object")
        return ready

    @property
    def pid(self) -> int:
        """Its process identifier."""
        return self._process.pid

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """Ask it to end, then make it end."""
        end(self._process, 5)


def end_with_parent() -> None:
    """In the child: end as by an interruption when standard input closes."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        signal.raise_signal(signal.SIGINT) if sys.platform == "win32" else os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
