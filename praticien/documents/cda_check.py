"""Header fields checked before anything is built or sent; each problem names its field.

Sources: CI-SIS structuration minimale, RG_2230 (names of the author), EX_2.1-1050 (both visibilities), DMP rejection of
a physician without specialty.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from praticien.documents.errors import HeaderProblem, MaskedAndInvisible, WrongSigner
from praticien.documents.imaging import ImagingReport
from praticien.documents.imaging_check import check_imaging
from praticien.documents.lab_check import check_lab_report
from praticien.documents.lab_report import LabReport
from praticien.documents.model import ImagingStudy, NewDocument, Party
from praticien.documents.nomenclatures import PROFESSIONS, SECTORS
from praticien.documents.prescription import Prescription
from praticien.documents.prescription_check import check_prescription
from praticien.documents.summary import MedicalSummary
from praticien.documents.summary_check import check_summary
from praticien.identity import calendar_date

MAX_TITLE = 120
"""Our limit; the registry's Name slot takes more, a list on screen does not."""

_URL = re.compile(r"https?://[!-~]{1,500}")
_AHEAD = timedelta(days=1)  # a form that knows the day alone may say noon


def is_oid(text: str) -> bool:
    """An OID that HL7 and DICOM both take: 64 characters at most, no leading zero in an arc."""
    return len(text) <= 64 and re.fullmatch(r"[0-2](\.(0|[1-9][0-9]*))+", text) is not None


def check_header(document: NewDocument) -> None:
    """Raise the first problem found: HeaderProblem and its subclasses, or UnqualifiedIdentity."""
    _title(document.title)
    _ = document.patient.qualified_ins
    _signer(document.author, "author")
    _signer(document.legal_authenticator, "legal_authenticator")
    if document.entered_by:
        _party(document.entered_by, "entered_by")
    if isinstance(document.body, Prescription):
        check_prescription(document.body, document.service_start.date())
    if isinstance(document.body, LabReport):
        check_lab_report(document.body)
    if isinstance(document.body, ImagingReport):
        check_imaging(document.body)
    if isinstance(document.body, MedicalSummary):
        check_summary(document.body, document.created_at.date())
    _dates(document)
    _identifiers(document)
    if document.study:
        _study(document.study)
    if document.masked_to_professionals and document.invisible_to_patient:
        raise MaskedAndInvisible(field="invisible_to_patient", rule="EX_2.1-1050")


def _require(condition: object, field: str, detail: str) -> None:
    if not condition:
        raise HeaderProblem(detail, field=field)


def _title(title: str) -> None:
    _require(title.strip(), "title", "title missing")
    _require(len(title.strip()) <= MAX_TITLE, "title", "title too long")
    _require(title.strip().isprintable(), "title", "control character in the title")


def _party(party: Party, field: str) -> None:
    who, where = party.professional, party.structure
    _require(who.national_id, field, "PS_IdNat missing")
    _require(who.family_name.strip() and who.given_name.strip(), field, "both names are required (RG_2230)")
    _require(where.national_id and where.name.strip(), field, "structure incomplete")
    _require(where.sector in SECTORS, field, "unknown activity sector")


def _signer(party: Party, field: str) -> None:
    """A health professional, with a specialty when a physician."""
    if party.professional.profession not in PROFESSIONS:
        raise WrongSigner(field=field)
    _party(party, field)
    if party.professional.is_physician:
        _require(party.professional.specialty, field, "a physician has a specialty")


def _dates(document: NewDocument) -> None:
    start, stop, created = document.service_start, document.service_stop, document.created_at
    for field, moment in (("created_at", created), ("service_start", start), ("service_stop", stop)):
        _require(moment is None or moment.tzinfo is not None, field, "time zone missing")
    _require(start <= created + _AHEAD, "service_start", "the act is in the future")
    _require(_after_birth(start, document.patient.traits.birth_date), "service_start", "the act precedes the birth")
    _require(stop is None or start <= stop, "service_stop", "the act ends before it starts")


def _after_birth(start: datetime, birth_date: str) -> bool:
    born = calendar_date(birth_date)
    return start.date() >= born if born else start.year >= int(birth_date[:4])


def _identifiers(document: NewDocument) -> None:
    _require(is_oid(document.unique_id), "unique_id", "not an OID")
    _require(is_oid(document.set_id), "set_id", "not an OID")
    _require(document.version >= 1, "version", "versions count from 1")
    replaced = document.replaces
    _require((document.version > 1) == (replaced is not None), "version", "a later version replaces one")
    _require(replaced is None or is_oid(replaced.unique_id), "version", "replaced document without OID")


def _study(study: ImagingStudy) -> None:
    _require(not study.study_uid or is_oid(study.study_uid), "study", "StudyInstanceUID is no OID")
    _require(len(study.accession_number) <= 64, "study", "accession number too long")
    _require(not study.retrieve_url or _URL.fullmatch(study.retrieve_url), "study", "address of the images")
    for series in study.series:
        _require(is_oid(series.uid) and all(is_oid(one.uid) for one in series.instances), "study", "UID of a series")
