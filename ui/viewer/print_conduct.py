"""Printing the document that is read: an act of the user, on a printer they choose."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from praticien.errors import EnvironmentProblem, Refused
from praticien.practice import Practice
from ui.messages import sentence
from ui.pages import Page
from ui.text import patient_label
from ui.viewer.printing import Heading, pdf_job, text_job

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class PrinterFailed(EnvironmentProblem):
    """The printer does not take the document."""

    code = "printer.failed"


class DocumentClosed(Refused):
    """The document left the screen before a printer was chosen."""

    code = "printer.document_closed"


def ask_printer(parent: QWidget, printer: QPrinter) -> bool:
    """The system's dialog."""
    return QPrintDialog(printer, parent).exec() == QPrintDialog.DialogCode.Accepted


class Printing(QObject):
    """Nothing of what is printed is kept here."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._window, self._practice = window, practice
        self._viewer = window.pages.dossier.viewer
        self._viewer.print_asked.connect(self.print_shown)

    def print_shown(self) -> None:
        """Ctrl+T: the tab in front, as pages or as a text under a heading."""
        content = self._printable()
        printer = QPrinter(QPrinter.PrinterMode.HighResolution) if content else None
        if content is None or printer is None or not self._window.choose_printer(printer):
            return
        if self._printable() != content:  # the card went, or the access ended, while the system's dialog was open
            self._window.notice.say(sentence(DocumentClosed()))
            return
        if isinstance(content, bytes):
            work = partial(_print_pdf, content, printer)
            task = self._window.tasks.start(work, self.tr("Impression du document…"), lane="file")
            task.on_success(lambda _none: self._done())
            task.on_failure(lambda error: self._window.notice.say(sentence(error)))
        else:
            text_job(content, self._heading())(printer)
            self._tell(printer)

    def _printable(self) -> bytes | QTextDocument | None:
        return self._viewer.printable if self._window.page is Page.DOSSIER else None

    def _heading(self) -> Heading:
        """The title, the patient's traits, what the document is: a sheet must say whose it is."""
        case, viewer = self._practice.case, self._viewer
        who = self.tr("Patient : {who}").format(who=patient_label(case.patient.traits)) if case else ""
        return (viewer.title, who, viewer.facts_line)

    def _tell(self, printer: QPrinter) -> None:
        if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
            self._window.notice.say(sentence(PrinterFailed()))
        else:
            self._done()

    def _done(self) -> None:
        self._window.notice.say(self.tr("Le document est parti vers l’imprimante."))


def _print_pdf(content: bytes, printer: QPrinter) -> None:
    pdf_job(content)(printer)
    if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        raise PrinterFailed
