"""Changing or unblocking the PIN, in the background: one try a confirmation, counters read before and after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from praticien.pin_care import CodesLeft
from praticien.practice import Practice
from ui.session import Session
from ui.tasks import Tasks


class PinCare(QObject):
    """Signals: the counters were read, the card refused (and why), it is done ("changed" or "unblocked")."""

    counted = Signal(object)
    refused = Signal(object)
    done = Signal(str)

    def __init__(self, practice: Practice, session: Session, tasks: Tasks) -> None:
        super().__init__()
        self._practice, self._session, self._tasks = practice, session, tasks

    def count(self) -> None:
        """Ask the card for both counters."""
        self._run(self._practice.codes_left, self.tr("Lecture des compteurs de la carte…"), self.counted.emit)

    def change(self, pin: bytearray, new: bytearray, last_try_confirmed: bool) -> None:
        """One try with the PIN."""
        work = partial(self._practice.change_pin, pin, new, last_try_confirmed=last_try_confirmed)
        self._run(work, self.tr("Changement du code par la carte…"), lambda _none: self.done.emit("changed"))

    def unblock(self, code: bytearray, new: bytearray, last_try_confirmed: bool) -> None:
        """One try with the unblocking code."""
        work = partial(self._practice.unblock_pin, code, new, last_try_confirmed=last_try_confirmed)
        self._run(work, self.tr("Déblocage du code par la carte…"), lambda _none: self.done.emit("unblocked"))

    def _run(self, work: Callable[[], CodesLeft | None], doing: str, then: Callable[[CodesLeft], object]) -> None:
        """Answers for a card that has left meanwhile are dropped."""
        round_ = self._session.round
        task = self._tasks.start(work, doing, lane="card")
        task.on_success(lambda result: then(result) if round_ == self._session.round else None)
        task.on_failure(lambda error: self.refused.emit(error) if round_ == self._session.round else None)
        task.on_cancel(self._session.lock)
