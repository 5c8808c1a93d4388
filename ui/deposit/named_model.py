"""Things chosen by a few letters of their name, whatever the case and the accents; and templates among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QWidget

from praticien.matching import fold

_FOLDED = Qt.ItemDataRole.UserRole + 1
_TEMPLATE = "Modèle : "


class NamedModel(QStandardItemModel):
    """``by_name`` are the things; templates are proposed beside them, before all others."""

    def __init__(self, things: Sequence[Any]) -> None:
        super().__init__()
        self.by_name = {thing.name: thing for thing in things}
        self._templates = 0
        for thing in things:
            self.appendRow(_item(thing.name))

    def offer_templates(self, names: Sequence[str]) -> None:
        """Propose these under « Modèle : », in place of those proposed before."""
        self.removeRows(0, self._templates)
        for place, name in enumerate(names):
            self.insertRow(place, _item(f"{_TEMPLATE}{name}"))
        self._templates = len(names)


def _item(name: str) -> QStandardItem:
    item = QStandardItem(name)
    item.setData(fold(name), _FOLDED)
    return item


def template_named(proposal: str) -> str:
    """The name of the template that a proposal stands for, empty when it is none."""
    return proposal.removeprefix(_TEMPLATE) if proposal.startswith(_TEMPLATE) else ""


class Completer(QCompleter):
    """Proposes the names of a NamedModel that hold what was typed."""

    def __init__(self, model: NamedModel, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.setCompletionRole(_FOLDED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(8)

    def splitPath(self, path: str) -> list[str]:
        return [fold(path)]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole))
