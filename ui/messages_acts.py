"""Sentences about what may be done with a document, an authorisation or a dossier; part of ``ui.messages.SENTENCES``.

Each reason why not names the rule it rests on and who can change it.
"""

from __future__ import annotations

ACT_SENTENCES: dict[str, tuple[str, str]] = {
    "dmp.attached": (
        "Ce dossier est rattaché à Mon espace santé : le patient y modifie ses données ou le ferme lui-même.",
        "Invitez-le à le faire dans Mon espace santé, ou par téléphone au 3422.",
    ),
    "dmp.update_refused": (
        "Le DMP n’a pas fait ce changement : le document n’est plus dans l’état montré, ou ne vous est plus visible.",
        "Actualisez la liste (F5), puis recommencez si c’est encore utile.",
    ),
    "dmp.document_changed": (
        "Ce document a été modifié depuis l’affichage de la liste : rien n’a été changé.",
        "Actualisez la liste (F5), vérifiez son état, puis recommencez.",
    ),
}
