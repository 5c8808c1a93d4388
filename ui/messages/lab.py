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
    "hl7.invalid": (
        "Le message du laboratoire est incohérent\u00a0: il n’a pas été repris.",
        "Demandez au laboratoire de le renvoyer\u00a0; les détails disent où il est fautif.",
    ),
    "hl7.not_er7": (
        "Ce fichier n’est pas un message HL7 v2 de laboratoire.",
        "Choisissez un fichier ORU^R01, JSON ou CSV\u00a0; un PDF se joint avec Ctrl+O.",
    ),
    "hl7.not_framed": (
        "Une connexion au port des résultats ne parle pas MLLP\u00a0: elle a été coupée.",
        "Vérifiez le réglage de l’envoi dans le logiciel du laboratoire.",
    ),
    "hl7.missing": (
        "Il manque au message du laboratoire une information sans laquelle il ne peut pas être lu.",
        "Demandez au laboratoire de le renvoyer\u00a0; les détails disent laquelle.",
    ),
    "hl7.charset": (
        "Le message du laboratoire n’a pas le jeu de caractères qu’il annonce\u00a0: les accents seraient perdus.",
        "Demandez au laboratoire de corriger son réglage (MSH-18).",
    ),
    "hl7.unsupported": (
        "Ce message HL7 n’est pas un compte rendu de biologie (ORU^R01, version 2).",
        "Demandez au laboratoire d’envoyer ses résultats sous cette forme.",
    ),
    "hl7.processing_id": (
        "Le laboratoire a marqué ce message comme un essai\u00a0: il ne devient pas le compte rendu d’un patient.",
        "Demandez au laboratoire un message de production (MSH-11).",
    ),
    "hl7.too_big": (
        "Ce message est trop gros pour être un compte rendu de biologie.",
        "Demandez au laboratoire de le découper, ou déposez son PDF.",
    ),
    "hl7.cannot_listen": (
        "La réception des résultats ne peut pas démarrer\u00a0: l’adresse configurée est prise ou n’existe pas ici.",
        "Corrigez l’adresse dans la configuration, ou fermez le programme qui l’occupe.",
    ),
    "hl7.cannot_secure": (
        "La réception des résultats ne peut pas démarrer\u00a0: son certificat ou sa clé sont inutilisables.",
        "Vérifiez ces fichiers PEM (clé sans mot de passe) dans la configuration, puis relancez le logiciel.",
    ),
    "inbox.unavailable": (
        "La boîte des résultats reçus ne peut pas être lue ou écrite\u00a0: rien n’a été accepté.",
        "Vérifiez la place et les droits du disque\u00a0; le laboratoire renverra ce qui n’a pas été accepté.",
    ),
    "inbox.unknown": (
        "Ce compte rendu n’est plus dans les résultats reçus.",
        "Il a été effacé, ou son fichier est abîmé\u00a0: demandez au laboratoire de le renvoyer.",
    ),
    "lab.file": (
        "Ce fichier de résultats ne suit pas le format attendu (HL7 v2, JSON ou CSV)\u00a0: il n’a pas été repris.",
        "Les détails disent à quel endroit\u00a0; le format est décrit dans la documentation.",
    ),
    "lab.file_too_big": (
        "Ce fichier est trop gros pour être un compte rendu de biologie.",
        "Choisissez le fichier d’un seul compte rendu.",
    ),
    "lab.file_patients": (
        "Ce fichier mêle plusieurs patients\u00a0: il n’a pas été repris.",
        "Demandez au laboratoire un fichier pour chaque patient.",
    ),
    "lab.several_reports": (
        "Ce fichier contient plusieurs comptes rendus, et pas un seul du patient ouvert.",
        "Importez-le dans les résultats reçus (Maj+F7), puis choisissez-y chaque compte rendu.",
    ),
    "lab.waiting": ("Ce compte rendu est déjà dans les envois (F10).", ""),
    "document.former_unknown": (
        "Le document que celui-ci remplace n’est plus dans le dossier\u00a0: rien n’a été envoyé.",
        "Actualisez le dossier (F5)\u00a0; retirez les résultats et importez-les de nouveau pour un premier dépôt.",
    ),
    "listening.invalid": (
        "L’adresse de réception des résultats est inutilisable (adresse IP et port, et qui peut envoyer).",
        "Corrigez-la dans la configuration ou sur la ligne de commande.",
    ),
}
