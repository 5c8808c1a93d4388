"""Plain XDS metadata: DocumentEntry, SubmissionSet, associations, with the French constraints.

No ebXML here (``connectors.dmp.ebxml`` writes and reads it). Sources: IHE ITI TF-3 4.2, CI-SIS volet Partage,
DMP profile (facts: protocol 3.2 to 3.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from praticien.identity import Ins


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value: code, OID (or URN) of its system, French label."""

    code: str
    system: str
    display: str = ""


class Confidentiality:
    """Confidentiality codes: exactly one of the first group, any of the second (TRE_A07)."""

    SYSTEM = "2.16.840.1.113883.5.25"
    VISIBILITY_SYSTEM = "1.2.250.1.213.1.1.4.13"
    NORMAL = Code("N", SYSTEM, "Normal")
    RESTRICTED = Code("R", SYSTEM, "Restreint")
    VERY_RESTRICTED = Code("V", SYSTEM, "Très restreint")
    MASKED = Code("MASQUE_PS", VISIBILITY_SYSTEM, "Masqué aux professionnels de santé")
    INVISIBLE_TO_PATIENT = Code("INVISIBLE_PATIENT", VISIBILITY_SYSTEM, "Invisible au patient")
    INVISIBLE_TO_REPRESENTATIVES = Code(
        "INVISIBLE_REPRESENTANTS_LEGAUX", VISIBILITY_SYSTEM, "Invisible aux représentants légaux"
    )


class Availability(Enum):
    """availabilityStatus, set by the registry."""

    APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
    DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"


@dataclass(frozen=True, slots=True)
class Person:
    """An XCN: identifier under ``authority``, names, and ``kind`` (IDNPS national, EI internal, INS patient)."""

    identifier: str
    family_name: str
    given_name: str
    authority: str = "1.2.250.1.71.4.2.1"
    kind: str = "IDNPS"


@dataclass(frozen=True, slots=True)
class Institution:
    """An XON: Struct_IdNat and name."""

    identifier: str
    name: str
    authority: str = "1.2.250.1.71.4.2.2"


@dataclass(frozen=True, slots=True)
class Author:
    """authorPerson, authorInstitution, authorSpecialty (JDV_J01 code), authorRole (free text)."""

    person: Person
    institution: Institution | None = None
    specialty: Code | None = None
    role: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class SourcePatientInfo:
    """PID fields: names, AAAAMMJJ, M/F."""

    family_name: str
    given_name: str
    birth_date: str
    sex: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of referenceIdList, e.g. type ``urn:ihe:iti:xds:2013:accession``."""

    identifier: str
    authority: str
    type: str


@dataclass(frozen=True, slots=True, repr=False)
class DocumentEntry:
    """One document as the registry describes it. Times are aware UTC.

    ``entry_uuid``, ``logical_id``, ``version`` and ``availability`` belong to the registry; in a submission
    ``entry_uuid`` is the symbolic id used inside the message. ``hash`` is the SHA-1 in hexadecimal (IHE), ``size`` is
    in bytes.
    """

    entry_uuid: str
    unique_id: str
    patient_id: Ins
    title: str
    mime_type: str
    class_code: Code
    type_code: Code
    format_code: Code
    facility_type: Code
    practice_setting: Code
    confidentiality: tuple[Code, ...]
    authors: tuple[Author, ...]
    legal_authenticator: Person | None
    creation_time: datetime
    service_start: datetime | None
    source_patient_id: str
    source_patient_info: SourcePatientInfo | None
    language: str = "fr-FR"
    service_stop: datetime | None = None
    comments: str = ""
    event_codes: tuple[Code, ...] = ()
    references: tuple[Reference, ...] = ()
    hash: str = ""
    size: int = 0
    repository_id: str = ""
    availability: Availability = Availability.APPROVED
    logical_id: str = ""
    version: str = "1"

    def __repr__(self) -> str:
        return f"DocumentEntry({self.type_code.code})"

    def has(self, code: Code) -> bool:
        """True when ``code`` is among the confidentiality codes."""
        return any(c.code == code.code for c in self.confidentiality)


@dataclass(frozen=True, slots=True, repr=False)
class SubmissionSet:
    """One sending. ``unique_id`` and ``source_id`` are OIDs; ``content_type`` from JDV_J59."""

    entry_uuid: str
    unique_id: str
    source_id: str
    patient_id: Ins
    submission_time: datetime
    content_type: Code
    author: Author
    title: str = ""
    comments: str = ""

    def __repr__(self) -> str:
        return "SubmissionSet(…)"


class AssociationType(Enum):
    """Associations the DMP uses."""

    HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    REPLACE = "urn:ihe:iti:2007:AssociationType:RPLC"
    SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
    UPDATE_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"


@dataclass(frozen=True, slots=True)
class Association:
    """An arrow between two entries of the registry (entryUUIDs or symbolic ids).

    ``previous_version`` of a HasMember: the version that an update replaced; empty when the document came with its set.
    """

    type: AssociationType
    source: str
    target: str
    previous_version: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class SubmittedDocument:
    """A document with its description; ``replaces`` is the entryUUID of the version it replaces, or empty."""

    entry: DocumentEntry
    content: bytes
    replaces: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """What is deposited in one go, before the lot signature is added by the connector."""

    submission_set: SubmissionSet
    documents: tuple[SubmittedDocument, ...] = field(default=())


@dataclass(frozen=True, slots=True, repr=False)
class RetrievedDocument:
    """A document as it came back, hash verified."""

    unique_id: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The server's word that a submission is stored. ``already_known`` when an earlier try had been stored."""

    submission_unique_id: str
    received_at: datetime
    already_known: bool = False
