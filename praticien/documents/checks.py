"""Wrong-patient radar: do the DICOM header and the text of the document speak of the chosen patient?

It only ever says "this differs". A source that says nothing (a scan, an empty field) is no discrepancy. What is
compared: birth name, first name, birth date, sex, and an INS wherever one is recognised by its shape and key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from praticien.documents import attached
from praticien.documents.errors import OtherPatient, UnidentifiedSource
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import NOT_ENOUGH, lab_differences
from praticien.documents.model import AttachedFile, ImagingStudy, NewDocument, PdfFile
from praticien.documents.naming import somebody_else
from praticien.documents.pdf import properties_of, text_of
from praticien.identity import INS_OIDS, InvalidIns, Patient, Sex, nir_key
from praticien.matching import fold, same_person

_SEXES = {"M": Sex.MALE, "H": Sex.MALE, "MASCULIN": Sex.MALE, "HOMME": Sex.MALE}
_SEXES |= {"F": Sex.FEMALE, "FEMININ": Sex.FEMALE, "FEMME": Sex.FEMALE}

_NIR = re.compile(
    r"(?<![0-9A-Za-z])[1-478](?:[ .\u00a0]?[0-9]){4}(?:[ .\u00a0]?[0-9]){1}[ .\u00a0]?[0-9AB]"
    r"(?:[ .\u00a0]?[0-9]){6}(?:[ .\u00a0/-]*[0-9]){2}(?![0-9A-Za-z])"
)
_INS_LABEL = re.compile(r"(?i)\b(?:INS|matricule)\b[^0-9]{0,30}$")
_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_BORN = re.compile(
    r"(?i)(?:\bn[ée]{1,2}(?:\(e\)|\.e|·e)?\s+le|\bdate\s+de\s+naissance|\bDDN)\s{0,9}:?\s{0,9}"
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:\d{4}|\d{2})(?!\d)"
    r"|\d{1,2}(?:er)?\s[a-zéûA-ZÉÛ]{3,9}\.?\s\d{4})"
)
_LABELS = r"nom de naissance|nom utilis[ée]|pr[ée]noms?(?:\(s\))?|sexe|date de naissance|n[ée]|matricule|ins|ipp"
_FIELD = re.compile(
    r"(?im)\b(?P<label>nom de naissance|pr[ée]noms?(?:\(s\))?|sexe)\s{0,9}:[ \t\u00a0]{0,9}"
    rf"(?P<value>[^\n:]{{0,80}}?)(?=$|\s\s|\s?\b(?:{_LABELS})\b)"
)
_PATIENT = re.compile(r"(?im)\b(?:patient(?:e)?|concerne|nom)\s{0,9}:[ \t\u00a0]{0,9}(?P<value>[^\n:,;(]{2,60})")
_CIVILITY = re.compile(r"^(?:M|MR|MME|MLLE|MONSIEUR|MADAME|MADEMOISELLE|ENFANT|BEBE)(?: |$)")
_LABEL_IN_NAME = re.compile(r"(?i)(?<![^\W_])(?:patiente?|concerne|nom)(?=[\W_])")
_NAME_IN_CAPITALS = re.compile(r"(?<![^\W\d_])[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’\-]{2,}(?![^\W\d_])")


class Source(Enum):
    """Where another person was named."""

    DICOM = "dicom"
    LABORATORY = "lab"
    TEXT = "text"


@dataclass(frozen=True, slots=True, repr=False)
class Discrepancy:
    """``trait`` is "ins", "birth_name", "first_name", "birth_date", "sex" or "identity" (nothing to compare).

    ``found`` is for the screen alone.
    """

    source: Source
    trait: str
    found: str = ""


def discrepancies(document: NewDocument) -> tuple[Discrepancy, ...]:
    """What differs from ``document.patient`` in the DICOM header, the laboratory's file, the text, or the PDF: its
    pages, its properties (title, author, subject, keywords), its name.

    Raises InvalidPdf subclasses when the PDF cannot be read.
    """
    found: list[Discrepancy] = []
    if document.study:
        found += dicom_discrepancies(document.study, document.patient)
    if isinstance(document.body, LabReport):
        found += lab_discrepancies(document.body, document.patient)
    said = (f"{document.title}\n{_text_of(document.body)}", *_properties_of(document.body))
    of_texts = [one for text in said for one in text_discrepancies(text, document.patient)]
    of_texts += file_name_discrepancies(getattr(document.body, "name", ""), document.patient)
    return (*found, *{(one.trait, one.found): one for one in of_texts}.values())


def refuse_other_patient(document: NewDocument, *, text_compared: bool = False) -> None:
    """Raise OtherPatient when a source names another person, UnidentifiedSource when it names nobody.

    ``text_compared`` records the user's act: the text was read and belongs to this patient (a mother's birth date in a
    newborn's report). A DICOM header or a laboratory's file of another patient has no such way out.
    """
    found = [d for d in discrepancies(document) if not (text_compared and d.source is Source.TEXT)]
    if found:
        traits = tuple(dict.fromkeys(d.trait for d in found))
        kind = UnidentifiedSource if traits == (NOT_ENOUGH,) else OtherPatient
        raise kind(tuple({d.source.value for d in found}), traits)


def lab_discrepancies(report: LabReport, patient: Patient) -> list[Discrepancy]:
    """Traits of the laboratory's file that differ; "identity" when it does not say enough to tell."""
    return [Discrepancy(Source.LABORATORY, *differing) for differing in lab_differences(report.patient, patient)]


