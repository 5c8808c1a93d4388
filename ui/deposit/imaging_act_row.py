"""One act of an imaging report: chosen by name, then modality, place, side and CCAM, filled by the choice."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from praticien.documents.imaging_acts import KnownAct
from praticien.documents.imaging_codes import LOCATIONS, Side
from praticien.documents.nomenclatures import MODALITIES
from ui.deposit.imaging_typed import TypedAct
from ui.deposit.named_model import Completer, NamedModel
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label, row

_PARTS = ("modality", "location", "side", "ccam")


class ImagingActRow(QWidget):
    """Emits ``completed`` at Enter in the name, ``removed`` when it is to go."""

    completed = Signal()
    removed = Signal()

    def __init__(self, acts: NamedModel, number: int) -> None:
        super().__init__()
        self._acts = acts
        prefix = f"deposit.acts.{number}"
        self.name, self.ccam = QLineEdit(), QLineEdit()
        self.modality, self.location, self.side = QComboBox(), QComboBox(), QComboBox()
        self._error = label("", "error", f"{prefix}.error")
        self._error.hide()
        self._remove = button(self.tr("Retirer"), self.removed.emit, "quiet", f"{prefix}.remove")
        self._fill_choices()
        self._name_parts(prefix)
        top = row(self.name, self._remove, gap=GRID // 2)
        top.setStretch(0, 1)
        details = FlowRow(self.modality, self.location, self.side, self.ccam)
        self.setLayout(column(top, details, self._error, gap=GRID // 2))
        completer = Completer(acts, self.name)
        self.name.setCompleter(completer)
        completer.activated.connect(self._choose)
        self.name.editingFinished.connect(self._chosen_by_hand)
        self.name.returnPressed.connect(self.completed.emit)

    def _fill_choices(self) -> None:
        self.modality.addItem(self.tr("Modalité…"), "")
        for code, words in MODALITIES.items():
            self.modality.addItem(f"{code} · {words}", code)
        self.location.addItem(self.tr("Localisation…"), "")
        for place in LOCATIONS:
            self.location.addItem(place.words, place.code.code)
        self.side.addItem(self.tr("Sans côté"), "")
        for side in Side:
            self.side.addItem(side.words, side.value)
        for box in (self.modality, self.location, self.side):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)

    def _name_parts(self, prefix: str) -> None:
        names = (self.tr("Modalité"), self.tr("Localisation anatomique"), self.tr("Côté"), self.tr("Code CCAM"))
        for part, words in zip(_PARTS, names, strict=True):
            widget = getattr(self, part)
            widget.setObjectName(f"{prefix}.{part}")
            widget.setAccessibleName(words)
        self.name.setObjectName(f"{prefix}.name")
        self.name.setAccessibleName(self.tr("Acte d’imagerie"))
        self.name.setPlaceholderText(self.tr("Acte : quelques lettres, puis Entrée (ou code LOINC et libellé)"))
        self.ccam.setPlaceholderText(self.tr("CCAM (facultatif)"))
        self.ccam.setMaxLength(7)

    @property
    def typed(self) -> TypedAct:
        """What the row holds."""
        modality, place, side = (str(box.currentData() or "") for box in (self.modality, self.location, self.side))
        return TypedAct(self.name.text(), modality, place, side, self.ccam.text())

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if not self._error.isHidden() else ""

    def fill(self, typed: TypedAct) -> None:
        """Show ``typed``."""
        self.name.setText(typed.name)
        self.ccam.setText(typed.ccam)
        chosen = ((self.modality, typed.modality), (self.location, typed.location), (self.side, typed.side))
        for box, code in chosen:
            box.setCurrentIndex(max(box.findData(code), 0))
        self.set_error("")

    def set_error(self, text: str, part: str = "name") -> None:
        """A sentence under the row, about ``part``."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._wrong = part if part in _PARTS else "name"
        for name in ("name", *_PARTS):
            getattr(self, name).setAccessibleDescription(text if name == self._wrong else "")

    def focus_error(self) -> None:
        """The part in error."""
        getattr(self, self._wrong).setFocus()

    def _chosen_by_hand(self) -> None:
        if self.name.text().strip() in self._acts.by_name:
            self._choose(self.name.text().strip())

    def _choose(self, name: str) -> None:
        """The rest as the list says it; what the user or the study already chose stays when the list allows it."""
        known: KnownAct | None = self._acts.by_name.get(name)
        if known is None:
            return
        if self.modality.currentData() not in known.modalities:
            self.modality.setCurrentIndex(self.modality.findData(known.modalities[0]))
        self.location.setCurrentIndex(self.location.findData(known.location.code.code))
        self.ccam.setText(known.ccam or self.ccam.text())
        self.set_error("")
