"""An emergency access begun or extended: is it needed, did the patient refuse it, why, what the patient will be told.

Two keys where a coded reason says it all: F9 opens the sheet, Ctrl and a digit state the reason and confirm. To add
words: F9, the digit, the words, Ctrl+Enter.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from praticien.access import AccessMode, EmergencyReason
from praticien.emergency import needs_words
from praticien.notices import EMERGENCY_REASONS, MAX_WORDS, access_notice, reason_text
from ui.digits import digit_of, digit_with_control
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label

Begun = tuple[EmergencyReason | None, str]


class ReasonList(QListWidget):
    """One digit chooses a reason, with Ctrl it states it."""

    picked = Signal()
    stated = Signal()

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
        at_once = digit_with_control(event)
        digit = at_once or digit_of(event)
        if 1 <= digit <= self.count():
            self.setCurrentRow(digit - 1)
            (self.stated if at_once else self.picked).emit()
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
        self._who, self._structure, self._mode = "", "", AccessMode.BREAK_GLASS
        self._title = label("", "heading", "emergency.title")
        self._check = label("", "strong", "emergency.check")
        self.notice = Notice("emergency.notice")
        self._reasons = ReasonList()
        choice = self.tr("Motif : une touche, de 1 à 6 (avec Ctrl, confirmé du même geste)")
        self._reason_field = Field(choice, self._reasons, "", "emergency.reason")
        self._words = QLineEdit()
        self._words.setMaxLength(MAX_WORDS)
        self._words_field = Field(
            self.tr("Circonstances, en quelques mots (lues par le patient)"),
            self._words,
            self.tr("Facultatif, sauf pour « autre urgence »."),
            "emergency.words",
        )
        self._told = label("", "quote", "emergency.told")
        self._confirm = button("", self.confirm, "emergency", "emergency.confirm")
        self._back = back = button(self.tr("Renoncer (Échap)"), self.cancelled.emit, "", "emergency.back")
        buttons = FlowRow(self._confirm, back)
        self._telling = QWidget()
        self._telling.setLayout(
            column(label(self.tr("Ce que le patient recevra"), "strong"), self._told, gap=GRID // 2)
        )
        self._reminder = label(
            self.tr(
                "Réservé à l’urgence, quand le patient ne peut pas dire s’il est d’accord (CSP, art. L. 1111-17). "
                "S’il est en état de s’exprimer, demandez-lui son accord. S’il s’est opposé à cet accès, il sera "
                "refusé et la tentative restera tracée."
            )
        )
        self.setLayout(
            column(
                self._title,
                self._check,
                self._reminder,
                self.notice,
                self._reason_field,
                self._words_field,
                self._telling,
                buttons,
                gap=GRID * 2,
            )
        )
        self._wire()

    def _wire(self) -> None:
        self._reasons.itemSelectionChanged.connect(self._retell)
        self._reasons.picked.connect(self._words.setFocus)
        self._reasons.stated.connect(self.confirm)
        self._words.textChanged.connect(lambda _text: self._retell())
        self._words.returnPressed.connect(self._confirm.setFocus)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.confirm)

    @property
    def told(self) -> str:
        """The exact text the patient will receive."""
        return self._told.text()

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self.ask("", "")

    def ask(
        self, who: str, structure: str, mode: AccessMode = AccessMode.BREAK_GLASS, *, extends: bool = False
    ) -> None:
        """Start anew for this professional; ``extends`` an access under way, for a reason said anew."""
        self._who, self._structure, self._mode = who, structure, mode
        self._name_act(extends)
        for widget in (self._words_field, self._telling):
            widget.show()
        broken = mode is AccessMode.BREAK_GLASS
        self._reason_field.setVisible(broken)
        self._words_field.set_hint(self.tr("Facultatif, sauf pour « autre urgence ».") if broken else "")
        self.say_check("")
        self._confirm.setEnabled(True)
        self._reasons.clearSelection()
        self._reasons.fit()
        self._words.clear()
        self._reason_field.set_error("")
        self._words_field.set_error("")
        self.notice.clear()
        self._reminder.setVisible(self._mode is AccessMode.BREAK_GLASS)
        self._retell()

    def _name_act(self, extends: bool) -> None:
        if self._mode is AccessMode.REGULATION:
            self._title.setText(self.tr("Prolonger l’accès du centre 15"))
            self._confirm.setText(self.tr("Prolonger l’accès (Ctrl+Entrée)"))
        elif extends:
            self._title.setText(self.tr("Prolonger le bris de glace"))
            self._confirm.setText(self.tr("Prolonger le bris de glace (Ctrl+Entrée)"))
        else:
            self._title.setText(self.tr("Bris de glace"))
            self._confirm.setText(self.tr("Confirmer le bris de glace (Ctrl+Entrée)"))

    def say_check(self, words: str) -> None:
        """Whether it is needed, and what is known of the patient's opposition."""
        self._check.setText(words)
        self._check.setVisible(bool(words))

    def refuse_beforehand(self, message: Message) -> None:
        """The patient refused: nothing can be confirmed, nothing is attempted."""
        for widget in (self._reminder, self._check, self._reason_field, self._words_field, self._telling):
            widget.hide()
        self.notice.say(message, keep=True)
        self._confirm.setEnabled(False)
        self._back.setFocus()

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
        """The reasons, or the words of a call."""
        (self._words if self._mode is AccessMode.REGULATION else self._reasons).setFocus()

    def confirm(self) -> None:
        """The reason, and words where the reason says nothing by itself, then go."""
        if not self._confirm.isEnabled():
            return
        reason, words = self._reason, self._words.text().strip()
        missing = reason is not None and needs_words(reason) and not words
        self._reason_field.set_error("" if reason else self.tr("Choisissez un motif : touche 1 à 6."))
        self._words_field.set_error(self.tr("Décrivez les circonstances en quelques mots.") if missing else "")
        if reason is None:
            self._reasons.setFocus()
        elif missing:
            self._words.setFocus()
        else:
            self.notice.clear()
            self.confirmed.emit(reason, words)

    @property
    def _reason(self) -> EmergencyReason | None:
        regulation = self._mode is AccessMode.REGULATION
        return EmergencyReason.REGULATION_CALL if regulation else self._reasons.reason

    def _retell(self) -> None:
        reason = reason_text(self._reason, self._words.text())
        if self._reason is None:  # the words of each are in the list above
            reason = " – ".join(part for part in (self.tr("[le motif choisi ci-dessus]"), reason) if part)
        told = access_notice(self._who, self._structure, self._mode, reason)
        self._told.setText(told)
