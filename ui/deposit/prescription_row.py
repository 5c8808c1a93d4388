"""One line of a prescription: name with completion, posology with its reading, and options one click away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from praticien.documents.prescription import Flag, Substitution
from praticien.documents.prescription_words import FLAG_WORDS, renewal_words, substitution_words
from ui.deposit.named_model import Completer, NamedModel, template_named
from ui.deposit.prescription_typed import TypedLine
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label, row

_RENEWALS = 12


class PrescriptionRow(QWidget):
    """Emits ``completed`` when Enter ends the posology, ``changed`` at each key, ``removed`` when it is to go,
    ``template_chosen(name)`` when a template was taken instead of a product.
    """

    completed = Signal()
    changed = Signal()
    removed = Signal()
    template_chosen = Signal(str)

    def __init__(self, products: NamedModel, number: int) -> None:
        super().__init__()
        self._products = products
        prefix = f"deposit.lines.{number}"
        self.name, self.posology = QLineEdit(), QLineEdit()
        self.name.setObjectName(f"{prefix}.name")
        self.posology.setObjectName(f"{prefix}.posology")
        self._reading = label("", "muted", f"{prefix}.reading")
        self._error = label("", "error", f"{prefix}.error")
        self._options = QWidget()
        self._flags = {flag: QCheckBox(words) for flag, words in FLAG_WORDS.items()}
        self._device = QCheckBox(self.tr("Dispositif"))
        self._renewals = QComboBox()
        self._substitution = QComboBox()
        self._toggle = button(self.tr("Options"), self._show_options, "quiet", f"{prefix}.options")
        self._remove = button(self.tr("Retirer"), self.removed.emit, "quiet", f"{prefix}.remove")
        self._name_parts(prefix)
        self._lay_out()
        self._wire()
        self._read()

    def _name_parts(self, prefix: str) -> None:
        self.name.setAccessibleName(self.tr("Médicament ou dispositif"))
        self.name.setPlaceholderText(self.tr("Médicament ou dispositif"))
        self.posology.setAccessibleName(self.tr("Posologie ou quantité"))
        for times in range(_RENEWALS + 1):
            self._renewals.addItem(renewal_words(times) or self.tr("sans renouvellement"), times)
        self._renewals.setAccessibleName(self.tr("Renouvellements"))
        self._substitution.setAccessibleName(self.tr("Substitution"))
        for substitution in Substitution:
            words = self.tr("Substitution : {words}").format(words=substitution_words(substitution))
            self._substitution.addItem(words, substitution)
        self._substitution.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._substitution.setMinimumContentsLength(24)
        for part, widget in (
            ("device", self._device),
            ("renewals", self._renewals),
            ("substitution", self._substitution),
            *((flag.value, box) for flag, box in self._flags.items()),
        ):
            widget.setObjectName(f"{prefix}.{part}")

    def _lay_out(self) -> None:
        fields = row(self.name, self.posology, gap=GRID // 2)
        fields.setStretch(0, 3)
        fields.setStretch(1, 3)
        beneath = row(self._reading, self._toggle, self._remove, gap=GRID // 2)  # names need the width above
        beneath.setStretch(0, 1)
        beneath.insertStretch(1)
        boxes = FlowRow(self._device, self._renewals, self._substitution, *self._flags.values())
        self._options.setLayout(boxes)
        self._options.hide()
        self._error.hide()
        self.setLayout(column(fields, self._error, beneath, self._options, gap=GRID // 2))

    def _wire(self) -> None:
        completer = Completer(self._products, self.name)
        self.name.setCompleter(completer)
        completer.activated.connect(self._picked)
        self.name.returnPressed.connect(self._name_ended)
        self.posology.returnPressed.connect(self.completed.emit)
        for edit in (self.name, self.posology):
            edit.textChanged.connect(self._changed)
            edit.editingFinished.connect(partial(edit.setCursorPosition, 0))  # a long name shows how it begins
        for box in (self._device, *self._flags.values()):
            box.toggled.connect(self._changed)
        self._renewals.currentIndexChanged.connect(self._changed)
        self._substitution.currentIndexChanged.connect(self._changed)

    @property
    def typed(self) -> TypedLine:
        """What the row holds."""
        return TypedLine(
            _on_one_line(self.name.text()),
            _on_one_line(self.posology.text()),
            self._device.isChecked(),
            self._renewals.currentData(),
            self._substitution.currentData(),
            frozenset(flag for flag, box in self._flags.items() if box.isChecked()),
        )

    @property
    def error(self) -> str:
        """The sentence shown."""
        return self._error.text()

    def fill(self, typed: TypedLine) -> None:
        """Show what a draft or a template holds."""
        self.name.setText(typed.name)
        self.posology.setText(typed.posology)
        self.name.setCursorPosition(0)
        self.posology.setCursorPosition(0)
        self._device.setChecked(typed.is_device)
        self._renewals.setCurrentIndex(min(typed.renewals, _RENEWALS))
        self._substitution.setCurrentIndex(list(Substitution).index(typed.substitution))
        for flag, box in self._flags.items():
            box.setChecked(flag in typed.flags)

    def set_error(self, text: str, part: str = "") -> None:
        """Say what is wrong with this line; ``part`` is "name" or another one."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.name.setAccessibleDescription(text if part == "name" else "")
        self.posology.setAccessibleDescription("" if part == "name" else text)

    def focus_error(self) -> None:
        """The part that the sentence speaks of."""
        (self.name if self.name.accessibleDescription() else self.posology).setFocus()

    def _picked(self, text: str) -> None:
        if name := template_named(text):
            self.name.clear()
            self.template_chosen.emit(name)
            return
        product = self._products.by_name.get(text)
        if product:
            self._device.setChecked(product.is_device)
        focus = self.posology.setFocus
        QTimer.singleShot(0, self.posology, focus)  # once the list of proposals has given the focus back

    def toggle(self, flag: Flag) -> None:
        """Tick or untick it."""
        self._flags[flag].toggle()

    def _name_ended(self) -> None:
        self.completed.emit() if self.typed.is_empty else self.posology.setFocus()

    def _changed(self) -> None:
        self.set_error("")
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        typed = self.typed
        for act in (self._toggle, self._remove):  # nothing to say of an empty line, nothing to take away
            act.setVisible(not typed.is_empty)
        for widget in (self._flags[Flag.OFF_LABEL], self._substitution):
            widget.setVisible(not typed.is_device)
        example = self.tr("2 boîtes 30 j") if typed.is_device else self.tr("1 matin 1 soir 5 j")
        self.posology.setPlaceholderText(example)
        reading = typed.reading
        self._reading.setText(self.tr("Compris : {reading}").format(reading=reading) if reading else "")
        self._reading.setVisible(bool(reading))

    def _show_options(self) -> None:
        shown = self._options.isHidden()
        self._options.setVisible(shown)
        if shown:
            self._device.setFocus()


def _on_one_line(text: str) -> str:
    """What is pasted from elsewhere may hold ends of lines and spaces of all kinds."""
    return " ".join(text.split())
