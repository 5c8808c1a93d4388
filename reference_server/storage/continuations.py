"""Searches by traits whose answer was not whole: what was asked, for who asked it, a short while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from reference_server.storage.tables import ContinuationRow

LIFETIME = timedelta(minutes=10)
"""Ours."""


def keep(session: Session, query: str, caller: str, criteria: dict[str, str], now: datetime) -> None:
    """Remember a search until some time after ``now``; forget those whose time is over."""
    session.execute(delete(ContinuationRow).where(ContinuationRow.until <= now.isoformat()))
    until = (now + LIFETIME).isoformat()
    session.merge(ContinuationRow(query=query, caller=caller, criteria=criteria, until=until))


def kept(session: Session, query: str, caller: str, now: datetime) -> dict[str, str] | None:
    """What this caller asked under this identifier, if it is remembered."""
    row = session.get(ContinuationRow, (query, caller))
    return dict(row.criteria) if row and row.until > now.isoformat() else None


def forget(session: Session, query: str, caller: str) -> bool:
    """Give a search up; whether there was one."""
    row = session.get(ContinuationRow, (query, caller))
    if row is not None:
        session.delete(row)
    return row is not None
