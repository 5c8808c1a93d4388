"""Break-glass at the desk, from the question whether it is of any use to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from praticien import emergency
from praticien.access import NORMAL, Access, AccessMode, EmergencyReason, Oppositions
from praticien.consents import ConsentRegister
from praticien.emergency import EmergencyRules
from praticien.errors import EnvironmentProblem, PraticienError
from praticien.identity import Patient
from praticien.metadata import DocumentEntry, RetrievedDocument
from praticien.ports import Connect
from praticien.practice.agreement import Agreement
from praticien.practice.case import Case
from praticien.practice.session import utc_now
from praticien.reviews import ReviewQueue, ReviewUnknown
from praticien.visits import Visits


class Emergencies(Agreement):
    """Reading in break-glass mode; a regulation centre's way in is ``praticien.regulation_desk``."""

    def __init__(
        self,
        connect: Connect,
        *,
        clock: Callable[[], datetime] = utc_now,
        production: bool = False,
        visits: Visits | None = None,
        emergencies: EmergencyRules | None = None,
        reviews: ReviewQueue | None = None,
        consents: ConsentRegister | None = None,
    ) -> None:
        super().__init__(connect, clock=clock, production=production, visits=visits)
        self.emergencies = emergencies or EmergencyRules()
        self.reviews = reviews
        self.consents = consents

    def ask_oppositions(self, *, turn: int | None = None) -> Case:
        """TD1.3a: did the patient refuse emergency accesses? Asked by an act of the user, before one is begun."""
        turn, case = self._open_case(turn)
        data = self.dmp.administrative_data(case.ins, case.access)
        oppositions = Oppositions(data.opposed_to_break_glass, data.opposed_to_regulation)
        return self._change(turn, case.access, oppositions=oppositions)

    def break_glass(self, reason: EmergencyReason, words: str, *, turn: int | None = None) -> Case:
        """Enter by break-glass (or stay in it, for a new reason) and read the list in one go.

        When the server refuses, the mode stays what it was. Raises InvalidInput (field "words"), the DMP's errors.
        """
        turn, case = self._open_case(turn)
        access = emergency.begin(AccessMode.BREAK_GLASS, reason, words, self._clock(), self.emergencies)
        with self.recorded(case.patient, access, case.review) as review:
            documents = self.dmp.find_documents(case.patient.qualified_ins, access)
        return self._change(turn, case.access, access=access, documents=documents, review=review)

    @contextmanager
    def recorded(self, patient: Patient, access: Access, review: str = "") -> Iterator[str]:
        """Around the call that asks for an emergency access: written beforehand, struck out when it was refused.

        Yields its id; ``review`` is that of the access which is extended. A disk that cannot be written does not keep
        anybody from a patient in danger: the server's trace stays.
        """
        queue, holder, situation = self.reviews, self.holder, self.situation
        if queue is None or holder is None or situation is None:
            yield ""
            return
        id = review
        if not review:
            with suppress(EnvironmentProblem):
                id = queue.begin(holder.professional, situation.structure, patient, access)
        try:
            yield id
        except PraticienError as error:
            if id and not review and not getattr(error, "uncertain", False):
                self._note(queue.forget, id)
            raise
        if review:
            self._note(queue.extend, review, access)

    @staticmethod
    def _note(note: Callable[..., None], *told: Any) -> None:
        with suppress(EnvironmentProblem, ReviewUnknown):
            note(*told)

    def open_document(self, entry: DocumentEntry, *, turn: int | None = None) -> RetrievedDocument:
        """TD3.2 in the current mode; in an emergency the title is kept for its review."""
        turn, case = self._open_case(turn)
        document = super().open_document(entry, turn=turn)
        self.note_read(case.review, entry)  # the access in which it was read, whoever is open by now
        return document

    def note_read(self, review: str, entry: DocumentEntry) -> None:
        """A document was read in the emergency of that id (nothing without an id)."""
        if self.reviews and review:
            self._note(self.reviews.read, review, entry.title)

    def end_emergency(self) -> Case | None:
        """Back to normal access; what was read in the emergency leaves the screen, what is on its way is dropped.

        A patient whom a regulation centre found has no normal access to go back to: nobody is open any more.
        """
        with self._lock:
            turn, case = self._open_case()
            if self.reviews and case.review:
                self._note(self.reviews.end, case.review)
            if case.access.mode is AccessMode.REGULATION:
                self.forget_patient()
                return None
            return self._change(turn, case.access, access=NORMAL, documents=(), news=frozenset(), review="")

    @property
    def time_left(self) -> timedelta | None:
        """Of the emergency access under way; None in normal access."""
        case = self._case
        return emergency.remaining(case.access, self._clock()) if case else None

    def now(self) -> datetime:
        """The time by the desk's clock."""
        return self._clock()
