"""A Vitale comes or goes: the patient it offers. An open patient never changes by it alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.vitale import VitaleReading
from ui.choosing import Choosing, Reading
from ui.depositing import Depositing
from ui.messages import Message
from ui.pages import Page
from ui.text import local_today

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class VitaleConduct(QObject):
    """``home`` goes to the page of the moment, ``leave_page`` puts the present one aside.

    ``change`` asks for a patient.
    """

    def __init__(
        self,
        window: MainWindow,
        depositing: Depositing,
        home: Callable[[], None],
        leave_page: Callable[[], None],
        change: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._depositing = window, depositing
        self._home, self._leave_page, self._change = home, leave_page, change
        self._pages, self._session, self._flow = window.pages, window.session, window.flow
        self._wanted = False  # the user asked for the reading: it is shown whatever is open
        self.choosing = Choosing(window.session, window.flow, window.pages, self._offer)
        self._wire()

    def _wire(self) -> None:
        session, flow, page = self._session, self._flow, self._pages.beneficiaries
        session.vitale_inserted.connect(lambda _reader: self._inserted())
        session.vitale_withdrawn.connect(self._withdrawn)
        flow.vitale_read.connect(self._read)
        flow.vitales_read.connect(self._several_read)
        page.chosen.connect(flow.take_beneficiary)
        page.search_asked.connect(lambda: self._pages.go(Page.PATIENT))

    def ask(self) -> None:
        """The user wants the patient of the card: read it, and show what it says."""
        self._wanted = self.choosing.read_vitale()

    def unread(self, message: Message) -> None:
        """The card could not be read: by traits then."""
        if self._wanted:
            self._wanted = False
            self._pages.go(Page.PATIENT)
        self._window.notice.say(message)

    def _inserted(self) -> None:
        if self._session.is_ready:
            self.choosing.read_vitale()

    def _withdrawn(self) -> None:
        ready = self._session.is_ready
        self._pages.beneficiaries.forget()
        if ready:
            self._pages.cards.forget()
        if self._pages.current is Page.BENEFICIARIES or (ready and self._pages.current is Page.CARDS):
            self._home()

    def _several_read(self, found: tuple[Reading, ...]) -> None:
        readers = tuple(reader for reader, _reading in found)
        if not self._session.is_ready or self._session.vitale_readers != readers:
            return
        if self._may_show():
            self._leave_page()
            self.choosing.ask_vitale(found)
        else:
            self._window.notice.say(
                self.tr("Plusieurs cartes Vitale sont insérées. Le patient ouvert ne change pas seul."),
                self.tr("Changer de patient"),
                self._change,
            )

    def _read(self, reading: VitaleReading) -> None:
        if not self._session.is_ready or not self._session.vitale_reader:
            return
        if self._may_show():
            self._offer(reading)
        elif reading.serial != self._flow.vitale_serial:
            self._window.notice.say(
                Message(
                    self.tr("Une carte Vitale vient d’être insérée."), self.tr("Le patient ouvert ne change pas seul.")
                ),
                self.tr("Changer de patient"),
                lambda: self._offer(reading),
            )

    def _may_show(self) -> bool:
        """Asked for, or nothing else is in hand."""
        wanted, self._wanted = self._wanted, False
        occupied = self._flow.case or self._pages.current is Page.DEPOSIT or self._flow.act
        return wanted or not occupied

    def _offer(self, reading: VitaleReading) -> None:
        self._depositing.leave()
        self._pages.beneficiaries.offer(reading, local_today())
        self._pages.go(Page.BENEFICIARIES)
