"""Which states of documents the list shows (EX_3.1-1030): active ones always, the others as wished."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from praticien.metadata import Availability, Code, Confidentiality, DocumentEntry
from ui.flow_row import FlowRow

_ASKED = {
    Availability.ARCHIVED: "Archivés",
    Availability.DEPRECATED: "Anciennes versions",
}
"""Asked of the DMP when they are wished."""
_KEPT: tuple[tuple[Code, str], ...] = (
    (Confidentiality.MASKED, "Masqués"),
    (Confidentiality.INVISIBLE_TO_PATIENT, "Invisibles au patient"),
    (Confidentiality.INVISIBLE_TO_REPRESENTATIVES, "Invisibles aux représentants"),
)
"""In every answer for those who may see them, and shown unless they are unticked."""


class StatesPanel(QWidget):
    """Emits ``asked(statuses)`` when other states are wished of the DMP, ``changed`` when fewer are to be shown."""

    asked = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("states")
        self._asked = {state: self._box(words, state.name, on=False) for state, words in _ASKED.items()}
        self._kept = {code.code: self._box(words, code.code, on=True) for code, words in _KEPT}
        self.setLayout(FlowRow(*self._asked.values(), *self._kept.values()))
        for box in self._asked.values():
            box.toggled.connect(lambda _on: self.asked.emit(self.statuses))
        for box in self._kept.values():
            box.toggled.connect(lambda _on: self.changed.emit())
        self.hide()

    @staticmethod
    def _box(words: str, name: str, *, on: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(f"states.{name.lower()}")
        box.setChecked(on)
        return box

    @property
    def statuses(self) -> tuple[Availability, ...]:
        """What the DMP is asked for."""
        wished = (state for state, box in self._asked.items() if box.isChecked())
        return (Availability.APPROVED, *wished)

    def shows(self, entry: DocumentEntry) -> bool:
        """False for a document in a state that was unticked."""
        return all(
            box.isChecked() for code, box in self._kept.items() if any(c.code == code for c in entry.confidentiality)
        )

    def want(self, state: Availability) -> None:
        """Tick a state."""
        self._asked[state].setChecked(True)

    def reset(self) -> None:
        """As for a new patient; nobody is told."""
        self.blockSignals(True)
        for box in self._asked.values():
            box.setChecked(False)
        for box in self._kept.values():
            box.setChecked(True)
        self.blockSignals(False)
        self.hide()

    def take_focus(self) -> None:
        """The first box."""
        next(iter(self._asked.values())).setFocus()
