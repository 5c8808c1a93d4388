"""Sentences for whom the card, INSi and the user speak of; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

IDENTITY_SENTENCES: dict[str, tuple[str, str]] = {
    # -- Vitale
    "vitale.no_reading_module": (
        "Le module de lecture du GIE SESAM-Vitale n’est pas installé : les bénéficiaires ne peuvent pas être lus.",
        "Cherchez le patient par son matricule INS ou par ses traits d’identité.",
    ),
    "vitale.swapped": (
        "La carte Vitale du lecteur n’est plus celle sur laquelle le patient a été choisi : rien n’a été ouvert.",
        "Relisez la carte insérée (F2) et choisissez de nouveau le bénéficiaire.",
    ),
    "vitale.stale": (
        "La carte Vitale a été lue il y a plus de vingt minutes : cette lecture ne peut plus servir à l’identité.",
        "Retirez la carte Vitale, insérez-la de nouveau.",
    ),
    "vitale.no_own_nir": (
        "La carte ne donne pas le numéro propre de ce bénéficiaire.",
        "Cherchez le patient par ses traits d’identité.",
    ),
    "vitale.century_missing": (
        "La carte ne dit pas le siècle de naissance de ce bénéficiaire.",
        "Choisissez l’année proposée, ou saisissez ses traits d’identité avec l’année complète.",
    ),
    # -- identity
    "ins.invalid": (
        "Ce n’est pas un matricule INS : il a 15 caractères, tous des chiffres hors A ou B pour la Corse.",
        "Recopiez-le en entier, clé comprise.",
    ),
    "ins.wrong_key": (
        "La clé (deux derniers chiffres) ne correspond pas au matricule : un chiffre est faux ou inversé.",
        "Relisez le matricule.",
    ),
    "ins.unqualified": (
        "L’identité n’est pas encore qualifiée : le matricule INS ne peut pas être transmis.",
        "Comparez les traits à une pièce d’identité, puis « Identité contrôlée » (Ctrl+I).",
    ),
    "identity.mismatch": (
        "Les sources ne parlent pas de la même personne ({traits}) : aucun dossier n’a été ouvert.",
        "Vérifiez les traits sur une pièce d’identité, puis cherchez de nouveau le patient.",
    ),
    "insi.none": (
        "L’INSi ne trouve personne avec ces traits.",
        "Vérifiez le nom de naissance, le premier prénom et la date, puis cherchez de nouveau.",
    ),
    "insi.several": (
        "L’INSi trouve plusieurs personnes avec ces traits.",
        "Ajoutez le lieu de naissance (code INSEE), puis cherchez de nouveau.",
    ),
    "date.invalid": ("Cette date ne peut pas être lue.", "Saisissez jour, mois, année : 12031987 ou 12/03/1987."),
}
