"""One thread a reader: operations on a card follow one another, and a hung one is abandoned, not waited for.

PC/SC has no way to interrupt a card that does not answer: the thread then stays behind (daemon) with the hung call, and
whoever comes next gets another.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from card_reader.errors import CardTimeout

T = TypeVar("T")


class _Task(Generic[T]):
    """A job and its outcome."""

    def __init__(self, job: Callable[[], T]) -> None:
        self._job = job
        self.done = threading.Event()
        self._error: BaseException | None = None
        self._result: T

    def run(self) -> None:
        """In the worker."""
        try:
            self._result = self._job()
        except BaseException as error:
            self._error = error
        self.done.set()

    def outcome(self) -> T:
        """In the caller, once done: what the job returned or raised."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # no reference cycle through the traceback
        return self._result


class ReaderWorker:
    """The thread of one reader. Once abandoned it takes nothing more; its owner makes another."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[_Task[object] | None] = queue.SimpleQueue()
        self.is_abandoned = False
        self._thread = threading.Thread(target=self._run, name=f"reader {name}", daemon=True)
        self._thread.start()

    def call(self, job: Callable[[], T], seconds: float) -> T:
        """Run ``job`` in the thread, after those already waiting. Raises CardTimeout after ``seconds``."""
        if self.is_abandoned:
            raise CardTimeout("reader abandoned")
        task = _Task(job)
        self._queue.put(task)  # type: ignore[arg-type]
        if not task.done.wait(seconds):
            self.stop()
            raise CardTimeout
        return task.outcome()

    def stop(self) -> None:
        """Take nothing more; the thread ends after what it is doing."""
        self.is_abandoned = True
        self._queue.put(None)

    def _run(self) -> None:
        while (task := self._queue.get()) is not None:
            if not self.is_abandoned:
                task.run()
            del task
