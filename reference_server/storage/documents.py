"""Documents, submissions and associations."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server.metadata.codes import INVISIBLE_TO_REPRESENTATIVES
from reference_server.metadata.views import SIGNATURE_TYPE
from reference_server.storage.tables import ContentRow, DocumentRow, SubmissionRow


def keep_content(session: Session, octets: bytes) -> str:
    """Store a content once; returns its SHA-256."""
    digest = hashlib.sha256(octets).hexdigest()
    if session.get(ContentRow, digest) is None:
        session.add(ContentRow(sha256=digest, octets=octets))
    return digest


def content(session: Session, document: DocumentRow) -> bytes:
    """The octets of a document."""
    row = session.get_one(ContentRow, document.content)
    return row.octets


def by_unique_id(session: Session, unique_id: str) -> DocumentRow | None:
    """A document of any patient."""
    return session.scalars(select(DocumentRow).where(DocumentRow.unique_id == unique_id)).one_or_none()


def by_entry_uuid(session: Session, entry_uuid: str) -> DocumentRow | None:
    """A document of any patient."""
    return session.get(DocumentRow, entry_uuid)


def of_patient(session: Session, ins: Ins) -> list[DocumentRow]:
    """All documents of one dossier, oldest submission first."""
    query = select(DocumentRow).join(SubmissionRow).where(DocumentRow.matricule == ins.matricule)
    return list(session.scalars(query.order_by(SubmissionRow.received_at, DocumentRow.entry_uuid)))


def is_lot_signature(row: DocumentRow) -> bool:
    """The signature of a submission: no document of the patient's."""
    return f"{SIGNATURE_TYPE}^^ASTM" in row.facets["type"]


def is_hidden_from_representatives(row: DocumentRow) -> bool:
    """Whether a minor's legal representatives are not to see it."""
    return any(code.startswith(INVISIBLE_TO_REPRESENTATIVES) for code in row.facets["confidentiality"])


def is_known_to_patient(row: DocumentRow, minor: bool) -> bool:
    """Whether its title may show in the patient's space, which a minor's legal representatives read too."""
    return not row.invisible_to_patient and not (minor and is_hidden_from_representatives(row))


def submission(session: Session, unique_id: str) -> SubmissionRow | None:
    """A submission set."""
    return session.get(SubmissionRow, unique_id)
