"""French sentences of the documents: medical synthesis, other files, nothing twice."""

from __future__ import annotations

DOCUMENT_SENTENCES: dict[str, tuple[str, str]] = {
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
