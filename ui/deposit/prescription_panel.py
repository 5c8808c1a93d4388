"""The lines of a prescription in the deposit form: rows that follow one another by Enter, marks, templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from praticien.documents.prescription import Duration, DurationUnit, Flag, Mark, Prescription
from praticien.documents.prescription_products import Product
from praticien.identity import calendar_date
from ui.dependencies import Settings
from ui.deposit.mark_boxes import MarkBoxes
from ui.deposit.named_model import NamedModel
from ui.deposit.prescription_row import PrescriptionRow
from ui.deposit.prescription_typed import TypedLine
from ui.deposit.row_list import RowList
from ui.deposit.template_bar import TemplateBar
from ui.messages import sentence
from ui.text import InvalidDate, local_today, parse_date
from ui.theme import GRID
from ui.widgets import Field, column, label

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
        self._rows = RowList("lines", self._row, spare=True)
        self._rows.when_removed(self.changed.emit)
        self._templates = TemplateBar(settings)
        self._rows.precede(self._templates)
        self._marks = MarkBoxes()
        self._until = QLineEdit()
        self._until_field = Field(self.tr("Valable jusqu’au"), self._until, "", "deposit.valid_until")
        self._wire()
        caption = label(self.tr("Médicaments et dispositifs (Entrée : champ suivant, puis ligne suivante)"), "strong")
        rows = (self._rows.error, self._rows.box, self._templates, self._marks, self._until_field)
        self.setLayout(column(caption, *rows, gap=GRID))
        self.restore((), "", local_today())

    def _wire(self) -> None:
        self._templates.used.connect(self.add_lines)
        self._templates.keep_asked.connect(self._name_template)
        self._templates.listed.connect(self._products.offer_templates)
        self._templates.ended.connect(self.take_focus)
        self._marks.changed.connect(self.changed.emit)
        self.changed.connect(self._say_zones)

    def _row(self, number: int) -> PrescriptionRow:
        row = PrescriptionRow(self._products, number)
        row.completed.connect(lambda: self._after(row))
        row.changed.connect(self._changed)
        row.template_chosen.connect(lambda name: QTimer.singleShot(0, self, lambda: self._templates.use(name)))
        return row

    # -- content ---------------------------------------------------------------------------------------------

    @property
    def typed(self) -> tuple[TypedLine, ...]:
        """The lines that hold something."""
        return tuple(row.typed for row in self._rows.filled)

    @property
    def valid_until(self) -> str:
        """As typed."""
        return self._until.text()

    @property
    def marks(self) -> frozenset[Mark]:
        """What the prescription as a whole is."""
        return self._marks.marks

    def restore(
        self, lines: Sequence[TypedLine], valid_until: str, today: date, marks: frozenset[Mark] = frozenset()
    ) -> None:
        """Show what a draft holds; the usual validity from ``today`` when it says none."""
        self._show_lines(lines)
        self._until.setText(valid_until or f"{_VALIDITY.end(today):%d/%m/%Y}")
        self._marks.restore(marks)
        self._templates.restore()
        self._products.offer_templates(self._templates.names)
        self.clear_errors()
        self._say_zones()

    def _show_lines(self, lines: Sequence[TypedLine]) -> None:
        self._rows.clear()
        for line in (*lines, TypedLine()):
            self._rows.add().fill(line)

    def add_lines(self, lines: Sequence[TypedLine]) -> None:
        """After those already typed; the first one to complete has the focus."""
        self._show_lines((*self.typed, *lines))
        incomplete = next((row for row in self._rows.filled if not row.typed.posology.strip()), None)
        if incomplete:
            self._check(incomplete)
            incomplete.focus_error()
        else:
            self.take_focus()
        self.changed.emit()

    def prescription(self, comment: str) -> Prescription | None:
        """What is prescribed; None, with sentences next to the fields, when something is missing."""
        until = self._until_day()
        for row in self._rows.filled:
            self._check(row)
        if until is None or any(row.error for row in self._rows.filled):
            return None
        lines = tuple(typed.line(self._products.by_name) for typed in self.typed)
        return Prescription(lines, until, comment=comment.strip(), marks=self.marks)

    def _check(self, row: PrescriptionRow) -> None:
        typed = row.typed
        if not typed.name.strip():
            row.set_error(self.tr("Le nom du médicament ou du dispositif manque."), "name")
        elif not typed.posology.strip():
            row.set_error(self.tr("La quantité manque.") if typed.is_device else self.tr("La posologie manque."))
        elif not typed.is_understood:
            row.set_error(self.tr("Cette quantité ne se lit pas : écrivez « 2 » ou « 1 pendant 30 j »."))

    def _until_day(self) -> date | None:
        try:
            day = calendar_date(parse_date(self.valid_until, today=_FAR, field="valid_until"))
            if day is None:
                raise InvalidDate(field="valid_until")
        except InvalidDate as error:
            self._until_field.set_error(sentence(error).whole)
            return None
        return day

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """A sentence for ``lines``, ``lines.2.name`` or ``valid_until``; False when it speaks of something else."""
        if place == "valid_until":
            self._until_field.set_error(text)
            return True
        return self._rows.show_error(place, text)

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self._rows.clear_errors()
        self._until_field.set_error("")

    def focus_error(self) -> bool:
        """The first field in error gets the focus; False when none is."""
        if self._rows.focus_error():
            return True
        if self._until_field.error:
            self._until.setFocus()
        return bool(self._until_field.error)

    def error_of(self, place: str) -> str:
        """The sentence next to the validity or above the lines, empty when none."""
        return {"valid_until": self._until_field.error, "lines": self._rows.error.text()}.get(place, "")

    # -- moving about ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The first name to type: of the last, empty row."""
        self._rows[-1].name.setFocus()

    def show_marks(self) -> None:
        """Ctrl+Shift+M: the first mark of the prescription as a whole."""
        self._marks.take_focus()

    def toggle_long_term_illness(self) -> None:
        """Ctrl+Shift+L: the line where one types belongs to a long-term illness, or no more."""
        row = next((row for row in self._rows.filled if row.isAncestorOf(self.focusWidget() or self)), None)
        if row:
            row.toggle(Flag.LONG_TERM_ILLNESS)

    def _after(self, row: PrescriptionRow) -> None:
        """Enter at the end of a line: the next one; at the end of an empty line, on to the rest of the form."""
        if row.typed.is_empty:
            self.ended.emit()
            return
        following = self._rows.after(row)
        following.show()
        following.name.setFocus()

    def _changed(self) -> None:
        self._rows.show_error("lines", "")
        self.changed.emit()

    def _say_zones(self) -> None:
        self._marks.say_zones(two=any(Flag.LONG_TERM_ILLNESS in typed.flags for typed in self.typed))

    def _name_template(self) -> None:
        if self.typed:
            self._templates.name_lines(self.typed)
        else:
            self.show_error("lines", self.tr("Il n’y a pas encore de ligne à garder."))
            self.take_focus()
