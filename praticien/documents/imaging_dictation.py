"""A dictated text cut at its headings: Indication, Technique, Résultat, Conclusion…

A heading is the first words of a line, followed by a colon or a dash, or alone on its line. Words are ours, from the
usual way of dictating; the editable sections show what was understood.
"""

from __future__ import annotations

import re

from praticien.documents.imaging import ReportSections
from praticien.matching import fold

_HEADINGS = {
    "indication": "INDICATIONS? MOTIFS? RENSEIGNEMENTS?_CLINIQUES? CONTEXTE(_CLINIQUE)? HISTOIRE_DE_LA_MALADIE",
    "history": "ANTECEDENTS? HISTORIQUE",
    "technique": "TECHNIQUES? PROTOCOLE TECHNIQUE_D_EXAMEN PROCEDURE",
    "comparison": "COMPARAISONS? COMPARATIFS? EXAMENS?_(ANTERIEURS?|DE_COMPARAISON|COMPARATIFS?)",
    "findings": "RESULTATS? CONSTATATIONS? DESCRIPTION ANALYSE COMPTE_RENDU",
    "conclusion": "CONCLUSIONS? SYNTHESE IMPRESSION AU_TOTAL",
}
_NAMED = {
    name: re.compile("|".join(f"(?:{word.replace('_', ' ')})" for word in words.split()))
    for name, words in _HEADINGS.items()
}
_LINE = re.compile(r"^[\s*•\-–]*(?P<title>[^\W\d][\w' ’]{2,40}?)\s*(?P<end>:|[–—-](?:\s|$)|$)\s*(?P<rest>.*)$")
_SIGNATURE = re.compile(r"(?i)^(?:le\s+)?(?:dr\b|docteur\b|pr\b|professeur\b|signé\b|validé\b|page\s+\d)")


def split(text: str, *, letterhead: bool = False) -> ReportSections:
    """The sections of ``text``. What precedes the first heading is findings, or with ``letterhead`` (a printed page:
    names, addresses) belongs to none; without any heading everything is findings."""
    found: dict[str, list[str]] = {name: [] for name in _HEADINGS}
    before: list[str] = []
    into = before
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        name, rest = _heading(line)
        into = found[name] if name else into
        into.append(rest if name else line)
    sections = {name: _tidy(lines) for name, lines in found.items()}
    if not letterhead or not any(sections.values()):
        sections["findings"] = "\n".join(filter(None, (_tidy(before), sections["findings"])))
    sections["conclusion"] = _without_signature(sections["conclusion"]) if letterhead else sections["conclusion"]
    return ReportSections(**sections)


def _heading(line: str) -> tuple[str, str]:
    """Name of the section that ``line`` opens and what follows its heading; two empty strings when it opens none."""
    match = _LINE.match(line)
    if not match:
        return "", ""
    title = " ".join(fold(match["title"]).replace("'", " ").split())
    name = next((name for name, pattern in _NAMED.items() if pattern.fullmatch(title)), "")
    return (name, match["rest"]) if name else ("", "")


def _tidy(lines: list[str]) -> str:
    """Blanks at the ends gone, one empty line between paragraphs at most."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _without_signature(text: str) -> str:
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _SIGNATURE.match(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines)
