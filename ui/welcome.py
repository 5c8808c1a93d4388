"""What to say while nobody is unlocked: what is missing and what to do."""

from __future__ import annotations

from ui.messages import SENTENCES
from ui.session import Phase

_TITLES = {
    Phase.NO_SERVICE: ("Service de cartes arrêté", "card.no_service"),
    Phase.NO_READER: ("Aucun lecteur", "card.no_reader"),
    Phase.MUTE: ("Carte muette", "card.mute"),
    Phase.UNKNOWN: ("Carte inconnue", "card.unknown"),
}
_WORDS = {
    Phase.NO_CARD: (
        "Insérez votre carte professionnelle",
        "Carte CPS, ou carte CPE du secrétariat. Rien n’est consulté tant que son code n’est pas saisi.",
    ),
    Phase.READING: ("Lecture de la carte…", "Laissez la carte dans le lecteur."),
    Phase.UNUSABLE: ("Cette carte ne peut pas être utilisée", "Retirez-la et insérez-la de nouveau."),
}


def welcome_words(phase: Phase) -> tuple[str, str]:
    """Title and sentence."""
    if phase in _TITLES:
        title, code = _TITLES[phase]
        return title, " ".join(SENTENCES[code])
    return _WORDS.get(phase, _WORDS[Phase.READING])
