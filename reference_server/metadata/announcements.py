"""Documents hidden from the patient until announced: the author is reminded, then they become visible (CSP R.1111-53).

Looked at with each call about the dossier, and daily in all of them; "two weeks" and "one month" are taken as 14 and
30 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reference_server import lifecycle
from reference_server.metadata import versions
from reference_server.storage import traces
from reference_server.storage.prepared import Prepared
from reference_server.storage.tables import DocumentRow, NotificationRow, SubmissionRow

REMINDER, LIMIT = timedelta(days=14), timedelta(days=30)
ACT = "clock.announced"
"""Transaction of the daily turn's own trace."""
Message = tuple[str, str]
"""Recipient (empty for the patient) and text."""
_ANY_HIDDEN = Prepared(
    select(DocumentRow.entry_uuid)
    .where(DocumentRow.matricule == bindparam("matricule"), DocumentRow.invisible_to_patient.is_(True))
    .limit(1),
    str,
)
_HIDDEN = (
    select(DocumentRow, SubmissionRow.received_at)
    .join(SubmissionRow)
    .where(DocumentRow.matricule == bindparam("matricule"), DocumentRow.invisible_to_patient.is_(True))
    .order_by(SubmissionRow.received_at, DocumentRow.entry_uuid)
)


def follow_up(session: Session, matricule: str, trace: int, now: datetime) -> None:
    """Remind of and reveal what is due in a dossier; the notifications hang on ``trace``."""
    for recipient, text in list(_due(session, matricule, now)):
        traces.notify(session, matricule, text, trace, now.isoformat(), recipient=recipient)


def follow_up_all(session: Session, now: datetime) -> None:
    """The same in every dossier; a dossier in which something was due gets a trace of it."""
    query = select(DocumentRow.matricule).join(SubmissionRow).where(DocumentRow.invisible_to_patient.is_(True))
    query = query.where(SubmissionRow.received_at <= (now - REMINDER).isoformat()).distinct()
    for matricule in session.scalars(query.order_by(DocumentRow.matricule)).all():
        messages = list(_due(session, matricule, now))
        trace = lifecycle.record(session, ACT, matricule, now) if messages else 0
        for recipient, text in messages:
            traces.notify(session, matricule, text, trace, now.isoformat(), recipient=recipient)


def _due(session: Session, matricule: str, now: datetime) -> Iterator[Message]:
    """Reveal what is due, and say what is to be told."""
    for row, received in _hidden(session, matricule):
        age, limit = now - received, received + LIMIT
        if age >= LIMIT:
            versions.reveal_to_patient(row)
            yield "", f"Le document « {row.title} » de votre dossier est devenu visible, un mois après son dépôt."
        elif age >= REMINDER:
            text = f"Le document « {row.title} » sera visible du patient le {limit:%d/%m/%Y} : il est à lui annoncer."
            yield from ((author, text) for author in _not_reminded(session, row, text))


def _hidden(session: Session, matricule: str) -> Iterator[tuple[DocumentRow, datetime]]:
    if not _ANY_HIDDEN.rows(session, matricule=matricule):  # as it mostly is
        return
    for row, received in session.execute(_HIDDEN, {"matricule": matricule}).all():
        yield row, datetime.fromisoformat(received)


def _not_reminded(session: Session, row: DocumentRow, text: str) -> list[str]:
    """Authors who were not told yet."""
    query = select(NotificationRow.recipient).where(
        NotificationRow.matricule == row.matricule, NotificationRow.text == text
    )
    told = set(session.scalars(query))
    return [author for author in row.author_ids if author not in told]
