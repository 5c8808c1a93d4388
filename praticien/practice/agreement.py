"""The patient's agreement at the desk: stated by an act, kept, and asked again where the rules want it each time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from praticien.access import AccessMode, Authorisation, Rule, Verdict, may_break_glass
from praticien.consents import Consent, ConsentRegister, Recorded
from praticien.errors import EnvironmentProblem
from praticien.practice.case import Case
from praticien.practice.reading import Reading


class Agreement(Reading):
    """``consents`` is None where nothing is kept: nothing is asked each time then."""

    consents: ConsentRegister | None = None

    def verdict(self) -> Verdict | None:
        """May one read now, and by which rule? A right that was given outside the care team serves one consultation."""
        verdict = super().verdict()
        if verdict and verdict.rule is Rule.READ_ALLOWED and self._is_asked_each_time():
            return Verdict(False, Rule.CONSENT_EACH_TIME)
        return verdict

    def emergency_verdict(self) -> Verdict | None:
        """A right that has to be asked for again is none in an emergency."""
        case, card = self._case, self._card
        if case and case.status and card and self._is_asked_each_time():
            without = replace(case.status, authorisation=Authorisation.NONE)
            return may_break_glass(without, card.holder.card_kind, case.oppositions)
        return super().emergency_verdict()

    @property
    def last_consent(self) -> Recorded | None:
        """What the open patient stated last to this professional, on this desk."""
        case, holder = self._case, self.holder
        if self.consents is None or case is None or holder is None or case.patient.ins is None:
            return None
        try:
            return self.consents.latest(holder.professional.national_id, case.patient.ins)
        except EnvironmentProblem:  # a disk that cannot be read keeps nobody from a patient: the server decides
            return None

    def record_consent(self, consent: Consent | None = None, *, turn: int | None = None) -> Case:
        """TD0.3: the agreement was given, the user says so by an act; kept, then TD0.2 again."""
        turn, case = self._open_case(turn)
        self.dmp.declare_authorisation(case.patient.qualified_ins, secret=case.access.secret)
        self._same_turn(turn)
        holder = self.holder
        if self.consents and holder:
            who, now = holder.professional.national_id, self._clock()
            with suppress(EnvironmentProblem):  # the DMP has it: what is kept here only says how it was given
                self.consents.record(who, case.patient.qualified_ins, consent or Consent(), now)
        self._change(turn, case.access, consented=True)
        return self.look(turn=turn)

    def _is_asked_each_time(self) -> bool:
        case = self._case
        if case is None or case.consented or case.status is None or case.access.mode is not AccessMode.NORMAL:
            return False
        last = None if case.status.treating_physician else self.last_consent
        return last is not None and not last.consent.care_team
