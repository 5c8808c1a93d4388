"""Break-glass: is it needed, why, and exactly what the patient will be told. Three keystrokes and a confirmation."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from praticien.access import AccessMode, EmergencyReason
from praticien.notices import EMERGENCY_REASONS, access_notice, reason_text
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label

Begun = tuple[EmergencyReason | None, str]


class ReasonList(QListWidget):
    """One digit chooses a reason."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        for reason, words in EMERGENCY_REASONS.items():
            item = QListWidgetItem(f"{reason.value}   {words}")
            item.setData(Qt.ItemDataRole.UserRole, reason)
            self.addItem(item)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def reason(self) -> EmergencyReason | None:
        """The chosen one."""
        chosen = self.selectedItems()  # the current row is not enough: Qt makes one by itself with the focus
        return chosen[0].data(Qt.ItemDataRole.UserRole) if chosen else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit.isdigit() and 1 <= int(digit) <= self.count():
            self.setCurrentRow(int(digit) - 1)
            self.picked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.reason:
            self.picked.emit()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """As high as its rows."""
        self.setFixedHeight(self.sizeHintForRow(0) * self.count() + 2 * self.frameWidth() + GRID // 2)


class EmergencySheet(QWidget):
    """Emits ``confirmed(reason, words)``."""

    confirmed = Signal(object, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("emergency")
        self._who, self._structure = "", ""
        self.notice = Notice("emergency.notice")
        self._reasons = ReasonList()
        self._reason_field = Field(self.tr("Motif : une touche, de 1 à 6"), self._reasons, "", "emergency.reason")
        self._words = QLineEdit()
        self._words_field = Field(
            self.tr("Circonstances, en quelques mots (lues par le patient)"), self._words, "", "emergency.words"
        )
        self._told = label("", "quote", "emergency.told")
        self._confirm = button(
            self.tr("Confirmer le bris de glace (Ctrl+Entrée)"), self.confirm, "emergency", "emergency.confirm"
        )
        back = button(self.tr("Renoncer (Échap)"), self.cancelled.emit, "", "emergency.back")
        buttons = FlowRow(self._confirm, back)
        self._reminder = label(
            self.tr(
                "Réservé à l’urgence, quand le patient ne peut pas dire s’il est d’accord (CSP, art. L. 1111-17). "
                "S’il est en état de s’exprimer, demandez-lui son accord. S’il s’est opposé à cet accès, il sera "
                "refusé et la tentative restera tracée."
            )
        )
        self.setLayout(
            column(
                label(self.tr("Bris de glace"), "heading"),
                self._reminder,
                self.notice,
                self._reason_field,
                self._words_field,
                column(label(self.tr("Ce que le patient recevra"), "strong"), self._told, gap=GRID // 2),
                buttons,
                gap=GRID * 2,
            )
        )
        self._wire()

    def _wire(self) -> None:
        self._reasons.itemSelectionChanged.connect(self._retell)
        self._reasons.picked.connect(self._words.setFocus)
        self._words.textChanged.connect(lambda _text: self._retell())
        self._words.returnPressed.connect(self._confirm.setFocus)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.confirm)

    @property
    def told(self) -> str:
        """The exact text the patient will receive."""
        return self._told.text()

    def ask(self, who: str, structure: str) -> None:
        """Start anew for this professional."""
        self._who, self._structure = who, structure
        self._reasons.clearSelection()
        self._reasons.fit()
        self._words.clear()
        self._reason_field.set_error("")
        self._words_field.set_error("")
        self.notice.clear()
        self._reminder.show()
        self._retell()

    @property
    def begun(self) -> Begun | None:
        """What was chosen and typed; None when nothing was."""
        reason, words = self._reasons.reason, self._words.text()
        return (reason, words) if reason or words else None

    def resume(self, begun: Begun) -> None:
        """Show again what had been begun for the same patient by the same professional."""
        reason, words = begun
        if reason:
            self._reasons.setCurrentRow(list(EmergencyReason).index(reason))
        self._words.setText(words)

    def refused(self, message: Message) -> None:
        """The server (or the practice) said no: nothing was opened, what was typed stays."""
        self._reminder.hide()  # read already: leaves its room, so that the buttons stay in sight
        self.notice.say(message)
        self._words.setFocus()

    def take_focus(self) -> None:
        """The reasons."""
        self._reasons.setFocus()

    def confirm(self) -> None:
        """Both reason and words, then go."""
        reason, words = self._reasons.reason, self._words.text().strip()
        self._reason_field.set_error("" if reason else self.tr("Choisissez un motif : touche 1 à 6."))
        self._words_field.set_error("" if words else self.tr("Décrivez les circonstances en quelques mots."))
        if reason is None:
            self._reasons.setFocus()
        elif not words:
            self._words.setFocus()
        else:
            self.notice.clear()
            self.confirmed.emit(reason, words)

    def _retell(self) -> None:
        reason = reason_text(self._reasons.reason, self._words.text())
        told = access_notice(self._who, self._structure, AccessMode.BREAK_GLASS, reason)
        self._told.setText(told)
