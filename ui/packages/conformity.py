"""Which documents of a package depart from the rules: said beside them, never a reason not to show them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from praticien.documents.conformance.checking import MOST, departures
from praticien.documents.errors import InvalidCda
from praticien.ports import PackedDocument
from ui.text import count

Departures = tuple[str, ...]
"""Codes, each once; as many times as they were met does not help anybody."""


def departures_of(documents: Iterable[PackedDocument]) -> tuple[Departures, ...]:
    """For each document, in a background task; none for what is no CDA, or cannot be read as one."""
    return tuple(_codes(packed) for packed in documents)


def _codes(packed: PackedDocument) -> Departures:
    if "xml" not in packed.entry.mime_type:
        return ()
    try:
        return tuple(dict.fromkeys(f"{each.code} {each.path}" for each in departures(packed.content)))
    except InvalidCda:
        return ()


def departure_words(found: Departures) -> str:
    """One sentence, empty when there is nothing to say."""
    if not found:
        return ""
    number = count(len(found), "point", "points") if len(found) < MOST else f"plus de {MOST} points"
    words = QCoreApplication.translate(
        "conformity",
        "Ce document s’écarte en {number} des règles du CI-SIS : comparez son texte avec sa copie, s’il en a une.",
    )
    return words.format(number=number)
