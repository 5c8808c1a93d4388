"""What reading a CDA R2 gives: header summary and body, as plain values for the window. No XML here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from praticien.identity import Ins
from praticien.metadata import Code

_TS = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?([+-]\d{4})?")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """An HL7 TS as it was written (``2026``, ``202603``, ``20260312``, ``20260312101500+0100``…)."""

    raw: str

    @property
    def moment(self) -> datetime | None:
        """Aware datetime, when the value has a time and a zone."""
        match = _TS.fullmatch(self.raw)
        if not match or not match[4] or not match[7]:
            return None
        numbers = [int(part) for part in match.groups()[:6] if part]
        sign = -1 if match[7][0] == "-" else 1
        offset = sign * timedelta(hours=int(match[7][1:3]), minutes=int(match[7][3:]))
        try:
            return datetime(*numbers, tzinfo=timezone(offset))  # type: ignore[arg-type,misc]
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """For the screen: ``12/03/2026 10:15``, ``12/03/2026``, ``03/2026``, ``2026``; unreadable values unchanged."""
        match = _TS.fullmatch(self.raw)
        if not match:
            return self.raw
        day = "/".join(part for part in (match[3], match[2], match[1]) if part)
        return f"{day} {match[4]}:{match[5]}" if match[4] and match[5] else day


@dataclass(frozen=True, slots=True)
class Organisation:
    """A structure; ``sector`` is its practice setting (JDV_J04)."""

    identifier: str = ""
    name: str = ""
    sector: Code | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone named in the header. ``part`` is the CDA element (author, legalAuthenticator, performer…).

    ``device`` holds the software's name when the author is a device.
    """

    part: str
    identifier: str = ""
    family_name: str = ""
    given_name: str = ""
    specialty: Code | None = None
    organisation: Organisation | None = None
    time: Timestamp | None = None
    device: str = ""

    @property
    def name(self) -> str:
        """Given name then family name, or the device."""
        return f"{self.given_name} {self.family_name}".strip() or self.device


@dataclass(frozen=True, slots=True, repr=False)
class CdaPatient:
    """The patient as the document names them; every field may be empty. ``birth_place`` is the COG code."""

    ins: Ins | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    birth_name: str = ""
    used_name: str = ""
    birth_first_names: str = ""
    first_birth_name: str = ""
    used_first_name: str = ""
    birth_date: Timestamp | None = None
    sex: str = ""
    birth_place: str = ""


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """What is documented (documentationOf)."""

    code: Code | None = None
    start: Timestamp | None = None
    stop: Timestamp | None = None
    performer: Participant | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """Where it happened (componentOf)."""

    code: Code | None = None
    start: Timestamp | None = None
    stop: Timestamp | None = None
    facility_type: Code | None = None
    facility_name: str = ""


@dataclass(frozen=True, slots=True)
class RelatedDocument:
    """An earlier document: ``relation`` RPLC (replaces), APND, XFRM; ``identifier`` its unique id."""

    relation: str
    identifier: str


@dataclass(frozen=True, slots=True, repr=False)
class CdaHeader:
    """The header, in the order the window shows it."""

    identifier: str
    title: str
    type_code: Code | None
    created: Timestamp | None
    patient: CdaPatient
    authors: tuple[Participant, ...] = ()
    legal_authenticator: Participant | None = None
    entered_by: Participant | None = None
    custodian: Organisation | None = None
    others: tuple[Participant, ...] = ()
    events: tuple[ServiceEvent, ...] = ()
    encounter: Encounter | None = None
    orders: tuple[str, ...] = ()
    accession_numbers: tuple[str, ...] = ()
    set_id: str = ""
    version: int | None = None
    related: tuple[RelatedDocument, ...] = ()
    confidentiality: Code | None = None
    language: str = ""
    template_ids: tuple[str, ...] = ()


# -- narrative ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """A stretch of text in one style; a line break is the text ``\\n``."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Paragraph:
    """Runs of text; ``caption`` may be empty."""

    runs: tuple[Run, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ListItem:
    """Blocks of one list item."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ListBlock:
    """A list."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Cell:
    """A table cell."""

    blocks: tuple[Block, ...]
    header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Rows of cells, header rows first."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """An image (or another attachment, see ``mime_type``) carried inside the document."""

    mime_type: str
    content: bytes
    caption: str = ""


Block = Paragraph | ListBlock | Table | Picture


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """A titled part of a structured body."""

    title: str
    code: Code | None = None
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class AttachedBody:
    """A level 1 body: one file (PDF, text, RTF, image)."""

    mime_type: str
    content: bytes

    @property
    def text(self) -> str:
        """The body as text when it is text/plain, else empty."""
        return self.content.decode("utf-8", "replace") if self.mime_type.startswith("text/plain") else ""


@dataclass(frozen=True, slots=True, repr=False)
class StructuredBody:
    """A level 2 or 3 body: its sections; ``attachments`` are the copies carried inside (PDF of the paper form)."""

    sections: tuple[Section, ...] = ()
    attachments: tuple[AttachedBody, ...] = field(default=())


@dataclass(frozen=True, slots=True, repr=False)
class CdaDocument:
    """A whole document as read. ``body`` is None when there is none that can be read."""

    header: CdaHeader
    body: AttachedBody | StructuredBody | None
