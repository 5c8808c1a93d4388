"""What happens to reports received: shown beside the open patient, led to the form, followed until the DMP has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from praticien.documents.lab_report import LabReport, SourcePatient
from praticien.identity import Patient
from praticien.lab_inbox import LabInbox, ReceivedReport
from praticien.outbox import Delivery, Outbox
from praticien.practice import Practice
from ui.dependencies import FileChooser, ReadLabFile
from ui.deposit.files import read_bytes
from ui.deposit.lab_panel import MAX_FILE_BYTES
from ui.laboratory.inbox_page import Entry, InboxPage, state_words
from ui.laboratory.loaded import LoadedReport
from ui.messages import for_code, sentence
from ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Kept:
    """Where reports come in and where documents go out; ``read`` reads a file of results."""

    inbox: LabInbox
    outbox: Outbox
    read: ReadLabFile | None


class ReceivedReports(QObject):
    """``form_asked(LoadedReport)`` and ``search_asked(dict)`` ask the window to go on;
    ``counted(int)`` says how many reports are still to be handled.
    """

    form_asked = Signal(object)
    search_asked = Signal(object)
    counted = Signal(int)
    _arrived = Signal()

    def __init__(
        self,
        kept: Kept,
        page: InboxPage,
        tasks: Tasks,
        choose: FileChooser,
        practice: Practice,
    ) -> None:
        super().__init__()
        inbox = kept.inbox
        self._inbox, self._outbox, self._read = inbox, kept.outbox, kept.read
        self._page, self._tasks, self._choose, self._practice = page, tasks, choose, practice
        self._open = False
        self._report: LabReport | None = None
        self._shown = ""
        if inbox.problem:
            page.say_stopped(for_code(inbox.problem).whole)
        self._stop = inbox.subscribe(self._arrived.emit)  # from any thread: the signal crosses
        self._arrived.connect(self.refresh)
        page.chosen.connect(self._show)
        page.deposit_asked.connect(self._deposit)
        page.search_asked.connect(lambda source: self.search_asked.emit(traits_of(source)))
        page.erased.connect(self._erase)
        page.import_asked.connect(self.choose_file)
        page.dropped.connect(lambda name: self._import(Path(name)))

    def close(self) -> None:
        """The window is closing."""
        self._stop()

    def start(self) -> None:
        """Somebody is unlocked: names may be shown."""
        self._open = True
        self.refresh()

    def stop(self) -> None:
        """Locked: nothing of a patient stays."""
        self._open, self._report, self._shown = False, None, ""
        self._page.forget()
        self.counted.emit(0)

    def refresh(self) -> None:
        """The list, the counts, and what the outbox says of what left."""
        if not self._open:
            return
        lines = self._inbox.reports()
        deliveries = {id: each for each in self._outbox.deliveries() for id in each.document_ids}
        self._reconcile(lines, deliveries)
        entries = tuple(Entry(line, _state(line, deliveries.get(line.document_id))) for line in lines)
        self._page.show_entries(entries, damaged=self._inbox.damaged)
        self.counted.emit(sum(1 for line in lines if not line.version))

    def show_again(self) -> None:
        """Another patient is open, or their identity was checked: compare again."""
        line = self._page.current
        if self._open and line:
            self._page.show_report(self._report if self._shown == line.id else None, self._patient())

    def accepted(self, delivery: Delivery) -> None:
        """The outbox has a document: was it one of ours?"""
        for line in self._inbox.reports():
            if line.document_id in delivery.document_ids and not line.version:
                former = self._inbox.former(line.id)
                self._do(partial(self._inbox.mark_deposited, line.id, former.version + 1 if former else 1))

    def choose_file(self) -> None:
        """Ask for a file of results and keep its reports."""
        path = self._choose()
        if path:
            self._import(path)

    def _patient(self) -> Patient | None:
        case = self._practice.case
        return case.patient if case else None

    # -- inside ----------------------------------------------------------------------------------------------

    def _reconcile(self, lines: tuple[ReceivedReport, ...], deliveries: dict[str, Delivery]) -> None:
        """What arrived leaves the disk; what was given up in the outbox is to be handled again."""
        for line in lines:
            delivery = deliveries.get(line.document_id)
            if line.sent_at or not line.version:
                continue
            if delivery is None:
                self._do(partial(self._inbox.mark_deposited, line.id, 0))
            elif delivery.acknowledged_at:
                self._do(partial(self._inbox.mark_sent, line.document_id))

    def _do(self, work: Callable[[], object], then: Callable[[object], object] | None = None) -> None:
        task = self._tasks.start(work, self.tr("Résultats reçus…"), lane="file")
        if then:
            task.on_success(then)
        task.on_failure(lambda error: self._page.notice.say(sentence(error)))

    def _show(self, line: ReceivedReport) -> None:
        self._report, self._shown = None, line.id
        self._page.show_report(None, None)
        if not line.sent_at:
            self._do(partial(self._inbox.report, line.id), partial(self._have, line.id))

    def _have(self, id: str, report: object) -> None:
        line = self._page.current
        if self._open and line and line.id == id and isinstance(report, LabReport):
            self._report = report
            self._page.show_report(report, self._patient(), for_code("lab.waiting").text if line.version else "")

    def _deposit(self, line: ReceivedReport) -> None:
        if self._report and self._shown == line.id:
            name = self.tr("Résultats reçus")
            self.form_asked.emit(LoadedReport(self._report, name, line, self._inbox.former(line.id)))

    def _erase(self, line: ReceivedReport) -> None:
        self._do(partial(self._inbox.erase, line.id))

    def _import(self, path: Path) -> None:
        read = self._read
        if read is None or not self._open:
            return

        def work() -> None:
            content = read_bytes(path, MAX_FILE_BYTES)
            self._inbox.put(content, read(content))

        self._page.notice.clear()
        self._do(work)


def _state(line: ReceivedReport, delivery: Delivery | None) -> str:
    if delivery and delivery.state.is_refused:
        return state_words(line, refused=for_code(delivery.error_code, delivery.error_rule).text)
    return state_words(line, waiting=bool(line.version))


def traits_of(source: SourcePatient) -> dict[str, str]:
    """What the file says, as the search form is typed: the user compares, INSi decides."""
    day = source.birth_date
    return {
        "ins": source.ins.matricule if source.ins else "",
        "birth_name": source.family_name or source.used_name,
        "birth_first_name": source.given_names.split(" ")[0] if source.given_names else "",
        "birth_date": f"{day[6:8]}/{day[4:6]}/{day[:4]}" if day else "",
        "sex": source.sex.value if source.sex else "",
    }
