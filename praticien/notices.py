"""Sentences told to the patient. The window shows them before the act, the server sends the same ones after it."""

from __future__ import annotations

import re

from praticien.access import AccessMode, EmergencyReason

EMERGENCY_REASONS: dict[EmergencyReason, str] = {
    EmergencyReason.UNCONSCIOUS: "Patient inconscient",
    EmergencyReason.LIFE_THREATENING: "Danger immédiat pour la vie",
    EmergencyReason.CANNOT_COMMUNICATE: "Patient hors d’état de s’exprimer",
    EmergencyReason.TREATMENT_UNKNOWN: "Traitements ou allergies inconnus",
    EmergencyReason.REGULATION_CALL: "Appel traité par la régulation médicale",
    EmergencyReason.OTHER: "Autre urgence",
}

_DOORS = {
    AccessMode.NORMAL: "",
    AccessMode.BREAK_GLASS: " en urgence (bris de glace)",
    AccessMode.REGULATION: " en urgence (centre de régulation médicale)",
}


MAX_WORDS = 300
"""Characters of free text in a reason: what a patient reads, and what an assertion can carry without ado."""
_UNSENT = re.compile("[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Control characters and half surrogates: XML cannot carry them, and what the window shows is what is sent."""


def reason_text(reason: EmergencyReason | None, words: str) -> str:
    """The reason of an emergency access on one line, as it travels and as the patient reads it."""
    parts = [EMERGENCY_REASONS[reason] if reason else "", " ".join(_UNSENT.sub(" ", words).split())]
    return " – ".join(part for part in parts if part)


def access_notice(who: str, structure: str, mode: AccessMode, reason: str = "") -> str:
    """What the patient is told of an access. ``who`` is a displayed name, ``reason`` comes from ``reason_text``.

    Date and time are not part of the sentence: the server's clock decides them, beside it.
    """
    sentence = f"{who} ({structure}) a consulté votre dossier{_DOORS[mode]}."
    return f"{sentence} Motif indiqué : {reason}." if reason else sentence
