"""What is said to whoever agrees, and what the user states: one wording a giver."""

from __future__ import annotations

from praticien.access import Rule
from praticien.administrative import Representative
from praticien.consents import Giver, Recorded
from ui.text import NBSP, day_text, told

GIVERS = {
    Giver.PATIENT: "Le patient",
    Giver.PARENT: "Un titulaire de l’autorité parentale (patient mineur)",
    Giver.GUARDIAN: "La personne chargée de sa protection (patient majeur représenté)",
}
TEAM = {
    True: "Équipe de soins du patient",
    False: "Hors équipe de soins : accord pour cette consultation seule",
}
BOXES = {
    Giver.PATIENT: "J’ai informé le patient et il est d’accord",
    Giver.PARENT: "J’ai informé le titulaire de l’autorité parentale et il est d’accord",
    Giver.GUARDIAN: "J’ai informé la personne chargée de la protection du patient et elle est d’accord",
}
TOLD = {
    Giver.PATIENT: "À dire au patient : « Avec votre accord, je vais consulter votre dossier médical partagé. Cet "
    "accès sera tracé ; vous pourrez le voir dans Mon espace santé et le retirer quand vous voudrez. »",
    Giver.PARENT: "À dire au parent : « Avec votre accord, je vais consulter le dossier médical partagé de votre "
    "enfant. Cet accès sera tracé ; vous pourrez le voir dans son espace santé et le retirer quand vous voudrez. » "
    "À dire aussi à l’enfant, selon son âge (CSP, art. R. 1111-40).",
    Giver.GUARDIAN: "À dire à la personne chargée de la protection : « Avec votre accord, je vais consulter le dossier "
    "médical partagé de la personne que vous représentez. Cet accès sera tracé et pourra être retiré à tout moment. » "
    "Dites-le aussi au patient, avec des mots qu’il comprend.",
}
TOLD_TO_MINOR = (
    "À dire au patient mineur : « Avec votre accord, je vais consulter votre dossier médical partagé. Cet accès sera "
    "tracé, mais vos parents n’en seront pas prévenus et ne verront pas ce que je dépose. »"
)

RELATIONS = {
    "FTH": "père",
    "MTH": "mère",
    "STPFTH": "beau-père",
    "STPMTH": "belle-mère",
    "GRFTH": "grand-père",
    "GRMTH": "grand-mère",
    "GGRFTH": "arrière-grand-père",
    "GGRMTH": "arrière-grand-mère",
    "AUNT": "tante",
    "UNCLE": "oncle",
    "BRO": "frère",
    "SIS": "sœur",
    "RESPRSN": "personne responsable",
}
ASKING = f"Représentants légaux selon le DMP{NBSP}: recherche en cours…"
UNREAD = "Le DMP n’a pas pu dire qui représente ce patient : demandez à quel titre l’accord est donné."
_OPENINGS = {Giver.PARENT: "À dire au parent", Giver.GUARDIAN: "À dire à la personne chargée de la protection"}


def named(one: Representative) -> str:
    """``NORA TESTFAMILLE (mère)``."""
    name = " ".join((*one.given_names[:1], one.family_name))
    return f"{name} ({RELATIONS.get(one.relation, 'représentant légal')})"


def representative_words(one: Representative) -> str:
    """Name, relation, how to reach them."""
    place = f"{one.postal_code} {one.city}".strip()
    return ", ".join(part for part in (named(one), *map(told, one.telecoms), one.street, place) if part)


def representatives_words(known: tuple[Representative, ...]) -> str:
    """Whom the DMP names, and what remains to be checked by whoever asks."""
    if not known:
        return "Le DMP ne nomme aucun représentant légal : vérifiez à quel titre la personne présente donne l’accord."
    names = f"{NBSP}; ".join(representative_words(one) for one in known)
    return f"Représentants légaux selon le DMP{NBSP}: {names}. Vérifiez que la personne présente est bien nommée ici."


def told_words(giver: Giver, known: tuple[Representative, ...]) -> str:
    """What is to be said, to those whom the DMP names."""
    words, opening = TOLD[giver], _OPENINGS.get(giver)
    if not opening or not known:
        return words
    return words.replace(opening, f"À dire à {' ou à '.join(map(named, known))}", 1)


def before_words(rule: Rule, last: Recorded | None) -> str:
    """What is known of an agreement that no longer serves. The DMP tells no date of expiry (TD0.2)."""
    if last:
        told = f"Accord déclaré sur ce poste le {day_text(last.moment)}"
        return f"{told}, arrivé à son terme." if rule is Rule.CONSENT_EXPIRED else f"{told}."
    if rule is Rule.CONSENT_EXPIRED:
        return "Cet accord n’avait pas été déclaré sur ce poste, et le DMP n’en dit pas la date."
    return ""
