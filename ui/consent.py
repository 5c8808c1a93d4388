"""The patient agrees: said by an act of the user, never by default (EX_0.3-1010)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import Notice, button, column, label


class ConsentPanel(QWidget):
    """Emits ``agreed`` once the box is ticked and the button pressed."""

    agreed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("consent")
        self.notice = Notice("consent.notice")
        self._why = label("", "", "consent.why")
        self._box = QCheckBox(self.tr("J’ai informé le patient et il est d’accord"))
        self._box.setObjectName("consent.box")
        self._go = button(self.tr("Déclarer l’accord du patient (Entrée)"), self._agree, "primary", "consent.declare")
        self._box.toggled.connect(self._ticked)
        title = label(self.tr("L’accord du patient est nécessaire"), "heading")
        told = label(
            self.tr(
                "À dire au patient : « Avec votre accord, je vais consulter votre dossier médical partagé. "
                "Cet accès sera tracé ; vous pourrez le voir dans Mon espace santé et le retirer quand vous voudrez. »"
            ),
            "quote",
        )
        later = label(
            self.tr("S’il refuse, rien n’est consulté ; vous pouvez déposer des documents (F6 à F8)."), "muted"
        )
        buttons = FlowRow(self._go)
        inner = column(title, self._why, told, self._box, self.notice, buttons, later, gap=GRID * 2)
        inner.addStretch(1)
        self.setLayout(inner)

    def ask(self, why: Message) -> None:
        """Show why the agreement is needed; nothing is ticked."""
        self._why.setText(why.text)
        self._box.setChecked(False)
        self._go.setEnabled(False)
        self.notice.clear()

    def refused(self, error_message: Message) -> None:
        """The declaration failed."""
        self.notice.say(error_message)
        self._go.setEnabled(self._box.isChecked())
        self.take_focus()

    def take_focus(self) -> None:
        """The box: Space ticks it, Enter on the button declares."""
        self._box.setFocus()

    def _ticked(self, ticked: bool) -> None:
        self._go.setEnabled(ticked)
        if ticked:
            self._go.setFocus()

    def _agree(self) -> None:
        if self._box.isChecked():
            self._go.setEnabled(False)
            self.agreed.emit()
