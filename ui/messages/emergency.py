"""Sentences of both emergency modes and of the agreement; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

from praticien.access import Rule

EMERGENCY_SENTENCES: dict[str, tuple[str, str]] = {
    Rule.CONSENT_EACH_TIME.value: (
        "Hors de l’équipe de soins, l’accord du patient se demande à chaque consultation (CSP, art. L. 1110-4).",
        "Recueillez-le pour cette consultation, puis déclarez-le.",
    ),
    Rule.BREAK_GLASS_NOT_NEEDED.value: (
        "Le bris de glace est inutile : vous pouvez déjà consulter ce dossier.",
        "Lisez-le dans l’accès normal ; rien n’a été demandé en urgence.",
    ),
    Rule.BREAK_GLASS_OPPOSED.value: (
        "Le patient s’est opposé à l’accès à son dossier en bris de glace (CSP, art. R. 1111-48).",
        "Soignez sans le dossier ; lui seul peut lever cette opposition.",
    ),
    Rule.EMERGENCY_OVER.value: (
        "L’accès d’urgence est arrivé à son terme : ce qui avait été lu a été refermé.",
        "S’il faut continuer, entrez de nouveau en indiquant un nouveau motif (F9).",
    ),
    Rule.CONCEALED_FOR_MINORS.value: (
        "La connexion secrète est réservée aux patients mineurs (CSP, art. R. 1111-50).",
        "Un patient majeur choisit lui-même, dans Mon espace santé, qui voit ses documents.",
    ),
    Rule.CONCEALED_NOT_IN_EMERGENCY.value: (
        "La connexion secrète se demande en personne : elle ne va pas avec un accès d’urgence.",
        "Mettez d’abord fin à l’accès d’urgence (Maj+F9).",
    ),
    Rule.NO_EMERGENCY_CONCEALED.value: (
        "La connexion secrète est en cours, à la demande du patient : elle ne va pas avec un accès d’urgence.",
        "Demandez-lui son accord ; s’il ne peut plus le donner, mettez fin à la connexion secrète (Ctrl+Maj+I).",
    ),
    "review.unknown": (
        "Cet accès d’urgence a déjà reçu sa réponse.",
        "Rien d’autre n’est attendu de vous.",
    ),
    Rule.REGULATION_ALLOWED.value: ("L’accès par un centre de régulation médicale est ouvert à votre carte.", ""),
    Rule.NOT_A_REGULATOR.value: (
        "L’accès par un centre de régulation est réservé au médecin régulateur, avec sa carte CPS "
        "(CSP, art. L. 1111-17).",
        "Confiez la recherche au médecin régulateur.",
    ),
    Rule.NOT_A_CENTRE.value: (
        "Cette structure n’est pas déclarée comme centre de régulation médicale sur ce poste.",
        "Choisissez votre situation d’exercice au SAMU (F4), ou faites déclarer la structure dans la configuration.",
    ),
    Rule.REGULATION_OPPOSED.value: (
        "Ce patient s’est opposé à l’accès à son dossier par un centre de régulation (CSP, art. R. 1111-48).",
        "Régulez sans le dossier ; lui seul peut lever cette opposition.",
    ),
    Rule.TRAITS_NOT_CONFIRMED.value: (
        "Trois traits au moins doivent être confirmés avec l’appelant avant d’ouvrir un dossier.",
        "Faites-les dire, cochez-les, puis ouvrez.",
    ),
    Rule.HOMONYM_NOT_SET_APART.value: (
        "Les traits confirmés sont aussi ceux d’un homonyme de la liste : aucun dossier n’est ouvert.",
        "Faites préciser un trait qui les distingue (date de naissance, commune).",
    ),
    Rule.SEARCH_TOO_WIDE.value: (
        "Le DMP a trouvé plus de patients qu’il n’en montre : un homonyme peut manquer à la liste.",
        "Précisez la recherche (prénom, date de naissance, commune).",
    ),
}
