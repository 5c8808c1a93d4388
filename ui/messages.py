"""One French sentence per error code: what happened, what one can do, and, one click away, the technical details.

``SENTENCES`` is the table to extend. Placeholders: ``{tries}`` (PIN tries left), ``{traits}`` (traits that differ),
``{same}`` (an earlier document).
"""

from __future__ import annotations

from dataclasses import dataclass

from praticien.access import Rule
from praticien.errors import EnvironmentProblem, InvalidInput, PraticienError, Refused
from ui.messages_acts import ACT_SENTENCES
from ui.messages_documents import DOCUMENT_SENTENCES
from ui.messages_emergency import EMERGENCY_SENTENCES
from ui.messages_imaging import IMAGING_SENTENCES
from ui.messages_lab import LAB_SENTENCES
from ui.messages_why import basis_of
from ui.messages_wire import WIRE_SENTENCES
from ui.text import count


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown of an error. ``details`` is copyable and holds no personal data.

    ``basis``: the rule that a refusal rests on, and who can change it. ``told``: the server's own words (PRE_ERR);
    they may speak of anybody, so they are shown with the details, never copied or logged.
    """

    text: str
    advice: str = ""
    details: str = ""
    basis: str = ""
    told: str = ""

    @property
    def whole(self) -> str:
        """Sentence and advice on one line."""
        return f"{self.text} {self.advice}".strip()


S = tuple[str, str]
SENTENCES: dict[str, S] = {
    # -- of everybody
    "error": ("L’opération n’a pas abouti.", "Réessayez ; si cela se répète, transmettez les détails à votre support."),
    "internal": (
        "Le logiciel a rencontré une erreur qui n’aurait pas dû arriver ; rien de ce que vous avez saisi n’est perdu.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    "refused": ("L’opération a été refusée.", "La règle appliquée est dans les détails."),
    "input.invalid": ("Cette saisie ne peut pas être utilisée.", "Corrigez-la, puis validez de nouveau."),
    "environment": ("Un élément extérieur ne répond pas (lecteur, réseau ou disque).", "Vérifiez-le, puis réessayez."),
    "printer.failed": (
        "L’imprimante n’a pas pris le document.",
        "Vérifiez qu’elle est allumée et qu’elle a du papier, puis imprimez de nouveau (Ctrl+T).",
    ),
    "patient.changed": (
        "Le patient a changé pendant l’opération : la réponse a été écartée.",
        "Recommencez si besoin.",
    ),
    "session.locked": ("La session est verrouillée.", "Insérez votre carte et saisissez son code."),
    "configuration.invalid": (
        "Le fichier de configuration contient une valeur inutilisable.",
        "Corrigez l’entrée nommée dans les détails, puis relancez le logiciel.",
    ),
    "configuration.missing": (
        "Le fichier de configuration n’existe pas encore.",
        "Créez-le d’après l’exemple de la notice, puis relancez le logiciel.",
    ),
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
    # -- Vitale
    "vitale.no_reading_module": (
        "Le module de lecture du GIE SESAM-Vitale n’est pas installé : les bénéficiaires ne peuvent pas être lus.",
        "Cherchez le patient par son matricule INS ou par ses traits d’identité.",
    ),
    "card.test_refused": (
        "Cette carte est une carte de test : elle est refusée sur un poste configuré pour la production.",
        "Insérez une carte réelle, ou corrigez « environment » dans le fichier de configuration.",
    ),
    "vitale.swapped": (
        "La carte Vitale du lecteur n’est plus celle sur laquelle le patient a été choisi : rien n’a été ouvert.",
        "Relisez la carte insérée (F2) et choisissez de nouveau le bénéficiaire.",
    ),
    "vitale.stale": (
        "La carte Vitale a été lue il y a plus de vingt minutes : cette lecture ne peut plus servir à l’identité.",
        "Retirez la carte Vitale, insérez-la de nouveau.",
    ),
    "vitale.no_own_nir": (
        "La carte ne donne pas le numéro propre de ce bénéficiaire.",
        "Cherchez le patient par ses traits d’identité.",
    ),
    "vitale.century_missing": (
        "La carte ne dit pas le siècle de naissance de ce bénéficiaire.",
        "Choisissez l’année proposée, ou saisissez ses traits d’identité avec l’année complète.",
    ),
    # -- identity
    "ins.invalid": (
        "Ce n’est pas un matricule INS : il a 15 caractères, tous des chiffres hors A ou B pour la Corse.",
        "Recopiez-le en entier, clé comprise.",
    ),
    "ins.wrong_key": (
        "La clé (deux derniers chiffres) ne correspond pas au matricule : un chiffre est faux ou inversé.",
        "Relisez le matricule.",
    ),
    "ins.unqualified": (
        "L’identité n’est pas encore qualifiée : le matricule INS ne peut pas être transmis.",
        "Comparez les traits à une pièce d’identité, puis « Identité contrôlée » (Ctrl+I).",
    ),
    "identity.mismatch": (
        "Les sources ne parlent pas de la même personne ({traits}) : aucun dossier n’a été ouvert.",
        "Vérifiez les traits sur une pièce d’identité, puis cherchez de nouveau le patient.",
    ),
    "insi.none": (
        "L’INSi ne trouve personne avec ces traits.",
        "Vérifiez le nom de naissance, le premier prénom et la date, puis cherchez de nouveau.",
    ),
    "insi.several": (
        "L’INSi trouve plusieurs personnes avec ces traits.",
        "Ajoutez le lieu de naissance (code INSEE), puis cherchez de nouveau.",
    ),
    "date.invalid": ("Cette date ne peut pas être lue.", "Saisissez jour, mois, année : 12031987 ou 12/03/1987."),
    # -- access rules (also the ``rule`` of a refusal)
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
    "metadata.not_hl7": (
        "Une réponse du DMP contient une identité mal formée : rien n’en est affiché.",
        "Réessayez ; si cela se répète, transmettez les détails à votre support.",
    ),
    # -- documents
    "pdf.invalid": ("Ce PDF ne peut pas être utilisé.", "Choisissez un autre fichier."),
    "pdf.not_pdf": (
        "Ce fichier n’est pas un PDF, ou il est abîmé.",
        "Exportez-le de nouveau en PDF ou choisissez-en un autre.",
    ),
    "pdf.empty": ("Ce PDF est vide.", "Choisissez un autre fichier."),
    "pdf.encrypted": ("Ce PDF demande un mot de passe.", "Enregistrez-le sans mot de passe, puis choisissez-le."),
    "pdf.too_big": ("Ce PDF est trop lourd pour le DMP.", "Réduisez-le (moins de 7 Mo) ou divisez-le."),
    "dicom.invalid": ("Cet examen DICOM ne peut pas être utilisé.", "Choisissez un autre fichier ou dossier."),
    "dicom.not_dicom": ("Aucune image DICOM n’a été trouvée ici.", "Choisissez le fichier ou le dossier de l’examen."),
    "dicom.no_patient": (
        "Cet examen DICOM ne nomme aucun patient : il ne peut pas être rapproché.",
        "Vérifiez l’examen sur la modalité, ou déposez le compte rendu sans DICOM.",
    ),
    "dicom.several_patients": ("Ce dossier contient les images de plusieurs patients.", "Choisissez un seul examen."),
    "dicom.several_studies": ("Ce dossier contient plusieurs examens.", "Choisissez un seul examen."),
    "dicom.too_big": ("Ce dossier contient trop de fichiers pour un examen.", "Choisissez le dossier de l’examen."),
    "cda.invalid": ("Ce document ne peut pas être lu.", "Enregistrez-le pour le transmettre à votre support."),
    "cda.not_cda": ("Ce document n’est pas un document médical CDA.", "Il est montré tel quel si c’est possible."),
    "cda.body": ("Le fichier que porte ce document est abîmé.", "Signalez-le à son auteur."),
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
    **WIRE_SENTENCES,
    **ACT_SENTENCES,
    **EMERGENCY_SENTENCES,
    **LAB_SENTENCES,
    **DOCUMENT_SENTENCES,
    **IMAGING_SENTENCES,
}

TRAITS = {
    "ins": "matricule INS",
    "birth_name": "nom de naissance",
    "first_name": "premier prénom",
    "birth_first_name": "premier prénom",
    "birth_date": "date de naissance",
    "sex": "sexe",
    "birth_place": "lieu de naissance",
    "identity": "identité du patient",
}

_FALLBACKS: tuple[tuple[type[PraticienError], S], ...] = (
    (Refused, SENTENCES["refused"]),
    (InvalidInput, SENTENCES["input.invalid"]),
    (EnvironmentProblem, SENTENCES["environment"]),
    (PraticienError, SENTENCES["error"]),
)


def sentence(error: BaseException) -> Message:
    """What to show of an error; unknown codes get the sentence of their family, our own bugs "internal"."""
    if not isinstance(error, PraticienError):
        text, advice = SENTENCES["internal"]
        return Message(text, advice, type(error).__name__)
    text, advice = SENTENCES.get(_key(error)) or _fallback(error)
    values = {"tries": tries_words(getattr(error, "tries_left", None)), "traits": _differing(error)}
    values["same"] = same_words(getattr(error, "title", ""), getattr(error, "day", ""))
    told = getattr(getattr(error, "fault", None), "text", "")
    return Message(text.format(**values), advice, _details(error), basis_of(_key(error)), told)


def for_code(code: str, rule: str = "") -> Message:
    """The same for a code kept somewhere (outbox) instead of an exception."""
    text, advice = SENTENCES.get(rule) or SENTENCES.get(code) or SENTENCES["error"]
    details = " · ".join(part for part in (code, rule) if part)
    return Message(
        text.format(tries=tries_words(None), traits="traits d’identité", same=same_words()),
        advice,
        details,
        basis_of(rule) or basis_of(code),
    )


def tries_words(tries: int | None) -> str:
    """``2 essais``; unknown when the card did not say."""
    return "moins d’essais" if tries is None else count(tries, "essai", "essais")


def same_words(title: str = "", day: str = "") -> str:
    """``« Ordonnance », le 12/03/2026``."""
    named = f"«\u00a0{title}\u00a0»" if title else "un autre document"
    return f"{named}, le {day}" if day else named


def trait_words(trait: str) -> str:
    """A trait's name in French."""
    return TRAITS.get(trait, trait)


def _key(error: PraticienError) -> str:
    """A refusal that names one of our access rules says that rule's sentence."""
    return error.rule if error.code == "refused" and error.rule in SENTENCES else error.code


def _fallback(error: PraticienError) -> S:
    return next(words for family, words in _FALLBACKS if isinstance(error, family))


def _differing(error: PraticienError) -> str:
    names = getattr(error, "differing", ()) or getattr(error, "traits", ())
    return ", ".join(dict.fromkeys(trait_words(name) for name in names)) or "traits d’identité"


def _details(error: PraticienError) -> str:
    return " · ".join(part for part in (error.code, error.rule, error.detail) if part)
