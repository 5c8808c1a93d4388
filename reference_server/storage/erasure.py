"""A dossier taken out of the database: documents and metadata, rights and messages. Identity and trace stay."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from praticien.access import DossierState
from reference_server.storage.tables import (
    AdministrativeRow,
    AssociationRow,
    AuthorisationRow,
    ContentRow,
    DocumentRow,
    NotificationRow,
    PersonRow,
    SubmissionRow,
    TreatingRow,
)

_BATCH = 500


def erase(session: Session, person: PersonRow) -> None:
    """Leave nothing of the dossier; a content that another dossier has too stays there."""
    matricule = person.matricule
    digests = sorted(set(session.scalars(select(DocumentRow.content).where(DocumentRow.matricule == matricule))))
    submissions = select(SubmissionRow.unique_id).where(SubmissionRow.matricule == matricule)
    session.execute(delete(AssociationRow).where(AssociationRow.submission.in_(submissions)))
    for table in (DocumentRow, SubmissionRow, AuthorisationRow, TreatingRow, AdministrativeRow, NotificationRow):
        session.execute(delete(table).where(table.matricule == matricule))
    for start in range(0, len(digests), _BATCH):
        alone = ContentRow.sha256.not_in(select(DocumentRow.content))
        session.execute(delete(ContentRow).where(ContentRow.sha256.in_(digests[start : start + _BATCH]), alone))
    person.state, person.closed_on = DossierState.ABSENT.value, ""
    person.opposed_to_break_glass = person.opposed_to_regulation = person.masked_visible_in_emergency = False
