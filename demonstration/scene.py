"""The stage seen through one window: the hand that types, the recorder, the cards. What the jobs are played on."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from demonstration.hand import Hand
from demonstration.laboratory import blood_test
from demonstration.people import NORA, SCANNED
from demonstration.recorder import Recorder
from demonstration.stage import Stage
from demonstration.study import write_report, write_study
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.kos import MIME_TYPE
from praticien.documents.model import NewDocument
from praticien.metadata import Submission
from ui.dependencies import Dependencies
from ui.main_window import MainWindow


class Scene:
    """One window, one hand, one recorder."""

    def __init__(self, dependencies: Dependencies, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._prepare = dependencies.prepare
        self.study = write_study(folder / "examen", SCANNED)
        self.report = write_report(folder / "examen" / "compte-rendu.pdf", SCANNED)
        self.results = folder / "examen" / "resultats.hl7"
        self.results.write_text(blood_test(NORA, datetime.now(UTC)), "utf-8")
        given = replace(
            dependencies,
            prepare=self._prepared,
            choose_pdf=lambda: self.report,
            choose_dicom_folder=lambda: self.study,
            choose_lab_file=lambda: self.results,
            choose_export=lambda: folder / "IHE_XDM.ZIP",
            choose_package=lambda: folder / "IHE_XDM.ZIP",
        )
        self.window = MainWindow(given)
        self.hand = Hand(self.window)
        self.recorder = Recorder(folder, self._grab)
        self._shown: QWidget = self.window

    def open(self) -> None:
        """Show the window and let it follow the readers."""
        self.window.show()
        self.window.activateWindow()
        self.window.start()

    def insert(self, card: str) -> None:
        """Put a card into a reader."""
        self._stage.card_table.insert(card)

    def withdraw(self, card: str) -> None:
        """Take it out."""
        self._stage.card_table.withdraw(card)

    def step(self, title: str, act: Callable[[], None], *, of: QWidget | None = None) -> None:
        """One step of the summary, its picture taken of ``of`` (the window by default), which is then put away."""
        self._shown = of or self.window
        with self.recorder.step(title):
            act()
        if of:
            of.hide()
            self.window.activateWindow()
            self.hand.wait("la fenêtre active", self.window.isActiveWindow)

    def end(self) -> Path:
        """Close the window, write the summary."""
        system = f"{platform.system()}, Python {platform.python_version()}"
        page = self.recorder.write_summary(f"{self._stage.notice}. {system}.")
        self.window.close()
        return page

    def _grab(self) -> QPixmap:
        QApplication.processEvents()
        return self._shown.grab()

    def _prepared(self, document: NewDocument, *, text_compared: bool = False) -> Submission:
        """The application's own preparation; what leaves is kept in the folder."""
        submission = self._prepare(document, text_compared=text_compared)
        number = len([name for name in self.recorder.documents if name.endswith(".xml")]) + 1
        stem = f"depot-{number}-{document.kind.value}"
        for sent in submission.documents:
            if sent.entry.mime_type == MIME_TYPE:
                self.recorder.keep(f"{stem}-images.dcm", sent.content)
                continue
            self.recorder.keep(f"{stem}.xml", sent.content)
            self.recorder.keep(f"{stem}.pdf", _pdf_inside(sent.content))
        if document.study:
            for image in sorted(self.study.glob("*.dcm")):
                self.recorder.keep(f"{stem}-{image.name}", image.read_bytes())
        return submission


def _pdf_inside(cda: bytes) -> bytes:
    """The PDF that a CDA carries: its body, or the copy beside a structured one."""
    body = read(cda).body
    attached = body.attachments if isinstance(body, StructuredBody) else (body,)
    return next(one.content for one in attached if one and one.mime_type == "application/pdf")
