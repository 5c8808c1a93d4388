"""Emergency accesses: how long they last, what must be said to enter, who may enter as a regulation centre.

Sources: CSP L.1111-17 I (break-glass; the regulating physician of a centre of L.6311-2), R.1111-48 (oppositions). No
public source fixes a duration or how a centre is recognised: both are configured, see docs/assumptions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from praticien.access import Access, AccessMode, EmergencyReason, Rule, Verdict
from praticien.errors import InvalidInput, Refused
from praticien.professional import CardHolder, CardKind, Structure


@dataclass(frozen=True, slots=True)
class EmergencyRules:
    """What an installation decides. ``centres`` are the Struct_IdNat of regulation centres (SAMU, Centre 15)."""

    break_glass: timedelta = timedelta(hours=1)
    regulation: timedelta = timedelta(hours=1)
    centres: frozenset[str] = frozenset()

    def lasts(self, mode: AccessMode) -> timedelta:
        """How long an access in ``mode`` lasts."""
        return self.regulation if mode is AccessMode.REGULATION else self.break_glass


def begin(mode: AccessMode, reason: EmergencyReason, words: str, now: datetime, rules: EmergencyRules) -> Access:
    """An emergency access that starts ``now``. Raises InvalidInput (field "words") when it is not said why."""
    words = words.strip()
    if needs_words(reason) and not words:
        raise InvalidInput("a reason in words is required", field="words", rule="L.1111-17")
    return Access(mode, reason, words, now, now + rules.lasts(mode))


def needs_words(reason: EmergencyReason) -> bool:
    """A coded reason says why by itself; "other" says nothing."""
    return reason is EmergencyReason.OTHER


def remaining(access: Access, now: datetime) -> timedelta | None:
    """Time left, never below zero; None for normal access. A clock set back before the beginning leaves none."""
    if access.since is None or access.until is None:
        return None
    return max(access.until - now, timedelta(0)) if now >= access.since else timedelta(0)


def is_over(access: Access, now: datetime) -> bool:
    """Whether an emergency access ended by itself."""
    return remaining(access, now) == timedelta(0)


def refuse_over(access: Access, now: datetime) -> None:
    """Raises Refused (EMERGENCY_OVER) once the time is over."""
    if is_over(access, now):
        raise Refused(rule=Rule.EMERGENCY_OVER.value)


def may_regulate(holder: CardHolder, structure: Structure, rules: EmergencyRules) -> Verdict:
    """May one enter as a regulation centre: a physician, by CPS, in a structure declared as one?"""
    if holder.card_kind is not CardKind.CPS or not holder.professional.is_physician:
        return Verdict(False, Rule.NOT_A_REGULATOR)
    if structure.national_id not in rules.centres:
        return Verdict(False, Rule.NOT_A_CENTRE)
    return Verdict(True, Rule.REGULATION_ALLOWED)
