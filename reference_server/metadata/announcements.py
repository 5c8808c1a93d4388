"""Documents hidden from the patient until announced: the author is reminded, then they become visible (CSP R.1111-53).

Looked at with each call about the dossier; "two weeks" and "one month" are taken as 14 and 30 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from reference_server.metadata import versions
from reference_server.metadata.views import SIGNATURE_TYPE
from reference_server.storage import traces
from reference_server.storage.tables import DocumentRow, NotificationRow, SubmissionRow

REMINDER, LIMIT = timedelta(days=14), timedelta(days=30)


def follow_up(session: Session, matricule: str, trace: int, now: datetime) -> None:
    """Remind of and reveal what is due in a dossier; the notifications hang on ``trace``."""
    for row, received in _hidden(session, matricule):
        age, limit = now - received, received + LIMIT
        if age >= LIMIT:
            versions.reveal_to_patient(row)
            text = f"Le document « {row.title} » de votre dossier est devenu visible, un mois après son dépôt."
            traces.notify(session, matricule, text, trace, now.isoformat())
        elif age >= REMINDER:
            text = f"Le document « {row.title} » sera visible du patient le {limit:%d/%m/%Y} : il est à lui annoncer."
            _remind(session, row, text, trace, now)


def _hidden(session: Session, matricule: str) -> Iterator[tuple[DocumentRow, datetime]]:
    query = select(DocumentRow, SubmissionRow.received_at).join(SubmissionRow)
    query = query.where(DocumentRow.matricule == matricule, DocumentRow.invisible_to_patient.is_(True))
    for row, received in session.execute(query.order_by(SubmissionRow.received_at, DocumentRow.entry_uuid)).all():
        if f"{SIGNATURE_TYPE}^^ASTM" not in row.facets["type"]:
            yield row, datetime.fromisoformat(received)


def _remind(session: Session, row: DocumentRow, text: str, trace: int, now: datetime) -> None:
    """Each author once."""
    query = select(NotificationRow.recipient).where(
        NotificationRow.matricule == row.matricule, NotificationRow.text == text
    )
    told = set(session.scalars(query))
    for author in row.author_ids:
        if author not in told:
            traces.notify(session, row.matricule, text, trace, now.isoformat(), recipient=author)
