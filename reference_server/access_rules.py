"""The rules a verdict rests on: how each is told (fault subcode, French sentence), and its legal article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Rule(Enum):
    """The rule a verdict rests on; the value names it in traces and fault details."""

    ALLOWED = "allowed"
    ALLOWED_EMERGENCY = "allowed.emergency"
    FUNCTION = "function.not_allowed"
    STAFF_MAY_NOT_READ = "card.may_not_read"
    REASON_MISSING = "emergency.reason_missing"
    ABSENT = "dossier.absent"
    BEING_CREATED = "dossier.being_created"
    CREATION_OPPOSED = "dossier.creation_opposed"
    CLOSED = "dossier.closed"
    EXISTS = "dossier.exists"
    CONSENT_MISSING = "consent.missing"
    BLOCKED = "authorisation.blocked"
    NO_AUTHORISATION = "authorisation.none"
    EXPIRED = "authorisation.expired"
    BREAK_GLASS_OPPOSED = "emergency.break_glass_opposed"
    REGULATION_OPPOSED = "emergency.regulation_opposed"
    MASKED = "document.masked"
    ATTACHED = "dossier.attached"
    NOT_OWN = "document.not_own"
    NOT_OF_STRUCTURE = "document.not_of_structure"
    PATIENTS_OWN = "document.of_patient"
    TYPE_CLOSED = "document.type_closed"
    ADULT = "secret.adult"
    HIDDEN_OPENING = "secret.opening"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a rule is told: fault subcode, French sentence, article it rests on."""

    subcode: str
    sentence: str
    article: str = ""


EXPLANATIONS: dict[Rule, Explanation] = {
    Rule.ALLOWED: Explanation("DMPOk", "L'accès est permis."),
    Rule.ALLOWED_EMERGENCY: Explanation("DMPOk", "L'accès est permis en urgence.", "CSP L.1111-17"),
    Rule.FUNCTION: Explanation(
        "DMPFunctionNotAllowed",
        "Cette fonction n'est pas ouverte à cette carte ou à ce certificat dans ce mode d'accès.",
        "Matrice des droits fonctionnels du DMP",
    ),
    Rule.STAFF_MAY_NOT_READ: Explanation(
        "DMPFunctionNotAllowed",
        "Une carte de personnel (CPE) ou un certificat de structure ne permet pas de consulter un dossier.",
        "Matrice des droits fonctionnels du DMP",
    ),
    Rule.REASON_MISSING: Explanation(
        "DMPFunctionNotAllowed", "L'accès en bris de glace demande un motif en toutes lettres.", "CSP L.1111-17"
    ),
    Rule.ABSENT: Explanation("DMPNotFound", "Ce patient n'a pas de dossier."),
    Rule.BEING_CREATED: Explanation(
        "DMPNotFound",
        "Le dossier de ce patient est en cours de création : il s'ouvre six semaines après l'information du patient.",
        "CSP L.1111-13-1",
    ),
    Rule.CREATION_OPPOSED: Explanation(
        "DMPNotFound", "Ce patient n'a pas de dossier : il s'est opposé à sa création.", "CSP L.1111-13-1"
    ),
    Rule.CLOSED: Explanation("DMPClosed", "Le dossier de ce patient est fermé."),
    Rule.EXISTS: Explanation("DMPFound", "Ce patient a déjà un dossier."),
    Rule.CONSENT_MISSING: Explanation(
        "DMPConsentMissing",
        "Le consentement du patient à l'ouverture de son dossier n'est pas indiqué.",
        "CSP L.1111-14",
    ),
    Rule.BLOCKED: Explanation(
        "DMPBlockedProfessional", "Le patient a bloqué l'accès de ce professionnel à son dossier.", "CSP R.1111-46"
    ),
    Rule.NO_AUTHORISATION: Explanation(
        "DMPAuthorizationMissing",
        "Ce professionnel n'a pas déclaré l'accord du patient pour consulter son dossier.",
        "CSP R.1111-46",
    ),
    Rule.EXPIRED: Explanation(
        "DMPAuthorizationExpired",
        "L'autorisation de consulter ce dossier a expiré : l'accord du patient est à confirmer.",
        "CSP R.1111-46",
    ),
    Rule.BREAK_GLASS_OPPOSED: Explanation(
        "DMPBreakGlassOpposed", "Le patient s'est opposé à l'accès à son dossier en bris de glace.", "CSP R.1111-48"
    ),
    Rule.REGULATION_OPPOSED: Explanation(
        "DMPRegulationOpposed",
        "Le patient s'est opposé à l'accès à son dossier par un centre de régulation médicale.",
        "CSP R.1111-48",
    ),
    Rule.MASKED: Explanation(
        "DMPFunctionNotAllowed", "Le patient a masqué ce document aux professionnels.", "CSP R.1111-49"
    ),
    Rule.ATTACHED: Explanation(
        "DMPAttachedToMes",
        "Ce dossier est rattaché à Mon espace santé : le patient y modifie ses données ou le ferme lui-même.",
    ),
    Rule.NOT_OWN: Explanation(
        "DMPFunctionNotAllowed",
        "Seul l'auteur du document peut faire cela avec cette carte.",
        "Matrice des droits fonctionnels du DMP, note 8",
    ),
    Rule.NOT_OF_STRUCTURE: Explanation(
        "DMPFunctionNotAllowed",
        "Seul un document de sa propre structure peut être supprimé avec cette carte ou ce certificat.",
        "Matrice des droits fonctionnels du DMP, note 9",
    ),
    Rule.PATIENTS_OWN: Explanation(
        "DMPFunctionNotAllowed",
        "Ce document a été déposé par le patient : seuls le patient et son médecin traitant peuvent faire cela.",
        "Matrice des droits fonctionnels du DMP, note *",
    ),
    Rule.TYPE_CLOSED: Explanation(
        "DMPFunctionNotAllowed",
        "Les documents de ce type ne sont pas ouverts à cette profession.",
        "Arrêté du 26/10/2023 (matrice d'habilitation)",
    ),
    Rule.HIDDEN_OPENING: Explanation(
        "DMPFunctionNotAllowed", "Un dossier ne se crée pas et ne se réactive pas en connexion secrète."
    ),
    Rule.ADULT: Explanation(
        "DMPFunctionNotAllowed", "La connexion secrète n'est possible que pour un patient mineur.", "CSP R.1111-50"
    ),
}
