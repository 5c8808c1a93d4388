"""The door: a document's bytes in, its coded facts out."""

from __future__ import annotations

from praticien.documents.coded.clinical import allergies, findings, problems, procedures
from praticien.documents.coded.entries import entries
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.coded.laboratory import results
from praticien.documents.coded.treatments import devices, immunisations, treatments


def read_facts(content: bytes) -> CodedFacts:
    """All that is understood of the coded entries of a CDA; empty for a document without any.

    Raises NotCda, ForbiddenXml, CdaTooBig (all InvalidCda, field "document"), nothing else.
    """
    found = entries(content)
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
