"""What a professional may do with a dossier as a whole, beside reading it and depositing; the client's own table.

Sources: functional matrix of the DMP (PDT-INF-526: TD0.3, TD1.3b, TD1.4), facts on Mon espace santé. Blocking a
professional, and creating or reopening a dossier, are no transactions of a professional's software any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus
from praticien.professional import CardHolder, CardKind


class DossierAct(Enum):
    """An act on the authorisation or on the dossier; the value is the key of its words in the window."""

    WITHDRAW = "withdraw"
    BECOME_TREATING = "become_treating"
    STOP_TREATING = "stop_treating"
    CORRECT = "correct"
    CLOSE = "close"


class DossierRule(Enum):
    """Why an act is possible or not; the value is the key of the sentence the window shows."""

    ALLOWED = "dossier_act.allowed"
    NO_PROFESSION = "dossier_act.no_profession"
    NOT_IN_EMERGENCY = "dossier_act.not_in_emergency"
    NOT_OPEN = "dossier_act.not_open"
    BLOCKED = "dossier_act.blocked"
    NO_AUTHORISATION = "dossier_act.no_authorisation"
    PHYSICIAN_ONLY = "dossier_act.physician_only"
    TREATING_ALREADY = "dossier_act.treating_already"
    NOT_TREATING = "dossier_act.not_treating"
    ATTACHED = "dossier_act.attached"


@dataclass(frozen=True, slots=True)
class DossierVerdict:
    """May it be done, and by which rule?"""

    rule: DossierRule

    @property
    def allowed(self) -> bool:
        """Whether the act is possible."""
        return self.rule is DossierRule.ALLOWED


def may(act: DossierAct, status: DossierStatus, holder: CardHolder, mode: AccessMode) -> DossierVerdict:
    """May the holder of this card do this in this mode, by the DMP's last word on the dossier (TD0.2)?"""
    return DossierVerdict(_who(holder, mode) or _what(act, status, holder) or DossierRule.ALLOWED)


def _who(holder: CardHolder, mode: AccessMode) -> DossierRule | None:
    if holder.card_kind not in (CardKind.CPS, CardKind.CPF) or not holder.professional.profession:
        return DossierRule.NO_PROFESSION
    return None if mode is AccessMode.NORMAL else DossierRule.NOT_IN_EMERGENCY


def _what(act: DossierAct, status: DossierStatus, holder: CardHolder) -> DossierRule | None:
    if status.state is not DossierState.OPEN:
        return DossierRule.NOT_OPEN
    if status.authorisation is Authorisation.FORBIDDEN:
        return DossierRule.BLOCKED
    checks = {
        DossierAct.WITHDRAW: _withdrawing,
        DossierAct.BECOME_TREATING: _becoming_treating,
        DossierAct.STOP_TREATING: _stopping,
        DossierAct.CORRECT: _managing,
        DossierAct.CLOSE: _managing,
    }
    return checks[act](status, holder)


def _withdrawing(status: DossierStatus, holder: CardHolder) -> DossierRule | None:
    del holder
    return None if status.authorisation is Authorisation.VALID else DossierRule.NO_AUTHORISATION


def _becoming_treating(status: DossierStatus, holder: CardHolder) -> DossierRule | None:
    if not holder.professional.is_physician:
        return DossierRule.PHYSICIAN_ONLY
    return DossierRule.TREATING_ALREADY if status.treating_physician else None


def _stopping(status: DossierStatus, holder: CardHolder) -> DossierRule | None:
    del holder
    return None if status.treating_physician else DossierRule.NOT_TREATING


def _managing(status: DossierStatus, holder: CardHolder) -> DossierRule | None:
    del holder
    return DossierRule.ATTACHED if status.attached else None
