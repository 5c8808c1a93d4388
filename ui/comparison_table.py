"""The chosen patient beside what a source says, trait by trait, under a verdict in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import GRID
from ui.widgets import column, label, line

_NOTHING = "—"
_DIFFERENT = "différent"


@dataclass(frozen=True, slots=True, repr=False)
class ComparedTrait:
    """One row: what it is, the patient's, the source's, and in words whether they agree."""

    caption: str
    mine: str
    theirs: str
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """The verdict and the rows it rests on."""

    verdict: str
    traits: tuple[ComparedTrait, ...]


def compared_words(theirs: str, *, differs: bool, known: bool) -> str:
    """``known``: there is a patient to compare with."""
    if differs:
        return _DIFFERENT
    if not theirs:
        return "absent du fichier"
    return "concorde" if known else "à comparer"


class ComparisonTable(QWidget):
    """Hidden while there is nothing to compare."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._verdict = label("", "strong", f"{name}.verdict")
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._rows: list[tuple[str, ...]] = []
        self.setLayout(column(self._verdict, table))
        self.hide()

    @property
    def verdict(self) -> str:
        """In words: same person, another, not compared."""
        return self._verdict.text()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table as shown: trait, patient, file, comparison."""
        return tuple(self._rows)

    def compare(self, comparison: Comparison | None) -> None:
        """Fill, or empty."""
        self._clear()
        self._verdict.setText(comparison.verdict if comparison else "")
        self.setVisible(comparison is not None)
        if comparison:
            self._head()
            for trait in comparison.traits:
                self._add(trait.caption, trait.mine or _NOTHING, trait.theirs or _NOTHING, trait.words)

    def _head(self) -> None:
        titles = (self.tr("Trait"), self.tr("Patient"), self.tr("Fichier"), self.tr("Comparaison"))
        for place, title in enumerate(titles):
            self._grid.addWidget(line(title, "muted"), 0, place)

    def _add(self, *cells: str) -> None:
        self._rows.append(cells)
        for place, text in enumerate(cells):
            differs = place == 3 and text == _DIFFERENT
            self._grid.addWidget(label(text, "strong" if differs else ""), len(self._rows), place)

    def _clear(self) -> None:
        self._rows = []
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget:
                widget.hide()
                widget.deleteLater()
