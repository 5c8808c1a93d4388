"""Words for coded entries: conflicts with the narrative, and results left out of a series."""

from __future__ import annotations

from praticien.documents.coded.facts import Conflict
from praticien.documents.coded.lab_table import Aside

CONFLICT_WORDS: dict[Conflict, str] = {
    Conflict.VALUE: "la valeur codée n’est pas celle du texte",
    Conflict.POLARITY: "le code et le texte disent le contraire (positif, négatif)",
    Conflict.UNIT: "l’unité codée n’est pas celle du texte",
    Conflict.FLAG: "le signalement (haut, bas, normal) ne suit pas les valeurs de référence",
    Conflict.DOSE: "la dose codée n’est pas celle du texte",
    Conflict.FREQUENCY: "la fréquence codée n’est pas celle du texte",
    Conflict.PRODUCT: "le dosage du produit codé n’est pas celui du texte",
    Conflict.NEGATION: "le code affirme ce que le texte nie, ou l’inverse",
}
ASIDE_WORDS: dict[Aside, str] = {
    Aside.PRELIMINARY: "résultat provisoire",
    Aside.ABORTED: "examen abandonné",
    Aside.REPLACED: "compte rendu remplacé depuis",
    Aside.CONFLICT: "le texte et le code ne disent pas la même chose",
    Aside.NO_NUMBER: "résultat qui n’est pas un nombre",
    Aside.NO_DATE: "date manquante ou incomplète",
    Aside.OTHER_UNIT: "unité qui ne se convertit pas",
}
FLAG_WORDS = {
    "H": "haut",
    "HH": "très haut",
    "L": "bas",
    "LL": "très bas",
    "N": "normal",
    "A": "anormal",
    "AA": "très anormal",
    "S": "sensible",
    "I": "intermédiaire",
    "R": "résistant",
    "POS": "positif",
    "NEG": "négatif",
}
EVENT_WORDS = {
    "CM": "le matin",
    "CD": "le midi",
    "CV": "le soir",
    "HS": "au coucher",
    "ACM": "avant le petit déjeuner",
    "ACD": "avant le déjeuner",
    "ACV": "avant le dîner",
    "PCM": "après le petit déjeuner",
    "PCD": "après le déjeuner",
    "PCV": "après le dîner",
    "AC": "avant les repas",
    "PC": "après les repas",
    "C": "aux repas",
    "WAKE": "au réveil",
}
TIME_UNITS = {"s": "s", "min": "min", "h": "h", "d": "jour(s)", "wk": "semaine(s)", "mo": "mois", "a": "an(s)"}


def flags_words(flags: tuple[str, ...]) -> str:
    """Interpretation codes in words; unknown ones as they are."""
    return ", ".join(FLAG_WORDS.get(flag, flag) for flag in flags)
