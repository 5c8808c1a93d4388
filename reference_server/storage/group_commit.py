"""Group commit: transactions of several threads, each all or nothing, made durable by one commit.

Each transaction is a savepoint of the database transaction that is open; who leaves last commits for all who came
meanwhile. Nobody's transaction ends well before that commit did.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import Connection

from reference_server.storage.prepared import run

MAX_GROUP = 16
"""Transactions that share a commit: the first of them waits for the last."""


_WHOLE = "whole_group"


class CommitFailed(OSError):
    """The commit that was to make this transaction durable failed: nothing of it is kept."""


class _Group:
    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        with ExitStack() as stack:
            self.connection = stack.enter_context(begin())
            # Released last: that fails when the database undid the transaction by itself, where COMMIT says nothing.
            run(self.connection, f"SAVEPOINT {_WHOLE}")
            self._end = stack.pop_all()
        self.members = 0
        self._ended = threading.Event()
        self._failed = False

    def end(self) -> None:
        """Commit; a failure is told to each member by ``wait``."""
        try:
            with self._end:
                run(self.connection, f"RELEASE SAVEPOINT {_WHOLE}")
        except Exception:
            self._failed = True
        finally:
            self._ended.set()

    def wait(self) -> None:
        """Until all is durable. Raises CommitFailed."""
        self._ended.wait()
        if self._failed:
            raise CommitFailed("not committed")


class GroupCommit:
    """One writer at a time in this process; ``begin`` opens a transaction of the database that commits at its end."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._writing = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._group: _Group | None = None

    @contextmanager
    def member(self) -> Iterator[Connection]:
        """The connection, alone on it; at the end waits for the commit. An error here undoes nothing by itself.

        Raises CommitFailed, or whatever keeps a transaction from beginning.
        """
        group = self._join()
        try:
            yield group.connection
        except BaseException:  # nobody joins what may be broken
            self._leave(group, last=True)
            raise
        self._leave(group)
        group.wait()

    def _join(self) -> _Group:
        self._count(1)
        self._writing.acquire()
        self._count(-1)
        try:
            self._group = self._group or _Group(self._begin)
        except BaseException:
            self._writing.release()
            raise
        self._group.members += 1
        return self._group

    def _leave(self, group: _Group, *, last: bool = False) -> None:
        try:
            with self._counting:
                last |= self._waiting == 0
            if last or group.members >= MAX_GROUP:
                self._group = None
                group.end()
        finally:
            self._writing.release()

    def _count(self, change: int) -> None:
        with self._counting:
            self._waiting += change
