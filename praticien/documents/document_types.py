"""The DMP's list of document types that a professional may deposit (JDV_J07), each with its class (JDV_J57).

Left out: what patients deposit (DOCPAT), manifests of images, style sheets and signatures. The class is published for
part of the types; for the others it is ours, by what the label says (see the assumptions).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from praticien.documents.model import CLASS_SYSTEM, LOINC, TYPE_SYSTEM, DocumentKind, KindCodes
from praticien.matching import fold
from praticien.metadata import Code, DocumentEntry

_FILE = Path(__file__).with_name("document_types.json")
_WITH_A_FORM = frozenset(kind.codes.type_code.code for kind in DocumentKind if kind is not DocumentKind.OTHER)
_SYNONYMS = {
    "CR": "compte rendu",
    "11488-4": "consultation visite courrier",
    "96349-6": "courrier confrère adressage",
    "11490-0": "sortie hôpital lettre",
    "EXPPAT_3": "fin de vie",
    "89601-9": "aptitude sport coups blessures",
    "PRESC-AAT": "arrêt maladie",
    "57832-8": "ordonnance soins",
    "57828-6": "ordonnance autre",
    "55115-0": "ordonnance radio scanner irm échographie",
}
"""What else people type for a type, by code or by first word of its label."""
_FREQUENT = frozenset(
    (
        "11488-4",
        "96349-6",
        "89601-9",
        "11490-0",
        "34112-3",
        "34874-8",
        "PRESC-KINE",
        "PRESC-INF",
        "PRESC-BIO",
        "57828-6",
    )
)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type that may be chosen; ``name`` is its official label."""

    name: str
    codes: KindCodes

    @property
    def code(self) -> str:
        """The type's code."""
        return self.codes.type_code.code

    @property
    def sought(self) -> str:
        """Everything it may be found by, folded."""
        words = (self.name, _SYNONYMS.get(self.code, ""), _SYNONYMS.get(self.name.split()[0], ""))
        return f"{fold(' '.join(words))} {self.code.upper()}"


@cache
def document_types() -> tuple[DocumentType, ...]:
    """Every type, in alphabetical order of their labels; those that have a structured form come too."""
    raw = json.loads(_FILE.read_text("utf-8"))
    found = [_type(code, label, class_, raw["classes"][class_]) for code, label, class_ in raw["types"]]
    return tuple(sorted(found, key=lambda one: fold(one.name)))


def _type(code: str, label: str, class_: str, class_label: str) -> DocumentType:
    system = LOINC if code[:1].isdigit() else TYPE_SYSTEM
    return DocumentType(label, KindCodes(Code(code, system, label), Code(class_, CLASS_SYSTEM, class_label)))


def other_types() -> tuple[DocumentType, ...]:
    """The types that the form of any other document offers: all but those that have a form of their own."""
    return tuple(one for one in document_types() if one.code not in _WITH_A_FORM)


def found_by(typed: str) -> tuple[DocumentType, ...]:
    """The other types that hold every beginning of word typed, labels that start so first, then frequent ones:
    ``cr op`` finds "CR opératoire"."""
    asked = fold(typed).split()
    hits = [one for one in other_types() if all(f" {part}" in f" {one.sought}" for part in asked)]
    return tuple(sorted(hits, key=lambda one: (not fold(one.name).startswith(fold(typed)), one.code not in _FREQUENT)))


def type_of(entry: DocumentEntry) -> DocumentType | None:
    """The type of a document in the registry, when it is one of the list."""
    return next((one for one in document_types() if one.code == entry.type_code.code), None)


def kind_of(entry: DocumentEntry) -> DocumentKind | None:
    """The form that writes this document's type; None when this software writes none."""
    kinds = [kind for kind in DocumentKind if kind is not DocumentKind.OTHER]
    own = next((kind for kind in kinds if kind.codes.type_code.code == entry.type_code.code), None)
    return own or (DocumentKind.OTHER if type_of(entry) else None)
