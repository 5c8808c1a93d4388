"""The patient at the desk: who it is, and what became of them while an answer was on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from praticien.access import Access, AccessMode
from praticien.errors import InvalidInput, PatientChanged
from praticien.identity import IdentityStatus, Ins, Patient, StrictTraits
from praticien.matching import same_person
from praticien.ports import InsiAnswer
from praticien.practice.case import Case
from praticien.practice.refusals import (
    CenturyMissing,
    IdentityMismatch,
    NoOwnNir,
    StaleReading,
    TestCardRefused,
    VitaleSwapped,
)
from praticien.practice.session import Session
from praticien.vitale import Beneficiary, VitaleReading


class PatientDesk(Session):
    """Opens one patient at a time; answers for a patient gone are dropped."""

    @property
    def case(self) -> Case | None:
        """The open patient."""
        return self._case

    @property
    def turn(self) -> int:
        """Changes whenever another patient (or none) becomes the open one."""
        return self._turn

    def take_beneficiary(
        self,
        reading: VitaleReading,
        beneficiary: Beneficiary,
        *,
        read_again: Callable[[], VitaleReading] | None = None,
        turn: int | None = None,
    ) -> Case:
        """Open the patient chosen on a Vitale card: INS asked of INSi, status RECUP.

        ``read_again`` reads the card now in the reader: it must be the one on which the patient was chosen.
        Raises TestCardRefused, VitaleSwapped, what ``read_again`` raises, StaleReading, NoOwnNir, CenturyMissing,
        IdentityMismatch, and INSi's errors.
        """
        if self._production and reading.is_test_card:
            raise TestCardRefused
        if not reading.is_fresh(self._clock()):
            raise StaleReading
        if not beneficiary.own_nir:
            raise NoOwnNir
        if beneficiary.lacks_century:
            raise CenturyMissing(field="birth_date")
        turn = self.begin(turn)
        if read_again and read_again().serial != reading.serial:
            raise VitaleSwapped
        answer = self._open_desk().connections.insi.by_vitale(beneficiary)
        differing = same_person(
            answer.traits,
            birth_name=beneficiary.birth_name,
            birth_date=beneficiary.birth_date,
            first_name=beneficiary.first_name,
        )
        return self._take(turn, answer, differing, beneficiary.used_name)

    def take_traits(self, traits: StrictTraits, typed_ins: Ins | None = None, *, turn: int | None = None) -> Case:
        """Open a patient found by traits; a typed matricule must be the one INSi gives.

        Raises IdentityMismatch and INSi's errors.
        """
        turn = self.begin(turn)
        answer = self._open_desk().connections.insi.by_traits(traits)
        differing = same_person(
            answer.traits, birth_name=traits.birth_name, birth_date=traits.birth_date, sex=traits.sex
        )
        if typed_ins and typed_ins.matricule != answer.ins.matricule:
            differing = ("ins", *differing)
        return self._take(turn, answer, differing)

    def begin(self, asked: int | None = None) -> int:
        """Nobody is open any more, another is looked for: in which turn. Raises SessionLocked, PatientChanged."""
        self._open_desk()
        with self._lock:
            if asked is not None:
                self._same_turn(asked)
            self.forget_patient()
            return self._turn

    def _take(self, turn: int, answer: InsiAnswer, differing: tuple[str, ...], used_name: str = "") -> Case:
        if differing:
            raise IdentityMismatch(differing)
        return self.adopt(Case(Patient(answer.traits, IdentityStatus.RETRIEVED, answer.ins, used_name)), turn)

    def adopt(self, case: Case, turn: int) -> Case:
        """``case`` is the open one, unless the patient changed since ``begin``. Raises PatientChanged."""
        with self._lock:
            self._same_turn(turn)
            self._case = case
            return case

    def renew(self, case: Case, **changes: Any) -> Case:
        """Change the open case, if it still is ``case`` itself. Raises PatientChanged."""
        with self._lock:
            if self._case is not case:
                raise PatientChanged
            self._case = replace(case, **changes)
            return self._case

    def confirm_identity(self) -> Case:
        """The user checked an official identity document: the identity is qualified.

        Raises InvalidInput in regulation mode: nobody shows a document by telephone.
        """
        turn, case = self._open_case()
        if case.access.mode is AccessMode.REGULATION:
            raise InvalidInput("no document by telephone", field="identity")
        return self._change(turn, case.access, patient=case.patient.with_identity_checked())

    def abandon(self) -> None:
        """The user cancelled: answers still on their way are dropped, the open patient stays as they are."""
        with self._lock:
            self._turn += 1

    def _open_case(self, asked: int | None = None) -> tuple[int, Case]:
        with self._lock:
            if asked is not None:
                self._same_turn(asked)
            if self._case is None:
                raise PatientChanged("no patient open")
            return self._turn, self._case

    def _change(self, turn: int, asked_in: Access, **changes: Any) -> Case:
        """Change the open case, if it is still the one, in the mode, for which the answer was asked."""
        with self._lock:
            self._same_case(turn, asked_in)
            self._case = case = replace(self._open_case()[1], **changes)
            return case

    def _same_case(self, turn: int, asked_in: Access) -> None:
        with self._lock:
            self._same_turn(turn)
            if self._open_case()[1].access != asked_in:
                raise PatientChanged("the access mode is no longer the same")

    def _same_turn(self, turn: int) -> None:
        if turn != self._turn:
            raise PatientChanged
