"""French sentences of imaging: the report's fields, the list of acts, the manifest, the examinations received."""

from __future__ import annotations

IMAGING_SENTENCES: dict[str, tuple[str, str]] = {
    "dicom.invalid": ("Cet examen DICOM ne peut pas être utilisé.", "Choisissez un autre fichier ou dossier."),
    "dicom.not_dicom": ("Aucune image DICOM n’a été trouvée ici.", "Choisissez le fichier ou le dossier de l’examen."),
    "dicom.no_patient": (
        "Cet examen DICOM ne nomme aucun patient : il ne peut pas être rapproché.",
        "Vérifiez l’examen sur la modalité, ou déposez le compte rendu sans DICOM.",
    ),
    "dicom.several_patients": ("Ce dossier contient les images de plusieurs patients.", "Choisissez un seul examen."),
    "dicom.several_studies": ("Ce dossier contient plusieurs examens.", "Choisissez un seul examen."),
    "dicom.too_big": ("Ce dossier contient trop de fichiers pour un examen.", "Choisissez le dossier de l’examen."),
    "imaging.field": ("Ce champ du compte rendu ne peut pas être envoyé ainsi.", "Corrigez-le, puis validez."),
    "imaging.no_conclusion": (
        "Le compte rendu n’a pas de conclusion.",
        "Saisissez-la, ou retirez l’acte pour déposer le PDF tel quel.",
    ),
    "imaging.no_act": ("Aucun acte d’imagerie n’est choisi.", "Choisissez l’acte dans la liste, puis validez."),
    "imaging.ccam": (
        "Ce code CCAM n’est pas valable.",
        "Il a quatre lettres et trois chiffres, par exemple ZBQK002\u00a0; laissez vide si vous ne l’avez pas.",
    ),
    "imaging.dose": (
        "Cette dose ne se lit pas.",
        "Écrivez par exemple « PDL 540,2 ; IDSV 13,6 », ou laissez vide.",
    ),
    "manifest.invalid": (
        "La liste des images de cet examen ne peut pas être lue.",
        "Demandez les images au service d’imagerie.",
    ),
    "received.full": (
        "Trop d’examens reçus attendent : ce poste n’en prend plus.",
        "Retirez de la liste ceux qui ne servent plus.",
    ),
    "dicom.port": (
        "La réception des images ne peut pas démarrer : port déjà pris, ou adresse qui n’est pas celle de ce poste.",
        "Corrigez la section [dicom] de la configuration ; tout le reste fonctionne.",
    ),
    "configuration.imaging": (
        "Une entrée d’imagerie de la configuration ne peut pas être utilisée.",
        "Corrigez la section [imaging] ou [dicom].",
    ),
    "acts.invalid": (
        "Le fichier des actes d’imagerie ne peut pas être lu.",
        "Corrigez-le, ou retirez-le de la configuration pour reprendre la liste fournie.",
    ),
}
