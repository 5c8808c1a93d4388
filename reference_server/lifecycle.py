"""The clocks of a dossier: opened six weeks after the notice unless opposed, gone ten years after its closing.

Facts: features 6.1 (day 41 waiting, day 42 opened; kept at 9 years 364 days, gone at 10 years). Whoever asks meets the
dossier as it should stand at that moment: the daily turn (``clockwork``) only sees to those of whom nobody asks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from praticien.access import DossierState
from reference_server.access import Creation
from reference_server.storage import erasure, traces
from reference_server.storage.tables import PersonRow
from reference_server.storage.traces import Trace

OPPOSITION_PERIOD = timedelta(weeks=6)
YEARS_KEPT = 10
OPENED, ERASED = "clock.opened", "clock.erased"
"""Transactions of the server's own acts, in its trace."""
_OPEN, _CLOSED, _ABSENT = (state.value for state in (DossierState.OPEN, DossierState.CLOSED, DossierState.ABSENT))


def creation(opposed: bool, notice_sent_on: str) -> Creation:
    """How the automatic creation of an absent dossier stands; the columns of ``PersonRow``."""
    if opposed:
        return Creation.OPPOSED
    return Creation.PENDING if notice_sent_on else Creation.NONE


def opens_on(row: PersonRow) -> date | None:
    """The day a dossier is opened when nobody opposes; None when none is being created."""
    stands = creation(row.opposed_to_creation, row.notice_sent_on)
    pending = row.state == _ABSENT and stands is Creation.PENDING
    return _day(row.notice_sent_on) + OPPOSITION_PERIOD if pending else None


def is_kept(row: PersonRow, on: date) -> bool:
    """Whether a closed dossier is still there on that day."""
    return f"{int(row.closed_on[:4]) + YEARS_KEPT:04}{row.closed_on[4:]}" > on.strftime("%Y%m%d")


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()


def catch_up(session: Session, row: PersonRow, now: datetime) -> None:
    """Do what is due in this dossier."""
    opening = opens_on(row)
    if opening is not None and opening <= now.date():
        _open(session, row, now)
    elif row.state == _CLOSED and row.closed_on and not is_kept(row, now.date()):
        erasure.erase(session, row)
        record(session, ERASED, row.matricule, now)


def catch_up_all(session: Session, now: datetime) -> None:
    """Do what is due in any dossier."""
    waiting = and_(PersonRow.state == _ABSENT, PersonRow.notice_sent_on != "", PersonRow.opposed_to_creation.is_(False))
    for row in session.scalars(select(PersonRow).where(or_(waiting, PersonRow.state == _CLOSED))).all():
        catch_up(session, row, now)


def _open(session: Session, row: PersonRow, now: datetime) -> None:
    row.state, row.notice_sent_on = _OPEN, ""
    number = record(session, OPENED, row.matricule, now)
    text = "Votre dossier est ouvert dans Mon espace santé : six semaines ont passé sans opposition de votre part."
    traces.notify(session, row.matricule, text, number, now.isoformat())


def record(session: Session, act: str, matricule: str, now: datetime, *, who: str = "Serveur") -> int:
    """Trace an act that no professional asked for; returns its number."""
    trace = Trace(at=now.isoformat(), actor_name=who, transaction=act, matricule=matricule, rule=act)
    return traces.append(session, trace)