def _text_of(body: object) -> str:
    if isinstance(body, LabReport | ImagingReport) and body.pdf:
        return f"{body.text}\n{text_of(body.pdf)}"
    if isinstance(body, AttachedFile):
        return attached.text_of(body)
    return text_of(body.content) if isinstance(body, PdfFile) else str(getattr(body, "text", ""))


def _properties_of(body: object) -> tuple[str, ...]:
    content = body.content if isinstance(body, PdfFile) else getattr(body, "pdf", b"")
    return tuple(properties_of(content).values()) if content else ()


def file_name_discrepancies(name: str, patient: Patient) -> list[Discrepancy]:
    """An INS in the name of a file, or a person after a label (``patient_DUPONT_Jean``); other names are only a hint.

    See ``praticien.documents.naming``.
    """
    stem = Path(name).stem
    numbers = [Discrepancy(Source.TEXT, "ins", value) for value in _other_ins(stem, patient)]
    label = _LABEL_IN_NAME.search(stem)
    named = somebody_else(stem[label.end() :], patient) if label else ""
    return numbers + ([Discrepancy(Source.TEXT, "birth_name", named)] if named else [])


# -- DICOM ---------------------------------------------------------------------------------------------------------


def dicom_discrepancies(study: ImagingStudy, patient: Patient) -> list[Discrepancy]:
    """Traits of the header that differ. Modalities often hold the used name: it is accepted too."""
    differing = same_person(
        patient.traits,
        birth_name="" if _is_known_name(study, patient) else study.patient_family_name,
        first_name="" if _is_used_first_name(study, patient) else study.patient_given_name,
        birth_date=study.patient_birth_date,
        sex=_SEXES.get(study.patient_sex.upper()),
    )
    values = {
        "birth_name": study.patient_family_name,
        "first_name": study.patient_given_name,
        "birth_date": study.patient_birth_date,
        "sex": study.patient_sex,
    }
    found = [Discrepancy(Source.DICOM, trait, values[trait]) for trait in differing]
    if _names_another_ins(study, patient):
        found.insert(0, Discrepancy(Source.DICOM, "ins", study.patient_id))
    return found


def _is_known_name(study: ImagingStudy, patient: Patient) -> bool:
    """The used name, or both names typed in one component."""
    family = fold(study.patient_family_name)
    if patient.used_name and family == fold(patient.used_name):
        return True
    names = {fold(name) for name in (patient.traits.birth_name, patient.used_name) if name}
    first = {fold(name) for name in (patient.traits.first_name, patient.used_first_name) if name}
    return not study.patient_given_name and any(family == f"{n} {f}" for n in names for f in first)


def _is_used_first_name(study: ImagingStudy, patient: Patient) -> bool:
    return bool(patient.used_first_name) and fold(study.patient_given_name) == fold(patient.used_first_name)


def _names_another_ins(study: ImagingStudy, patient: Patient) -> bool:
    """PatientID under an INS authority, or of the shape of one with a good key."""
    identifier = re.sub(r"[\s.]", "", study.patient_id).upper()
    if study.patient_id_issuer not in INS_OIDS and not _is_nir(identifier):
        return False
    own = patient.ins.matricule if patient.ins else ""
    return bool(identifier) and identifier not in (own, own[:13])


