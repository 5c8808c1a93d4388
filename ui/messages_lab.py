"""Sentences for laboratory reports and what laboratories send; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

LAB_SENTENCES: dict[str, tuple[str, str]] = {
    "lab.result": (
        "Un résultat du compte rendu ne peut pas être envoyé tel quel (nom, valeur, unité ou repère inutilisable).",
        "Faites-le corriger par le laboratoire, ou déposez son PDF.",
    ),
    "lab.empty": (
        "Ce compte rendu ne contient aucun résultat.",
        "Vérifiez le fichier, ou déposez le PDF du laboratoire.",
    ),
    "lab.incomplete": (
        "Des résultats sont encore provisoires ou en attente\u00a0: seul un compte rendu complet part vers le DMP.",
        "Attendez la version complète du laboratoire.",
    ),
    "document.unidentified": (
        "Le fichier du laboratoire ne dit pas assez de qui il parle (il faut l’INS, ou le nom et la date de "
        "naissance)\u00a0: rien n’a été envoyé.",
        "Demandez au laboratoire un fichier qui identifie le patient.",
    ),
}
