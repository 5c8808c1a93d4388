"""The rules of a submission's metadata. Each has a code and maps to an IHE error; all that are broken are told.

Sources: IHE ITI TF-3 4.2, DMP constraints (facts: protocol 3.2 to 3.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server.errors import Finding
from reference_server.metadata import codes
from reference_server.metadata.views import AuthorView, Coded, Entry, SubmissionSetView, Xcn
from reference_server.names import DocumentEntryId, SubmissionSetId

METADATA_ERROR = "XDSRegistryMetadataError"
OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_UNIQUE_ID = re.compile(r"[0-2](\.(0|[1-9]\d*))+(\^[^\s^]{1,16})?")
_DTM_SECONDS = re.compile(r"\d{14}")
_DTM = re.compile(r"\d{4}(\d\d){0,5}")
_CX = re.compile(r"[^^]+\^\^\^&[0-2](\.\d+)+&ISO(\^[A-Z]+(\^.*)?)?")
_SPECIALTY = re.compile(r"[^^]+\^[^^]*\^1\.2\.250\.1\.213\.1\.1\.4\.(5|6)")


@dataclass(frozen=True, slots=True)
class EntryRule:
    """``holds`` says whether an entry keeps the rule."""

    code: str
    sentence: str
    holds: Callable[[Entry], bool]
    error: str = METADATA_ERROR

    def finding(self) -> Finding:
        """The rule, broken."""
        return Finding(self.code, self.error, self.sentence)


def _once(scheme: str, accepted: Callable[[Coded], bool]) -> Callable[[Entry], bool]:
    def holds(entry: Entry) -> bool:
        found = entry.coded(scheme)
        return len(found) == 1 and accepted(found[0])

    return holds


def _slot(name: str, pattern: re.Pattern[str], *, optional: bool = False) -> Callable[[Entry], bool]:
    def holds(entry: Entry) -> bool:
        values = entry.slot(name)
        return (optional and not values) or (len(values) == 1 and bool(pattern.fullmatch(values[0])))

    return holds


def _is_ins(cx: str) -> bool:
    try:
        Ins.from_cx(cx)
    except InvalidInput:
        return False
    return bool(_CX.fullmatch(cx))


def _is_good_author(author: AuthorView) -> bool:
    named = len(author.persons) == 1 and author.persons[0].is_named and bool(author.persons[0].identifier)
    placed = all(one.name and one.identifier for one in author.institutions)
    return named and placed and all(_SPECIALTY.fullmatch(text) for text in author.specialties)


def _has_professional_authority(entry: Entry) -> bool:
    persons = [person for author in entry.author_views for person in author.persons if person.kind == "IDNPS"]
    return all(person.authority == codes.PERSON_AUTHORITY for person in persons)


def _has_institution_authority(entry: Entry) -> bool:
    places = [place for author in entry.author_views for place in author.institutions if place.kind == "IDNST"]
    return all(place.authority == codes.INSTITUTION_AUTHORITY for place in places)


def _has_good_authenticator(entry: Entry) -> bool:
    values = entry.slot("legalAuthenticator")
    if len(values) != 1:
        return False
    person = Xcn.parse(values[0])
    return person.is_named and bool(person.identifier)


def _is_known_type(code: Coded) -> bool:
    return codes.TYPE_SYSTEMS.get(code.code) == code.system


def _class_agrees_with_type(entry: Entry) -> bool:
    expected = codes.CLASS_OF_TYPE.get(entry.type_code)
    found = [one.code for one in entry.coded(DocumentEntryId.CLASS)]
    return expected is None or found == [expected]


def _is_facility(code: Coded) -> bool:
    if code.code in codes.OTHER_SETTINGS:
        return code.system == codes.FACILITY_OTHER_SYSTEM
    return code.system == codes.FACILITY_SYSTEM and bool(codes.FACILITY.fullmatch(code.code))


def _is_practice(code: Coded) -> bool:
    if code.code in codes.OTHER_SETTINGS:
        return code.system == codes.FACILITY_OTHER_SYSTEM
    return code.system == codes.PRACTICE_SYSTEM and code.code in codes.PRACTICES


def _confidentiality_is_coded(entry: Entry) -> bool:
    expected = dict.fromkeys(codes.LEVELS, codes.CONFIDENTIALITY_SYSTEM)
    expected |= dict.fromkeys(codes.VISIBILITIES, codes.VISIBILITY_SYSTEM)
    return all(expected.get(one.code) == one.system for one in entry.coded(DocumentEntryId.CONFIDENTIALITY))


def _has_one_level(entry: Entry) -> bool:
    levels = [one.code for one in entry.coded(DocumentEntryId.CONFIDENTIALITY) if one.code in codes.LEVELS]
    return len(levels) == 1


def _has_patient_info(entry: Entry) -> bool:
    fields = dict(value.split("|", 1) for value in entry.slot("sourcePatientInfo") if "|" in value)
    name = fields.get("PID-5", "").split("^")
    birth, sex = fields.get("PID-7", ""), fields.get("PID-8", "")
    return len(name) >= 2 and bool(name[0]) and bool(re.fullmatch(r"\d{8}", birth)) and sex in ("M", "F", "U", "O")


COMMON_RULES: tuple[EntryRule, ...] = (
    EntryRule(
        "DE-UNIQUE-ID",
        "uniqueId doit être un OID, une fois.",
        lambda e: (
            len(e.external(DocumentEntryId.UNIQUE_ID)) == 1
            and bool(_UNIQUE_ID.fullmatch(e.unique_id))
            and len(e.unique_id.split("^")[0]) <= 64
        ),
    ),
    EntryRule(
        "DE-PATIENT-ID",
        "patientId doit être un matricule INS sous son autorité (CX, NH).",
        lambda e: len(e.external(DocumentEntryId.PATIENT_ID)) == 1 and _is_ins(e.patient_id),
        "XDSUnknownPatientId",
    ),
    EntryRule(
        "DE-OBJECT-TYPE",
        "objectType doit désigner un document stable.",
        lambda e: e.element.get("objectType") == DocumentEntryId.NODE,
    ),
    EntryRule(
        "DE-AUTHOR",
        "Un auteur au moins, avec identifiant, nom et prénom, est attendu.",
        lambda e: bool(e.author_views) and all(_is_good_author(a) for a in e.author_views),
    ),
    EntryRule("DE-TITLE", "Le titre est obligatoire.", lambda e: bool(e.name)),
    EntryRule(
        "DE-CREATION-TIME", "creationTime doit être un instant UTC à la seconde.", _slot("creationTime", _DTM_SECONDS)
    ),
    EntryRule(
        "DE-CLASS-ONCE",
        "Une classe est attendue, une seule.",
        _once(DocumentEntryId.CLASS, lambda c: bool(c.code and c.system)),
    ),
    EntryRule(
        "DE-FORMAT",
        "Un format codé est attendu, un seul.",
        _once(DocumentEntryId.FORMAT, lambda c: bool(c.code and c.system)),
    ),
    EntryRule(
        "DE-CONFIDENTIALITY",
        "La confidentialité doit venir des nomenclatures N/R/V et de visibilité.",
        _confidentiality_is_coded,
    ),
    EntryRule(
        "DE-CONFIDENTIALITY-LEVEL", "Exactement un niveau de confidentialité N, R ou V est attendu.", _has_one_level
    ),
    EntryRule(
        "DE-SERVICE-STOP", "serviceStopTime doit être un instant.", _slot("serviceStopTime", _DTM, optional=True)
    ),
)

DOCUMENT_RULES: tuple[EntryRule, ...] = (
    *COMMON_RULES,
    EntryRule(
        "DE-AUTHOR-AUTHORITY",
        "Un identifiant IDNPS doit être sous l'autorité des professionnels.",
        _has_professional_authority,
    ),
    EntryRule(
        "DE-INSTITUTION-AUTHORITY",
        "Un identifiant IDNST doit être sous l'autorité des structures.",
        _has_institution_authority,
    ),
    EntryRule(
        "DE-AUTHENTICATOR",
        "Un responsable légal (legalAuthenticator), identifié et nommé, est attendu.",
        _has_good_authenticator,
    ),
    EntryRule("DE-LANGUAGE", "La langue doit être fr-FR.", _slot("languageCode", re.compile(r"fr-FR"))),
    EntryRule("DE-SERVICE-START", "serviceStartTime est obligatoire.", _slot("serviceStartTime", _DTM)),
    EntryRule("DE-SOURCE-PATIENT-ID", "sourcePatientId doit être un CX.", _slot("sourcePatientId", _CX)),
    EntryRule(
        "DE-SOURCE-PATIENT-INFO",
        "sourcePatientInfo doit donner le nom, la date de naissance et le sexe.",
        _has_patient_info,
    ),
    EntryRule(
        "DE-MIME-TYPE",
        "mimeType doit être text/xml, ou application/dicom pour un KOS.",
        lambda e: e.mime_type == ("application/dicom" if e.type_code == "IMG-KOS" else "text/xml"),
    ),
    EntryRule("DE-TYPE", "Un type connu est attendu, un seul.", _once(DocumentEntryId.TYPE, _is_known_type)),
    EntryRule(
        "DE-CLASS",
        "La classe doit venir de sa nomenclature.",
        _once(DocumentEntryId.CLASS, lambda c: c.code in codes.CLASSES and c.system == codes.CLASS_SYSTEM),
    ),
    EntryRule("DE-CLASS-OF-TYPE", "La classe n'est pas celle du type.", _class_agrees_with_type),
    EntryRule(
        "DE-FACILITY",
        "Un secteur d'activité connu est attendu, un seul.",
        _once(DocumentEntryId.FACILITY, _is_facility),
    ),
    EntryRule(
        "DE-PRACTICE", "Un cadre d'exercice connu est attendu, un seul.", _once(DocumentEntryId.PRACTICE, _is_practice)
    ),
    EntryRule(
        "DE-HIDDEN-FROM-ALL",
        "Un document ne peut être à la fois masqué aux professionnels et invisible au patient.",
        lambda e: not {codes.MASKED, codes.INVISIBLE_TO_PATIENT} <= e.confidentiality,
    ),
)

SIGNATURE_RULES: tuple[EntryRule, ...] = (
    *COMMON_RULES,
    EntryRule(
        "SIG-CLASS",
        "La signature de lot doit être de la classe technique de DSG.",
        _once(DocumentEntryId.CLASS, lambda c: c.code == "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1" and c.system == "URN"),
    ),
    EntryRule(
        "SIG-TYPE",
        "La signature de lot doit être du type E1762 (ASTM).",
        _once(DocumentEntryId.TYPE, lambda c: c.system == "ASTM"),
    ),
    EntryRule(
        "SIG-FORMAT",
        "La signature de lot doit être au format XML-DSig.",
        _once(DocumentEntryId.FORMAT, lambda c: c.code == "http://www.w3.org/2000/09/xmldsig#" and c.system == "URN"),
    ),
    EntryRule(
        "SIG-LANGUAGE", "La langue de la signature de lot doit être art.", _slot("languageCode", re.compile(r"art"))
    ),
    EntryRule(
        "SIG-CONFIDENTIALITY",
        "La signature de lot doit être masquée et invisible au patient.",
        lambda e: {codes.MASKED, codes.INVISIBLE_TO_PATIENT} <= e.confidentiality,
    ),
    EntryRule("SIG-MIME-TYPE", "La signature de lot doit être en text/xml.", lambda e: e.mime_type == "text/xml"),
)


def entry_findings(entry: Entry) -> Iterator[Finding]:
    """Rules that one entry breaks."""
    for rule in SIGNATURE_RULES if entry.is_lot_signature else DOCUMENT_RULES:
        if not rule.holds(entry):
            yield rule.finding()


def submission_findings(submission: SubmissionSetView) -> Iterator[Finding]:
    """Rules that the submission set breaks."""
    for code, sentence, holds in _SUBMISSION_RULES:
        if not holds(submission):
            error = "XDSUnknownPatientId" if code == "SS-PATIENT-ID" else METADATA_ERROR
            yield Finding(code, error, sentence)


_SUBMISSION_RULES: tuple[tuple[str, str, Callable[[SubmissionSetView], bool]], ...] = (
    (
        "SS-UNIQUE-ID",
        "Le lot doit avoir un uniqueId, un OID.",
        lambda s: (
            len(s.external(SubmissionSetId.UNIQUE_ID)) == 1
            and bool(OID.fullmatch(s.unique_id))
            and len(s.unique_id) <= 64
        ),
    ),
    (
        "SS-SOURCE-ID",
        "Le lot doit avoir un sourceId, un OID.",
        lambda s: (
            len(s.external(SubmissionSetId.SOURCE_ID)) == 1
            and bool(OID.fullmatch(s.first_external(SubmissionSetId.SOURCE_ID)))
        ),
    ),
    (
        "SS-PATIENT-ID",
        "Le lot doit avoir un patientId, un matricule INS.",
        lambda s: len(s.external(SubmissionSetId.PATIENT_ID)) == 1 and _is_ins(s.patient_id),
    ),
    (
        "SS-TIME",
        "submissionTime doit être un instant UTC à la seconde.",
        lambda s: len(s.slot("submissionTime")) == 1 and bool(_DTM_SECONDS.fullmatch(s.slot("submissionTime")[0])),
    ),
    (
        "SS-CONTENT-TYPE",
        "contentTypeCode est attendu, codé, une fois.",
        lambda s: (
            len(s.coded(SubmissionSetId.CONTENT_TYPE)) == 1
            and all(c.code and c.system for c in s.coded(SubmissionSetId.CONTENT_TYPE))
        ),
    ),
    (
        "SS-AUTHOR",
        "L'auteur du lot, avec identifiant, nom et prénom, est attendu une fois.",
        lambda s: (
            len(s.authors(SubmissionSetId.AUTHOR)) == 1
            and all(_is_good_author(a) for a in s.authors(SubmissionSetId.AUTHOR))
        ),
    ),
)
