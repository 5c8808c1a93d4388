"""The PIN: typed into a field that never holds it as text, tried once, tries left said before and after."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from praticien.professional import CardHolder
from ui.flow_row import FlowRow
from ui.messages import sentence, tries_words
from ui.text import card_text, professional_name
from ui.theme import GRID
from ui.widgets import button, column, label, restyle

MIN_LENGTH = 4
MAX_LENGTH = 8


class PinField(QLineEdit):
    """Shows bullets; the digits live in a bytearray alone, handed over by ``take`` and overwritten by ``wipe``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._digits = bytearray()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhDigitsOnly)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    @property
    def length(self) -> int:
        """Number of digits typed."""
        return len(self._digits)

    def take(self) -> bytearray:
        """The digits, which this field forgets at once; the caller overwrites them."""
        taken = bytearray(self._digits)
        self.wipe()
        return taken

    def wipe(self) -> None:
        """Overwrite and forget what was typed."""
        self._digits[:] = bytes(len(self._digits))
        self._digits.clear()
        self._redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            if self._digits:
                self._digits[-1] = 0
                self._digits.pop()
            self._redraw()
        elif len(typed) == 1 and typed.isascii() and typed.isdigit() and len(self._digits) < MAX_LENGTH:
            self._digits.append(ord(typed))
            self._redraw()
        else:
            event.ignore()

    def _redraw(self) -> None:
        self.setText("•" * len(self._digits))
        self.changed.emit()


class PinPanel(QWidget):
    """Emits ``submitted(pin, last_try_confirmed)``; the receiver overwrites the bytearray, None on a reader's keys."""

    submitted = Signal(object, bool)
    care_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pin_panel")
        self._who = label("", "heading", "pin_panel.who")
        self._tries = label("", "muted", "pin_panel.tries")
        self._error = label("", "error", "pin_panel.error")
        self._field = PinField()
        self._field.setObjectName("pin_panel.field")
        self._field.setAccessibleName(self.tr("Code porteur"))
        self._field.setMaximumWidth(GRID * 32)
        self._last = QCheckBox(self.tr("J’utilise le dernier essai"))
        self._last.setObjectName("pin_panel.last_try")
        self._caption = label(self.tr("Code porteur"), "strong")
        self._how = label("", "", "pin_panel.how")
        self._submit = button(self.tr("Déverrouiller (Entrée)"), self._go, "primary", "pin_panel.submit")
        self._care = button("", self.care_asked.emit, "quiet", "pin_panel.care")
        act = FlowRow(self._submit, self._care)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        asked = (self._caption, self._field, self._how)
        inner = column(self._who, self._tries, self._error, self._last, *asked, act, gap=GRID * 2)
        inner.addStretch(1)
        self.setLayout(inner)
        self._left: int | None = None
        self._holder: CardHolder | None = None
        self._on_pad = self._is_waiting = False
        self._field.returnPressed.connect(self._go)
        self._field.changed.connect(self._refresh)
        self._last.toggled.connect(self._refresh)

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""
        return self._error.text()

    @property
    def tries(self) -> str:
        """What is said of the tries left."""
        return self._tries.text()

    def ask(self, holder: CardHolder | None, tries_left: int | None, *, on_pad: bool = False) -> None:
        """Greet the holder and ask for the PIN: in the field, or ``on_pad`` on the reader's own keys."""
        self._on_pad = on_pad
        self._submit.setText(
            self.tr("Saisir le code sur le lecteur (Entrée)") if on_pad else self.tr("Déverrouiller (Entrée)")
        )
        self._holder = holder
        self._error.setText("")
        self._set_tries(tries_left)

    def refused(self, error: BaseException, tries_left: int | None) -> None:
        """The PIN did not open: say why and what is left; nothing is tried again by itself."""
        self._error.setText(sentence(error).whole)
        self._field.setAccessibleDescription(self._error.text())
        self._set_tries(tries_left)
        self.take_focus()

    def wipe(self) -> None:
        """Forget what was typed."""
        self._field.wipe()
        self._error.setText("")

    def _say_who(self) -> None:
        name = professional_name(self._holder.professional) if self._holder else ""
        card = card_text(self._holder.card_kind) if self._holder else ""
        if self._left == 0:
            asking = self.tr("{name}, votre carte {card} est bloquée")
        elif self._on_pad:
            asking = self.tr("{name}, le code porteur de votre carte {card} se saisit sur le lecteur")
        else:
            asking = self.tr("{name}, saisissez le code porteur de votre carte {card}")
        self._who.setText(asking.format(name=name, card=card))
        self.setAccessibleName(self._who.text())

    def take_focus(self) -> None:
        """Where typing goes, or the way to unblock the card."""
        entry = self._care if self._left == 0 else self._submit if self._on_pad else self._field
        (self._last if self._left == 1 and not self._last.isChecked() else entry).setFocus()

    def _set_tries(self, left: int | None) -> None:
        self._left, self._is_waiting = left, False
        self._field.wipe()
        self._last.setChecked(False)
        self._last.setVisible(left == 1)
        self._say_who()
        self._tries.setText(self._tries_words(left))
        self._care.setText(
            self.tr("Débloquer la carte (Ctrl+K)") if left == 0 else self.tr("Changer ou débloquer le code (Ctrl+K)")
        )
        restyle(self._care, "primary" if left == 0 else "quiet")
        self._submit.setVisible(left != 0)
        for widget in (self._caption, self._field):
            widget.setVisible(left != 0 and not self._on_pad)
        self._how.setVisible(left != 0 and self._on_pad)
        self._refresh()

    def _tries_words(self, left: int | None) -> str:
        if left is None:
            return ""
        if left == 0:
            return self.tr(
                "Cette carte est bloquée : débloquez-la avec son code de déblocage (Ctrl+K) ou auprès de votre CPAM."
            )
        return self.tr("Il reste {tries} avant blocage de la carte.").format(tries=tries_words(left))

    def _refresh(self) -> None:
        self._error.setVisible(bool(self._error.text()))
        allowed = self._left != 1 or self._last.isChecked()
        self._field.setEnabled(allowed)
        typed = self._on_pad or self._field.length >= MIN_LENGTH
        self._submit.setEnabled(allowed and typed and not self._is_waiting)
        self._how.setText(self._how_words())
        if self._left == 1 and allowed and self.sender() is self._last:
            self.take_focus()

    def _how_words(self) -> str:
        if self._is_waiting:
            return self.tr(
                "Saisissez votre code sur le lecteur, puis appuyez sur sa touche verte. Touche rouge : annuler."
            )
        return self.tr("Ce lecteur a son propre clavier : votre code ne passe pas par l’ordinateur.")

    def _go(self) -> None:
        if self._submit.isEnabled():
            self._is_waiting = self._on_pad
            if self._on_pad:
                self.setFocus()  # not on to the next button: Enter means nothing more until the reader answers
            self._refresh()
            self._submit.setEnabled(False)
            self.submitted.emit(None if self._on_pad else self._field.take(), self._last.isChecked())
