"""The difference between two versions as a page: what was added and removed, with signs rather than colours."""

from __future__ import annotations

from html import escape

from praticien.documents.difference import Change, Line, SectionDifference, Stretch
from ui.text import count
from ui.viewer.cda_html import page

_TAGS = {Change.SAME: ("", ""), Change.ADDED: ("<b>[+ ", "]</b>"), Change.REMOVED: ("<s>[− ", "]</s>")}
_SECTION_WORDS = {
    Change.SAME: "sans changement",
    Change.ADDED: "section ajoutée",
    Change.REMOVED: "section retirée",
    Change.CHANGED: "modifiée",
}
_AROUND = 1
"""Unchanged lines kept on each side of a change."""


def difference_page(sections: tuple[SectionDifference, ...], versions: str) -> str:
    """``versions`` says which two are compared."""
    changed = sum(section.change is not Change.SAME for section in sections)
    summary = count(changed, "section modifiée", "sections modifiées") if changed else "aucune différence de texte"
    body = "".join(_section(section) for section in sections)
    return page(f"<p><b>{escape(versions)}</b><br>{escape(summary)}. [+ ajouté] [− retiré]</p>{body}")


def _section(section: SectionDifference) -> str:
    title = f"<h3>{escape(section.title or 'Document')} — {_SECTION_WORDS[section.change]}</h3>"
    return title if section.change is Change.SAME else title + "".join(_lines(section.lines))


def _lines(lines: tuple[Line, ...]) -> list[str]:
    """Changes with what stands around them; the rest is left out, and said to be."""
    near = {at + step for at, line in enumerate(lines) if line.change is not Change.SAME for step in _steps()}
    written, skipped = [], False
    for at, line in enumerate(lines):
        if at in near:
            written.append(f"<p>{''.join(_stretch(part) for part in line.stretches)}</p>")
        elif not skipped:
            written.append("<p>…</p>")
        skipped = at not in near
    return written


def _steps() -> range:
    return range(-_AROUND, _AROUND + 1)


def _stretch(part: Stretch) -> str:
    before, after = _TAGS[part.change]
    return f"{before}{escape(part.text)}{after}"
