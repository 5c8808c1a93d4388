"""Who may do what: the functional matrix as data, and one decision function.

Sources: functional rights matrix of the DMP (facts: protocol 4.1 direct, 4.2 reinforced indirect), CSP L.1111-17,
R.1111-46 to R.1111-49. Where they are silent the strict reading is taken (facts: features 6.2): a blocked professional
gets in by no door, and masked documents stay masked in an emergency unless the patient allowed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.access import AccessMode, Authorisation, DossierState
from praticien.professional import CardKind


class AuthMode(Enum):
    """Authentification_Mode of the VIHF."""

    DIRECT = "DIRECTE"
    INDIRECT = "INDIRECTE"
    REINFORCED = "INDIRECTE_RENFORCEE"


class Function(Enum):
    """What is asked: a row of the matrix."""

    STATUS = "TD0.2"
    DECLARE = "TD0.3 ajout"
    WITHDRAW = "TD0.3 suppression"
    STOP_TREATING = "TD0.3 fin de médecin traitant"
    DEPOSIT = "TD2.1"
    DEPOSIT_BY_STAFF = "TD2.2"
    LIST = "TD3.1"
    TECHNICAL_ID = "TD3.1b"
    READ = "TD3.2"
    DOSSIERS = "TD0.4"
    SEARCH = "TD0.5"
    IDENTITY = "TD1.3a"
    MODIFY = "TD1.3b"
    CLOSE = "TD1.4"
    PROFESSIONALS = "TD1.6"
    MASK = "TD3.3a masquage"
    UNMASK = "TD3.3a démasquage"
    MAKE_VISIBLE = "TD3.3b"
    DELETE = "TD3.3c"
    ARCHIVE = "TD3.3d"


class Column(Enum):
    """Who asks: a column of the matrix."""

    PN = "professionnel non médecin"
    MD = "médecin"
    MW = "médecin du travail"
    MT = "médecin traitant"
    CPE = "porteur de CPE"
    ES = "structure"
    PE = "employé d'une structure"


MATRIX: dict[Function, dict[Column, str]] = {
    Function.STATUS: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.DECLARE: {Column.PN: "n", Column.MD: "n", Column.MT: "n", Column.CPE: "n", Column.PE: "n"},
    Function.WITHDRAW: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.STOP_TREATING: {Column.MT: "n"},
    Function.DEPOSIT: {Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.ES: "nr"},
    Function.DEPOSIT_BY_STAFF: {Column.CPE: "n"},
    Function.LIST: {Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb"},
    Function.TECHNICAL_ID: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.READ: {Column.PN: "nrb", Column.MD: "nrb", Column.MT: "nb"},
    Function.DOSSIERS: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "n",
        Column.PE: "n",
    },
    Function.SEARCH: {Column.PN: "r", Column.MD: "r", Column.ES: "r"},
    Function.IDENTITY: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.MODIFY: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.CLOSE: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.PROFESSIONALS: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.MASK: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.UNMASK: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.MAKE_VISIBLE: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.DELETE: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.ARCHIVE: {Column.PN: "n", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb"},
}  # fmt: skip
"""Allowed modes: n normal, r regulation, b break-glass. TD1.3b and TD1.4 left the published matrix: ours."""

UNPUBLISHED = frozenset({Function.MODIFY, Function.CLOSE})
"""Rows that are ours."""

NOT_REINFORCED = frozenset({Function.DEPOSIT, Function.DEPOSIT_BY_STAFF, Function.STOP_TREATING})
"""Rows that a user of a structure's software (AIR) never has."""

_LETTER = {AccessMode.NORMAL: "n", AccessMode.REGULATION: "r", AccessMode.BREAK_GLASS: "b"}
_CONSULTATIONS = frozenset({Function.LIST, Function.READ})
NEEDS_CONSENT = _CONSULTATIONS | {
    Function.PROFESSIONALS, Function.MASK, Function.UNMASK, Function.MAKE_VISIBLE, Function.ARCHIVE
}  # fmt: skip
"""An authorisation (or an emergency) is needed. Not for feeding, nor for deleting what one fed (facts 2.1, TD3.3)."""
_NOT_ATTACHED = frozenset({Function.MODIFY, Function.CLOSE})


