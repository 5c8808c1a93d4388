"""A minor's secret connection: nothing of it is seen by the legal representatives (CSP R.1111-50, EX_0.1-1100)."""

from __future__ import annotations

from dataclasses import replace

from praticien.access import AccessMode, EmergencyReason, Rule, Verdict
from praticien.errors import Refused
from praticien.minors import may_be_minor
from praticien.practice.case import Case
from praticien.practice.emergencies import Emergencies


class Secrecy(Emergencies):
    """It lasts until it is ended by an act, or the patient is no longer open; no emergency is begun in it.

    The minor asks for it in person, and the patient's space, which the representatives read, tells of each emergency.
    """

    def secret_verdict(self) -> Verdict | None:
        """May one begin a secret connection here? None without a patient."""
        case = self._case
        if case is None:
            return None
        if case.access.mode is not AccessMode.NORMAL:
            return Verdict(False, Rule.CONCEALED_NOT_IN_EMERGENCY)
        if not may_be_minor(case.patient.traits.birth_date, self._clock().astimezone().date()):
            return Verdict(False, Rule.CONCEALED_FOR_MINORS)
        return Verdict(True, Rule.READ_ALLOWED)

    def keep_secret(self, wanted: bool) -> Case:
        """By an act of the user, at the minor's request. What was read is to be asked for again, in the other way.

        Raises Refused, PatientChanged.
        """
        turn, case = self._open_case()
        verdict = self.secret_verdict()
        if wanted and verdict and not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        access = replace(case.access, secret=wanted)
        return self._change(turn, case.access, access=access, status=None, documents=(), news=frozenset(), since=None)

    def emergency_verdict(self) -> Verdict | None:
        """Not within a secret connection."""
        verdict, case = super().emergency_verdict(), self._case
        secret = verdict is not None and case is not None and case.access.secret
        return Verdict(False, Rule.NO_EMERGENCY_CONCEALED) if secret else verdict

    def break_glass(self, reason: EmergencyReason, words: str, *, turn: int | None = None) -> Case:
        """Raises, beside what ``Emergencies`` raises, Refused in a secret connection."""
        _turn, case = self._open_case(turn)
        if case.access.secret:
            raise Refused(rule=Rule.NO_EMERGENCY_CONCEALED.value)
        return super().break_glass(reason, words, turn=turn)
