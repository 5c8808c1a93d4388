"""The door: a document's bytes in, its coded facts out."""

from __future__ import annotations

from praticien.documents.cda_header import read_header
from praticien.documents.cda_model import CdaHeader
from praticien.documents.coded.clinical import allergies, findings, problems, procedures
from praticien.documents.coded.entries import entries, root_of
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.coded.laboratory import results
from praticien.documents.coded.model import Entry
from praticien.documents.coded.treatments import devices, immunisations, treatments


def read_facts(content: bytes) -> CodedFacts:
    """All that is understood of the coded entries of a CDA; empty for a document without any.

    Raises NotCda, ForbiddenXml, CdaTooBig (all InvalidCda, field "document"), nothing else.
    """
    return _facts(entries(root_of(content)))


def read_with_header(content: bytes) -> tuple[CdaHeader, CodedFacts]:
    """The same, with the header: for many documents whose narrative nobody looks at. Raises as ``read_facts``."""
    root = root_of(content)
    return read_header(root), _facts(entries(root))


def _facts(found: tuple[Entry, ...]) -> CodedFacts:
    return CodedFacts(
        results=tuple(results(found)),
        treatments=tuple(treatments(found)),
        devices=tuple(devices(found)),
        allergies=tuple(allergies(found)),
        problems=tuple(problems(found)),
        procedures=tuple(procedures(found)),
        immunisations=tuple(immunisations(found)),
        findings=tuple(findings(found)),
    )
