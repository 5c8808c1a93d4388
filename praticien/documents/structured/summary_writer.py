"""VSM 2023.01: header additions and structured body of a medical synthesis.

Sources: CI-SIS volet VSM 2023.01 (1.2.250.1.213.1.1.1.13) and its public schematrons. A part without any line is said
in words in the section around it, since the rules want entries in each subsection that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from praticien.documents.cda_elements import LOINC, Element, add, coded
from praticien.documents.model import NewDocument
from praticien.documents.structured import summary_entries as entries
from praticien.documents.structured.sections import Words, add_pdf_copy, add_section, add_table
from praticien.documents.summary import MedicalSummary
from praticien.documents.summary_words import NOTHING, VIGILANCE, Part, parts_of
from praticien.metadata import Code

_MODEL, _VERSION = "1.2.250.1.213.1.1.1.13", "2023.01"
EVENT = Code("34117-2", LOINC, "Historique et clinique")
_WHOLE = Code("46612-8", LOINC, "Conclusions de synthèse")
_HISTORY = Code("34117-2", LOINC, "Historique et physique")
_RISKS = Code(
    "57207-3", LOINC, "Facteurs de risque présents ou passés affectant l'état de santé et/ou une circonstance"
)
_RESULTS = Code("30954-2", LOINC, "Résultats d'examens")
_PLAN = Code("18776-5", LOINC, "Plan de traitement")
_PCC, _CCD, _FR = "1.3.6.1.4.1.19376.1.5.3.1", "2.16.840.1.113883.10.20.1", "1.2.250.1.213.1.1.2"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A subsection: its templates and code, and what writes the entry of one line (None: words alone)."""

    roots: tuple[str, ...]
    code: Code
    entry: Callable[[Element, NewDocument, Any, str], None] | None = None


_KINDS = {
    "problems": _Kind(
        (f"{_CCD}.11", f"{_PCC}.3.6", f"{_FR}.132"),
        Code("11450-4", LOINC, "Liste des problèmes actifs"),
        entries.add_problem,
    ),
    "history": _Kind(
        (f"{_PCC}.3.8", f"{_FR}.134"), Code("11348-0", LOINC, "Antécédents médicaux"), entries.add_history
    ),
    "interventions": _Kind(
        (f"{_CCD}.12", f"{_PCC}.3.11", f"{_PCC}.3.12", f"{_FR}.136"),
        Code("47519-4", LOINC, "Historique des actes"),
        entries.add_intervention,
    ),
    "allergies": _Kind(
        (f"{_CCD}.2", f"{_PCC}.3.13", f"{_FR}.137"),
        Code("48765-2", LOINC, "Allergies et hypersensibilités"),
        entries.add_allergy,
    ),
    "habits": _Kind(
        (f"{_CCD}.15", f"{_PCC}.3.16", f"{_PCC}.3.16.1", f"{_FR}.141"),
        Code("29762-2", LOINC, "Habitus, Mode de vie"),
        entries.add_habit,
    ),
    "work": _Kind((f"{_PCC}.1.5.3.1", f"{_FR}.74"), Code("10161-8", LOINC, "Facteurs de risques professionnels")),
    "family": _Kind(
        (f"{_CCD}.4", f"{_PCC}.3.14", f"{_PCC}.3.15", f"{_FR}.139"),
        Code("10157-6", LOINC, "Historique des pathologies familiales"),
        entries.add_family,
    ),
    "treatments": _Kind(
        (f"{_CCD}.8", f"{_PCC}.3.19", f"{_FR}.143"), Code("10160-0", LOINC, "Traitements"), entries.add_treatment
    ),
}


def add_templates(root: Element) -> None:
    """The template of the model, after those of the header."""
    add(root, "templateId", root=_MODEL, extension=_VERSION)


def fill_event(event: Element) -> None:
    """The act documented."""
    coded(event, "code", EVENT)


def add_body(root: Element, document: NewDocument, summary: MedicalSummary, pdf: bytes) -> None:
    """Problems to allergies, risk factors, vigilance, treatments, PDF copy: the order of the model."""
    body = add(add(root, "component"), "structuredBody")
    parts = {part.name: part for part in parts_of(summary)}
    title = "Pathologies, antécédents, allergies et facteurs de risque"
    whole = add_section(body, document.unique_id, (f"{_FR}.29",), _WHOLE, title)
    history = add_section(whole, document.unique_id, (f"{_FR}.30",), _HISTORY, "Pathologies, antécédents et allergies")
    _fill(history, document, [parts[name] for name in ("problems", "history", "interventions", "allergies")])
    risks = add_section(whole, document.unique_id, (f"{_FR}.31",), _RISKS, "Facteurs de risque")
    _fill(risks, document, [parts[name] for name in ("habits", "work", "family")])
    roots = (f"{_PCC}.3.27", f"{_FR}.150")
    vigilance = add_section(body, document.unique_id, roots, _RESULTS, VIGILANCE)
    _paragraphs(vigilance, summary.vigilance or (NOTHING,))
    plan = add_section(body, document.unique_id, (f"{_FR}.32",), _PLAN, "Traitement au long cours")
    _fill(plan, document, [parts["treatments"]])
    add_pdf_copy(body, document.unique_id, pdf)


def _fill(section: Element, document: NewDocument, parts: Sequence[Part]) -> None:
    """Subsections; those without a line are told in the section's own words, which come first."""
    if empty := [part for part in parts if not part.rows]:
        _paragraphs(section, [f"{part.title} : {NOTHING}" for part in empty])
    for part in parts:
        if part.rows:
            _part(section, document, part)


def _paragraphs(section: Element, lines: Sequence[str]) -> None:
    text = add(section, "text")
    for line in lines:
        add(text, "paragraph", line.strip())


def _part(parent: Element, document: NewDocument, part: Part) -> None:
    kind = _KINDS[part.name]
    section = add_section(parent, document.unique_id, kind.roots, kind.code, part.title)
    rows = [(f"{part.name}-{n:03d}", row) for n, row in enumerate(part.rows, 1)]
    cells = [(id_, [Words(cell.text, cell.name and f"{id_}-{cell.name}") for cell in row]) for id_, row in rows]
    add_table(add(section, "text"), part.header, cells)
    if kind.entry is None:
        return
    for (id_, _row), line in zip(rows, part.lines, strict=True):
        kind.entry(add(section, "entry"), document, line, id_)
