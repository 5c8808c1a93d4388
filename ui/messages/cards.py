"""Sentences for PIN, cards, readers and the library of the card's maker; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

CARD_SENTENCES: dict[str, tuple[str, str]] = {
    # -- PIN
    "pin.wrong": ("Code porteur incorrect : il reste {tries}.", "Vérifiez le code avant de le saisir de nouveau."),
    "pin.blocked": (
        "Le code porteur de cette carte est bloqué après trois essais incorrects.",
        "Débloquez la carte avec son code de déblocage (courrier de l’ANS) ou auprès de votre CPAM.",
    ),
    "pin.last_try": (
        "Il ne reste qu’un essai : un code incorrect bloquera la carte.",
        "Confirmez que vous voulez l’utiliser, puis saisissez le code.",
    ),
    "pin.format": ("Ce code n’a pas la forme d’un code porteur (chiffres seuls).", "Saisissez-le de nouveau."),
    "pin.needed": ("La carte redemande son code porteur.", "Saisissez-le pour continuer."),
    "pin.refused": (
        "La carte a refusé le code sans dire pourquoi.",
        "Retirez-la, insérez-la de nouveau, puis réessayez.",
    ),
    "pin.unblocking_wrong": (
        "Code de déblocage incorrect : il reste {tries}.",
        "Vérifiez-le sur le courrier reçu avec la carte.",
    ),
    "pin.unblocking_last_try": (
        "Il ne reste qu’un essai du code de déblocage : une erreur rendra la carte définitivement inutilisable.",
        "Vérifiez le code sur le courrier, confirmez, puis saisissez-le.",
    ),
    "pin.no_care": (
        "Le code de cette carte ne peut pas être changé ou débloqué d’ici.",
        "Servez-vous de l’outil de l’ANS livré avec la Cryptolib CPS.",
    ),
    "pin.unblocking_blocked": (
        "Le code de déblocage de cette carte est bloqué à son tour : elle ne peut plus servir.",
        "Demandez une nouvelle carte à l’ANS.",
    ),
    "pin.pad_timeout": (
        "Aucun code n’a été saisi à temps sur le lecteur : rien n’a été envoyé à la carte.",
        "Relancez la saisie, puis tapez le code sur le clavier du lecteur.",
    ),
    "pin.pad_cancelled": (
        "La saisie a été annulée sur le lecteur : rien n’a été envoyé à la carte.",
        "Relancez-la quand vous voulez.",
    ),
    "pin.pad_different": (
        "Les deux saisies du nouveau code sur le lecteur diffèrent : le code n’est pas changé.",
        "Relancez le changement, puis saisissez deux fois le même nouveau code.",
    ),
    "pin.pad_length": (
        "Le code saisi sur le lecteur est trop court ou trop long : rien n’a été envoyé à la carte.",
        "Relancez la saisie, puis tapez tous les chiffres du code avant de valider.",
    ),
    "pin.pad_left": (
        "Le lecteur attend peut-être encore un code.",
        "Appuyez sur sa touche d’annulation (rouge), ou attendez qu’il y renonce de lui-même.",
    ),
    "pin.pad_failed": (
        "Le lecteur n’a pas pu demander le code sur son clavier.",
        "Débranchez-le, rebranchez-le, réessayez ; si cela se répète, utilisez un lecteur sans clavier.",
    ),
    # -- cards and readers
    "card.failed": ("L’échange avec la carte a échoué.", "Retirez-la, insérez-la de nouveau, puis réessayez."),
    "card.no_situation": (
        "Cette carte ne porte aucune situation d’exercice : on ne peut agir au nom d’aucune structure.",
        "Mettez la carte à jour auprès de l’ANS ou de l’Ordre.",
    ),
    "card.out_of_use": (
        "Une mise à jour de cette carte n’a pas été terminée : elle ne peut pas servir.",
        "Terminez la mise à jour (site de l’ANS) ou faites remplacer la carte.",
    ),
    "card.no_service": (
        "Le service de cartes à puce de l’ordinateur est arrêté.",
        "Redémarrez-le (ou l’ordinateur) : le logiciel reprendra seul.",
    ),
    "card.no_reader": ("Aucun lecteur de cartes n’est branché.", "Branchez un lecteur : il sera reconnu aussitôt."),
    "card.absent": ("Il n’y a pas de carte dans le lecteur.", "Insérez la carte."),
    "card.mute": (
        "La carte ne répond pas.",
        "Vérifiez son sens (puce vers le lecteur), essuyez la puce, réinsérez-la.",
    ),
    "card.unknown": ("Cette carte n’est ni une carte CPx ni une carte Vitale.", "Insérez votre carte professionnelle."),
    "card.unknown_vitale": (
        "La carte insérée n’est pas une carte Vitale.",
        "Insérez la carte Vitale du patient, ou cherchez-le par ses traits (F2).",
    ),
    "card.unsupported": (
        "Ce modèle de carte n’est pas encore pris en charge.",
        "Utilisez une carte CPS de génération 3 ou signalez ce modèle à votre support.",
    ),
    "card.contactless": (
        "Posée sur le lecteur sans contact, la carte CPS n’a ni code ni signature : elle n’ouvre pas de session.",
        "Insérez-la dans la fente d’un lecteur.",
    ),
    "card.retired": (
        "Cette carte CPS est d’une génération retirée (CPS2ter) : elle ne peut plus servir.",
        "Demandez une carte CPS à l’ANS (esante.gouv.fr, espace CPS), et utilisez une autre carte d’ici là.",
    ),
    "card.no_rights": (
        "Une carte CPA ne donne accès à aucune fonction du DMP (matrice fonctionnelle).",
        "Insérez une carte CPS, CPF ou CPE.",
    ),
    "card.no_profession": (
        "Cette carte ne dit pas la profession de son titulaire : le DMP refuserait ses demandes.",
        "Faites-la mettre à jour auprès de l’Ordre ou de l’ANS.",
    ),
    "card.removed": ("La carte a été retirée pendant l’opération.", "Insérez-la de nouveau, puis recommencez."),
    "card.reset_by_other": (
        "Un autre logiciel a réinitialisé la carte pendant l’opération.",
        "Saisissez de nouveau le code porteur.",
    ),
    "card.busy": (
        "La carte est utilisée par un autre logiciel.",
        "Fermez-le ou attendez qu’il ait fini, puis réessayez.",
    ),
    "card.timeout": ("La carte met trop de temps à répondre.", "Retirez-la, insérez-la de nouveau, puis réessayez."),
    "card.transport": (
        "Le lecteur n’a pas pu échanger avec la carte.",
        "Débranchez le lecteur, rebranchez-le, réessayez.",
    ),
    "card.malformed": (
        "La carte a donné une réponse incompréhensible.",
        "Retirez-la et réinsérez-la ; si cela se répète, elle est peut-être endommagée.",
    ),
    "card.refusal": ("La carte a refusé l’opération.", "Retirez-la, insérez-la de nouveau, puis recommencez."),
    "card.wrong_signature": (
        "La signature faite par la carte ne correspond pas à son certificat : rien n’a été envoyé.",
        "Retirez la carte, réinsérez-la ; si cela se répète, faites-la remplacer.",
    ),
    "card.no_certificate": (
        "La carte ne contient pas le certificat attendu.",
        "Vérifiez auprès de l’ANS qu’elle est bien activée.",
    ),
    "card.test_refused": (
        "Cette carte est une carte de test : elle est refusée sur un poste configuré pour la production.",
        "Insérez une carte réelle, ou corrigez « environment » dans le fichier de configuration.",
    ),
    # -- PKCS#11 library of the card's maker
    "library.missing": (
        "La bibliothèque de la carte (PKCS#11) n’est pas installée à l’endroit prévu.",
        "Installez la Cryptolib CPS ou corrigez son chemin dans la configuration.",
    ),
    "library.invalid": (
        "Le fichier indiqué n’est pas une bibliothèque de carte (PKCS#11) pour cet ordinateur.",
        "Corrigez son chemin dans la configuration.",
    ),
    "library.crashed": (
        "La bibliothèque de la carte (PKCS#11) s’est arrêtée brutalement : l’opération n’a pas été refaite.",
        "Retirez la carte, insérez-la de nouveau, puis recommencez.",
    ),
    "library.failed": (
        "La bibliothèque de la carte (PKCS#11) a signalé une erreur.",
        "Retirez la carte, insérez-la de nouveau, puis réessayez.",
    ),
    "library.unsupported": (
        "La bibliothèque de la carte (PKCS#11) ne sait pas faire cette opération avec cette carte.",
        "Utilisez l’accès direct à la carte ou une autre version de la bibliothèque.",
    ),
}
