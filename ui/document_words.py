"""What is said of a document in a line: its states, type, authors, day."""

from __future__ import annotations

from datetime import datetime

from praticien.documents.model import DocumentKind
from praticien.metadata import Availability, Confidentiality, DocumentEntry

PATIENT_CLASS = "90"
"""JDV_J57: what the patient wrote (EX_3.1-1040)."""
KIND_WORDS = {
    DocumentKind.PRESCRIPTION: "Ordonnance",
    DocumentKind.LAB_RESULT: "Compte rendu d’examens biologiques",
    DocumentKind.IMAGING_REPORT: "Compte rendu d’imagerie médicale",
    DocumentKind.SUMMARY: "Synthèse médicale",
    DocumentKind.OTHER: "Autre document",
}
_AVAILABILITY_WORDS = {
    Availability.DEPRECATED: "remplacé",
    Availability.ARCHIVED: "archivé",
    Availability.DELETED: "supprimé",
}


def author_words(entry: DocumentEntry) -> str:
    """Names of the authors; the structure when nobody is named."""
    names = [f"{a.person.given_name} {a.person.family_name}".strip() for a in entry.authors]
    structures = [a.institution.name for a in entry.authors if a.institution]
    return ", ".join(name for name in names if name) or ", ".join(structures)


def state_words(entry: DocumentEntry) -> tuple[str, ...]:
    """Every state other than plain, in words."""
    states = []
    if entry.availability in _AVAILABILITY_WORDS:
        states.append(_AVAILABILITY_WORDS[entry.availability])
    if entry.has(Confidentiality.MASKED):
        states.append("masqué aux professionnels")
    if entry.has(Confidentiality.INVISIBLE_TO_PATIENT):
        states.append("invisible au patient")
    if entry.has(Confidentiality.INVISIBLE_TO_REPRESENTATIVES):
        states.append("invisible aux représentants légaux")
    if entry.class_code.code == PATIENT_CLASS or any(a.person.kind == "INS" for a in entry.authors):
        states.append("écrit par le patient")
    if entry.version not in ("", "1"):
        states.append(f"version {entry.version}")
    return tuple(states)


def moment_of(entry: DocumentEntry) -> datetime:
    """The day the list shows: of the act, else of the document."""
    return entry.service_start or entry.creation_time


def kind_words(entry: DocumentEntry) -> str:
    """The type of the document in words."""
    words = entry.type_code.display or entry.class_code.display or entry.type_code.code
    return words.replace("'", "’")
