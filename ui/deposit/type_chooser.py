"""The type of any other document: a few letters of its name, then the list."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from praticien.documents.document_types import DocumentType, found_by, other_types
from ui.messages import for_code
from ui.widgets import Field

_SHOWN = 12


class TypeChooser(QWidget):
    """Emits ``chosen`` with the type each time one is picked, and ``ended`` when Enter follows it."""

    chosen = Signal(object)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("deposit.type.chooser")
        self._types = {one.name: one for one in other_types()}
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(self.tr("quelques lettres\u00a0: cr op, certificat, courrier…"))
        self._field = Field(self.tr("Type de document"), self._edit, "", "deposit.type")
        self._names = QStringListModel(list(self._types))
        completer = QCompleter(self._names, self._edit)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(_SHOWN)
        completer.activated.connect(self._picked)
        self._edit.setCompleter(completer)
        self._edit.textEdited.connect(self._seek)
        self._edit.returnPressed.connect(self._take_first)
        box = QVBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._field)
        self.setLayout(box)

    @property
    def type(self) -> DocumentType | None:
        """The type whose whole name is there."""
        return self._types.get(self._edit.text().strip())

    @property
    def code(self) -> str:
        """Its code, else what was typed (a draft keeps it)."""
        return self.type.code if self.type else self._edit.text()

    def restore(self, code: str) -> None:
        """Show the type of this code, or what a draft held."""
        known = next((one.name for one in self._types.values() if one.code == code), code)
        self._edit.setText(known)
        self._seek("" if known in self._types else known)
        self._field.set_hint("")
        self._say()

    def refuse(self) -> None:
        """No type is chosen."""
        self._field.set_error(for_code("document.type").whole)

    def take_focus(self) -> None:
        """To be typed."""
        self._edit.setFocus()

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """Say what is wrong with it; False when it is something else."""
        if place != "type":
            return False
        self._field.set_error(text)
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self._field.set_error("")

    def focus_error(self) -> bool:
        """The type gets the focus when a sentence is about it."""
        if self._field.error:
            self.take_focus()
        return bool(self._field.error)

    def error_of(self, place: str) -> str:
        """The sentence shown, empty when none."""
        return self._field.error if place == "type" else ""

    # -- what is typed ---------------------------------------------------------------------------------------

    def _seek(self, typed: str) -> None:
        """The list follows the letters: beginnings of words in any order, which a plain completer cannot."""
        self.clear_errors()
        self._names.setStringList([one.name for one in found_by(typed)])
        self._say()

    def _take_first(self) -> None:
        """Enter takes the type when the letters leave no doubt or the first of the list otherwise."""
        if self.type is None:
            found = found_by(self._edit.text())
            if not self._edit.text().strip() or not found:
                self.refuse()
                return
            self._edit.setText(found[0].name)
        self._picked(self._edit.text())
        self.ended.emit()

    def _picked(self, name: str) -> None:
        self.clear_errors()
        self._say()
        if name in self._types:
            self.chosen.emit(self._types[name])

    def _say(self) -> None:
        """The class that goes with it."""
        known = self.type
        words = self.tr("Rangé dans\u00a0: {name}").format(name=known.codes.class_code.display) if known else ""
        self._field.set_hint(words)
