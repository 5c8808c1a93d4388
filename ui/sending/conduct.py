"""What could be sent, gathered from where it waits; and what leaves by itself when the rules say so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.documents.model import DocumentKind
from praticien.lab_inbox import LabInbox, ReceivedReport
from praticien.practice import Case, Practice
from praticien.sending import SendingRules
from ui.depositing import Depositing
from ui.document_words import KIND_WORDS
from ui.pages import Page
from ui.sending.automatic import AutomaticSending
from ui.sending.page import Pending
from ui.session import Phase
from ui.text import count, moment_text

if TYPE_CHECKING:
    from ui.conductor import Conductor
    from ui.main_window import MainWindow


class SendingConduct(QObject):
    """Every public method is an act of the user, or follows what changed."""

    def __init__(self, window: MainWindow, practice: Practice, depositing: Depositing, conductor: Conductor) -> None:
        super().__init__(window)
        self._window, self._depositing, self._conductor = window, depositing, conductor
        self._inbox, self._page = window.lab_inbox, window.pages.sending
        self._rules = SendingRules(window.settings)
        self._automatic = AutomaticSending(window, practice, self._rules, self._inbox) if self._inbox else None
        self._page.rule_chosen.connect(self._choose)
        window.deposit_bar.pending_asked.connect(self.show)
        window.flow.case_changed.connect(self.refresh)
        window.outgoing.changed.connect(self.refresh)
        depositing.drafts_changed.connect(self.refresh)
        if window.received_reports:
            window.received_reports.counted.connect(lambda _number: self.refresh())

    def show(self) -> None:
        """Ctrl+F10."""
        if self._is_ready:
            self._conductor.leave_page()
            self.refresh()
            self._window.pages.go(Page.SENDING)

    def refresh(self) -> None:
        """The list and its count; what may leave by itself leaves."""
        found = self._found() if self._is_ready else ()
        self._page.show_pending(found, automatic=self._rules.automatic_reports)
        self._window.deposit_bar.say_pending(len(found))
        if self._automatic and self._is_ready and self._takes_documents():
            self._automatic.look()

    # -- inside ----------------------------------------------------------------------------------------------

    @property
    def _is_ready(self) -> bool:
        return self._window.session.phase is Phase.READY

    def _takes_documents(self) -> bool:
        """The open patient's dossier is known and takes documents, and no form is in hand."""
        case = self._window.flow.case
        known = case is not None and case.status is not None and self._window.page is not Page.DEPOSIT
        return known and self._depositing.refusal(case, is_staff=False) is None

    def _choose(self, automatic: bool) -> None:
        self._rules.choose(automatic_reports=automatic)
        self.refresh()

    def _found(self) -> tuple[Pending, ...]:
        inbox = self._inbox
        reports = tuple(self._report(inbox, line) for line in inbox.reports() if not line.version) if inbox else ()
        return (*reports, *self._studies(), *self._drafts(self._window.flow.case))

    def _report(self, inbox: LabInbox, line: ReceivedReport) -> Pending:
        state = self.tr("retenu") if line.held else self.tr("reçu le {when}").format(when=moment_text(line.received_at))
        words = self.tr("Résultats de biologie — {label} · {state}").format(label=line.label, state=state)
        return Pending(words, self._conductor.laboratory.show, partial(self._hold, inbox, line), line.held)

    def _hold(self, inbox: LabInbox, line: ReceivedReport) -> None:
        work = partial(inbox.hold, line.id, held=not line.held)
        self._window.tasks.start(work, self.tr("Résultats reçus…"), lane="file").on_success(
            lambda _none: self.refresh()
        )

    def _studies(self) -> tuple[Pending, ...]:
        store = self._window.reception.store
        number = store.count if store else 0
        if not number:
            return ()
        words = self.tr("Imagerie — {studies} sans compte rendu").format(
            studies=count(number, "examen reçu", "examens reçus")
        )
        return (Pending(words, partial(self._conductor.open_deposit, DocumentKind.IMAGING_REPORT)),)

    def _drafts(self, case: Case | None) -> tuple[Pending, ...]:
        mine = case.patient.ins.matricule if case and case.patient.ins else ""
        return tuple(self._draft(kind, matricule in ("", mine)) for kind, matricule in self._depositing.drafts())

    def _draft(self, kind: DocumentKind, here: bool) -> Pending:
        whose = self.tr("patient ouvert") if here else self.tr("autre patient, à rouvrir d’abord (F2)")
        words = self.tr("Brouillon : {kind} — {whose}").format(kind=KIND_WORDS[kind], whose=whose)
        return Pending(words, partial(self._conductor.open_deposit, kind) if here else lambda: None)
