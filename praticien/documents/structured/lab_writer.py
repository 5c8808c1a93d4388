"""CR-BIO 2024.01, the body: one section a chapter (what is read, then what is coded), the comment, the PDF copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from praticien.documents.cda_elements import LOINC, Element, add
from praticien.documents.lab_report import Analysis, Chapter, LabReport, Specimen
from praticien.documents.lab_words import (
    flag_words,
    previous_words,
    reference_words,
    result_words,
    unit_of,
)
from praticien.documents.model import NewDocument
from praticien.documents.structured.lab_entry import add_results
from praticien.documents.structured.sections import Words, add_pdf_copy, add_section, add_table, fill
from praticien.metadata import Code

_CHAPTER = ("1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70")
_REMARK = ("2.16.840.1.113883.10.12.201", "1.3.6.1.4.1.19376.1.4.1.2.16", "1.2.250.1.213.1.1.2.73")
_REMARK_CODE = Code("55112-7", LOINC, "Commentaire")
_COLUMNS = ("Résultat", "Unité", "Valeurs de référence", "Interprétation", "Antériorité", "Méthode")


def add_body(root: Element, document: NewDocument, report: LabReport, pdf: bytes) -> None:
    """Chapters in the laboratory's order, its general comment, the PDF copy."""
    body = add(add(root, "component"), "structuredBody")
    for number, chapter in enumerate(report.chapters, 1):
        section = add_section(body, document.unique_id, _CHAPTER, chapter.code, chapter.code.display)
        _narrative(add(section, "text"), chapter, f"c{number}")
        add_results(section, document, chapter, f"c{number}")
    if report.comment.strip():
        section = add_section(body, document.unique_id, _REMARK, _REMARK_CODE, "Commentaire")
        _paragraphs(add(section, "text"), report.comment)
    add_pdf_copy(body, document.unique_id, pdf)


def _narrative(text: Element, chapter: Chapter, id_: str) -> None:
    if chapter.specimens:
        rows = [_specimen_row(specimen, f"{id_}-p{n}") for n, specimen in enumerate(chapter.specimens, 1)]
        add_table(text, ("Prélèvement", "Prélevé le", "Reçu le"), rows)
    for number, battery in enumerate(chapter.batteries, 1):
        _results(text, Words(battery.name or "Analyse", f"{id_}-b{number}-nom"), battery.analyses, f"{id_}-b{number}")
    for number, isolate in enumerate(chapter.isolates, 1):
        place = f"{id_}-i{number}"
        name = add(text, "paragraph")
        name.text = "Isolat : "
        add(name, "content", isolate.name, ID=f"{place}-nom")
        if isolate.analyses:
            _results(text, Words("Examens de l’isolat"), isolate.analyses, place)
        if isolate.antibiogram:
            _results(text, Words("Antibiogramme", f"{place}-a-nom"), isolate.antibiogram, f"{place}-a")
    if chapter.comment:
        add(text, "paragraph", chapter.comment, ID=f"{id_}-commentaire")


def _specimen_row(specimen: Specimen, id_: str) -> tuple[str, list[Words]]:
    return id_, [
        Words(specimen.name, f"{id_}-nature"),
        Words(_moment(specimen.collected_at)),
        Words(_moment(specimen.received_at)),
    ]


def _moment(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y à %H:%M}" if moment else "-"


def _results(text: Element, name: Words, analyses: Sequence[Analysis], id_: str) -> None:
    """A table of results under its name, then their comments."""
    rows = [_row(analysis, f"{id_}-r{number}") for number, analysis in enumerate(analyses, 1)]
    table = add_table(text, ("", *_COLUMNS), rows)
    fill(next(table.iter("{*}th")), name)
    for number, analysis in enumerate(analyses, 1):
        if analysis.comment:
            paragraph = add(text, "paragraph")
            paragraph.text = f"{analysis.name} : "
            add(paragraph, "content", analysis.comment, ID=f"{id_}-r{number}-commentaire")


def _row(analysis: Analysis, id_: str) -> tuple[str, list[Words]]:
    return id_, [
        Words(analysis.name.strip(), f"{id_}-nom"),
        Words(result_words(analysis), f"{id_}-resultat"),
        Words(unit_of(analysis.value)),
        Words(reference_words(analysis.reference), f"{id_}-reference"),
        Words(flag_words(analysis)),
        Words(previous_words(analysis), f"{id_}-anteriorite"),
        Words(analysis.method, f"{id_}-methode"),
    ]


def _paragraphs(text: Element, comment: str) -> None:
    for paragraph in comment.strip().split("\n"):
        if paragraph.strip():
            add(text, "paragraph", paragraph)
