"""What a prescription as a whole is: the six marks of eP-MED-DM, and two zones when a line says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from praticien.documents.prescription import Mark
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import column, label

_WORDS = {
    Mark.URGENT: "Exécution en urgence",
    Mark.AT_HOME: "Exécution à domicile",
    Mark.SECURED: "Ordonnance sécurisée",
    Mark.EXCEPTION_DRUGS: "Médicaments d’exception",
    Mark.LARGE_APPLIANCES: "Grand appareillage",
    Mark.MILITARY: "Affection militaire",
}
"""In the order of use. The document carries the official labels (``prescription_words.MARK_WORDS``)."""


class MarkBoxes(QWidget):
    """Emits ``changed`` when one is ticked or unticked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._boxes = {mark: self._box(mark, words) for mark, words in _WORDS.items()}
        self._zones = label(self.tr("Ordonnance bizone : les lignes ALD y sont à part."), "muted", "deposit.two_zones")
        caption = label(self.tr("Mentions de l’ordonnance entière (Ctrl+Maj+M)"), "strong")
        self.setLayout(column(caption, FlowRow(*self._boxes.values()), self._zones, gap=GRID // 2))
        self.say_zones(two=False)

    def _box(self, mark: Mark, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(f"deposit.marks.{mark.name.lower()}")
        box.toggled.connect(lambda _on: self.changed.emit())
        return box

    @property
    def marks(self) -> frozenset[Mark]:
        """What is ticked."""
        return frozenset(mark for mark, box in self._boxes.items() if box.isChecked())

    def restore(self, marks: frozenset[Mark]) -> None:
        """Tick these alone."""
        for mark, box in self._boxes.items():
            box.setChecked(mark in marks)

    def say_zones(self, *, two: bool) -> None:
        """Nobody ticks that: it follows from the lines."""
        self._zones.setVisible(two)

    def take_focus(self) -> None:
        """The first box."""
        self._boxes[Mark.URGENT].setFocus()
