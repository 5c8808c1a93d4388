"""Sentences for the wire, the DMP, INSi, the outbox and the demonstration; part of ``ui.messages.SENTENCES``."""

from __future__ import annotations

WIRE_SENTENCES: dict[str, tuple[str, str]] = {
    "metadata.not_hl7": (
        "Une réponse du DMP contient une identité mal formée : rien n’en est affiché.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "server.unreachable": (
        "Le serveur ne répond pas à son adresse : rien n’a été transmis.",
        "Vérifiez la connexion au réseau, puis réessayez.",
    ),
    "server.connect_timeout": (
        "Le serveur n’a pas pris la connexion à temps : rien n’a été transmis.",
        "Réessayez dans un instant.",
    ),
    "server.timeout": (
        "Le serveur n’a pas répondu à temps.",
        "Réessayez ; un dépôt déjà parti ne sera pas fait deux fois.",
    ),
    "server.http_error": (
        "Le serveur a répondu par une erreur technique.",
        "Réessayez plus tard.",
    ),
    "answer.cut": (
        "La réponse du serveur a été coupée en chemin.",
        "Réessayez ; un dépôt déjà parti ne sera pas fait deux fois.",
    ),
    "answer.malformed": (
        "La réponse du serveur est illisible : rien n’en est affiché.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "answer.too_large": (
        "La réponse du serveur est démesurée : elle a été abandonnée.",
        "Transmettez les détails à votre support.",
    ),
    "answer.forbidden_xml": (
        "La réponse du serveur contient une construction XML interdite : elle a été refusée.",
        "Transmettez les détails à votre support.",
    ),
    "answer.unrelated": (
        "La réponse concerne une autre demande ou un autre patient : elle a été écartée.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "answer.hash_mismatch": (
        "Le document reçu n’est pas celui que le registre annonce (empreinte différente) : il n’est pas ouvert.",
        "Réessayez ; si cela se répète, signalez-le au support du DMP.",
    ),
    "wire.cancelled": (
        "L’échange a été abandonné.",
        "Recommencez quand vous voudrez.",
    ),
    "wire.problem": (
        "L’échange avec le serveur a échoué.",
        "Réessayez dans un instant.",
    ),
    "xdm.problem": (
        "Ce paquet de documents ne peut pas être fait.",
        "Choisissez au moins un document.",
    ),
    "xdm.not_xdm": (
        "Ce fichier n’est pas un paquet de documents IHE XDM.",
        "Choisissez un fichier IHE_XDM.ZIP.",
    ),
    "xdm.unsafe": (
        "Ce paquet contient un nom ou un lien dangereux : rien n’en a été ouvert.",
        "N’ouvrez pas ce fichier autrement ; demandez-en un autre à l’expéditeur.",
    ),
    "xdm.too_big": (
        "Ce paquet est démesuré : il n’a pas été ouvert.",
        "Demandez à l’expéditeur moins de documents à la fois.",
    ),
    "xdm.damaged": (
        "Un document du paquet manque ou n’est pas celui qui y est décrit : rien n’est affiché.",
        "Demandez un nouvel envoi à l’expéditeur.",
    ),
    "xdm.of_another": (
        "Ce fichier concerne un autre patient que celui qui est ouvert : rien n’en est affiché.",
        "Vérifiez le patient et le fichier avant de recommencer.",
    ),
    "xdm.file": (
        "Ce fichier ne peut pas être écrit ou lu à cet endroit.",
        "Vérifiez la place disponible et vos droits, ou choisissez un autre dossier.",
    ),
    "xdm.several_patients": (
        "Les documents ne sont pas tous du même patient : rien n’est affiché.",
        "Faites un paquet par patient.",
    ),
    "tls.unavailable": (
        "La connexion par carte est impossible sur ce poste (OpenSSL, certificat ou fichier des autorités).",
        "Transmettez les détails à votre support.",
    ),
    "tls.failed": (
        "La connexion sécurisée n’a pas pu s’établir.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "tls.server_unknown": (
        "Le certificat du serveur vient d’une autorité inconnue : la connexion est refusée.",
        "Vérifiez l’adresse du serveur et le fichier des autorités de la configuration.",
    ),
    "tls.server_expired": (
        "Le certificat du serveur est hors de ses dates : la connexion est refusée.",
        "Vérifiez la date et l’heure de ce poste, puis réessayez.",
    ),
    "tls.server_name": (
        "Le certificat du serveur est celui d’une autre machine : la connexion est refusée.",
        "Vérifiez l’adresse du serveur dans la configuration.",
    ),
    "tls.card_refused": (
        "Le serveur refuse le certificat de votre carte.",
        "Vérifiez auprès de l’ANS que la carte est active et n’est pas une carte de test.",
    ),
    "tls.card_expired": (
        "Le certificat de votre carte a expiré.",
        "Demandez le renouvellement de la carte à l’ANS.",
    ),
    "dmp.refused": (
        "Le DMP refuse la demande.",
        "Le code de refus est dans les détails.",
    ),
    "dmp.failure": (
        "Le DMP est en panne ou occupé.",
        "Réessayez plus tard.",
    ),
    "dmp.access_denied": (
        "Le DMP refuse l’accès à ce dossier.",
        "Le code de refus est dans les détails.",
    ),
    "dmp.authorisation_missing": (
        "L’accord du patient pour cette consultation n’est pas enregistré (CSP, art. R. 1111-46).",
        "Recueillez-le, puis déclarez-le.",
    ),
    "dmp.authorisation_expired": (
        "L’accord du patient est arrivé à son terme (CSP, art. R. 1111-46).",
        "Recueillez-le de nouveau, puis déclarez-le.",
    ),
    "dmp.professional_blocked": (
        "Le patient a bloqué votre accès à son dossier (CSP, art. R. 1111-46), même en urgence.",
        "Parlez-en avec lui : lui seul peut lever ce blocage.",
    ),
    "dmp.dossier_absent": (
        "Ce patient n’a pas de dossier médical partagé.",
        "Rien ne peut y être lu ni déposé ; le patient peut activer Mon espace santé.",
    ),
    "dmp.dossier_closed": (
        "Le dossier de ce patient est fermé.",
        "Rien ne peut y être lu ni déposé ; seul le patient peut le faire rouvrir.",
    ),
    "dmp.break_glass_opposed": (
        "Le patient s’est opposé au bris de glace (CSP, art. R. 1111-48) : rien n’est montré.",
        "La tentative est tracée. Soignez sans le dossier, ou demandez l’accord du patient s’il peut s’exprimer.",
    ),
    "dmp.regulation_opposed": (
        "Le patient s’est opposé à l’accès de la régulation (CSP, art. R. 1111-48) : rien n’est montré.",
        "La tentative est tracée. Poursuivez sans le dossier.",
    ),
    "dmp.function_not_allowed": (
        "Cette carte, dans ce mode d’accès, ne permet pas cette action (matrice fonctionnelle du DMP).",
        "Utilisez la carte d’un professionnel qui y est autorisé.",
    ),
    "dmp.structure_unknown": (
        "Le DMP ne connaît pas votre structure, ou elle n’est plus active.",
        "Choisissez une autre situation d’exercice (F4) ou faites-la corriger auprès de l’ANS.",
    ),
    "dmp.structure_not_linked": (
        "Le DMP ne vous connaît pas d’exercice dans cette structure.",
        "Choisissez une autre situation d’exercice (F4).",
    ),
    "dmp.specialty_missing": (
        "Votre carte ne dit pas votre spécialité, que le DMP exige d’un médecin.",
        "Faites corriger votre carte auprès de l’Ordre.",
    ),
    "dmp.invalid_certificate": (
        "Le certificat de signature de votre carte est refusé par le DMP.",
        "Vérifiez auprès de l’ANS que la carte est active.",
    ),
    "dmp.invalid_vihf": (
        "Le DMP refuse l’attestation d’identité (VIHF) de cet appel.",
        "Vérifiez la date et l’heure de ce poste, puis réessayez.",
    ),
    "dmp.identity_differs": (
        "La carte et l’attestation d’identité ne désignent pas la même personne.",
        "Retirez votre carte, insérez-la de nouveau, puis recommencez.",
    ),
    "dmp.already_deposited": (
        "Le DMP détient déjà un document de cet identifiant, sans que son contenu ait pu être comparé.",
        "Vérifiez dans le dossier avant de déposer de nouveau.",
    ),
    "dmp.conflicting_deposit": (
        "Le DMP détient un autre contenu sous cet identifiant : rien n’a été remplacé.",
        "Refaites le document, puis déposez-le.",
    ),
    "dmp.metadata_refused": (
        "Le DMP refuse la description du document.",
        "Corrigez ce que disent les détails, ou transmettez-les à votre support.",
    ),
    "dmp.content_refused": (
        "Le contenu reçu par le DMP n’est pas celui qui était annoncé.",
        "Déposez de nouveau le document.",
    ),
    "dmp.patient_unknown": (
        "Le DMP ne connaît pas ce matricule INS.",
        "Vérifiez l’identité du patient.",
    ),
    "dmp.patient_differs": (
        "Le document désigne un autre patient que le dossier : il n’a pas été déposé.",
        "Vérifiez le patient et le document.",
    ),
    "dmp.document_unknown": (
        "Ce document n’est plus dans le DMP.",
        "Actualisez la liste (F5).",
    ),
    "dmp.too_many_results": (
        "Le DMP a trop de réponses à cette recherche.",
        "Précisez la recherche.",
    ),
    "dmp.partial": (
        "Le DMP n’a répondu qu’en partie : rien n’est affiché, pour ne pas laisser croire que la liste est complète.",
        "Réessayez (F5).",
    ),
    "insi.refused": (
        "L’INSi refuse l’appel.",
        "Le code de refus est dans les détails.",
    ),
    "outbox.busy": (
        "Une autre fenêtre de Praticien utilise déjà la boîte d’envoi.",
        "Fermez l’une des deux, puis réessayez.",
    ),
    "outbox.disk": (
        "La boîte d’envoi ne peut pas être écrite sur le disque : rien n’a été accepté.",
        "Libérez de la place ou vérifiez les droits du dossier, puis réessayez.",
    ),
    "outbox.not_now": (
        "Cet envoi n’est pas dans un état qui permette cette action.",
        "Attendez la fin de l’envoi en cours.",
    ),
    "outbox.other_owner": (
        "Cet envoi a été accepté au nom d’un autre professionnel ou d’une autre structure.",
        "Il partira quand sa carte sera insérée.",
    ),
    "outbox.unknown": (
        "Cet envoi n’existe plus.",
        "Actualisez la liste des envois.",
    ),
    "outbox.wrong_key": (
        "La boîte d’envoi a été chiffrée avec une autre clé : elle ne peut pas être ouverte.",
        "Retrouvez le trousseau de clés de ce poste ou sa phrase secrète.",
    ),
    "secrets.file": (
        "Le fichier de la clé locale est abîmé ou illisible.",
        "Rétablissez-le depuis une sauvegarde.",
    ),
    "secrets.keyring": (
        "Le trousseau de clés du système n’est pas disponible.",
        "Déverrouillez-le, ou choisissez une phrase secrète.",
    ),
    "secrets.passphrase": (
        "Ce n’est pas la phrase secrète de ce dossier.",
        "Saisissez-la de nouveau.",
    ),
    "secrets.none_given": (
        "Sans phrase secrète, la boîte d’envoi ne peut pas être ouverte.",
        "Relancez le logiciel et saisissez-la.",
    ),
    "text.empty": (
        "Le document n’a ni texte ni PDF.",
        "Écrivez le texte ou choisissez un PDF.",
    ),
    "text.unprintable": (
        "Le texte contient un caractère qui ne peut pas être imprimé.",
        "Retirez-le, puis validez de nouveau.",
    ),
    "cards.table": (
        "La table de cartes n’a pas pu faire ce geste.",
        "Libérez un lecteur, puis recommencez.",
    ),
    "demonstration.child_failed": (
        "Le serveur de référence n’a pas démarré.",
        "Relancez la démonstration ; ses derniers mots sont dans les détails.",
    ),
}
