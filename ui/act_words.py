"""Words of the acts on documents and dossiers: button, effect, what is ticked first, what is said once it is done."""

from __future__ import annotations

from dataclasses import dataclass

from praticien.document_acts import DocumentAct
from praticien.dossier_acts import DossierAct


@dataclass(frozen=True, slots=True)
class ActWords:
    """``button`` begins the act, ``effect`` is read before it, ``verb`` confirms it, ``done`` is said after it."""

    button: str
    effect: str
    verb: str
    done: str
    boxes: tuple[str, ...] = ()


_FOR_GOOD = "J’ai compris que c’est définitif"

DOCUMENT_WORDS: dict[DocumentAct, ActWords] = {
    DocumentAct.MASK: ActWords(
        "Masquer aux professionnels",
        "Le document ne sera plus lisible que par son auteur, le médecin traitant et le patient. Le patient verra que "
        "vous l’avez masqué. Son auteur ou le médecin traitant pourront le démasquer.",
        "Masquer",
        "« {title} » est masqué aux professionnels de santé.",
    ),
    DocumentAct.UNMASK: ActWords(
        "Démasquer",
        "Tous les professionnels autorisés à consulter ce dossier pourront lire le document. Le patient le verra dans "
        "son historique. Il pourra être masqué de nouveau.",
        "Démasquer",
        "« {title} » est de nouveau visible des professionnels de santé.",
    ),
    DocumentAct.SHOW_TO_PATIENT: ActWords(
        "Rendre visible au patient",
        "Le patient pourra lire le document dans Mon espace santé dès maintenant. Annoncez-lui son contenu d’abord : "
        "il ne sera plus possible de le lui cacher (CSP, art. R. 1111-53).",
        "Rendre visible au patient",
        "« {title} » est visible du patient.",
        ("J’ai annoncé le contenu au patient, et j’ai compris que c’est définitif",),
    ),
    DocumentAct.SHOW_TO_REPRESENTATIVES: ActWords(
        "Rendre visible aux représentants légaux",
        "Les représentants légaux du mineur pourront lire le document dès maintenant, et il ne sera plus possible de "
        "le leur cacher. Le mineur doit être d’accord (CSP, art. R. 1111-50).",
        "Rendre visible aux représentants",
        "« {title} » est visible des représentants légaux.",
        ("Le mineur est d’accord, et j’ai compris que c’est définitif",),
    ),
    DocumentAct.ARCHIVE: ActWords(
        "Archiver",
        "Le document ne sera plus proposé d’emblée dans la liste, ni à vous ni aux autres ; il reste lisible par qui "
        "affiche les archives. Il pourra être désarchivé.",
        "Archiver",
        "« {title} » est archivé.",
    ),
    DocumentAct.UNARCHIVE: ActWords(
        "Désarchiver",
        "Le document sera de nouveau proposé d’emblée dans la liste, à vous et aux autres.",
        "Désarchiver",
        "« {title} » n’est plus archivé.",
    ),
    DocumentAct.REPLACE: ActWords(
        "Remplacer par une nouvelle version",
        "Le formulaire de dépôt s’ouvre avec le titre du document ; celui-ci restera lisible comme ancienne version.",
        "Écrire la nouvelle version",
        "",
    ),
    DocumentAct.DELETE: ActWords(
        "Supprimer du dossier",
        "Le document disparaîtra des listes de tous, patient compris. Il ne pourra pas être rétabli : pour le "
        "corriger, remplacez-le plutôt par une nouvelle version.",
        "Supprimer",
        "« {title} » est supprimé du dossier.",
        (_FOR_GOOD,),
    ),
}

DOSSIER_WORDS: dict[DossierAct, ActWords] = {
    DossierAct.WITHDRAW: ActWords(
        "Retirer mon autorisation",
        "Vous ne pourrez plus consulter ce dossier avant que le patient redonne son accord ; si vous êtes médecin "
        "traitant dans ce dossier, vous ne le serez plus. Vous pourrez encore y déposer. Le patient en sera informé.",
        "Retirer mon autorisation",
        "Votre autorisation sur ce dossier est retirée.",
    ),
    DossierAct.BECOME_TREATING: ActWords(
        "Me déclarer médecin traitant",
        "Vous verrez aussi les documents masqués aux autres professionnels, et pourrez archiver ou démasquer ceux des "
        "autres. Cette déclaration ne vaut que pour le dossier médical partagé : elle ne remplace pas celle faite à "
        "l’Assurance maladie. Le patient en sera informé.",
        "Me déclarer médecin traitant",
        "Vous êtes médecin traitant dans ce dossier.",
        ("Le patient m’a choisi comme médecin traitant et il est d’accord",),
    ),
    DossierAct.STOP_TREATING: ActWords(
        "Ne plus être médecin traitant",
        "Vous ne verrez plus les documents masqués par d’autres. Votre autorisation de consulter reste. Le patient en "
        "sera informé.",
        "Ne plus être médecin traitant",
        "Vous n’êtes plus médecin traitant dans ce dossier.",
    ),
    DossierAct.CORRECT: ActWords("Corriger", "", "Enregistrer", "Les données administratives sont enregistrées."),
    DossierAct.CLOSE: ActWords(
        "Fermer le dossier",
        "Plus personne ne pourra lire ce dossier ni y déposer. Il est conservé dix ans, puis détruit avec ses "
        "documents ; d’ici là, seul le patient peut demander sa réouverture.",
        "Fermer le dossier",
        "Le dossier est fermé, à la demande du patient.",
        (
            "Le patient, devant moi, demande la fermeture de son dossier",
            "J’ai compris qu’aucun professionnel ne peut le rouvrir",
        ),
    ),
}
