"""Documents, submissions and associations."""

from __future__ import annotations

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server.metadata.codes import INVISIBLE_TO_REPRESENTATIVES
from reference_server.metadata.views import SIGNATURE_TYPE
from reference_server.storage.tables import ContentRow, DocumentRow, SubmissionRow, insert_into

_OF_PATIENT = (
    select(DocumentRow)
    .join(SubmissionRow)
    .where(DocumentRow.matricule == bindparam("matricule"))
    .order_by(SubmissionRow.received_at, DocumentRow.entry_uuid)
)


_KEPT = select(ContentRow.sha256).where(ContentRow.sha256.in_(bindparam("digests", expanding=True)))
_ALIKE = (
    select(DocumentRow.entry_uuid, DocumentRow.unique_id, DocumentRow.content)
    .where(
        DocumentRow.entry_uuid.in_(bindparam("entry_uuids", expanding=True))
        | DocumentRow.unique_id.in_(bindparam("unique_ids", expanding=True))
    )
    .order_by(DocumentRow.entry_uuid)
)


def keep_contents(session: Session, contents: dict[str, bytes]) -> None:
    """Store contents, by their SHA-256, each once."""
    kept = set(session.scalars(_KEPT, {"digests": list(contents)}))
    rows = [{"sha256": digest, "octets": octets} for digest, octets in contents.items() if digest not in kept]
    if rows:
        session.execute(insert_into(ContentRow), rows)


def alike(session: Session, entry_uuids: list[str], unique_ids: list[str]) -> list[Row[tuple[str, str, str]]]:
    """entryUUID, uniqueId and content (SHA-256) of documents of any patient that bear one of these identifiers."""
    return list(session.execute(_ALIKE, {"entry_uuids": entry_uuids, "unique_ids": unique_ids}))


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
    return list(session.scalars(_OF_PATIENT, {"matricule": ins.matricule}))


def is_lot_signature(row: DocumentRow) -> bool:
    """The signature of a submission: no document of the patient's."""
    return f"{SIGNATURE_TYPE}^^ASTM" in row.facets["type"]


def is_hidden_from_representatives(row: DocumentRow) -> bool:
    """Whether a minor's legal representatives are not to see it."""
    return any(code.startswith(INVISIBLE_TO_REPRESENTATIVES) for code in row.facets["confidentiality"])


def is_known_to_patient(row: DocumentRow, minor: bool) -> bool:
    """Whether its title may show in the patient's space, which a minor's legal representatives read too."""
    hidden = row.invisible_to_patient or is_lot_signature(row)
    return not hidden and not (minor and is_hidden_from_representatives(row))


def submission(session: Session, unique_id: str) -> SubmissionRow | None:
    """A submission set."""
    return session.get(SubmissionRow, unique_id)
