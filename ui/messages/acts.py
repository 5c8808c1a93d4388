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
    # -- documents: why not (the values of ``praticien.document_acts.ActRule``)
    "act.allowed": ("C’est possible.", ""),
    "act.no_profession": (
        "Une carte de personnel ne permet pas de changer un document (matrice fonctionnelle du DMP).",
        "Demandez-le au professionnel qui en est l’auteur.",
    ),
    "act.secret": (
        "En connexion secrète, un document reste caché aux représentants légaux (CSP, art. R. 1111-50).",
        "Mettez fin à la connexion secrète (Ctrl+Maj+I) si le mineur souhaite qu’ils le voient.",
    ),
    "act.not_in_emergency": (
        "Ce n’est pas possible pendant un accès d’urgence (matrice fonctionnelle du DMP).",
        "Faites-le plus tard, en accès normal.",
    ),
    "act.author_only": (
        "Seul l’auteur du document peut le faire (matrice fonctionnelle du DMP).",
        "Demandez-le-lui, ou au patient dans Mon espace santé.",
    ),
    "act.patients_own": (
        "Ce document a été déposé par le patient (matrice fonctionnelle du DMP).",
        "Seuls le patient et son médecin traitant peuvent le faire.",
    ),
    "act.already_masked": ("Le document est déjà masqué aux professionnels.", ""),
    "act.not_masked": ("Le document n’est pas masqué aux professionnels.", ""),
    "act.visible_already": ("Le patient voit déjà ce document.", ""),
    "act.visible_to_representatives": ("Ce document n’est pas caché aux représentants légaux.", ""),
    "act.hidden_from_patient": (
        "Un document invisible au patient ne peut pas être aussi masqué aux professionnels (EX_2.1-1050).",
        "Rendez-le d’abord visible au patient.",
    ),
    "act.archived": ("Le document est archivé.", "Désarchivez-le d’abord."),
    "act.not_archived": ("Le document n’est pas archivé.", ""),
    "act.old_version": ("Ce document a été remplacé : c’est une ancienne version.", "Agissez sur la dernière version."),
    "act.deleted": ("Ce document est supprimé.", ""),
    "act.kind_not_written": (
        "Ce logiciel ne sait pas écrire ce type de document.",
        "Remplacez-le avec le logiciel qui l’a produit.",
    ),
    # -- the dossier: why not (the values of ``praticien.dossier_acts.DossierRule``)
    "dossier_act.allowed": ("C’est possible.", ""),
    "dossier_act.no_profession": (
        "C’est réservé aux professionnels de santé (matrice fonctionnelle du DMP).",
        "Demandez-le à l’un d’eux, avec sa carte CPS.",
    ),
    "dossier_act.not_in_emergency": (
        "Un accès d’urgence ne change aucune autorisation (CSP, art. L. 1111-17).",
        "Mettez-y fin d’abord (Maj+F9).",
    ),
    "dossier_act.not_open": ("Ce patient n’a pas de dossier ouvert.", ""),
    "dossier_act.blocked": (
        "Le patient a bloqué votre accès à son dossier (CSP, art. R. 1111-46).",
        "Lui seul peut lever ce blocage.",
    ),
    "dossier_act.no_authorisation": ("Vous n’avez pas d’autorisation en cours sur ce dossier.", ""),
    "dossier_act.physician_only": ("Seul un médecin peut être médecin traitant.", ""),
    "dossier_act.treating_already": ("Vous êtes déjà médecin traitant dans ce dossier.", ""),
    "dossier_act.not_treating": ("Vous n’êtes pas médecin traitant dans ce dossier.", ""),
    "dossier_act.attached": (
        "Ce dossier est rattaché à Mon espace santé : seul le patient y change ses données ou le ferme.",
        "Invitez-le à le faire dans Mon espace santé, ou par téléphone au 3422.",
    ),
}
