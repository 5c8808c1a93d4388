"""The open dossier: what may be seen of it, and seeing it."""

from __future__ import annotations

from collections.abc import Iterable

from praticien import emergency
from praticien.access import Verdict, may_break_glass, may_read
from praticien.errors import PatientChanged, Refused
from praticien.identity import Patient, StrictTraits
from praticien.matching import same_person
from praticien.metadata import Availability, DocumentEntry, RetrievedDocument
from praticien.practice.case import Case
from praticien.practice.patient import PatientDesk
from praticien.practice.refusals import IdentityMismatch

ACTIVE = (Availability.APPROVED,)


class Reading(PatientDesk):
    """TD0.2, TD0.3 (agreement), TD3.1 and TD3.2 about the open patient, in normal mode or in an emergency."""

    def look(self, *, turn: int | None = None) -> Case:
        """TD0.2 in the current mode: does the dossier exist, may one read it?

        What one may no longer read is forgotten.
        """
        turn, case = self._open_case(turn)
        status = self.dmp.dossier_status(case.ins, case.access)
        if status.traits:
            self._refuse_other_person(status.traits, case.patient)
        case = self._change(turn, case.access, status=status)
        verdict = self.verdict()
        if verdict is not None and not verdict.allowed and case.documents:
            return self._change(turn, case.access, documents=(), news=frozenset())
        return case

    @staticmethod
    def _refuse_other_person(known: StrictTraits, patient: Patient) -> None:
        mine = patient.traits
        differing = same_person(
            known,
            birth_name=mine.birth_name,
            birth_date=mine.birth_date,
            first_name=mine.first_name,
            sex=mine.sex,
        )
        if differing:
            raise IdentityMismatch(differing)

    def verdict(self) -> Verdict | None:
        """May one read now, and by which rule? None while TD0.2 has not answered."""
        case, card = self._case, self._card
        if case is None or case.status is None or card is None:
            return None
        return may_read(case.status, case.access.mode, card.holder.card_kind)

    def emergency_verdict(self) -> Verdict | None:
        """Is break-glass of any use here? None while TD0.2 has not answered."""
        case, card = self._case, self._card
        if case is None or case.status is None or card is None:
            return None
        return may_break_glass(case.status, card.holder.card_kind, case.oppositions)

    def list_documents(self, statuses: Iterable[Availability] = ACTIVE, *, turn: int | None = None) -> Case:
        """TD3.1 in the current mode, documents in these states. Raises Refused when the table already says no."""
        turn, case = self._open_case(turn)
        verdict = self.verdict()
        if verdict is not None and not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        emergency.refuse_over(case.access, self._clock())
        documents = self.dmp.find_documents(case.ins, case.access, statuses)
        return self._change(turn, case.access, documents=documents)

    def open_document(self, entry: DocumentEntry, *, turn: int | None = None) -> RetrievedDocument:
        """TD3.2 in the current mode."""
        turn, case = self._case_of(entry, turn)
        emergency.refuse_over(case.access, self._clock())
        document = self.dmp.retrieve(case.ins, entry, case.access)
        self._same_case(turn, case.access)
        return document

    def _case_of(self, entry: DocumentEntry, turn: int | None) -> tuple[int, Case]:
        """The open case, whose document this is. Raises PatientChanged."""
        asked_in, case = self._open_case(turn)
        if entry.patient_id != case.patient.ins:
            raise PatientChanged("entry of another patient")
        return asked_in, case
