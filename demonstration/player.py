"""The three main jobs, played on the real window without a screen: keys, cards, pictures, documents, a summary."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from demonstration import jobs
from demonstration.hand import Hand
from demonstration.recorder import Recorder, StepFailed
from demonstration.stage import Stage
from demonstration.study import write_report, write_study
from praticien.documents.model import NewDocument
from praticien.metadata import Submission
from ui.application import create
from ui.dependencies import Dependencies
from ui.main_window import MainWindow


def play(dependencies: Dependencies, stage: Stage, folder: Path) -> int:
    """Play everything; 0 when every step succeeded, else 1. ``folder`` receives pictures, documents and summary."""
    application = create()
    player = Player(dependencies, stage, folder)
    try:
        player.play()
    except StepFailed as failure:
        print(f"praticien : étape échouée : {failure}", file=sys.stderr)
    finally:
        page = player.end()
        application.processEvents()
    print(page)
    return 1 if player.recorder.failed else 0


class Player:
    """One window, one hand, one recorder."""

    def __init__(self, dependencies: Dependencies, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._prepare = dependencies.prepare
        self.study = write_study(folder / "examen", jobs.SECRETARY_PATIENT)
        self.report = write_report(folder / "examen" / "compte-rendu.pdf", jobs.SECRETARY_PATIENT)
        given = replace(
            dependencies,
            prepare=self._prepared,
            choose_pdf=lambda: self.report,
            choose_dicom_folder=lambda: self.study,
        )
        self.window = MainWindow(given)
        self.hand = Hand(self.window)
        self.recorder = Recorder(folder, self._grab)
        self._shown: QWidget = self.window

    def play(self) -> None:
        """The three jobs, in order. Raises StepFailed."""
        self.window.show()
        self.window.activateWindow()
        self.window.start()
        for job in (jobs.general_practitioner, jobs.emergency_physician, jobs.radiology_secretary):
            job(self)

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
        page = self.recorder.write_summary(
            f"{self._stage.notice}. {platform.system()}, Python {sys.version.split()[0]}."
        )
        self.window.close()
        return page

    def _grab(self):  # type: ignore[no-untyped-def]
        QApplication.processEvents()
        return self._shown.grab()

    def _prepared(self, document: NewDocument, *, text_compared: bool = False) -> Submission:
        """The application's own preparation; what leaves is kept in the folder."""
        submission = self._prepare(document, text_compared=text_compared)
        number = len([name for name in self.recorder.documents if name.endswith(".xml")]) + 1
        stem = f"depot-{number}-{document.kind.value}"
        for sent in submission.documents:
            self.recorder.keep(f"{stem}.xml", sent.content)
            self.recorder.keep(f"{stem}.pdf", jobs.pdf_inside(sent.content))
        if document.study:
            for image in sorted(self.study.glob("*.dcm")):
                self.recorder.keep(f"{stem}-{image.name}", image.read_bytes())
        return submission
