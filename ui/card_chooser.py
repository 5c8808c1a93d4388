"""Which of several cards: asked when two of a kind are in the readers, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label


class CardChooser(QWidget):
    """A list; Enter chooses. ``chosen`` gives back the value offered with the row."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card_chooser")
        self._title = label("", "heading", "card_chooser.title")
        text = label(self.tr("Choisissez celle dont vous voulez vous servir, ou retirez l’autre."), "muted")
        self._list = QListWidget()
        self._list.setObjectName("card_chooser.list")
        self._list.setAccessibleName(self.tr("Cartes insérées"))
        self._list.itemActivated.connect(lambda _item: self._choose())
        choose = button(self.tr("Continuer (Entrée)"), self._choose, "primary", "card_chooser.choose")
        self.setLayout(column(self._title, text, self._list, FlowRow(choose), gap=GRID * 2))

    @property
    def rows(self) -> tuple[str, ...]:
        """What each row says."""
        return tuple(self._list.item(number).text() for number in range(self._list.count()))

    def offer(self, title: str, cards: Sequence[tuple[str, object]]) -> None:
        """Words and value of each card; the first one is selected."""
        self.forget()
        self._title.setText(title)
        for words, value in cards:
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
