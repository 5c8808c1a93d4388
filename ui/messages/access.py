"""Sentences of the access rules, which are also the ``rule`` of a refusal; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

from praticien.access import Rule

ACCESS_SENTENCES: dict[str, tuple[str, str]] = {
    Rule.READ_ALLOWED.value: ("La consultation est autorisée.", ""),
    Rule.READ_EMERGENCY.value: ("La consultation est ouverte par un accès d’urgence, connu du patient.", ""),
    Rule.NO_DOSSIER.value: (
        "Ce patient n’a pas de dossier médical partagé.",
        "Rien ne peut y être lu ni déposé ; Mon espace santé est créé par l’État, le patient peut l’activer.",
    ),
    Rule.BEING_CREATED.value: (
        "Le dossier de ce patient est en cours de création, il s’ouvrira six semaines après qu’il en a été informé.",
        "Rien ne peut y être lu ni déposé d’ici là ; le patient peut l’ouvrir plus tôt en activant Mon espace santé.",
    ),
    Rule.CLOSED.value: (
        "Le dossier de ce patient est fermé.",
        "Rien ne peut y être lu ni déposé ; seul le patient peut le faire rouvrir.",
    ),
    Rule.CONSENT_NEEDED.value: (
        "Vous n’êtes pas autorisé à consulter ce dossier (CSP, art. L. 1111-17).",
        "Recueillez l’accord du patient, puis déclarez-le.",
    ),
    Rule.CONSENT_EXPIRED.value: (
        "Votre autorisation sur ce dossier est arrivée à son terme.",
        "Recueillez de nouveau l’accord du patient, puis déclarez-le.",
    ),
    Rule.BLOCKED.value: (
        "Le patient a bloqué votre accès à son dossier (CSP, art. R. 1111-46), même en urgence.",
        "Parlez-en avec lui : lui seul peut lever ce blocage.",
    ),
    Rule.CARD_MAY_NOT_READ.value: (
        "Une carte CPE ne permet pas de consulter un dossier (matrice fonctionnelle du DMP).",
        "Vous pouvez y déposer des documents ; la lecture demande la carte CPS d’un professionnel.",
    ),
    Rule.CARD_MAY_NOT_BREAK_GLASS.value: (
        "Le bris de glace est réservé aux porteurs d’une carte CPS.",
        "Appelez un professionnel de santé.",
    ),
}
