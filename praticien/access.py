"""Access to a dossier: modes, states, and the client's own decision table.

Sources: CSP L.1111-17, R.1111-46 to R.1111-48; VIHF access modes TRE_R248; DMP functional matrix PDT-INF-526.
The server decides in the end; this table lets the window say beforehand what is possible and why not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from praticien.identity import StrictTraits
from praticien.professional import CardKind


class AccessMode(Enum):
    """VIHF purpose of use (1.2.250.1.213.1.1.4.248)."""

    NORMAL = "normal"
    BREAK_GLASS = "bris_de_glace"
    REGULATION = "centre_15"


class Authorisation(Enum):
    """Authorisation of this professional (or structure) on this dossier."""

    VALID = "VALIDE"
    NONE = "NON_EXISTE"
    EXPIRED = "EXPIRE"
    FORBIDDEN = "INTERDIT"


class DossierState(Enum):
    """Whether the patient has a dossier that can be used."""

    OPEN = "active"
    CLOSED = "terminated"
    ABSENT = "absent"


class EmergencyReason(Enum):
    """Coded reason of an emergency access: ours (no public nomenclature), one key each in the window."""

    UNCONSCIOUS = "1"
    LIFE_THREATENING = "2"
    CANNOT_COMMUNICATE = "3"
    TREATMENT_UNKNOWN = "4"
    REGULATION_CALL = "5"
    OTHER = "6"


@dataclass(frozen=True, slots=True)
class Access:
    """How the professional enters: mode, and for an emergency its coded and worded reason.

    An emergency lasts from ``since`` to ``until`` (aware); see ``praticien.emergency``. ``secret``: a minor asked that
    nothing of it be seen by the legal representatives (EX_0.1-1100); never in an emergency.
    """

    mode: AccessMode = AccessMode.NORMAL
    reason: EmergencyReason | None = None
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    secret: bool = False


NORMAL = Access()


@dataclass(frozen=True, slots=True, repr=False)
class DossierStatus:
    """Answer of TD0.2. ``traits`` as the DMP knows them: to compare, not to show as the identity (RG_0320).

    ``attached``: the dossier belongs to Mon espace santé, where the patient manages it (unless the DMP says no).
    ``being_created``: absent, but the patient was told of it and it opens in a few weeks, where the DMP says so.
    """

    state: DossierState
    authorisation: Authorisation = Authorisation.NONE
    treating_physician: bool = False
    closed_on: str = ""
    closing_reason: str = ""
    being_created: bool = False
    traits: StrictTraits | None = field(default=None)
    attached: bool = True


@dataclass(frozen=True, slots=True)
class Oppositions:
    """What the patient refused, each apart from the other (CSP R.1111-48)."""

    break_glass: bool = False
    regulation: bool = False


class Rule(Enum):
    """Why a door is open or shut; the value is the key of the sentence the window shows."""

    READ_ALLOWED = "read.allowed"
    READ_EMERGENCY = "read.emergency"
    NO_DOSSIER = "dossier.absent"
    BEING_CREATED = "dossier.being_created"
    CLOSED = "dossier.closed"
    CONSENT_NEEDED = "authorisation.none"
    CONSENT_EXPIRED = "authorisation.expired"
    CONSENT_EACH_TIME = "authorisation.each_time"
    BLOCKED = "authorisation.blocked"
    CARD_MAY_NOT_READ = "card.may_not_read"
    CARD_MAY_NOT_BREAK_GLASS = "card.may_not_break_glass"
    BREAK_GLASS_NOT_NEEDED = "emergency.not_needed"
    BREAK_GLASS_OPPOSED = "emergency.break_glass_opposed"
    EMERGENCY_OVER = "emergency.over"
    REGULATION_ALLOWED = "regulation.allowed"
    NOT_A_REGULATOR = "regulation.not_physician"
    NOT_A_CENTRE = "regulation.not_centre"
    REGULATION_OPPOSED = "regulation.opposed"
    TRAITS_NOT_CONFIRMED = "regulation.traits"
    HOMONYM_NOT_SET_APART = "regulation.homonym"
    SEARCH_TOO_WIDE = "regulation.too_wide"
    CONCEALED_FOR_MINORS = "secret.adult"
    CONCEALED_NOT_IN_EMERGENCY = "secret.emergency"
    NO_EMERGENCY_CONCEALED = "emergency.secret"


NOT_OPEN = frozenset({Rule.NO_DOSSIER, Rule.BEING_CREATED, Rule.CLOSED})
"""The rules by which nothing can be deposited either."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and the rule it rests on."""

    allowed: bool
    rule: Rule


_BY_AUTHORISATION = {
    Authorisation.VALID: Verdict(True, Rule.READ_ALLOWED),
    Authorisation.NONE: Verdict(False, Rule.CONSENT_NEEDED),
    Authorisation.EXPIRED: Verdict(False, Rule.CONSENT_EXPIRED),
    Authorisation.FORBIDDEN: Verdict(False, Rule.BLOCKED),
}


def may_read(status: DossierStatus, mode: AccessMode, card: CardKind) -> Verdict:
    """May this card, in this mode, read this dossier? Oppositions to emergency modes are known to the server alone."""
    if status.state is DossierState.ABSENT:
        return Verdict(False, Rule.BEING_CREATED if status.being_created else Rule.NO_DOSSIER)
    if status.state is DossierState.CLOSED:
        return Verdict(False, Rule.CLOSED)
    if card in (CardKind.CPE, CardKind.CPA):
        return Verdict(False, Rule.CARD_MAY_NOT_READ)
    if status.authorisation is Authorisation.FORBIDDEN:
        return Verdict(False, Rule.BLOCKED)
    if mode is not AccessMode.NORMAL:
        return Verdict(True, Rule.READ_EMERGENCY)
    return _BY_AUTHORISATION[status.authorisation]


def may_break_glass(status: DossierStatus, card: CardKind, oppositions: Oppositions | None = None) -> Verdict:
    """Is the emergency door of any use here? Not for staff, not without a dossier, not for a blocked professional,
    not against the patient's word (``oppositions``, where they are known), not where one may read anyway.
    """
    if card is not CardKind.CPS:
        return Verdict(False, Rule.CARD_MAY_NOT_BREAK_GLASS)
    if may_read(status, AccessMode.NORMAL, card).allowed:
        return Verdict(False, Rule.BREAK_GLASS_NOT_NEEDED)
    verdict = may_read(status, AccessMode.BREAK_GLASS, card)
    if verdict.allowed and oppositions and oppositions.break_glass:
        return Verdict(False, Rule.BREAK_GLASS_OPPOSED)
    return verdict
