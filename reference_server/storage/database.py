"""The database: one SQLite file (WAL, synchronous FULL) or a PostgreSQL database, one writer at a time.

Every exchange writes at least its trace, so every transaction is a write. They queue on a lock of the database, which
several server processes share (BEGIN IMMEDIATE behind a ``Turnstile``; an advisory lock on PostgreSQL); those of one
process share commits (``group_commit``). Calls run in worker threads, never on the event loop.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from reference_server.errors import CannotStart
from reference_server.storage import traces
from reference_server.storage.group_commit import GroupCommit
from reference_server.storage.prepared import run
from reference_server.storage.seal import Seal
from reference_server.storage.tables import PersonRow, StructureRow
from reference_server.storage.turnstile import Turnstile
from reference_server.storage.upgrade import bring_up_to_date

_WRITERS = 0x70726174
"""Number of the advisory lock on which writers queue."""
_READ_ONLY = "praticien_read_only"
_READING = {_READ_ONLY: True}


class Database:
    """One file ``server.sqlite`` in ``folder``, created when absent, or the PostgreSQL database at ``url``
    (``postgresql://…``). The key of the trace is in ``folder`` all the same. Raises CannotStart.
    """

    def __init__(self, folder: Path, url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._engine = _with_savepoints_written_once(_postgresql(url) if url else _sqlite(folder / "server.sqlite"))
        self._turnstile = None if url else Turnstile(folder)
        self._writers = GroupCommit(self._begin)
        self.is_disk_full: Callable[[], bool] = lambda: False
        first_start = not Seal.exists(folder)
        self._seal = Seal.open_or_create(folder)
        try:
            self._prepare(first_start)
        except BaseException:
            self.close()
            raise

    def _prepare(self, first_start: bool) -> None:
        try:
            with self._begin() as connection:  # several processes may start at once
                bring_up_to_date(connection, self._seal, seal_is_new=first_start)
        except SQLAlchemyError as error:
            raise CannotStart("database") from error

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is durable when this ends well, and undone on any error."""
        with self._writers.member() as connection, self._session(connection) as session, session.begin():
            session.connection()  # its savepoint begins now, whoever asks first
            yield session
            if self.is_disk_full():
                raise OSError(errno.ENOSPC, "no space left for the database")

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """A transaction of the database, no other process writing meanwhile."""
        with self._turn(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turnstile is None:
            yield
            return
        self._turnstile.enter()
        try:
            yield
        finally:
            self._turnstile.leave()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for pages and checks: what was committed when it began; writes nothing, waits for nobody."""
        with self._engine.connect().execution_options(**_READING) as connection, self._session(connection) as session:
            yield session

    def _session(self, connection: Connection) -> Session:
        return Session(connection, join_transaction_mode="create_savepoint", info={traces.SEAL: self._seal})

    @property
    def is_empty(self) -> bool:
        """True before any seeding."""
        with self.reading() as session:
            return is_empty(session)

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()
        if self._turnstile:
            self._turnstile.close()


def is_empty(session: Session) -> bool:
    """True before any seeding, as this transaction sees it."""
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (StructureRow, PersonRow)]
    return not any(counts)


def _sqlite(path: Path) -> Engine:
    # hide_parameters: a database error must not carry patient data into a log
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgresql(text: str) -> Engine:
    try:
        url = make_url(text)
        if url.get_backend_name() != "postgresql":
            raise CannotStart("database URL: postgresql expected")
        engine = create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
    except (ArgumentError, ImportError) as error:
        raise CannotStart("database URL") from error
    event.listen(engine, "begin", _queue)
    return engine


def _queue(connection: Connection) -> None:
    """Released by the end of the transaction, whatever it is."""
    if connection.get_execution_options().get(_READ_ONLY):
        run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    run(connection, f"SELECT pg_advisory_xact_lock({_WRITERS})")


def _configure(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin below, not in the driver
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READ_ONLY)
    run(connection, "BEGIN" if reading else "BEGIN IMMEDIATE")


def _with_savepoints_written_once(engine: Engine) -> Engine:
    """SQLAlchemy compiles ``SAVEPOINT name`` anew each time; the names are its own."""
    dialect: Any = engine.dialect
    dialect.do_savepoint = lambda connection, name: run(connection, f"SAVEPOINT {name}")
    dialect.do_release_savepoint = lambda connection, name: run(connection, f"RELEASE SAVEPOINT {name}")
    dialect.do_rollback_to_savepoint = lambda connection, name: run(connection, f"ROLLBACK TO SAVEPOINT {name}")
    return engine
