"""The lines of a prescription on paper: two zones when a long-term illness is treated, then number and QR code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from praticien.documents.errors import UnprintableText
from praticien.documents.model import NewDocument
from praticien.documents.prescription import DeviceLine, Flag, Line, Mark, Prescription, Substitution
from praticien.documents.prescription_code import widget_of
from praticien.documents.prescription_posology import duration_words, words
from praticien.documents.prescription_words import FLAG_WORDS, MARK_WORDS, renewal_words, substitution_words

_CODE_SIZE = 92  # points: 3 cm, read by a telephone at arm's length
_TWO_ZONES = (
    "Prescriptions relatives au traitement de l’affection de longue durée reconnue (liste ou hors liste)",
    "Prescriptions sans rapport avec l’affection de longue durée",
)
Markup = Callable[[str], str]


def story(document: NewDocument, prescription: Prescription, style: Any, markup: Markup) -> list[Any]:
    """reportlab flowables. ``markup`` makes text safe; it raises UnprintableText, told here for its line."""
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    marks = " · ".join(MARK_WORDS[mark] for mark in Mark if mark in prescription.marks)
    found: list[Any] = [Paragraph(f'<font name="Praticien-Bold">{markup(marks)}</font>', style)] if marks else []
    for heading, lines in _zones(prescription):
        if heading:
            found.append(Paragraph(f'<font name="Praticien-Bold">{markup(heading)}</font>', style))
        for place, line in lines:
            with _in_field(f"lines.{place}.name"):
                found.append(KeepTogether([Paragraph(_line_markup(line, markup), style), Spacer(1, 4)]))
    with _in_field("comment"):
        found += [Paragraph(markup(part), style) for part in prescription.comment.split("\n") if part.strip()]
    found.append(KeepTogether([Spacer(1, 10), _number(document, prescription, style, markup)]))
    return found


@contextmanager
def _in_field(field: str) -> Iterator[None]:
    try:
        yield
    except UnprintableText as error:
        error.field = field
        raise


def _zones(prescription: Prescription) -> list[tuple[str, list[tuple[int, Line]]]]:
    """Headings and numbered lines; one zone without heading when nothing treats a long-term illness."""
    numbered = list(enumerate(prescription.lines))
    if not prescription.has_long_term_illness:
        return [("", numbered)]
    inside = [item for item in numbered if Flag.LONG_TERM_ILLNESS in item[1].flags]
    outside = [item for item in numbered if Flag.LONG_TERM_ILLNESS not in item[1].flags]
    return [zone for zone in zip(_TWO_ZONES, (inside, outside), strict=True) if zone[1]]


def _line_markup(line: Line, markup: Markup) -> str:
    name = f'<font name="Praticien-Bold">{markup(line.name.strip())}</font>'
    notes = [FLAG_WORDS[flag] for flag in Flag if flag in line.flags and flag is not Flag.LONG_TERM_ILLNESS]
    if isinstance(line, DeviceLine):
        how = f"Quantité : {line.quantity}" + (f", pendant {duration_words(line.duration)}" if line.duration else "")
    else:
        how = words(line.posology)
        if line.substitution is not Substitution.ALLOWED:
            notes.insert(0, substitution_words(line.substitution))
    notes = [note for note in (renewal_words(line.renewals), *notes) if note]
    return "<br/>".join([name, markup(how), *([markup(" · ".join(notes))] if notes else [])])


def _number(document: NewDocument, prescription: Prescription, style: Any, markup: Markup) -> Any:
    from reportlab.graphics.shapes import Drawing
    from reportlab.platypus import Paragraph, Table

    drawing = Drawing(_CODE_SIZE, _CODE_SIZE)
    drawing.add(widget_of(prescription, _CODE_SIZE))
    said = (
        f"Ordonnance n° {prescription.number}",
        f"Valable du {document.service_start:%d/%m/%Y} au {prescription.valid_until:%d/%m/%Y}",
    )
    text = Paragraph("<br/>".join(markup(part) for part in said), style)
    return Table(
        [[drawing, text]],
        colWidths=[_CODE_SIZE + 8, 483 - _CODE_SIZE - 8],
        style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )
