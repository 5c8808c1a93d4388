"""Sentences for what has no better words, the session, the configuration; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

GENERAL_SENTENCES: dict[str, tuple[str, str]] = {
    "error": ("L’opération n’a pas abouti.", "Réessayez ; si cela se répète, transmettez les détails à votre support."),
    "internal": (
        "Le logiciel a rencontré une erreur qui n’aurait pas dû arriver ; rien de ce que vous avez saisi n’est perdu.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "refused": ("L’opération a été refusée.", "La règle appliquée est dans les détails."),
    "input.invalid": ("Cette saisie ne peut pas être utilisée.", "Corrigez-la, puis validez de nouveau."),
    "environment": ("Un élément extérieur ne répond pas (lecteur, réseau ou disque).", "Vérifiez-le, puis réessayez."),
    "deposit.given_up": (
        "Le dépôt a été abandonné pendant sa préparation : rien n’est parti.",
        "Tout ce qui a été saisi est gardé : confirmez de nouveau pour l’envoyer (Ctrl+Entrée).",
    ),
    "printer.document_closed": (
        "Le document s’est fermé avant le choix de l’imprimante : rien n’a été imprimé.",
        "Ouvrez-le de nouveau, puis imprimez-le (Ctrl+T).",
    ),
    "printer.failed": (
        "L’imprimante n’a pas pris le document.",
        "Vérifiez qu’elle est allumée et qu’elle a du papier, puis imprimez de nouveau (Ctrl+T).",
    ),
    "patient.changed": (
        "Le patient a changé pendant l’opération : la réponse a été écartée.",
        "Recommencez si besoin.",
    ),
    "session.locked": ("La session est verrouillée.", "Insérez votre carte et saisissez son code."),
    "configuration.invalid": (
        "Le fichier de configuration contient une valeur inutilisable.",
        "Corrigez l’entrée nommée dans les détails, puis relancez le logiciel.",
    ),
    "configuration.missing": (
        "Le fichier de configuration n’existe pas encore.",
        "Créez-le d’après l’exemple de la notice, puis relancez le logiciel.",
    ),
}
