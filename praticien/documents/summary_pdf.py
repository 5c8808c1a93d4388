"""The medical synthesis on paper: one table a part, the parts without a line told in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from praticien.documents.errors import UnprintableText
from praticien.documents.summary import MedicalSummary
from praticien.documents.summary_words import NOTHING, VIGILANCE, Part, parts_of

_WIDTH = 483  # points: the width of the page inside its margins
_RULE = "#c6d0dc"
_NARROW = frozenset({"Depuis", "Date", "Début", "Fin"})
_DAY_WIDTH = 64
Markup = Callable[[str], str]


def story(summary: MedicalSummary, style: Any, markup: Markup) -> list[Any]:
    """reportlab flowables. ``markup`` makes text safe; it raises UnprintableText, told here for its line."""
    from reportlab.platypus import Paragraph

    parts = parts_of(summary)
    told = [part for part in parts if part.name == "allergies"] + [part for part in parts if part.name != "allergies"]
    found: list[Any] = []
    for part in told:
        found += [Paragraph(_strong(part.title, markup), style), _content(part, style, markup)]
    found.append(Paragraph(_strong(VIGILANCE, markup), style))
    for number, line in enumerate(summary.vigilance):
        found.append(Paragraph(_safe(line, markup, f"vigilance.{number}"), style))
    return found if summary.vigilance else [*found, Paragraph(markup(NOTHING.capitalize()), style)]


def _strong(text: str, markup: Markup) -> str:
    return f'<font name="Praticien-Bold">{markup(text)}</font>'


def _safe(text: str, markup: Markup, place: str) -> str:
    try:
        return markup(text)
    except UnprintableText as error:
        error.field = place
        raise


def _content(part: Part, style: Any, markup: Markup) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph, Table

    if not part.rows:
        return Paragraph(markup(NOTHING.capitalize()), style)
    rows = [[Paragraph(_strong(title, markup), style) for title in part.header]]
    for number, row in enumerate(part.rows):
        rows.append([Paragraph(_safe(cell.text, markup, f"{part.name}.{number}"), style) for cell in row])
    narrow = sum(title in _NARROW for title in part.header)
    wide = (_WIDTH - narrow * _DAY_WIDTH) / (len(part.header) - narrow)
    widths = [_DAY_WIDTH if title in _NARROW else wide for title in part.header]
    lines = [("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_RULE)), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table(rows, colWidths=widths, style=lines, spaceAfter=10, repeatRows=1)
