"""Documents, submissions and associations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server.metadata.codes import INVISIBLE_TO_REPRESENTATIVES
from reference_server.metadata.views import SIGNATURE_TYPE
from reference_server.storage.prepared import Prepared, PreparedInsert
from reference_server.storage.tables import ContentRow, DocumentRow, SubmissionRow

_OF_PATIENT = (
    select(DocumentRow)
    .join(SubmissionRow)
    .where(DocumentRow.matricule == bindparam("matricule"))
    .order_by(SubmissionRow.received_at, DocumentRow.entry_uuid)
)


class Listed(NamedTuple):
    """What a list needs of a document, read and never changed; see ``DocumentRow``."""

    entry_uuid: str
    unique_id: str
    status: str
    masked: bool
    author_ids: list[str]
    facets: dict[str, Any]
    xml: bytes


class Alike(NamedTuple):
    """A document that bears an identifier; ``content`` is a SHA-256."""

    entry_uuid: str
    unique_id: str
    content: str


_LISTED = Prepared(
    _OF_PATIENT.with_only_columns(
        DocumentRow.entry_uuid,
        DocumentRow.unique_id,
        DocumentRow.status,
        DocumentRow.masked,
        DocumentRow.author_ids,
        DocumentRow.facets,
        DocumentRow.xml,
    ),
    Listed,
)
_KEPT = Prepared(select(ContentRow.sha256).where(ContentRow.sha256 == bindparam("digest")), str)
_KEEP = PreparedInsert(ContentRow)
_ALIKE = Prepared(
    select(DocumentRow.entry_uuid, DocumentRow.unique_id, DocumentRow.content).where(
        (DocumentRow.entry_uuid == bindparam("entry")) | (DocumentRow.unique_id == bindparam("unique"))
    ),
    Alike,
)
_NAMED = tuple(
    Prepared(select(table.entry_uuid).where(table.entry_uuid == bindparam("entry")), str)
    for table in (DocumentRow, SubmissionRow)
)
_SUBMITTED = Prepared(select(SubmissionRow.unique_id).where(SubmissionRow.unique_id == bindparam("unique")), str)


def keep_contents(session: Session, contents: dict[str, bytes]) -> None:
    """Store contents, by their SHA-256, each once."""
    new = {digest: octets for digest, octets in contents.items() if not _KEPT.rows(session, digest=digest)}
    _KEEP.keep(session, ({"sha256": digest, "octets": octets} for digest, octets in new.items()))


def alike(session: Session, identifiers: Iterable[tuple[str, str]]) -> list[Alike]:
    """Documents of any patient that bear one of these entryUUIDs or uniqueIds."""
    found = {one for entry, unique in identifiers for one in _ALIKE.rows(session, entry=entry, unique=unique)}
    return sorted(found)


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


def names_something(session: Session, entry_uuid: str) -> bool:
    """Whether a document or a submission set of any patient bears this entryUUID."""
    return any(statement.rows(session, entry=entry_uuid) for statement in _NAMED)


def of_patient(session: Session, ins: Ins) -> list[DocumentRow]:
    """All documents of one dossier, oldest submission first."""
    return list(session.scalars(_OF_PATIENT, {"matricule": ins.matricule}))


def listed(session: Session, ins: Ins) -> list[Listed]:
    """The same for reading alone: without the session's bookkeeping, which costs more than the reading."""
    return _LISTED.rows(session, matricule=ins.matricule)


def is_lot_signature(row: DocumentRow | Listed) -> bool:
    """The signature of a submission: no document of the patient's."""
    return f"{SIGNATURE_TYPE}^^ASTM" in row.facets["type"]


def is_hidden_from_representatives(row: DocumentRow) -> bool:
    """Whether a minor's legal representatives are not to see it."""
    return any(code.startswith(INVISIBLE_TO_REPRESENTATIVES) for code in row.facets["confidentiality"])


def is_known_to_patient(row: DocumentRow, minor: bool) -> bool:
    """Whether its title may show in the patient's space, which a minor's legal representatives read too."""
    hidden = row.invisible_to_patient or is_lot_signature(row)
    return not hidden and not (minor and is_hidden_from_representatives(row))


def is_submitted(session: Session, unique_id: str) -> bool:
    """Whether there is a submission set of that uniqueId."""
    return bool(_SUBMITTED.rows(session, unique=unique_id))
