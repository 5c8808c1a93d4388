"""The lines of a prescription in the deposit form: rows that follow one another by Enter, validity, templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from praticien.documents.prescription import Duration, DurationUnit, Prescription
from praticien.documents.prescription_products import Product
from praticien.identity import calendar_date
from ui.dependencies import Settings
from ui.deposit.prescription_row import NamedModel, PrescriptionRow
from ui.deposit.prescription_typed import Templates, TypedLine
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.text import InvalidDate, parse_date
from ui.theme import GRID
from ui.widgets import Field, button, column, label

_VALIDITY = Duration(3, DurationUnit.MONTH)  # time to present a prescription (CSP, art. R. 5123-2)
_FAR = date(2199, 12, 31)


class PrescriptionPanel(QWidget):
    """Empty, it prescribes nothing and the form's free text or PDF is the document."""

    changed = Signal()
    ended = Signal()

    def __init__(self, products: Sequence[Product], settings: Settings | None) -> None:
        super().__init__()
        self.setObjectName("deposit.lines")
        self._products = NamedModel(products)
        self._templates = Templates(settings)
        self._rows: list[PrescriptionRow] = []
        self._made = 0
        self._error = label("", "error", "deposit.lines.error")
        self._error.hide()
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GRID)
        self._until = Field(self.tr("Valable jusqu’au"), QLineEdit(), "", "deposit.valid_until")
        self._choice = QComboBox()
        self._choice.setObjectName("deposit.templates")
        self._choice.setAccessibleName(self.tr("Modèles"))
        self._choice.activated.connect(self._use_template)
        self._template = Field(self.tr("Nom du modèle"), QLineEdit(), "", "deposit.template.name")
        self._edit(self._template).returnPressed.connect(self._keep_template)
        self._lay_out()
        self.restore((), "", date.today())

    def _lay_out(self) -> None:
        caption = label(self.tr("Médicaments et dispositifs (Entrée : champ suivant, puis ligne suivante)"), "strong")
        keep = button(self.tr("Garder ces lignes comme modèle"), self._name_template, "quiet", "deposit.template.keep")
        self._template.hide()
        self.setLayout(
            column(caption, self._error, self._box, FlowRow(self._choice, keep), self._template, self._until, gap=GRID)
        )

    # -- content ---------------------------------------------------------------------------------------------

    @property
    def typed(self) -> tuple[TypedLine, ...]:
        """The lines that hold something."""
        return tuple(row.typed for row in self._filled)

    @property
    def valid_until(self) -> str:
        """As typed."""
        return self._edit(self._until).text()

    @property
    def _filled(self) -> list[PrescriptionRow]:
        return [row for row in self._rows if not row.typed.is_empty]

    def restore(self, lines: Sequence[TypedLine], valid_until: str, today: date) -> None:
        """Show what a draft holds; the usual validity from ``today`` when it says none."""
        for row in list(self._rows):
            self._drop(row)
        for line in (*lines, TypedLine()):
            self._add().fill(line)
        usual = _VALIDITY.end(today)
        self._edit(self._until).setText(valid_until or f"{usual:%d/%m/%Y}")
        self._list_templates()
        self.clear_errors()

    def take_focus(self) -> None:
        """The first name to type: of the last, empty row."""
        self._rows[-1].name.setFocus()

    def prescription(self, comment: str) -> Prescription | None:
        """What is prescribed; None, with sentences next to the fields, when something is missing."""
        until = self._until_day()
        for row in self._filled:
            self._check(row)
        if until is None or any(row.error for row in self._rows):
            return None
        return Prescription(
            tuple(row.typed.line(self._products.by_name) for row in self._filled), until, comment=comment.strip()
        )

    def _check(self, row: PrescriptionRow) -> None:
        typed = row.typed
        if not typed.name.strip():
            row.set_error(self.tr("Le nom du médicament ou du dispositif manque."), "name")
        elif not typed.posology.strip():
            row.set_error(self.tr("La quantité manque.") if typed.is_device else self.tr("La posologie manque."))
        elif not typed.is_understood:
            row.set_error(self.tr("Cette quantité ne se lit pas : écrivez « 2 » ou « 1 pendant 30 j »."))

    def _until_day(self) -> date | None:
        try:
            day = calendar_date(parse_date(self.valid_until, today=_FAR, field="valid_until"))
            if day is None:
                raise InvalidDate(field="valid_until")
        except InvalidDate as error:
            self._until.set_error(sentence(error).whole)
            return None
        return day

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, field: str, text: str) -> bool:
        """A sentence for ``lines``, ``lines.2.name`` or ``valid_until``; False when it speaks of something else."""
        root, _, rest = field.partition(".")
        number, _, part = rest.partition(".")
        if field == "valid_until":
            self._until.set_error(text)
        elif root == "lines" and number.isdigit() and int(number) < len(self._filled):
            self._filled[int(number)].set_error(text, part)
        elif root == "lines":
            self._error.setText(text)
            self._error.setVisible(bool(text))
        else:
            return False
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("lines", "")
        self._until.set_error("")
        for row in self._rows:
            row.set_error("", "name")
            row.set_error("")

    def focus_error(self) -> bool:
        """The first field in error gets the focus; False when none is."""
        row = next((row for row in self._rows if row.error), None)
        if row:
            row.focus_error()
        elif self._until.error:
            self._until.editor.setFocus()
        return row is not None or bool(self._until.error)

    # -- rows ------------------------------------------------------------------------------------------------

    def _add(self) -> PrescriptionRow:
        row = PrescriptionRow(self._products, self._made)
        self._made += 1
        row.completed.connect(lambda: self._after(row))
        row.changed.connect(self._changed)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._box.addWidget(row)
        return row

    def _drop(self, row: PrescriptionRow) -> None:
        self._rows.remove(row)
        self._box.removeWidget(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()
        if not self._rows:
            self._made = 0

    def _remove(self, row: PrescriptionRow) -> None:
        self._drop(row)
        if not self._rows or not self._rows[-1].typed.is_empty:
            self._add()
        self.take_focus()
        self.changed.emit()

    def _after(self, row: PrescriptionRow) -> None:
        """Enter at the end of a line: the next one; at the end of an empty line, on to the rest of the form."""
        if row.typed.is_empty:
            self.ended.emit()
            return
        number = self._rows.index(row) + 1
        following = self._rows[number] if number < len(self._rows) else self._add()
        following.show()
        following.name.setFocus()

    def _changed(self) -> None:
        self.show_error("lines", "")
        self.changed.emit()

    # -- templates -------------------------------------------------------------------------------------------

    def _list_templates(self) -> None:
        self._choice.clear()
        self._choice.addItem(self.tr("Ajouter un modèle…"), None)
        for name in self._templates.names:
            self._choice.addItem(name, name)
        self._choice.setVisible(self._choice.count() > 1)

    def _use_template(self, index: int) -> None:
        name = self._choice.itemData(index)
        if name:
            self.add_lines(self._templates.lines(name))

    def add_lines(self, lines: Sequence[TypedLine]) -> None:
        """After those already typed; the first one to complete has the focus."""
        self.restore((*self.typed, *lines), self.valid_until, date.today())
        incomplete = next((row for row in self._filled if not row.typed.posology.strip()), None)
        if incomplete:
            self._check(incomplete)
            incomplete.focus_error()
        else:
            self.take_focus()
        self.changed.emit()

    def _name_template(self) -> None:
        if not self._filled:
            self.show_error("lines", self.tr("Il n’y a pas encore de ligne à garder."))
            return
        self._template.show()
        self._template.editor.setFocus()

    def _keep_template(self) -> None:
        name = self._edit(self._template).text().strip()
        if not name:
            self._template.set_error(self.tr("À remplir."))
            return
        self._templates.keep(name, self.typed)
        self._edit(self._template).clear()
        self._template.set_error("")
        self._template.hide()
        self._list_templates()
        self.take_focus()

    @staticmethod
    def _edit(field: Field) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor
