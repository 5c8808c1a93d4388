"""Who may do what: the decision on a dossier.

Sources: functional rights matrix of the DMP (facts: protocol 4.1 direct, 4.2 reinforced indirect), CSP L.1111-17,
R.1111-46 to R.1111-49. Where they are silent the strict reading is taken (facts: features 6.2): a blocked professional
gets in by no door, and masked documents stay masked in an emergency unless the patient allowed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.access import AccessMode, Authorisation, DossierState
from praticien.professional import CardKind
from reference_server.access_rules import EXPLANATIONS, Explanation, Rule
from reference_server.functional_matrix import CONSULTATIONS, MATRIX, NEEDS_CONSENT, NOT_REINFORCED, Column, Function


class AuthMode(Enum):
    """Authentification_Mode of the VIHF."""

    DIRECT = "DIRECTE"
    INDIRECT = "INDIRECTE"
    REINFORCED = "INDIRECTE_RENFORCEE"


_LETTER = {AccessMode.NORMAL: "n", AccessMode.REGULATION: "r", AccessMode.BREAK_GLASS: "b"}
OPENINGS = frozenset({Function.CREATE, Function.REACTIVATE})
_NOT_ATTACHED = frozenset({Function.MODIFY, Function.CLOSE})


class Creation(Enum):
    """How the automatic creation of a dossier stands, when there is none."""

    NONE = "none"
    PENDING = "pending"
    OPPOSED = "opposed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks and how. ``card`` is None behind a structure's certificate; ``profession`` is a G15 code or empty.

    ``secret`` asks for a minor's secret connection; ``training`` is the G16 code of a card in training (CPF).
    """

    auth_mode: AuthMode
    card: CardKind | None
    profession: str
    mode: AccessMode
    occupational: bool = False
    reason_given: bool = False
    secret: bool = False
    training: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the dossier says about this actor. ``minor``: its patient may be one."""

    state: DossierState
    authorisation: Authorisation = Authorisation.NONE
    treating: bool = False
    opposed_to_break_glass: bool = False
    opposed_to_regulation: bool = False
    masked_visible_in_emergency: bool = False
    attached: bool = False
    creation: Creation = Creation.NONE
    minor: bool = False


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
    if not actor.profession and actor.training and actor.card is CardKind.CPF:
        return Column.PN  # ours: the matrix has no column for them; no right of a physician before being one
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
    for check in (_function, _reason, _secrecy, _state, _blocked, _consultation):
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
    staff = column in (Column.CPE, Column.ES, Column.PE) and function in CONSULTATIONS
    return Rule.STAFF_MAY_NOT_READ if staff else Rule.FUNCTION


def _reason(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    del function, dossier
    missing = actor.mode is AccessMode.BREAK_GLASS and not actor.reason_given
    return Rule.REASON_MISSING if missing else None


def _secrecy(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    if actor.secret and function in OPENINGS:
        return Rule.HIDDEN_OPENING
    adult = dossier.state is not DossierState.ABSENT and not dossier.minor
    return Rule.ADULT if actor.secret and adult else None


_ABSENT = {
    Creation.NONE: Rule.ABSENT,
    Creation.PENDING: Rule.BEING_CREATED,
    Creation.OPPOSED: Rule.CREATION_OPPOSED,
}


def _state(function: Function, actor: Actor, dossier: Dossier) -> Rule | None:
    del actor
    if function in OPENINGS:
        return _opening(function, dossier)
    if dossier.state is DossierState.OPEN:
        return Rule.ATTACHED if function in _NOT_ATTACHED and dossier.attached else None
    if function is Function.STATUS:
        return None
    return _ABSENT[dossier.creation] if dossier.state is DossierState.ABSENT else Rule.CLOSED


def _opening(function: Function, dossier: Dossier) -> Rule | None:
    """What is open cannot be opened; what was closed is reactivated, what never was is created."""
    if dossier.state is DossierState.OPEN:
        return Rule.EXISTS
    closed = dossier.state is DossierState.CLOSED
    if function is Function.CREATE:
        return Rule.CLOSED if closed else None
    if not closed:
        return _ABSENT[dossier.creation]
    return Rule.ATTACHED if dossier.attached else None


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
