"""Traits confirmed aloud with the caller, one box each; what is still missing is said."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from praticien.regulation import Candidate, Found, Trait, known_traits, may_open, value
from ui.flow_row import FlowRow
from ui.messages import Message, for_code
from ui.text import date_text
from ui.theme import GRID
from ui.widgets import button, column, label

_CAPTIONS = {
    Trait.BIRTH_NAME: "Nom de naissance",
    Trait.FIRST_NAME: "Premier prénom",
    Trait.BIRTH_DATE: "Date de naissance",
    Trait.SEX: "Sexe",
    Trait.CITY: "Commune",
}


class Confirmation(QWidget):
    """Boxes for the chosen candidate; nothing is ticked by itself."""

    open_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("regulation.confirmation")
        self._found = Found()
        self.candidate: Candidate | None = None
        self._boxes: dict[Trait, QCheckBox] = {}
        self._box_column = QVBoxLayout()
        self._box_column.setSpacing(0)
        self._title = label(self.tr("Confirmé par l’appelant (chiffres)"), "strong")
        self._verdict = label("", "", "regulation.verdict")
        self._open = button(
            self.tr("Ouvrir la vue minimale (Entrée)"), self.open_asked.emit, "emergency", "regulation.open"
        )
        self.setLayout(column(self._title, self._box_column, self._verdict, FlowRow(self._open), gap=GRID // 2))
        self.hide()

    @property
    def confirmed(self) -> frozenset[Trait]:
        """What is ticked."""
        return frozenset(trait for trait, box in self._boxes.items() if box.isChecked())

    @property
    def refusal(self) -> Message | None:
        """Why the chosen one may not be opened yet, or at all."""
        if self.candidate is None:
            return None
        verdict = may_open(self._found, self.candidate, self.confirmed)
        return None if verdict.allowed else for_code(verdict.rule.value)

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is in here."""
        return any(box.hasFocus() for box in self._boxes.values()) or self._open.hasFocus()

    def ask(self, found: Found, candidate: Candidate | None) -> None:
        """Start anew for this one of those found."""
        self._found, self.candidate = found, candidate
        for box in self._boxes.values():
            self._box_column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {}
        opposed = candidate is not None and candidate.opposed
        if candidate and not opposed:
            for number, trait in enumerate(known_traits(candidate), 1):
                self._add(number, trait, candidate)
        for widget in (self._title, self._open):
            widget.setVisible(not opposed)
        self._tell()
        self.setVisible(candidate is not None)

    def toggle(self, number: int) -> None:
        """The digit of a box."""
        boxes = list(self._boxes.values())
        if number <= len(boxes):
            boxes[number - 1].toggle()

    def _add(self, number: int, trait: Trait, candidate: Candidate) -> None:
        words = value(candidate, trait)
        shown = date_text(words) if trait is Trait.BIRTH_DATE else words
        box = QCheckBox(f"{number}   {_CAPTIONS[trait]} : {shown}")
        box.setObjectName(f"regulation.trait.{trait.value}")
        box.toggled.connect(lambda _on: self._tell())
        self._boxes[trait] = box
        self._box_column.addWidget(box)

    def _tell(self) -> None:
        refusal = self.refusal
        ready = self.tr("Le patient est distingué de tous ceux qui ont été trouvés.")
        self._verdict.setText(refusal.whole if refusal else ready)
        self._open.setEnabled(self.candidate is not None and refusal is None)
