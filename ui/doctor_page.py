"""The screen "Diagnostic lecteur": what is right and wrong with readers and cards, worst first, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.ports import Diagnose, Finding, Level
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.messages.diagnosis import as_text, finding_line, worst_first
from ui.tasks import Task, Tasks
from ui.text import count
from ui.theme import GRID
from ui.widgets import button, column, label


class DoctorPage(QWidget):
    """A page; Esc leaves, F5 looks again."""

    left = Signal()

    def __init__(self, diagnose: Diagnose | None, software: str, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("doctor")
        self._diagnose, self._software, self._tasks = diagnose, software, tasks
        self._findings: tuple[Finding, ...] = ()
        self._task: Task | None = None
        self._state = label("", "strong", "doctor.state")
        self._rows = QListWidget()
        self._rows.setObjectName("doctor.rows")
        self._rows.setAccessibleName(self.tr("Constats du diagnostic"))
        self._rows.setWordWrap(True)
        self._rows.setSpacing(GRID // 4)
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._copy = button(self.tr("Copier le texte"), self.copy, "", "doctor.copy")
        again = button(self.tr("Relancer (F5)"), self.look, "primary", "doctor.again")
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "doctor.back")
        hint = label(self.tr("Aucun essai de code n’est dépensé ; le texte copié ne nomme personne."), "muted")
        title = label(self.tr("Diagnostic lecteur"), "heading")
        self.setLayout(column(title, hint, self._state, FlowRow(again, self._copy, back), self._rows, gap=GRID))

    @property
    def is_available(self) -> bool:
        """Whether there is a doctor to ask."""
        return self._diagnose is not None

    @property
    def lines(self) -> tuple[str, ...]:
        """What each row says."""
        return tuple(self._rows.item(number).text() for number in range(self._rows.count()))

    @property
    def state(self) -> str:
        """The sentence above the rows."""
        return self._state.text()

    def look(self) -> None:
        """Look at everything once more."""
        if self._diagnose is None or (self._task and not self._task.is_over):
            return
        self._state.setText(self.tr("Examen du service, des lecteurs et des cartes…"))
        self._copy.setEnabled(False)
        self._task = self._tasks.start(self._diagnose, self._state.text())
        self._task.on_success(self._show)
        self._task.on_failure(lambda error: self._state.setText(sentence(error).whole))
        self._task.on_cancel(lambda: self._state.setText(self.tr("Examen interrompu.")))

    def _show(self, findings: tuple[Finding, ...]) -> None:
        self._findings = findings
        self._rows.clear()
        for finding in worst_first(findings):
            self._rows.addItem(QListWidgetItem(finding_line(finding)))
        self._rows.setCurrentRow(0)
        self._copy.setEnabled(True)
        wrong = sum(finding.level is Level.PROBLEM for finding in findings)
        points = count(wrong, "point à corriger", "points à corriger")
        self._state.setText(f"{points[:1].upper()}{points[1:]}." if wrong else self.tr("Rien à corriger."))

    def copy(self) -> None:
        """The diagnosis as text, to the clipboard."""
        QGuiApplication.clipboard().setText(as_text(self._findings, self._software, datetime.now(UTC)))
        self._state.setText(self.tr("Diagnostic copié."))

    def take_focus(self) -> None:
        """Where arrows go."""
        self._rows.setFocus()
