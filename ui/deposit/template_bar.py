"""Named lines that are prescribed often: taken from a list, kept under a name, forgotten."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ui.dependencies import Settings
from ui.deposit.prescription_typed import Templates, TypedLine
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import Field, button, column


class TemplateBar(QWidget):
    """Emits ``used(lines)``, ``keep_asked`` when lines are to be named, ``listed(names)`` when the list changed."""

    used = Signal(object)
    keep_asked = Signal()
    listed = Signal(object)
    ended = Signal()

    def __init__(self, settings: Settings | None) -> None:
        super().__init__()
        self._templates = Templates(settings)
        self._lines: tuple[TypedLine, ...] = ()
        self._last = ""
        self._choice = QComboBox()
        self._choice.setObjectName("deposit.templates")
        self._choice.setAccessibleName(self.tr("Modèles"))
        self._choice.activated.connect(lambda index: self.use(self._choice.itemData(index) or ""))
        keep = button(self.tr("Garder ces lignes comme modèle"), self.keep_asked.emit, "quiet", "deposit.template.keep")
        self._forget = button("", self._forget_last, "quiet", "deposit.template.forget")
        self._edit = QLineEdit()
        self._edit.setMaxLength(60)
        self._edit.returnPressed.connect(self._keep)
        self._name = Field(self.tr("Nom du modèle, puis Entrée"), self._edit, "", "deposit.template.name")
        self.setLayout(column(FlowRow(self._choice, keep, self._forget), self._name, gap=GRID // 2))
        self.restore()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the templates kept."""
        return self._templates.names

    def restore(self) -> None:
        """As when the form opens."""
        self._lines, self._last = (), ""
        self._edit.clear()
        self._name.set_error("")
        self._name.hide()
        self._list()

    def _list(self) -> None:
        self._choice.clear()
        self._choice.addItem(self.tr("Ajouter un modèle…"), None)
        for name in self._templates.names:
            self._choice.addItem(name, name)
        self._choice.setVisible(self._choice.count() > 1)
        self._forget.setText(self.tr("Oublier le modèle « {name} »").format(name=self._last))
        self._forget.setVisible(bool(self._last))
        self.listed.emit(self.names)

    def use(self, name: str) -> None:
        """The lines kept under ``name``."""
        lines = self._templates.lines(name)
        if lines:
            self._last = name
            self._list()
            self.used.emit(lines)

    def name_lines(self, lines: tuple[TypedLine, ...]) -> None:
        """Ask under which name these are kept."""
        self._lines = lines
        self._name.show()
        self._edit.setFocus()

    def _keep(self) -> None:
        name = self._edit.text().strip()
        if not name:
            self._name.set_error(self.tr("À remplir."))
            return
        self._templates.keep(name, self._lines)
        self.restore()
        self.ended.emit()

    def _forget_last(self) -> None:
        self._templates.keep(self._last, ())
        self.restore()
        self.ended.emit()
