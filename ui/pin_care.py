"""Changing or unblocking the PIN, in the background: one try a confirmation, counters read before and after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from praticien.errors import InvalidInput, Refused
from praticien.pin_care import CodesLeft
from praticien.practice import Practice
from ui.pin_care_page import PIN_CARE_DONE, PinCarePage
from ui.session import Session
from ui.tasks import Tasks
from ui.widgets import Notice


class PinCare(QObject):
    """Signals: the counters were read, the card refused (and why), it is done ("changed" or "unblocked")."""

    counted = Signal(object)
    refused = Signal(object)
    done = Signal(str)

    def __init__(self, practice: Practice, session: Session, tasks: Tasks) -> None:
        super().__init__()
        self._practice, self._session, self._tasks = practice, session, tasks

    def follow(self, page: PinCarePage, notice: Notice) -> None:
        """Do what ``page`` asks and have it say what came of it."""
        self._page, self._notice = page, notice
        page.change_asked.connect(self.change)
        page.unblock_asked.connect(self.unblock)
        self.counted.connect(self._show_counts)
        self.refused.connect(self._say_refusal)
        self.done.connect(self._open_again)

    def _show_counts(self, counts: CodesLeft) -> None:
        self._session.tries_left = counts.pin
        self._page.show_counts(counts)

    def _say_refusal(self, error: BaseException) -> None:
        """A counter may have changed: it is read again, unless reading it is what failed."""
        self._page.refused(error)
        if isinstance(error, Refused | InvalidInput):
            self.count()

    def _open_again(self, what: str) -> None:
        """The card is opened again, so that the new PIN proves itself."""
        self._session.lock()
        self._notice.say(PIN_CARE_DONE[what])

    def count(self) -> None:
        """Ask the card for both counters."""
        self._run(self._practice.codes_left, self.tr("Lecture des compteurs de la carte…"), self.counted.emit)

    def change(self, pin: bytearray | None, new: bytearray | None, last_try_confirmed: bool) -> None:
        """One try with the PIN."""
        work = partial(self._practice.change_pin, pin, new, last_try_confirmed=last_try_confirmed)
        doing = self.tr("Changement du code par la carte…")
        self._run(work, doing, lambda _none: self.done.emit("changed"), on_pad=pin is None)

    def unblock(self, code: bytearray | None, new: bytearray | None, last_try_confirmed: bool) -> None:
        """One try with the unblocking code."""
        work = partial(self._practice.unblock_pin, code, new, last_try_confirmed=last_try_confirmed)
        doing = self.tr("Déblocage du code par la carte…")
        self._run(work, doing, lambda _none: self.done.emit("unblocked"), on_pad=code is None)

    def _run(
        self,
        work: Callable[[], CodesLeft | None],
        doing: str,
        then: Callable[[CodesLeft], object],
        *,
        on_pad: bool = False,
    ) -> None:
        """Answers for a card that has left meanwhile are dropped."""
        session, round_ = self._session, self._session.round
        task = self._tasks.start(work, self.tr("Codes attendus sur le lecteur…") if on_pad else doing, lane="card")
        task.on_success(lambda result: then(result) if round_ == session.round else None)
        task.on_failure(lambda error: self.refused.emit(error) if round_ == session.round else None)
        task.on_cancel(session.leave_pad if on_pad else session.lock)
