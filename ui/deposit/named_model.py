"""Things chosen by the beginnings of their words, whatever the case and the order; templates among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from praticien.matching import fold

_TEMPLATE = "Modèle\u00a0: "
_SHOWN = 8


class NamedModel:
    """``by_name`` are the things; templates are proposed beside them, before all others."""

    def __init__(self, things: Sequence[Any]) -> None:
        self.by_name = {thing.name: thing for thing in things}
        self._names = [(thing.name, fold(thing.name)) for thing in things]
        self._templates: list[tuple[str, str]] = []

    def offer_templates(self, names: Sequence[str]) -> None:
        """Propose these under « Modèle : », in place of those proposed before."""
        self._templates = [(f"{_TEMPLATE}{name}", f"MODELE {fold(name)}") for name in names]

    def found_by(self, typed: str) -> list[str]:
        """``amox 1 g``: names with words that begin so; those that begin with the first of them come first."""
        sought = fold(typed).split()
        if not sought:
            return []
        known = self._templates + self._names
        found = [(name, folded) for name, folded in known if _begin(folded.split(), sought)]
        found = found or [(name, folded) for name, folded in known if " ".join(sought) in folded]
        found.sort(key=lambda one: not one[1].removeprefix("MODELE ").startswith(sought[0]))
        return [name for name, _folded in found]


def _begin(words: list[str], sought: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in sought)


def template_named(proposal: str) -> str:
    """The name of the template that a proposal stands for, empty when it is none."""
    return proposal.removeprefix(_TEMPLATE) if proposal.startswith(_TEMPLATE) else ""


class Completer(QCompleter):
    """Follows what is typed in ``edit``, which a plain completer cannot: words in any order."""

    def __init__(self, model: NamedModel, edit: QLineEdit) -> None:
        self._shown = QStringListModel()
        super().__init__(self._shown, edit)
        self._model = model
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(_SHOWN)
        edit.textEdited.connect(self._follow)

    def _follow(self, typed: str) -> None:
        self._shown.setStringList(self._model.found_by(typed))
