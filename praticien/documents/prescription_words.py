"""French words of a prescription, the same on paper, in the narrative and on screen."""

from __future__ import annotations

from praticien.documents.prescription import DeviceLine, Flag, Line, Mark, Substitution

FLAG_WORDS = {
    Flag.LONG_TERM_ILLNESS: "ALD",
    Flag.WORK_ACCIDENT: "AT/MP",
    Flag.PREVENTION: "Prévention",
    Flag.NOT_REFUNDED: "Non remboursable",
    Flag.OFF_LABEL: "Hors AMM",
}
MARK_WORDS = {
    Mark.EXCEPTION_DRUGS: "Prescription médicaments d'exception",
    Mark.SECURED: "Ordonnance sécurisée",
    Mark.LARGE_APPLIANCES: "Prescription grand appareillage",
    Mark.AT_HOME: "Exécution à domicile",
    Mark.URGENT: "Exécution en urgence",
    Mark.MILITARY: "Affection militaire",
}
"""The official labels."""
_REASONS = {
    Substitution.NARROW_MARGIN: "marge thérapeutique étroite",
    Substitution.CHILD_FORM: "forme galénique adaptée à l’enfant de moins de six ans",
    Substitution.EXCIPIENT: "contre-indication à un excipient à effet notoire",
}


def flags_of(kind: type[Line]) -> tuple[Flag, ...]:
    """The flags that a kind of line states: off label is said of drugs alone."""
    return tuple(flag for flag in Flag if kind is not DeviceLine or flag is not Flag.OFF_LABEL)


def substitution_words(substitution: Substitution) -> str:
    """``Permise``, or ``Non substituable (MTE) : marge thérapeutique étroite``."""
    if substitution is Substitution.ALLOWED:
        return "Permise"
    return f"Non substituable ({substitution.value}) : {_REASONS[substitution]}"


def renewal_words(renewals: int) -> str:
    """``à renouveler 2 fois``, empty for none."""
    return f"à renouveler {renewals} fois" if renewals else ""
