"""French sentences of the documents: medical synthesis, other files, nothing twice."""

from __future__ import annotations

DOCUMENT_SENTENCES: dict[str, tuple[str, str]] = {
    "pdf.invalid": ("Ce PDF ne peut pas être utilisé.", "Choisissez un autre fichier."),
    "pdf.not_pdf": (
        "Ce fichier n’est pas un PDF, ou il est abîmé.",
        "Exportez-le de nouveau en PDF ou choisissez-en un autre.",
    ),
    "pdf.empty": ("Ce PDF est vide.", "Choisissez un autre fichier."),
    "pdf.encrypted": ("Ce PDF demande un mot de passe.", "Enregistrez-le sans mot de passe, puis choisissez-le."),
    "pdf.too_big": ("Ce PDF est trop lourd pour le DMP.", "Réduisez-le (moins de 7 Mo) ou divisez-le."),
    "cda.invalid": ("Ce document ne peut pas être lu.", "Enregistrez-le pour le transmettre à votre support."),
    "cda.not_cda": ("Ce document n’est pas un document médical CDA.", "Il est montré tel quel si c’est possible."),
    "cda.body": ("Le contenu que porte ce document est abîmé ou ambigu.", "Signalez-le à son auteur."),
    "cda.doctype": (
        "Ce document contient une construction XML interdite : il n’a pas été ouvert.",
        "Signalez-le à son auteur.",
    ),
    "cda.too_big": ("Ce document est trop gros pour être ouvert sans risque.", "Signalez-le à son auteur."),
    "prescription.line": ("Une ligne de la prescription ne peut pas être envoyée ainsi.", "Corrigez-la, puis validez."),
    "prescription.empty": ("Rien n’est prescrit.", "Ajoutez au moins une ligne, puis validez."),
    "prescription.validity": (
        "La durée de validité de l’ordonnance ne peut pas être celle-là.",
        "Corrigez la date de début ou de fin, puis validez.",
    ),
    "document.of_another": (
        "Ce document nomme un autre patient que celui du dossier : il n’est pas montré.",
        "Signalez-le à son auteur et au support du DMP.",
    ),
    "document.no_earlier_version": (
        "Ce document n’a pas de version précédente que vous puissiez consulter.",
        "",
    ),
    "file.unreadable": ("Ce fichier ne peut pas être lu.", "Vérifiez qu’il existe encore et que vous y avez accès."),
    "document.field": ("Un élément obligatoire du document manque.", "Complétez-le, puis validez de nouveau."),
    "products.invalid": (
        "Le fichier des médicaments et dispositifs ne peut pas être lu.",
        "Corrigez-le, ou retirez-le de la configuration pour reprendre la liste fournie.",
    ),
    "document.not_a_professional": (
        "L’auteur et le responsable du document doivent être des professionnels de santé.",
        "Choisissez le médecin qui a validé le compte rendu.",
    ),
    "document.masked_and_invisible": (
        "Un document ne peut pas être à la fois masqué aux professionnels et invisible au patient (EX_2.1-1050).",
        "Ne gardez qu’un des deux choix.",
    ),
    "document.not_conformant": (
        "Le document préparé ne respecte pas les règles du CI-SIS : rien n’a été envoyé.",
        "C’est un défaut du logiciel ; copiez les détails pour votre support ; si cela presse, déposez un PDF.",
    ),
    "document.other_patient": (
        "Le fichier choisi parle d’une autre personne ({traits}) : rien n’a été envoyé.",
        "Vérifiez le patient et le fichier avant de recommencer.",
    ),
    "summary.line": ("Cette ligne de la synthèse ne peut pas être envoyée ainsi.", "Complétez-la ou raccourcissez-la."),
    "summary.empty": ("La synthèse ne dit rien.", "Saisissez au moins une ligne, puis validez."),
    "summary.allergies": (
        "La synthèse ne dit rien des allergies\u00a0: nul ne saurait s’il n’y en a pas ou si elles manquent.",
        "Saisissez-les, ou cochez «\u00a0Aucune allergie connue\u00a0».",
    ),
    "summary.allergies_contradicted": (
        "Des allergies sont saisies alors que «\u00a0Aucune allergie connue\u00a0» est coché.",
        "Effacez-les ou décochez la case.",
    ),
    "summary.day": (
        "Cette date n’existe pas, est à venir, ou la fin précède le début.",
        "Écrivez par exemple 2018, 03/2018 ou 12/03/2018.",
    ),
    "attached.invalid": (
        "Ce fichier n’est ni un PDF, ni un texte (UTF-8), ni un RTF, ni une image JPEG ou TIFF lisible.",
        "Choisissez-en un autre, ou enregistrez celui-ci en PDF.",
    ),
    "attached.too_big": (
        "Ce fichier est trop gros pour être déposé (plus de 7 Mo, ou une image trop grande).",
        "Réduisez-le, puis choisissez-le de nouveau.",
    ),
    "attached.empty": ("Ce fichier ne montre rien.", "Vérifiez-le, puis choisissez-en un autre."),
    "pdf.blank": (
        "Les pages de ce PDF sont vides\u00a0: ni mot, ni image.",
        "Vérifiez l’impression ou la numérisation, puis choisissez-le de nouveau.",
    ),
    "document.unchanged": (
        "Cette nouvelle version dit la même chose que celle qu’elle remplace\u00a0: elle n’est pas envoyée.",
        "Modifiez le contenu, ou revenez en arrière.",
    ),
    "document.already_deposited": (
        "Le même document est déjà déposé pour ce patient\u00a0: {same}.",
        "Modifiez le contenu, ou revenez en arrière\u00a0; une correction se dépose par «\u00a0Remplacer\u00a0».",
    ),
    "comparisons.disk": (
        "Le registre des textes relus ne peut pas être lu ou écrit\u00a0: le document n’a pas été envoyé.",
        "Vérifiez la place et les droits du disque, puis validez de nouveau.",
    ),
    "comparisons.altered": (
        "Le registre des textes relus a été modifié hors du logiciel\u00a0: rien n’y est ajouté ni exporté.",
        "Les détails donnent la première ligne en cause\u00a0; prévenez la personne responsable de ce poste.",
    ),
    "document.type": (
        "Le type du document n’est pas choisi.",
        "Tapez quelques lettres de son nom, puis choisissez-le dans la liste.",
    ),
}
