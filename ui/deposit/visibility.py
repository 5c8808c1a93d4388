"""Who will not see the document: professionals, the patient, or a minor's legal representatives (EX_2.1-1050)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QWidget

from ui.theme import GRID
from ui.widgets import column, label


@dataclass(frozen=True, slots=True)
class Visibility:
    """The boxes that are ticked."""

    masked: bool = False
    invisible: bool = False
    representatives: bool = False


class VisibilityBoxes(QWidget):
    """Three boxes and one sentence when they do not go together; the third is for minors alone."""

    def __init__(self) -> None:
        super().__init__()
        self._masked = self._box(self.tr("Masqué aux autres professionnels"), "deposit.masked")
        self._invisible = self._box(self.tr("Invisible au patient pour l’instant"), "deposit.invisible")
        self._representatives = self._box(
            self.tr("Invisible aux représentants légaux du mineur"), "deposit.representatives"
        )
        self._secret = label(
            self.tr("Connexion secrète : ce document reste caché aux représentants légaux."), "muted", "deposit.secret"
        )
        self._error = label("", "error", "deposit.visibility.error")
        self._error.hide()
        boxes = (self._masked, self._invisible, self._representatives)
        self.setLayout(column(label(self.tr("Visibilité"), "strong"), *boxes, self._secret, self._error, gap=GRID // 2))

    def _box(self, words: str, name: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(name)
        box.toggled.connect(lambda _on: self.clear_errors())
        return box

    def restore(self, chosen: Visibility, *, minor: bool, secret: bool) -> None:
        """Tick what was chosen. In a secret connection the third box is not a choice."""
        self._masked.setChecked(chosen.masked)
        self._invisible.setChecked(chosen.invisible)
        self._representatives.setChecked(minor and (secret or chosen.representatives))
        self._representatives.setVisible(minor)
        self._representatives.setEnabled(not secret)
        self._secret.setVisible(minor and secret)

    @property
    def chosen(self) -> Visibility:
        """What is ticked now."""
        return Visibility(self._masked.isChecked(), self._invisible.isChecked(), self._representatives.isChecked())

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """Why they do not go together; False when it speaks of something else."""
        if place != "invisible_to_patient":
            return False
        self._error.setText(text)
        self._error.setVisible(bool(text))
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("invisible_to_patient", "")

    def focus_error(self) -> bool:
        """The first of the two boxes that do not go together."""
        if self._error.isHidden():
            return False
        self._masked.setFocus()
        return True

    def error_of(self, place: str) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if place == "visibility" else ""
