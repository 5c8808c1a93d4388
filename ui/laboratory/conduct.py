"""Reports received, within the window: when the page is shown, where its acts lead. The list: ``received``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.documents.model import DocumentKind
from ui.laboratory.loaded import LoadedReport
from ui.laboratory.received import ReceivedReports
from ui.pages import Page

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class LaboratoryConduct(QObject):
    """``leave`` puts the present page aside, ``open_deposit`` begins a document, ``back`` goes home."""

    def __init__(
        self,
        window: MainWindow,
        leave: Callable[[], None],
        open_deposit: Callable[[DocumentKind], None],
        back: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._leave, self._open_deposit = window, leave, open_deposit
        self._pages, self._receiving = window.pages, window.received_reports
        self._wanted = False
        if self._receiving:
            self._wire(self._receiving, back)

    def _wire(self, receiving: ReceivedReports, back: Callable[[], None]) -> None:
        window = self._window
        receiving.form_asked.connect(self._open_report)
        receiving.search_asked.connect(self._search)
        receiving.counted.connect(window.deposit_bar.say_received)
        for asked in (self._pages.deposit.received_asked, window.deposit_bar.received_asked):
            asked.connect(self.show)
        self._pages.lab_inbox.left.connect(back)
        window.flow.case_changed.connect(receiving.show_again)
        window.outgoing.accepted.connect(receiving.accepted)
        window.outgoing.changed.connect(receiving.refresh)
        window.session.locked.connect(receiving.stop)

    def close(self) -> None:
        """The window is closing."""
        if self._receiving:
            self._receiving.close()

    def start(self) -> None:
        """Somebody is unlocked."""
        self._wanted = False
        if self._receiving:
            self._receiving.start()

    def show(self) -> None:
        """Shift+F7: the reports that laboratories sent."""
        if self._receiving and self._window.session.is_ready:
            self._leave()
            self._pages.go(Page.LAB_INBOX)

    def ask_search(self) -> bool:
        """F2 on the page searches the patient of the chosen report; False when there is none, or another page."""
        return self._pages.current is Page.LAB_INBOX and self._pages.lab_inbox.ask_search()

    def found(self) -> None:
        """The patient searched for from the list is open: the list comes back."""
        wanted, self._wanted = self._wanted, False
        if wanted:
            self.show()

    def _open_report(self, loaded: LoadedReport) -> None:
        """A received report goes into the form of the open patient."""
        self._open_deposit(DocumentKind.LAB_RESULT)
        if self._pages.current is Page.DEPOSIT:
            self._pages.deposit.take_report(loaded)

    def _search(self, typed: dict[str, str]) -> None:
        """The search form, filled with what the report says."""
        self._leave()
        self._pages.patient_form.restore(typed)
        self._pages.go(Page.PATIENT)
        self._wanted = True
