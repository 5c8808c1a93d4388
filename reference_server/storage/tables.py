"""Tables. Times are ISO 8601 text in UTC: they sort, and no driver guesses a zone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Insert, LargeBinary, String, Table, UniqueConstraint, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""


def insert_into(table: type[Base]) -> Insert:
    """An INSERT of plain values: rows written with each call go without the session's bookkeeping."""
    assert isinstance(table.__table__, Table)
    return insert(table.__table__)


class StructureRow(Base):
    """A structure of the directory."""

    __tablename__ = "structure"

    national_id: Mapped[str] = mapped_column(String, primary_key=True)
    name: Mapped[str]
    sector: Mapped[str]


class LinkRow(Base):
    """A professional (PS_IdNat) practises in a structure (Struct_IdNat)."""

    __tablename__ = "link"

    professional: Mapped[str] = mapped_column(String, primary_key=True)
    structure: Mapped[str] = mapped_column(ForeignKey("structure.national_id"), primary_key=True)


class ProfessionalRow(Base):
    """A professional of the directory: what others are told of them."""

    __tablename__ = "professional"

    national_id: Mapped[str] = mapped_column(String, primary_key=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    profession: Mapped[str]
    specialty: Mapped[str]


class PersonRow(Base):
    """A patient: identity (served by INSi), and the dossier if any (``state``). Days are YYYYMMDD or empty.

    ``notice_sent_on``: when the patient was told that a dossier will be opened (see ``lifecycle``).
    """

    __tablename__ = "person"

    matricule: Mapped[str] = mapped_column(String, primary_key=True)
    oid: Mapped[str]
    birth_name: Mapped[str]
    first_names: Mapped[list[str]] = mapped_column(JSON)
    birth_date: Mapped[str]
    sex: Mapped[str]
    birth_place: Mapped[str]
    birth_rank: Mapped[int]
    state: Mapped[str]
    closed_on: Mapped[str]
    opposed_to_break_glass: Mapped[bool]
    opposed_to_regulation: Mapped[bool]
    masked_visible_in_emergency: Mapped[bool]
    notice_sent_on: Mapped[str] = mapped_column(default="")
    opposed_to_creation: Mapped[bool] = mapped_column(default=False)


class AdministrativeRow(Base):
    """Administrative data of a dossier (TD1.3), absent while nobody gave any. ``attached``: to Mon espace santé.

    ``consents``: day (YYYYMMDD) on which each was given, by code.
    """

    __tablename__ = "administrative"

    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"), primary_key=True)
    attached: Mapped[bool]
    used_name: Mapped[str]
    street: Mapped[str]
    postal_code: Mapped[str]
    city: Mapped[str]
    telecoms: Mapped[list[str]] = mapped_column(JSON)
    representatives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    consents: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class ContinuationRow(Base):
    """A search by traits that may be continued: its criteria, by identifier of the query and by who asked."""

    __tablename__ = "continuation"

    query: Mapped[str] = mapped_column(String, primary_key=True)
    caller: Mapped[str] = mapped_column(String, primary_key=True)
    criteria: Mapped[dict[str, str]] = mapped_column(JSON)
    until: Mapped[str]


class TreatingRow(Base):
    """A médecin traitant of a dossier (PS_IdNat); there may be several."""

    __tablename__ = "treating"

    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"), primary_key=True)
    professional: Mapped[str] = mapped_column(String, primary_key=True)


class AuthorisationRow(Base):
    """Authorisation or blocking of a holder (PS_IdNat, or Struct_IdNat when staff declared it) on a dossier."""

    __tablename__ = "authorisation"

    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"), primary_key=True)
    holder: Mapped[str] = mapped_column(String, primary_key=True)
    forbidden: Mapped[bool]
    valid_until: Mapped[str]


class ContentRow(Base):
    """A content, once, by its SHA-256."""

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(String, primary_key=True)
    octets: Mapped[bytes] = mapped_column(LargeBinary)


class SubmissionRow(Base):
    """A submission set as it was received."""

    __tablename__ = "submission"

    unique_id: Mapped[str] = mapped_column(String, primary_key=True)
    entry_uuid: Mapped[str] = mapped_column(String, unique=True)
    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"), index=True)
    received_at: Mapped[str]
    depositor: Mapped[str]
    structure: Mapped[str]
    xml: Mapped[bytes]


class DocumentRow(Base):
    """A DocumentEntry: its ExtrinsicObject as stored, and what is asked of it often."""

    __tablename__ = "document"

    entry_uuid: Mapped[str] = mapped_column(String, primary_key=True)
    unique_id: Mapped[str] = mapped_column(String, unique=True)
    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"))
    submission: Mapped[str] = mapped_column(ForeignKey("submission.unique_id"))
    content: Mapped[str] = mapped_column(ForeignKey("content.sha256"))
    status: Mapped[str]
    mime_type: Mapped[str]
    title: Mapped[str]
    masked: Mapped[bool]
    invisible_to_patient: Mapped[bool]
    author_ids: Mapped[list[str]] = mapped_column(JSON)
    facets: Mapped[dict[str, Any]] = mapped_column(JSON)
    xml: Mapped[bytes]

    __table_args__ = (Index("ix_document_dossier", "matricule", "invisible_to_patient"),)


class AssociationRow(Base):
    """An association between two registry objects."""

    __tablename__ = "association"

    entry_uuid: Mapped[str] = mapped_column(String, primary_key=True)
    submission: Mapped[str] = mapped_column(ForeignKey("submission.unique_id"), index=True)
    type: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    xml: Mapped[bytes]

    __table_args__ = (UniqueConstraint("type", "source", "target"),)


class TraceRow(Base):
    """One attempt, allowed or refused. ``digest`` covers the row and the digest before it; ``signature`` signs it."""

    __tablename__ = "trace"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    actor_name: Mapped[str]
    structure: Mapped[str]
    structure_name: Mapped[str]
    auth_mode: Mapped[str]
    access_mode: Mapped[str]
    reason: Mapped[str]
    transaction: Mapped[str]
    matricule: Mapped[str] = mapped_column(String, index=True)
    documents: Mapped[list[str]] = mapped_column(JSON)
    outcome: Mapped[str]
    rule: Mapped[str]
    message_id: Mapped[str]
    previous: Mapped[str]
    secret: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str]
    signature: Mapped[str]


class NotificationRow(Base):
    """A message to the patient (``recipient`` empty) or to a professional (PS_IdNat)."""

    __tablename__ = "notification"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    matricule: Mapped[str] = mapped_column(ForeignKey("person.matricule"), index=True)
    recipient: Mapped[str]
    text: Mapped[str]
    trace: Mapped[int] = mapped_column(ForeignKey("trace.number"))
