"""Statements asked with each call: SQLAlchemy writes them once, then the driver is asked directly.

What SQLAlchemy does for each execution of a statement costs ten times what SQLite does to answer it. The statement, its
types and the dialect stay SQLAlchemy's; values still travel apart from the text of the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Insert, Select, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from reference_server.storage.tables import Base

T = TypeVar("T")
Process = Callable[[Any], Any]
"""A value on its way to or from the driver."""
Values = dict[str, Any]
AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"


class Prepared(Generic[T]):
    """A SELECT whose rows become ``make(*columns)``; parameters are ``bindparam`` with a name each, none expanding."""

    def __init__(self, statement: AnySelect, make: Callable[..., T]) -> None:
        self._statement, self._make = statement, make
        self._written: dict[str, tuple[_Written, tuple[Process | None, ...]]] = {}

    def rows(self, session: Session, **values: Any) -> list[T]:
        """What the session's transaction sees, its own pending changes included."""
        connection = _connection(session)
        written, reading = self._for(connection.dialect)
        with _cursor(connection) as cursor:
            cursor.execute(written.text, written.bound(values))
            return [self._make(*_read(row, reading)) for row in cursor.fetchall()]

    def first(self, session: Session, **values: Any) -> T | None:
        """The first row, if any."""
        return next(iter(self.rows(session, **values)), None)

    def _for(self, dialect: Dialect) -> tuple[_Written, tuple[Process | None, ...]]:
        found = self._written.get(dialect.name)
        if found is None:
            reading = tuple(
                _implementation(column.type, dialect).result_processor(dialect, None)
                for column in self._statement.selected_columns
            )
            found = self._written[dialect.name] = (_Written.of(self._statement, dialect), reading)
        return found


class PreparedInsert:
    """An INSERT of all ``columns`` of a table, or of those named."""

    def __init__(self, table: type[Base], columns: Iterable[str] | None = None) -> None:
        assert isinstance(table.__table__, Table)
        self._columns = list(columns) if columns else [column.name for column in table.__table__.columns]
        self._statement = insert(table.__table__).inline()
        self._written: dict[str, _Written] = {}

    def keep(self, session: Session, rows: Iterable[Values]) -> None:
        """Insert rows by column."""
        connection = _connection(session)
        written = self._for(connection.dialect)
        with _cursor(connection) as cursor:
            for values in rows:
                cursor.execute(written.text, written.bound(values))

    def _for(self, dialect: Dialect) -> _Written:
        found = self._written.get(dialect.name)
        if found is None:
            found = self._written[dialect.name] = _Written.of(self._statement, dialect, self._columns)
        return found


@dataclass(frozen=True, slots=True)
class _Written:
    """The text of a statement, and its parameters in order with what each value goes through."""

    text: str
    parameters: tuple[tuple[str, Process | None], ...]
    constants: Values
    positional: bool

    @classmethod
    def of(cls, statement: AnySelect | Insert, dialect: Dialect, columns: list[str] | None = None) -> _Written:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        order = compiled.positiontup if compiled.positional else list(compiled.binds)
        parameters = tuple(
            (name, _implementation(compiled.binds[name].type, dialect).bind_processor(dialect)) for name in order
        )
        constants = {name: one.value for name, one in compiled.binds.items() if not one.required}
        return cls(str(compiled), parameters, constants, bool(compiled.positional))

    def bound(self, values: Values) -> list[Any] | Values:
        """As the driver wants them."""
        values = self.constants | values
        said = [values[name] if process is None else process(values[name]) for name, process in self.parameters]
        return said if self.positional else {name: one for (name, _), one in zip(self.parameters, said, strict=True)}


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _read(row: tuple[Any, ...], reading: tuple[Process | None, ...]) -> Iterator[Any]:
    for value, process in zip(row, reading, strict=True):
        yield value if process is None else process(value)


def _connection(session: Session) -> Connection:
    """Of a session of ``Database``, its pending changes written."""
    session.flush()
    assert isinstance(session.bind, Connection)
    return session.bind


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def run(connection: Connection, statement: str) -> None:
    """A statement without parameters or rows, such as SAVEPOINT."""
    with _cursor(connection) as cursor:
        cursor.execute(statement)
