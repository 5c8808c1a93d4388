"""A laboratory report on paper: chapters, their results in tables, antibiograms, comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from praticien.documents.errors import UnprintableText
from praticien.documents.lab_report import Analysis, Chapter, LabReport, Specimen
from praticien.documents.lab_words import (
    flag_words,
    is_abnormal,
    previous_words,
    reference_words,
    result_words,
    unit_of,
)

Markup = Callable[[str], str]
_BOLD = "Praticien-Bold"
_WIDTHS = (138, 88, 52, 78, 60, 67)  # points: 483 in all, the width between the margins
_COLUMNS = ("Résultat", "Unité", "Référence", "Alerte", "Antériorité")


def story(report: LabReport, style: Any, markup: Markup) -> list[Any]:
    """reportlab flowables. ``markup`` makes text safe; it raises UnprintableText, told here for the field "lab"."""
    try:
        return [*_request(report, style, markup), *_chapters(report, style, markup)]
    except UnprintableText as error:
        error.field = "lab"
        raise


def _request(report: LabReport, style: Any, markup: Markup) -> list[Any]:
    """Who asked, under which numbers, when."""
    from reportlab.platypus import Paragraph

    who = report.prescriber
    said = [
        f"Prescripteur : {who.given_name} {who.family_name}" if who else "",
        f"Demande n° {report.request.value}" if report.request else "",
        f"Prescription n° {report.order.value}" if report.order else "",
        f"Prélevé le {report.collected_at:%d/%m/%Y à %H:%M}" if report.collected_at else "",
        f"Résultats rendus le {report.released_at:%d/%m/%Y à %H:%M}" if report.released_at else "",
    ]
    words = " · ".join(text for text in said if text)
    return [Paragraph(markup(words), style)] if words else []


def _chapters(report: LabReport, style: Any, markup: Markup) -> list[Any]:
    from reportlab.platypus import Paragraph

    found: list[Any] = []
    for chapter in report.chapters:
        found += _chapter(chapter, style, markup)
    return [*found, *([Paragraph(_lines(report.comment, markup), style)] if report.comment.strip() else [])]


def _chapter(chapter: Chapter, style: Any, markup: Markup) -> list[Any]:
    from reportlab.platypus import Paragraph

    found = [Paragraph(f'<font name="{_BOLD}" size="12">{markup(chapter.code.display)}</font>', style)]
    found += [Paragraph(markup(_specimen_words(specimen)), style) for specimen in chapter.specimens]
    for battery in chapter.batteries:
        found += _results(battery.name or "Analyse", battery.analyses, style, markup)
    for isolate in chapter.isolates:
        found += _results(f"Isolat : {isolate.name}", isolate.analyses, style, markup)
        if isolate.antibiogram:
            found += _results("Antibiogramme", isolate.antibiogram, style, markup)
    if chapter.comment:
        found.append(Paragraph(_lines(chapter.comment, markup), style))
    return found


def _specimen_words(specimen: Specimen) -> str:
    day = f", prélevé le {specimen.collected_at:%d/%m/%Y à %H:%M}" if specimen.collected_at else ""
    return f"Prélèvement : {specimen.name}{day}"


def _results(name: str, analyses: Sequence[Analysis], style: Any, markup: Markup) -> list[Any]:
    """A table whose head comes again on each page, then the comments."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer, Table

    cell = ParagraphStyle("cell", parent=style, fontSize=8, leading=10, spaceAfter=0)

    def bold(text: str) -> Any:
        return Paragraph(f'<font name="{_BOLD}">{_lines(text, markup)}</font>', cell)

    rows = [[bold(text) for text in (name, *_COLUMNS)]]
    rows += [[bold(t) if is_abnormal(a) else Paragraph(_lines(t, markup), cell) for t in _cells(a)] for a in analyses]
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1, splitInRow=1)
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#c6d0dc")),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#f5f7fa")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    remarks = [(a.name, a.comment) for a in analyses if a.comment]
    said = [Paragraph(_lines(f"{who} : {what}", markup), cell) for who, what in remarks]
    return [table, Spacer(1, 4), *said, Spacer(1, 6)]


def _lines(text: str, markup: Markup) -> str:
    return "<br/>".join(markup(part) for part in text.split("\n"))


def _cells(analysis: Analysis) -> tuple[str, ...]:
    method = f"\n{analysis.method}" if analysis.method else ""
    return (
        f"{analysis.name.strip()}{method}",
        result_words(analysis),
        unit_of(analysis.value),
        reference_words(analysis.reference),
        flag_words(analysis),
        previous_words(analysis).replace(" (", "\n("),  # the day whole, on its own line
    )
