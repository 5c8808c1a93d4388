"""Break-glass at the desk, from the question whether it is of any use to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from praticien import emergency
from praticien.access import NORMAL, AccessMode, EmergencyReason, Oppositions
from praticien.emergency import EmergencyRules
from praticien.ports import Connect
from praticien.practice.case import Case
from praticien.practice.reading import Reading
from praticien.practice.session import utc_now


class Emergencies(Reading):
    """Reading in break-glass mode; a regulation centre's way in is ``praticien.regulation_desk``."""

    def __init__(
        self,
        connect: Connect,
        *,
        clock: Callable[[], datetime] = utc_now,
        production: bool = False,
        emergencies: EmergencyRules | None = None,
    ) -> None:
        super().__init__(connect, clock=clock, production=production)
        self.emergencies = emergencies or EmergencyRules()

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
        documents = self.dmp.find_documents(case.patient.qualified_ins, access)
        return self._change(turn, case.access, access=access, documents=documents)

    def end_emergency(self) -> Case | None:
        """Back to normal access; what was read in the emergency leaves the screen, what is on its way is dropped.

        A patient whom a regulation centre found has no normal access to go back to: nobody is open any more.
        """
        with self._lock:
            turn, case = self._open_case()
            if case.access.mode is AccessMode.REGULATION:
                self.forget_patient()
                return None
            return self._change(turn, case.access, access=NORMAL, documents=())

    @property
    def time_left(self) -> timedelta | None:
        """Of the emergency access under way; None in normal access."""
        case = self._case
        return emergency.remaining(case.access, self._clock()) if case else None

    def now(self) -> datetime:
        """The time by the desk's clock."""
        return self._clock()
