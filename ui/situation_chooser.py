"""In the name of which structure: asked once per card, then remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.documents.nomenclatures import SECTORS
from praticien.professional import PracticeSituation
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label


class SituationChooser(QWidget):
    """A list; Enter chooses."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("situations")
        self._list = QListWidget()
        self._list.setObjectName("situations.list")
        self._list.setAccessibleName(self.tr("Structures de la carte"))
        self._list.itemActivated.connect(lambda _item: self._choose())
        title = label(self.tr("Dans quelle structure travaillez-vous ?"), "heading")
        text = label(self.tr("Le choix est retenu pour cette carte ; F4 permet d’en changer."), "muted")
        choose = button(self.tr("Continuer (Entrée)"), self._choose, "primary", "situations.choose")
        buttons = FlowRow(choose)
        self.setLayout(column(title, text, self._list, buttons, gap=GRID * 2))

    def offer(self, situations: tuple[PracticeSituation, ...]) -> None:
        """Fill the list; the first one is selected."""
        self._list.clear()
        for situation in situations:
            structure = situation.structure
            item = QListWidgetItem(f"{structure.name}\n{SECTORS.get(structure.sector, structure.sector)}")
            item.setData(Qt.ItemDataRole.UserRole, situation)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def take_focus(self) -> None:
        """Where arrows go."""
        self._list.setFocus()

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
