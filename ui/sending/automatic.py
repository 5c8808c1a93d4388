"""Complete received reports of the open patient leave by themselves, where the rules say so: one after the other."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.documents.lab_report import LabReport
from praticien.documents.model import DocumentKind, Party
from praticien.lab_inbox import LabInbox, ReceivedReport
from praticien.practice import Practice
from praticien.professional import Professional
from praticien.sending import Sender, SendingRules, may_leave_alone, received_document
from ui.document_words import KIND_WORDS

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AutomaticSending(QObject):
    """Each report is tried once a session: what cannot leave waits for somebody to look at it."""

    def __init__(self, window: MainWindow, practice: Practice, rules: SendingRules, inbox: LabInbox) -> None:
        super().__init__(window)
        self._window, self._practice, self._rules, self._inbox = window, practice, rules, inbox
        self._flow = window.flow
        self._tried: set[tuple[str, str]] = set()  # report and patient
        window.session.locked.connect(self._tried.clear)

    def look(self) -> None:
        """Try every report that nobody holds back."""
        case = self._flow.case
        if case is None or case.patient.ins is None or not self._rules.automatic_reports:
            return
        for line in self._inbox.reports():
            key = (line.id, case.patient.ins.matricule)
            if not (line.held or line.version or key in self._tried):
                self._tried.add(key)
                self._try(line)

    def _try(self, line: ReceivedReport) -> None:
        work = partial(self._inbox.report, line.id)
        task = self._window.tasks.start(work, self.tr("Résultats reçus…"), lane="file")
        task.on_success(partial(self._send, line, self._practice.turn))
        task.on_failure(lambda _error: None)  # it stays in the list, whose page says what is wrong with it

    def _send(self, line: ReceivedReport, turn: int, report: LabReport) -> None:
        case, sender = self._flow.case, self._sender(report)
        now = next((one for one in self._inbox.reports() if one.id == line.id), None)
        if case is None or now is None or sender is None or turn != self._practice.turn:
            return
        if not may_leave_alone(report, now, case.patient, case.access.mode):
            return
        document = received_document(
            report,
            now,
            self._inbox.former(line.id),
            patient=case.patient,
            sender=sender,
            title=KIND_WORDS[DocumentKind.LAB_RESULT],
            now=datetime.now().astimezone(),
        )
        if document:
            self._window.outgoing.submit(document)

    def _sender(self, report: LabReport) -> Sender | None:
        holder, situation = self._practice.holder, self._practice.situation
        if holder is None or situation is None:
            return None
        me = Party(holder.professional, situation.structure)
        author = me.professional if me.professional.profession else self._listed(report.interpreter)
        return Sender(me, author) if author else None

    def _listed(self, national_id: str) -> Professional | None:
        """Of staff, the author is who validated the report, when this installation knows them."""
        return next((who for who in self._window.physicians if who.national_id == national_id), None)
