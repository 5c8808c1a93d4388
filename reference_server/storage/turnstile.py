"""Processes that write to one SQLite file wait for each other here, woken at once, instead of polling the file.

Only a matter of waiting well: SQLite's own lock stays the one that protects. Where there is no ``flock`` (Windows)
SQLite's busy timeout does the waiting.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


class Turnstile:
    """Two locks in a row, so that who leaves cannot come back before who waits. One thread at a time may use it."""

    def __init__(self, folder: Path) -> None:
        paths = (folder / "server.next", folder / "server.writing")
        self._next, self._inside = (os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in paths)

    def enter(self) -> None:
        """Wait until nobody else is inside."""
        _lock(self._next)
        try:
            _lock(self._inside)
        finally:
            _unlock(self._next)

    def leave(self) -> None:
        """Let the next one in."""
        _unlock(self._inside)

    def close(self) -> None:
        """Let the files go."""
        os.close(self._next)
        os.close(self._inside)


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        del descriptor

    def _unlock(descriptor: int) -> None:
        del descriptor

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