class Rule(Enum):
    """The rule a verdict rests on; the value names it in traces and fault details."""

    ALLOWED = "allowed"
    ALLOWED_EMERGENCY = "allowed.emergency"
    FUNCTION = "function.not_allowed"
    STAFF_MAY_NOT_READ = "card.may_not_read"
    REASON_MISSING = "emergency.reason_missing"
    ABSENT = "dossier.absent"
    CLOSED = "dossier.closed"
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
    Rule.CLOSED: Explanation("DMPClosed", "Le dossier de ce patient est fermé."),
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
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks and how. ``card`` is None behind a structure's certificate; ``profession`` is a G15 code or empty."""

    auth_mode: AuthMode
    card: CardKind | None
    profession: str
    mode: AccessMode
    occupational: bool = False
    reason_given: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the dossier says about this actor."""

    state: DossierState
    authorisation: Authorisation = Authorisation.NONE
    treating: bool = False
    opposed_to_break_glass: bool = False
    opposed_to_regulation: bool = False
    masked_visible_in_emergency: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and the rule it rests on."""

    rule: Rule

    @property
    def allowed(self) -> bool:
        """Whether the door is open."""
        return self.rule in (Rule.ALLOWED, Rule.ALLOWED_EMERGENCY)

    @property
    def explanation(self) -> Explanation:
        """How to tell it."""
        return EXPLANATIONS[self.rule]


def column_of(actor: Actor, *, treating: bool) -> Column | None:
    """The actor's column; None for a card that the matrix does not know (CPA, a card without profession)."""
    if actor.auth_mode is AuthMode.INDIRECT:
        return Column.ES
    if actor.auth_mode is AuthMode.DIRECT and actor.card is CardKind.CPE:
        return Column.CPE
    if actor.auth_mode is AuthMode.DIRECT and actor.card not in (CardKind.CPS, CardKind.CPF):
        return None
    if not actor.profession:
        return Column.PE if actor.auth_mode is AuthMode.REINFORCED else None
    return _professional_column(actor, treating)


def _professional_column(actor: Actor, treating: bool) -> Column:
    if actor.profession != "10":
        return Column.PN
    if actor.occupational:
        return Column.MW
    # The médecin traitant has no regulation column: on call at a centre 15 they are a physician like another.
    return Column.MT if treating and actor.mode is not AccessMode.REGULATION else Column.MD


def decide(function: Function, actor: Actor, dossier: Dossier) -> Verdict:
    """May this actor do this on this dossier, and by which rule?"""
    for check in (_function, _reason, _state, _blocked, _consultation):
        rule = check(function, actor, dossier)
        if rule:
            return Verdict(rule)
    return _granted(actor)


def decide_alone(function: Function, actor: Actor) -> Verdict:
    """The same for what concerns no dossier in particular (TD0.4, TD0.5)."""
    nobody = Dossier(DossierState.OPEN)
    return Verdict(_function(function, actor, nobody) or _reason(function, actor, nobody) or _granted(actor).rule)


def _granted(actor: Actor) -> Verdict:
    return Verdict(Rule.ALLOWED if actor.mode is AccessMode.NORMAL else Rule.ALLOWED_EMERGENCY)


def may_see_masked(actor: Actor, dossier: Dossier, *, own: bool) -> Verdict:
    """May this actor, already allowed to consult, see a document masked to professionals? (matrix notes 6 and 7)"""
    if actor.mode is AccessMode.NORMAL:
        return Verdict(Rule.ALLOWED if own or column_of(actor, treating=dossier.treating) is Column.MT else Rule.MASKED)
    return Verdict(Rule.ALLOWED_EMERGENCY if dossier.masked_visible_in_emergency else Rule.MASKED)


def _function(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    column = column_of(actor, treating=dossier.treating)
    reinforced = actor.auth_mode is AuthMode.REINFORCED and function in NOT_REINFORCED
    if column and not reinforced and _LETTER[actor.mode] in MATRIX[function].get(column, ""):
        return None
    staff = column in (Column.CPE, Column.ES, Column.PE) and function in _CONSULTATIONS
    return Rule.STAFF_MAY_NOT_READ if staff else Rule.FUNCTION


def _reason(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    del function, dossier
    missing = actor.mode is AccessMode.BREAK_GLASS and not actor.reason_given
    return Rule.REASON_MISSING if missing else None


def _state(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    del actor
    if dossier.state is DossierState.OPEN:
        return Rule.ATTACHED if function in _NOT_ATTACHED and dossier.attached else None
    if function is Function.STATUS:
        return None
    return Rule.ABSENT if dossier.state is DossierState.ABSENT else Rule.CLOSED


def _blocked(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    del actor
    blocked = function is not Function.STATUS and dossier.authorisation is Authorisation.FORBIDDEN
    return Rule.BLOCKED if blocked else None


def _consultation(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    """Authorisation or emergency: matters for consulting and changing, never for feeding (R.1111-47)."""
    if function not in NEEDS_CONSENT:
        return None
    if actor.mode is AccessMode.BREAK_GLASS:
        return Rule.BREAK_GLASS_OPPOSED if dossier.opposed_to_break_glass else None
    if actor.mode is AccessMode.REGULATION:
        return Rule.REGULATION_OPPOSED if dossier.opposed_to_regulation else None
    refusals = {Authorisation.NONE: Rule.NO_AUTHORISATION, Authorisation.EXPIRED: Rule.EXPIRED}
    return refusals.get(dossier.authorisation)
