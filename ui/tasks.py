"""Background work: one class for everything that asks a card, the network or a file.

Results come back in the GUI thread. After half a second ``Tasks.doing`` says what is being done; ``cancel`` drops the
answer (the work itself ends by itself) and lets the user go on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal

PATIENCE_MS = 500
Callback = Callable[[Any], object]


class Task(QObject):
    """One piece of work under way. Attach callbacks right after ``Tasks.start``."""

    _ended = Signal()
    settled = Signal(object)

    def __init__(self, work: Callable[[], Any], doing: str, parent: QObject) -> None:
        super().__init__(parent)
        self.doing = doing
        self.is_late = False
        self.is_over = False
        self._work: Callable[[], Any] | None = work
        self._success: Callback | None = None
        self._failure: Callback | None = None
        self._cancelled: Callable[[], object] | None = None
        self._result: Any = None
        self._error: BaseException | None = None
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def on_success(self, callback: Callback) -> Task:
        """Call with the result, in the GUI thread."""
        self._success = callback
        return self

    def on_failure(self, callback: Callback) -> Task:
        """Call with the exception, in the GUI thread."""
        self._failure = callback
        return self

    def on_cancel(self, callback: Callable[[], object]) -> Task:
        """Call when the user gives up waiting."""
        self._cancelled = callback
        return self

    def cancel(self) -> None:
        """Stop waiting: neither success nor failure will be told."""
        if self.is_over:
            return
        callback = self._cancelled
        self.drop()
        if callback:
            callback()

    def drop(self) -> None:
        """Forget the answer without telling anybody: the screen has moved on."""
        if not self.is_over:
            self._close()
            self.settled.emit(self)

    def run(self) -> None:
        """In the worker thread: do the work, keep what came of it."""
        work = self._work
        try:
            if work and not self.is_over:
                self._result = work()
        except BaseException as error:  # everything is told in the GUI thread, nothing dies in a worker
            self._error = error
        with suppress(RuntimeError):  # the window closed meanwhile and took this object along
            self._ended.emit()

    def _deliver(self) -> None:
        result, error = self._result, self._error
        self._result = self._error = None
        self.deleteLater()
        if self.is_over:
            return
        success, failure = self._success, self._failure
        self._close()
        self.settled.emit(self)
        if error is None and success:
            success(result)
        elif error is not None and failure:
            failure(error)

    def _close(self) -> None:
        self.is_over = True
        self._work = self._success = self._failure = self._cancelled = None


class Tasks(QObject):
    """Starts tasks. Lanes "card" and "file" run one task at a time, in order: a card hears one request after the
    other, and the PDF library must not be called from two threads at once.
    """

    doing = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {"card": _pool(1), "file": _pool(1), "net": _pool(4)}
        self._running: list[Task] = []

    def start(self, work: Callable[[], Any], doing: str, *, lane: str = "net") -> Task:
        """Run ``work`` in the background; ``doing`` is said in the window when it lasts."""
        task = Task(work, doing, self)
        task.settled.connect(self._settled)
        self._running.append(task)
        QTimer.singleShot(PATIENCE_MS, task, lambda: self._late(task))
        self._lanes[lane].start(task.run)
        return task

    def is_busy(self) -> bool:
        """Whether anything is awaited (cancelled work does not count)."""
        return bool(self._running)

    def cancel_shown(self) -> bool:
        """Cancel what the window says it is doing; False when it says nothing."""
        late = [task for task in self._running if task.is_late]
        for task in late:
            task.cancel()
        return bool(late)

    def close(self) -> None:
        """Drop everything and give the workers a moment to end."""
        for task in list(self._running):
            task.drop()
        for pool in self._lanes.values():
            pool.clear()
            pool.waitForDone(2000)

    def _late(self, task: Task) -> None:
        if not task.is_over:
            task.is_late = True
            self._tell()

    def _settled(self, task: Task) -> None:
        self._running.remove(task)
        self._tell()

    def _tell(self) -> None:
        late = [task.doing for task in self._running if task.is_late]
        self.doing.emit(late[0] if late else "")


def _pool(threads: int) -> QThreadPool:
    pool = QThreadPool()
    pool.setMaxThreadCount(threads)
    return pool
