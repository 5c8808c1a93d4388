"""Demonstration only: the patient's own space, as the reference server shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.messages import sentence
from ui.tasks import Tasks
from ui.theme import GRID
from ui.viewer.safe_browser import SafeBrowser
from ui.widgets import Notice, button, column, label, row


class PatientView(QWidget):
    """A window of its own; asks for the page anew each time it is shown."""

    def __init__(self, page: Callable[[], str], tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("patient_view")
        self.setWindowTitle(self.tr("Espace du patient (démonstration)"))
        self._page, self._tasks = page, tasks
        self.notice = Notice("patient_view.notice")
        self._browser = SafeBrowser("patient_view.page")
        self._browser.setAccessibleName(self.windowTitle())
        refresh = button(self.tr("Actualiser"), self.refresh, "", "patient_view.refresh")
        title = row(label(self.windowTitle(), "heading"), refresh)
        title.setStretch(0, 1)
        note = label(self.tr("Ce que le patient voit de ses accès. Patients et documents fictifs."), "muted")
        self.setLayout(column(title, note, self.notice, self._browser, margin=GRID * 2, gap=GRID))
        self.resize(760, 640)

    @property
    def text(self) -> str:
        """The page as text."""
        return self._browser.toPlainText()

    def refresh(self) -> None:
        """Ask for the page."""
        task = self._tasks.start(self._page, self.tr("Lecture de l’espace du patient…"))
        task.on_success(self._show)
        task.on_failure(lambda error: self.notice.say(sentence(error)))

    def _show(self, html: str) -> None:
        self.notice.clear()
        self._browser.show_html(html)
