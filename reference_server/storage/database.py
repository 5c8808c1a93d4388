"""The database: one SQLite file, WAL and synchronous FULL, one writer at a time.

Every exchange writes at least its trace, so every transaction is a write. A lock of this process makes them queue
instead of polling the file; calls run in worker threads, never on the event loop.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from reference_server.errors import CannotStart
from reference_server.storage import traces
from reference_server.storage.seal import Seal
from reference_server.storage.tables import Base, PersonRow, StructureRow, TraceRow


class Database:
    """One file ``server.sqlite`` in ``folder``, created when absent. Raises CannotStart."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # hide_parameters: a database error must not carry patient data into a log
        self._engine = create_engine(f"sqlite:///{folder / 'server.sqlite'}", hide_parameters=True)
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "begin", _begin_immediate)
        self._writing = threading.Lock()
        self.is_disk_full: Callable[[], bool] = lambda: False
        first_start = not Seal.exists(folder)
        self._seal = Seal.open_or_create(folder)
        try:
            Base.metadata.create_all(self._engine)
            self._sign_old_traces(first_start)
        except SQLAlchemyError as error:
            raise CannotStart("database") from error

    def _sign_old_traces(self, first_start: bool) -> None:
        """A database made before traces were signed gets its signatures when the key is made, and never later."""
        if "signature" in {column["name"] for column in inspect(self._engine).get_columns(TraceRow.__tablename__)}:
            return
        if not first_start:
            raise CannotStart("traces without signatures")
        with self.transaction() as session:
            session.execute(text("ALTER TABLE trace ADD COLUMN signature VARCHAR NOT NULL DEFAULT ''"))
            traces.seal_again(session)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back on any error."""
        with self._writing, self._session() as session, session.begin():
            yield session
            if self.is_disk_full():
                raise OSError(errno.ENOSPC, "no space left for the database")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for pages and checks; writes nothing."""
        with self._writing, self._session() as session:
            yield session

    def _session(self) -> Session:
        return Session(self._engine, info={traces.SEAL: self._seal})

    @property
    def is_empty(self) -> bool:
        """True before any seeding."""
        with self.reading() as session:
            counts = [session.scalar(select(func.count()).select_from(table)) for table in (StructureRow, PersonRow)]
            return not any(counts)

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()


def _configure(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin below, not in the driver
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
