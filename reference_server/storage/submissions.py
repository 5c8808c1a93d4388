"""Submission sets and associations of one dossier."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server.storage.tables import AssociationRow, SubmissionRow


def of_patient(session: Session, ins: Ins) -> list[SubmissionRow]:
    """All submission sets of one dossier, oldest first."""
    query = select(SubmissionRow).where(SubmissionRow.matricule == ins.matricule)
    return list(session.scalars(query.order_by(SubmissionRow.received_at, SubmissionRow.entry_uuid)))


def associations(session: Session, ins: Ins) -> list[AssociationRow]:
    """All associations of one dossier, oldest submission first."""
    query = select(AssociationRow).join(SubmissionRow).where(SubmissionRow.matricule == ins.matricule)
    return list(session.scalars(query.order_by(SubmissionRow.received_at, AssociationRow.entry_uuid)))
