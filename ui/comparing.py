"""The register of texts declared to be this patient's: exported from the page of what was sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from praticien.comparisons import Comparisons
from ui.dependencies import FileChooser
from ui.messages import Message, sentence

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Comparing(QObject):
    """``choose`` asks where; the system's dialog by default."""

    def __init__(self, window: MainWindow, register: Comparisons | None, choose: FileChooser | None) -> None:
        super().__init__(window)
        self._window, self._register, self._choose = window, register, choose or self._ask
        window.pages.outbox.register_asked.connect(self.export)

    def export(self) -> None:
        """Write the CSV, after its chain was checked."""
        path = self._choose() if self._register else None
        if self._register is None or path is None:
            return
        register = self._register
        task = self._window.tasks.start(
            lambda: path.write_text(register.export(), "utf-8-sig", newline=""),
            self.tr("Écriture du registre…"),
            lane="file",
        )
        done = Message(self.tr("Registre exporté, sans nom de patient."))
        task.on_success(lambda _written: self._window.notice.say(done))
        task.on_failure(lambda error: self._window.notice.say(self._refusal(error)))

    def _refusal(self, error: BaseException) -> Message:
        if isinstance(error, OSError):
            return Message(self.tr("Le registre n’a pas pu être écrit à cet endroit."), "")
        return sentence(error)

    def _ask(self) -> Path | None:
        title = self.tr("Exporter le registre des textes relus")
        name, _filter = QFileDialog.getSaveFileName(self._window, title, "registre-textes.csv", "CSV (*.csv)")
        return Path(name) if name else None
