"""Traces, each linked to the one before by its hash, and notifications. CSP R.1111-43, R.1111-48."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reference_server.storage.tables import NotificationRow, TraceRow

GENESIS = "0" * 64
ALLOWED, REFUSED, FAILED = "allowed", "refused", "failed"


@dataclass(slots=True, repr=False)
class Trace:
    """An attempt, filled in as it is understood."""

    at: str
    actor: str = ""
    actor_name: str = ""
    structure: str = ""
    structure_name: str = ""
    auth_mode: str = ""
    access_mode: str = ""
    reason: str = ""
    transaction: str = ""
    matricule: str = ""
    documents: list[str] = field(default_factory=list)
    outcome: str = ALLOWED
    rule: str = ""
    message_id: str = ""


_FIELDS = tuple(Trace.__dataclass_fields__)


def append(session: Session, trace: Trace) -> int:
    """Write a trace at the end of the chain; returns its number."""
    number = (session.scalar(select(func.max(TraceRow.number))) or 0) + 1
    before = session.get(TraceRow, number - 1)
    previous = before.digest if before else GENESIS
    values = {name: getattr(trace, name) for name in _FIELDS}
    session.add(TraceRow(number=number, previous=previous, digest=_digest(number, previous, values), **values))
    session.flush()
    return number


def _digest(number: int, previous: str, values: dict[str, object]) -> str:
    text = json.dumps([number, previous, values], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken_link(session: Session) -> int | None:
    """Number of the first trace that was altered, removed or inserted; None when the chain holds.

    Traces cut off at the very end leave a shorter chain that holds: only a digest kept elsewhere would show it.
    """
    previous, expected = GENESIS, 1
    for row in session.scalars(select(TraceRow).order_by(TraceRow.number)):
        values = {name: getattr(row, name) for name in _FIELDS}
        if row.number != expected or row.previous != previous or row.digest != _digest(expected, previous, values):
            return expected
        previous, expected = row.digest, expected + 1
    return None


def notify(session: Session, matricule: str, text: str, trace: int, at: str, *, recipient: str = "") -> None:
    """Tell the patient, or the professional ``recipient``."""
    session.add(NotificationRow(at=at, matricule=matricule, recipient=recipient, text=text, trace=trace))


def traces_of(session: Session, matricule: str) -> list[TraceRow]:
    """Attempts on one dossier, latest first."""
    query = select(TraceRow).where(TraceRow.matricule == matricule).order_by(TraceRow.number.desc())
    return list(session.scalars(query))


def notifications_of(session: Session, matricule: str) -> list[NotificationRow]:
    """Notifications about one dossier, latest first."""
    query = select(NotificationRow).where(NotificationRow.matricule == matricule)
    return list(session.scalars(query.order_by(NotificationRow.number.desc())))
