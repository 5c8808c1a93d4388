"""What the window shows as the professional's session goes on: the phases, the PIN, who is there, the bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.access import NORMAL
from praticien.ports import DeskState, PadAct, SlotState
from praticien.practice import Practice
from ui.choosing import Choosing
from ui.messages import for_code, sentence
from ui.pages import Page
from ui.session import Phase
from ui.welcome import welcome_words

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_NOBODY = (Phase.NO_SERVICE, Phase.NO_READER, Phase.NO_CARD, Phase.READING)


class SessionConduct(QObject):
    """``begin`` starts the work of whoever is ready, ``leave_page`` puts the present page aside."""

    def __init__(
        self,
        window: MainWindow,
        practice: Practice,
        choosing: Choosing,
        begin: Callable[[], None],
        leave_page: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._practice, self._leave_page = window, practice, leave_page
        self._pages, self._session = window.pages, window.session
        self._pin_care_wanted = False
        self._ways: dict[Phase, Callable[[], None]] = {
            Phase.PIN: self._ask_pin,
            Phase.SEVERAL: choosing.ask_professional,
            Phase.STRUCTURE: self._ask_structure,
            Phase.PLEDGE: self._ask_pledge,
            Phase.READY: begin,
        }
        self._wire()

    def _wire(self) -> None:
        session, pages = self._session, self._pages
        pages.currentChanged.connect(lambda _index: self._show_bars())
        session.phase_changed.connect(self.enter)
        session.pin_refused.connect(lambda error: pages.pin.refused(error, session.tries_left))
        session.pad_left.connect(lambda: self._window.notice.say(for_code("pin.pad_left")))
        session.bystander_changed.connect(self._look_at_other_cards)
        pages.pin.submitted.connect(lambda pin, sure: session.unlock(pin, last_try_confirmed=sure))
        pages.pin.care_asked.connect(self.show_pin_care)
        pages.situations.chosen.connect(session.choose)
        pages.pledge.understood.connect(session.understood)
        self._window.pin_care.follow(pages.pin_care, self._window.notice)

    def enter(self, phase: Phase) -> None:
        """The page of this phase."""
        self.show_session()
        way = self._ways.get(phase)
        if way:
            way()
        else:
            self._say_welcome(phase)

    def show_session(self) -> None:
        """Who is unlocked, in which structure and which access."""
        phase, case = self._session.phase, self._window.flow.case
        access = case.access if case else NORMAL
        holder = None if phase in _NOBODY else self._practice.holder
        situation = self._practice.situation if self._session.is_ready else None
        self._window.session_bar.show_session(phase, holder, situation, access.mode)
        self._show_bars()

    def show_pin_care(self) -> None:
        """Change or unblock the PIN; an unlocked session is locked first, the card forgets its PIN by it."""
        self._leave_page()
        if self._session.phase in (Phase.READY, Phase.STRUCTURE, Phase.PLEDGE):
            self._pin_care_wanted = True
            self._session.lock()
        elif self._session.phase is Phase.PIN:
            self._pages.pin.wipe()
            self._pages.pin_care.begin()
            self._pages.go(Page.PIN_CARE)
            self._window.pin_care.count()

    def _ask_pin(self) -> None:
        on_pad = PadAct.VERIFY in self._practice.on_pad
        self._pages.pin.ask(self._practice.holder, self._session.tries_left, on_pad=on_pad)
        self._pages.go(Page.PIN)
        wanted, self._pin_care_wanted = self._pin_care_wanted, False
        if wanted:
            self.show_pin_care()

    def _ask_structure(self) -> None:
        self._window.notice.clear()
        self._pages.situations.offer(self._session.situations)
        self._pages.go(Page.STRUCTURE)

    def _ask_pledge(self) -> None:
        self._window.notice.clear()
        self._pages.pledge.ask(again=False)
        self._pages.go(Page.PLEDGE)

    def _say_welcome(self, phase: Phase) -> None:
        title, text = welcome_words(phase)
        self._pin_care_wanted = self._pin_care_wanted and phase is Phase.READING
        error = self._session.error
        if phase is Phase.UNUSABLE and error:
            text = sentence(error).whole
        again = self.tr("Relire la carte") if phase is Phase.UNUSABLE else ""
        self._pages.welcome.say(title, text, again, self._session.reopen)
        self._pages.go(Page.WELCOME)

    def _show_bars(self) -> None:
        """A form or a sheet in hand needs no offer to begin another one."""
        ready, page = self._session.is_ready, self._pages.current
        begun = page in (Page.DEPOSIT, Page.EMERGENCY, Page.REVIEWS)
        self._window.banner.setVisible(ready and page is not Page.REVIEWS)
        self._window.deposit_bar.setVisible(ready and not begun)

    def _look_at_other_cards(self, state: DeskState) -> None:
        if state.first(SlotState.MUTE):
            self._window.notice.say(for_code("card.mute"))
        elif state.first(SlotState.UNKNOWN_CARD):
            self._window.notice.say(for_code("card.unknown_vitale"))
