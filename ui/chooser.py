"""One of a few, in a list: Enter chooses, the first one is selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label


class Chooser(QWidget):
    """``chosen`` gives back the value offered with the row. A subclass says title, explanation and the list's name."""

    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = label("", "heading", f"{name}.title")
        self._explanation = label("", "muted")
        self._list = QListWidget()
        self._list.setObjectName(f"{name}.list")
        self._list.itemActivated.connect(lambda _item: self._choose())
        choose = button(self.tr("Continuer (Entrée)"), self._choose, "primary", f"{name}.choose")
        self.setLayout(column(self._title, self._explanation, self._list, FlowRow(choose), gap=GRID * 2))

    @property
    def rows(self) -> tuple[str, ...]:
        """What each row says."""
        return tuple(self._list.item(number).text() for number in range(self._list.count()))

    def fill(self, rows: Iterable[tuple[str, object]]) -> None:
        """Words and value of each."""
        self._list.clear()
        for words, value in rows:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, value)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def forget(self) -> None:
        """No name stays."""
        self._list.clear()

    def take_focus(self) -> None:
        """Where arrows go."""
        self._list.setFocus()

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