def _is_nir(text: str) -> bool:
    try:
        return len(text) == 15 and nir_key(text[:13]) == text[13:]
    except InvalidIns:
        return False


# -- text ----------------------------------------------------------------------------------------------------------


def text_discrepancies(text: str, patient: Patient) -> list[Discrepancy]:
    """What a text names next to the usual French labels and that differs, each value once."""
    found = [
        *(Discrepancy(Source.TEXT, "ins", value) for value in _other_ins(text, patient)),
        *(Discrepancy(Source.TEXT, "birth_date", value) for value in _other_birth_dates(text, patient)),
        *_other_fields(text, patient),
        *_other_patients(text, patient),
    ]
    return list({(d.trait, d.found): d for d in found}.values())


def _other_ins(text: str, patient: Patient) -> Iterable[str]:
    """Another INS named as such; without a label (perhaps an insured parent's), only when the own one is absent."""
    own = patient.ins.matricule if patient.ins else ""
    seen = [(match, re.sub(r"[^0-9AB]", "", match[0])) for match in _NIR.finditer(text)]
    seen = [(match, number) for match, number in seen if _is_nir(number)]
    own_is_there = any(number == own for _, number in seen)
    for match, number in seen:
        labelled = _INS_LABEL.search(text[max(0, match.start() - 40) : match.start()])
        if number != own and (labelled or not own_is_there):
            yield number


def _other_birth_dates(text: str, patient: Patient) -> Iterable[str]:
    for match in _BORN.finditer(text):
        compact = _compact(match[1])
        if compact and not _same_date(compact, patient.traits.birth_date):
            yield match[1]


def _compact(written: str) -> str:
    """``12/03/1987``, ``1987-03-12``, ``12 mars 1987`` as ``19870312``; a two-digit year gives ``870312``."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return written.replace("-", "")
    day, month, year = re.split(r"[/.\- ]+|\s+", written.strip(), maxsplit=2)
    if not month.isdigit():
        folded = fold(month).lower()
        if folded not in _MONTHS:
            return ""
        month = str(_MONTHS.index(folded) + 1)
    return f"{year}{int(month):02d}{int(re.sub('[^0-9]', '', day)):02d}"


def _same_date(compact: str, birth_date: str) -> bool:
    return compact == birth_date or (len(compact) == 6 and compact == birth_date[2:])


def _other_fields(text: str, patient: Patient) -> Iterable[Discrepancy]:
    for match in _FIELD.finditer(text):
        label, value = fold(match["label"]), match["value"].strip(" ,;.-")
        if label.startswith("NOM") and not _starts_with(value, [patient.traits.birth_name]):
            yield Discrepancy(Source.TEXT, "birth_name", value)
        elif label.startswith("PRENOM") and not _starts_with(value, _first_names(patient)):
            yield Discrepancy(Source.TEXT, "first_name", value)
        elif label == "SEXE" and _SEXES.get(fold(value), patient.traits.sex) is not patient.traits.sex:
            yield Discrepancy(Source.TEXT, "sex", value)


def _other_patients(text: str, patient: Patient) -> Iterable[Discrepancy]:
    """``Patient : M. DUPONT Jean``: a name in capitals after such a label, when it is none of this patient's."""
    known = {word for name in _all_names(patient) for word in fold(name).split()}
    for match in _PATIENT.finditer(text):
        named = [fold(word) for word in _NAME_IN_CAPITALS.findall(match["value"])]
        if named and not any(part in known for word in named for part in word.split()):
            yield Discrepancy(Source.TEXT, "birth_name", match["value"].strip())


def _all_names(patient: Patient) -> tuple[str, ...]:
    traits = patient.traits
    return (traits.birth_name, *traits.birth_first_names, patient.used_name, patient.used_first_name)


def _first_names(patient: Patient) -> list[str]:
    return [name for name in (patient.traits.first_name, patient.used_first_name) if name]


def _starts_with(value: str, names: list[str]) -> bool:
    """True when there is nothing to compare, or when the value is one of the names, perhaps with more behind."""
    folded = _CIVILITY.sub("", fold(value))
    return not folded or any(f"{folded} ".startswith(f"{fold(name)} ") for name in names)
