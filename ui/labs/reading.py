"""Ctrl+B: reads every laboratory report of the list, by an act of the user; kept for this case only."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from praticien.access import Access
from praticien.documents.coded.lab_table import LabTable, Report, lab_table
from praticien.documents.coded.reading import read_with_header
from praticien.documents.errors import InvalidCda
from praticien.documents.model import DocumentKind
from praticien.errors import PatientChanged
from praticien.identity import Ins
from praticien.metadata import Availability, DocumentEntry, RetrievedDocument
from praticien.practice import Case, Practice
from ui.labs.page import LabPage
from ui.messages import sentence
from ui.tasks import Task, Tasks
from ui.text import count

MOST_REPORTS = 50
"""The newest ones: each is a consultation that the DMP traces."""


def lab_reports(entries: tuple[DocumentEntry, ...]) -> tuple[DocumentEntry, ...]:
    """Laboratory reports among them, newest first as the list is."""
    wanted = DocumentKind.LAB_RESULT.codes.type_code.code
    return tuple(entry for entry in entries if entry.type_code.code == wanted)[:MOST_REPORTS]


def understood(entry: DocumentEntry, document: RetrievedDocument) -> Report | None:
    """The report's values; None for one without any that can be read, or that names somebody else."""
    try:
        header, facts = read_with_header(document.content)
        if header.patient.ins and header.patient.ins.matricule != entry.patient_id.matricule:
            return None
        return Report(header, facts.results, entry.availability is Availability.APPROVED)
    except InvalidCda:
        return None


class LabReading(QObject):
    """Reads for the open case; what was read is dropped with it, and with the access mode in which it was read."""

    def __init__(self, practice: Practice, tasks: Tasks, page: LabPage) -> None:
        super().__init__(page)
        self._practice, self._tasks, self._page = practice, tasks, page
        self._task: Task | None = None
        self._kept: dict[str, Report | None] = {}
        self._of: tuple[Ins | None, Access] | None = None

    def follow(self, case: Case | None) -> None:
        """The case may have changed: nothing of another one stays."""
        now = (case.patient.ins, case.access) if case else None
        if now != self._of:
            self._of = now
            self._kept = {}  # a reading that still ends keeps what it found in the former one
            if self._task:
                self._task.drop()
            self._page.forget()

    def read(self) -> None:
        """Fetch what was not yet read, then show everything."""
        case = self._practice.case
        entries = lab_reports(case.documents) if case else ()
        if not entries:
            self._page.say(self.tr("Ce dossier ne contient aucun compte rendu de biologie."))
            return
        missing = tuple(entry for entry in entries if entry.unique_id not in self._kept)
        doing = count(len(missing), "compte rendu de biologie", "comptes rendus de biologie")
        self._page.say(self.tr("Lecture en cours : {what}…").format(what=doing) if missing else self._page.state)
        work = partial(self._fetch, self._kept, missing, entries, self._practice.turn)
        if self._task:
            self._task.drop()
        self._task = self._tasks.start(work, self.tr("Lecture des comptes rendus de biologie…"))
        self._task.on_success(self._show)
        self._task.on_failure(self._failed)
        self._task.on_cancel(lambda: self._page.say(self.tr("Lecture interrompue. F5 pour la reprendre.")))

    def _fetch(
        self,
        kept: dict[str, Report | None],
        missing: tuple[DocumentEntry, ...],
        entries: tuple[DocumentEntry, ...],
        turn: int,
    ) -> tuple[LabTable, int, int]:
        """In the background: one TD3.2 after the other."""
        for entry in missing:
            kept[entry.unique_id] = understood(entry, self._practice.open_document(entry, turn=turn))
        found = [kept.get(entry.unique_id) for entry in entries]
        reports = [report for report in found if report is not None]
        return lab_table(reports), len(reports), len(found) - len(reports)

    def _show(self, result: tuple[LabTable, int, int]) -> None:
        self._page.show_table(*result)
        self._page.take_focus()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PatientChanged):
            self._page.say("")
            self._page.notice.say(sentence(error))
