"""From what the form holds to a document: functions without widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from praticien.deposit import new_oid
from praticien.documents.document_types import DocumentType, other_types
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import (
    AttachedFile,
    DocumentKind,
    ImagingStudy,
    KindCodes,
    NewDocument,
    Party,
    PdfFile,
    ReplacedVersion,
    TypedText,
)
from praticien.documents.prescription import Prescription
from praticien.documents.summary import MedicalSummary
from praticien.identity import Patient, calendar_date
from praticien.professional import CardHolder, PracticeSituation
from ui.deposit.visibility import Visibility
from ui.document_words import KIND_WORDS
from ui.text import InvalidDate, parse_date

Body = PdfFile | AttachedFile | TypedText | Prescription | LabReport | ImagingReport | MedicalSummary


@dataclass(frozen=True, slots=True, repr=False)
class Occasion:
    """What is being written, about whom (None: not yet known), by whom."""

    kind: DocumentKind
    patient: Patient | None
    holder: CardHolder
    situation: PracticeSituation

    @property
    def me(self) -> Party:
        """The holder of the card, in the structure chosen."""
        return Party(self.holder.professional, self.situation.structure)


@dataclass(frozen=True, slots=True, repr=False)
class Lineage:
    """Identifiers of the document and of its set (empty: to be made), the version it replaces, its own number."""

    unique_id: str = ""
    set_id: str = ""
    replaces: ReplacedVersion | None = None
    version: int = 1

    def named(self) -> Lineage:
        """With identifiers: made once, so that confirming again gives the same document."""
        if self.unique_id:
            return self
        return replace(self, unique_id=new_oid(), set_id=self.set_id or new_oid())


@dataclass(frozen=True, slots=True, repr=False)
class Filled:
    """What was typed and chosen, every part of it usable. ``codes`` go with the kind OTHER alone."""

    title: str
    body: Body
    author: Party
    start: datetime
    stop: datetime | None
    study: ImagingStudy | None
    visibility: Visibility
    codes: KindCodes | None


def document(occasion: Occasion, lineage: Lineage, filled: Filled) -> NewDocument:
    """The document, created now. The patient must be known and the lineage named."""
    assert occasion.patient
    mine = filled.author.professional == occasion.me.professional
    return NewDocument(
        kind=occasion.kind,
        title=filled.title,
        body=filled.body,
        patient=occasion.patient,
        author=filled.author,
        legal_authenticator=filled.author,
        created_at=datetime.now().astimezone(),
        service_start=filled.start,
        unique_id=lineage.unique_id,
        set_id=lineage.set_id,
        service_stop=filled.stop,
        entered_by=None if mine else occasion.me,
        study=filled.study,
        masked_to_professionals=filled.visibility.masked,
        invisible_to_patient=filled.visibility.invisible,
        invisible_to_representatives=filled.visibility.representatives,
        replaces=lineage.replaces,
        version=lineage.version,
        chosen=filled.codes,
    )


def start_of_act(typed: str, today: date, taken: datetime | None, study: ImagingStudy | None) -> datetime:
    """Local midnight of the day typed; when the sample was taken, or the study made, if it is that day.

    Raises InvalidDate (field "day").
    """
    compact = parse_date(typed, today=today, field="day")
    day = calendar_date(compact)
    if day is None:
        raise InvalidDate(field="day")
    if taken and f"{taken.astimezone():%Y%m%d}" == compact:
        return taken.astimezone()
    clock = _clock(study) if study and study.study_date == compact else time()
    return datetime.combine(day, clock).astimezone()


def _clock(study: ImagingStudy) -> time:
    if not study.study_time[:4].isdigit():
        return time()
    hour, minute = int(study.study_time[:2]), int(study.study_time[2:4] or 0)
    return time(min(hour, 23), min(minute, 59))


def addressed(study: ImagingStudy | None, retrieve_url: str) -> ImagingStudy | None:
    """With the address of its images, when the list of them is to go too."""
    return replace(study, retrieve_url=retrieve_url) if study and retrieve_url else study


def entitled(title: str, chosen: DocumentType) -> str:
    """The type's name as title, unless another was typed."""
    ours = {one.name for one in other_types()} | set(KIND_WORDS.values()) | {""}
    return chosen.name if title.strip() in ours else title
