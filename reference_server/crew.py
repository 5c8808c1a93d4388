"""Several worker processes on one database: each new connection goes to the next of them. Not on Windows.

A worker that died is replaced when its turn comes; what it had acknowledged is in the database.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from reference_server.errors import CannotStart
from reference_server.worker import READY, Task

START_PATIENCE = 60.0
"""Seconds given to a worker to be ready."""
END_PATIENCE = 15.0
"""Seconds given to a worker to finish what is under way."""
_ROOT = Path(__file__).parents[1]


class _Worker:
    """One process. Raises CannotStart when it does not get ready."""

    def __init__(self, task: Task) -> None:
        self._control, theirs = socket.socketpair()
        path = os.pathsep.join(part for part in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if part)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "reference_server.worker", str(theirs.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                env=os.environ | {"PYTHONPATH": path},
            )
        self._control.setblocking(False)
        assert self.process.stdin is not None
        with suppress(BrokenPipeError), self.process.stdin:
            self.process.stdin.write(task.line())

    def wait_until_ready(self) -> None:
        """Raises CannotStart."""
        self._control.settimeout(START_PATIENCE)
        try:
            ready = self._control.recv(1) == READY
        except OSError:
            ready = False
        if not ready:
            raise CannotStart("worker process")
        self._control.setblocking(False)

    def hand(self, connection: socket.socket) -> bool:
        """Give it a connection; False when it takes none (it is gone, or too busy)."""
        try:
            socket.send_fds(self._control, [b"c"], [connection.fileno()])
        except OSError:
            return False
        return True

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def let_go(self) -> None:
        """It is to end when it has finished."""
        self._control.close()

    def wait(self) -> None:
        """Until it ended, by force if it must be."""
        try:
            self.process.wait(END_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def check_possible() -> None:
    """Raises CannotStart on a system that cannot hand a connection to another process: Windows."""
    if not hasattr(socket, "send_fds"):
        raise CannotStart("workers", sentence=_UNIX_ONLY)


_UNIX_ONLY = (
    "Plusieurs processus (--workers) ne sont possibles que sous Linux et macOS, Windows ne sachant pas transmettre "
    "une connexion ouverte : lancez le serveur sans --workers."
)


class Crew:
    """``count`` workers, all ready, where that is possible. Raises CannotStart."""

    def __init__(self, count: int, task: Task) -> None:
        self._task = task
        self._workers = [_Worker(task) for _ in range(count)]
        self._next = 0
        try:
            for worker in self._workers:
                worker.wait_until_ready()
        except BaseException:
            self.close()
            raise

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The workers' processes."""
        return [worker.process for worker in self._workers]

    def hand(self, connection: socket.socket) -> None:
        """Give a connection to the next worker that takes it; without any it is closed."""
        with connection:
            for _ in self._workers:
                self._next = (self._next + 1) % len(self._workers)
                if not self._workers[self._next].is_alive:
                    self._replace(self._next)
                if self._workers[self._next].hand(connection):
                    return

    def _replace(self, index: int) -> None:
        self._workers[index].let_go()
        self._workers[index] = _Worker(self._task)  # connections wait for it in its socket

    def close(self) -> None:
        """End them all, once they have finished."""
        for worker in self._workers:
            worker.let_go()
        for worker in self._workers:
            worker.wait()
