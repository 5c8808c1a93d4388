"""Authorisations seen from both ends: the dossiers of a professional, the professionals of a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reference_server.storage import traces
from reference_server.storage.dossiers import AUTHORISATION_LIFETIME
from reference_server.storage.tables import (
    AuthorisationRow,
    DocumentRow,
    PersonRow,
    ProfessionalRow,
    StructureRow,
    SubmissionRow,
    TraceRow,
)


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """An authorisation with what is told of it; instants in UTC, None when there was nothing yet."""

    row: AuthorisationRow
    since: datetime | None
    last_action: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class Activity:
    """Instants of the last submission of any kind and of the last one that brought a document."""

    update: datetime | None
    addition: datetime | None


def dossiers_of(session: Session, holders: tuple[str, ...], now: datetime) -> list[tuple[PersonRow, Listed]]:
    """Dossiers on which one of these holders has a valid authorisation, and none is blocked, by matricule."""
    blocked = select(AuthorisationRow.matricule).where(
        AuthorisationRow.holder.in_(holders), AuthorisationRow.forbidden.is_(True)
    )
    query = select(PersonRow, AuthorisationRow).join(
        AuthorisationRow, AuthorisationRow.matricule == PersonRow.matricule
    )
    query = query.where(
        AuthorisationRow.holder.in_(holders),
        AuthorisationRow.forbidden.is_(False),
        AuthorisationRow.valid_until > now.isoformat(),
        PersonRow.matricule.not_in(blocked),
    )
    found = session.execute(query.order_by(PersonRow.matricule, AuthorisationRow.holder))
    return [(person, _listed(session, row)) for person, row in found]


def holders_of(session: Session, matricule: str) -> list[Listed]:
    """All authorisations and blockings of a dossier."""
    query = select(AuthorisationRow).where(AuthorisationRow.matricule == matricule)
    return [_listed(session, row) for row in session.scalars(query.order_by(AuthorisationRow.holder))]


def _listed(session: Session, row: AuthorisationRow) -> Listed:
    since = None if row.forbidden else datetime.fromisoformat(row.valid_until) - AUTHORISATION_LIFETIME
    query = select(func.max(TraceRow.at)).where(
        TraceRow.matricule == row.matricule, TraceRow.actor == row.holder, TraceRow.outcome == traces.ALLOWED
    )
    return Listed(row, since, _instant(session.scalar(query)))


def activity(session: Session, matricule: str) -> Activity:
    """What happened last in a dossier."""
    received = select(func.max(SubmissionRow.received_at)).where(SubmissionRow.matricule == matricule)
    update = session.scalar(received)
    addition = session.scalar(received.join(DocumentRow, DocumentRow.submission == SubmissionRow.unique_id))
    return Activity(_instant(update), _instant(addition))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def professional(session: Session, national_id: str) -> ProfessionalRow | None:
    """A professional of the directory."""
    return session.get(ProfessionalRow, national_id)


def structure_name(session: Session, national_id: str) -> str:
    """Name of a structure of the directory, or empty."""
    row = session.get(StructureRow, national_id)
    return row.name if row else ""
