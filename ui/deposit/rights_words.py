"""What the author's profession may write, said before anything is filled in."""

from __future__ import annotations

from praticien.documents.model import KindCodes
from praticien.documents.nomenclatures import PROFESSIONS
from praticien.prescribing import Scope, prescribing_right
from praticien.professional import Professional

_WORDS = {
    Scope.LIMITED: "{profession} : vous prescrivez dans les limites de votre profession ({basis}).",
    Scope.IN_TRAINING: "Carte de professionnel en formation : vous prescrivez par délégation de votre maître de stage.",
    Scope.NONE: "{profession} : cette profession ne prescrit pas. Demandez au prescripteur de déposer lui-même.",
}


def rights_words(who: Professional, codes: KindCodes) -> str:
    """One sentence; empty when this author may write this type without limit."""
    right = prescribing_right(who, codes)
    if right is None or right.scope is Scope.FULL:
        return ""
    profession = PROFESSIONS.get(who.profession, "Profession inconnue")
    return _WORDS[right.scope].format(profession=profession, basis=right.basis)
