"""The sections of an imaging report on paper, when the dictation system printed none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from praticien.documents.errors import UnprintableText
from praticien.documents.imaging import ImagingAct, ImagingReport
from praticien.documents.imaging_dose import words

_TITLES = (
    ("indication", "Indication"),
    ("history", "Antécédents"),
    ("technique", "Technique"),
    ("findings", "Résultat"),
    ("comparison", "Comparaison"),
    ("conclusion", "Conclusion"),
)
Markup = Callable[[str], str]


def story(report: ImagingReport, style: Any, markup: Markup) -> list[Any]:
    """reportlab flowables. ``markup`` makes text safe; it raises UnprintableText, told here for its section."""
    from reportlab.platypus import Paragraph

    found: list[Any] = [Paragraph(markup(_act_words(act)), style) for act in report.acts]
    for name, title in _TITLES:
        text = getattr(report.sections, name).strip()
        if text:
            found.append(Paragraph(f'<font name="Praticien-Bold">{markup(title)}</font>', style))
            found += [Paragraph(part, style) for part in _paragraphs(name, text, markup)]
    if report.exposures:
        found.append(Paragraph(markup(f"Exposition : {words(report.exposures)}"), style))
    return found


def _act_words(act: ImagingAct) -> str:
    parts = (act.code.display, f"CCAM {act.ccam}" if act.ccam else "", act.side.words if act.side else "")
    return " · ".join(part for part in parts if part)


def _paragraphs(name: str, text: str, markup: Markup) -> list[str]:
    try:
        return [markup(line) for line in text.split("\n") if line.strip()]
    except UnprintableText as error:
        error.field = name
        raise
