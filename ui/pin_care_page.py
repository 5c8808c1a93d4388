"""The page where a PIN is changed, or unblocked with the eight-digit code; codes are never text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from praticien.pin_care import CodesLeft
from praticien.ports import PadAct
from ui.flow_row import FlowRow
from ui.messages import sentence, tries_words
from ui.pin_panel import MAX_LENGTH, MIN_LENGTH, PinField
from ui.theme import GRID
from ui.widgets import Field, button, column, label

PIN_CARE_DONE = {
    "changed": "Le code porteur est changé : saisissez le nouveau.",
    "unblocked": "La carte est débloquée : saisissez le nouveau code porteur.",
}


class PinCarePage(QWidget):
    """Emits ``change_asked`` or ``unblock_asked`` (code, new, last try confirmed); the receiver overwrites both.

    Where the reader has keys of its own for the act, no field is shown and both codes are None.
    """

    change_asked = Signal(object, object, bool)
    unblock_asked = Signal(object, object, bool)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pin_care")
        self.setAccessibleName(self.tr("Code porteur de la carte"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._counts: CodesLeft | None = None
        self._is_waiting = False
        self._change = self._choice(self.tr("Changer le code porteur"), "pin_care.change")
        self._unblock = self._choice(self.tr("Débloquer avec le code de déblocage"), "pin_care.unblock")
        self._tries = label("", "muted", "pin_care.tries")
        self._error = label("", "error", "pin_care.error")
        self._last = QCheckBox(self.tr("J’utilise le dernier essai"))
        self._last.setObjectName("pin_care.last_try")
        self._current = self._pin_field(self.tr("Code porteur actuel"), "pin_care.current")
        self._code = self._pin_field(self.tr("Code de déblocage"), "pin_care.code")
        self._code.set_hint(self.tr("Les huit chiffres du courrier reçu avec la carte."))
        self._new = self._pin_field(self.tr("Nouveau code porteur"), "pin_care.new")
        self._again = self._pin_field(self.tr("Nouveau code porteur, encore une fois"), "pin_care.again")
        self._how = label("", "", "pin_care.how")
        self._fields = (self._current, self._code, self._new, self._again)
        self._submit = button("", self._go, "primary", "pin_care.submit")
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "pin_care.back")
        self._lay_out(back)
        self._last.toggled.connect(self._refresh)
        self._change.toggled.connect(self._switched)

    def _lay_out(self, back: QWidget) -> None:
        title = label(self.tr("Code porteur de la carte"), "heading")
        choices = FlowRow(self._change, self._unblock)
        acts = FlowRow(self._submit, back)
        parts = (title, choices, self._tries, self._error, self._last, self._how, *self._fields, acts)
        inner = column(*parts, gap=GRID * 2)
        inner.addStretch(1)
        self.setLayout(inner)

    def _choice(self, text: str, name: str) -> QRadioButton:
        made = QRadioButton(text)
        made.setObjectName(name)
        return made

    def _pin_field(self, caption: str, name: str) -> Field:
        editor = PinField()
        editor.setMaximumWidth(GRID * 32)
        editor.changed.connect(self._refresh)
        editor.returnPressed.connect(self._next)
        return Field(caption, editor, name=name)

    # -- what is asked and said ------------------------------------------------------------------------------

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""
        return self._error.text()

    @property
    def tries(self) -> str:
        """What is said of the tries left."""
        return self._tries.text()

    def begin(self) -> None:
        """Nothing typed, nothing said, counters not read yet."""
        self._counts = None
        self._error.setText("")
        self._change.setChecked(True)
        self._is_waiting = False
        self._switched()

    def show_counts(self, counts: CodesLeft) -> None:
        """What the card says is left; a blocked PIN leaves unblocking alone."""
        self._counts, self._is_waiting = counts, False
        self._change.setEnabled(counts.pin > 0)
        self._unblock.setEnabled(counts.unblocking is not None)
        if counts.pin == 0 and counts.unblocking is not None:
            self._unblock.setChecked(True)
        self._switched()
        self.take_focus()

    def refused(self, error: BaseException) -> None:
        """The card said no; nothing is tried again by itself."""
        self.wipe()
        self._is_waiting = False
        self._error.setText(sentence(error).whole)
        self._refresh()

    def wipe(self) -> None:
        """Overwrite and forget what was typed."""
        for each in self._fields:
            self._editor(each).wipe()
            each.set_error("")
        self._last.setChecked(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever hides this page, the codes typed do not stay."""
        self.wipe()
        super().hideEvent(event)

    def take_focus(self) -> None:
        """The confirmation when it is the last try, else the first field."""
        first = self._submit if self._on_pad else self._first_field().editor
        target = self._last if self._left == 1 and not self._last.isChecked() else first
        (target if target.isEnabled() else self._unblock if self._unblock.isEnabled() else self).setFocus()

    # -- the form --------------------------------------------------------------------------------------------

    @property
    def _left(self) -> int | None:
        """Tries left of the code in hand; None while unknown."""
        if self._counts is None:
            return None
        return self._counts.unblocking if self._unblock.isChecked() else self._counts.pin

    @property
    def _on_pad(self) -> bool:
        """Whether the codes of the act in hand are typed on the reader's own keys."""
        act = PadAct.UNBLOCK if self._unblock.isChecked() else PadAct.CHANGE
        return self._counts is not None and act in self._counts.on_pad

    @staticmethod
    def _editor(field: Field) -> PinField:
        assert isinstance(field.editor, PinField)
        return field.editor

    def _first_field(self) -> Field:
        return self._code if self._unblock.isChecked() else self._current

    def _switched(self) -> None:
        self.wipe()
        unblocking = self._unblock.isChecked()
        self._code.setVisible(unblocking and not self._on_pad)
        self._current.setVisible(not unblocking and not self._on_pad)
        for each in (self._new, self._again):
            each.setVisible(not self._on_pad)
        self._how.setVisible(self._on_pad)
        self._submit.setText(
            self.tr("Débloquer la carte (Entrée)") if unblocking else self.tr("Changer le code (Entrée)")
        )
        self._refresh()

    def _refresh(self) -> None:
        self._tries.setText(self._tries_text())
        self._error.setVisible(bool(self._error.text()))
        self._last.setVisible(self._left == 1)
        allowed = bool(self._left) and (self._left != 1 or self._last.isChecked())
        for each in self._fields:
            each.editor.setEnabled(allowed)
        wanted = MAX_LENGTH if self._unblock.isChecked() else MIN_LENGTH
        lengths = [self._editor(each).length for each in (self._new, self._again)]
        typed = self._editor(self._first_field()).length >= wanted and min(lengths) >= MIN_LENGTH
        self._submit.setEnabled(allowed and (typed or self._on_pad) and not self._is_waiting)
        self._how.setText(self._how_words())
        if self.sender() is self._last and allowed:
            self.take_focus()

    def _how_words(self) -> str:
        first = self.tr("code de déblocage") if self._unblock.isChecked() else self.tr("code actuel")
        if self._is_waiting:
            return self.tr(
                "Sur le lecteur : {first}, puis deux fois le nouveau code ; touche verte après chacun, "
                "rouge pour annuler."
            ).format(first=first)
        return self.tr("Ce lecteur a son propre clavier : les codes s’y saisissent, sans passer par l’ordinateur.")

    def _tries_text(self) -> str:
        left, code = self._left, self.tr("code de déblocage") if self._unblock.isChecked() else self.tr("code porteur")
        if left is None:
            return self.tr("Compteur du {code} non lu.").format(code=code)
        if left == 0:
            return self.tr("Le {code} est bloqué.").format(code=code)
        return self.tr("Il reste {tries} du {code}.").format(tries=tries_words(left), code=code)

    def _go_on_pad(self) -> None:
        self._is_waiting = True
        self.setFocus()  # not on to the next button: Enter means nothing more until the reader answers
        self._error.setText("")
        asked = self.unblock_asked if self._unblock.isChecked() else self.change_asked
        confirmed = self._last.isChecked()
        self._refresh()
        asked.emit(None, None, confirmed)

    def _next(self) -> None:
        """Enter: the next field, or the act from the last one."""
        shown = [each.editor for each in self._fields if not each.isHidden()]
        place = next(number for number, editor in enumerate(shown) if editor is self.sender())
        if place + 1 < len(shown):
            shown[place + 1].setFocus()
        else:
            self._go()

    def _go(self) -> None:
        if not self._submit.isEnabled():
            return
        if self._on_pad:
            self._go_on_pad()
            return
        confirmed, asked = (
            self._last.isChecked(),
            self.unblock_asked if self._unblock.isChecked() else self.change_asked,
        )
        code, new, again = (self._editor(each).take() for each in (self._first_field(), self._new, self._again))
        same = new == again
        again[:] = bytes(len(again))
        if same:
            self._error.setText("")
            asked.emit(code, new, confirmed)
            return
        for each in (code, new):
            each[:] = bytes(len(each))
        self._again.set_error(self.tr("Les deux saisies du nouveau code diffèrent : rien n’a été envoyé à la carte."))
        self._first_field().editor.setFocus()
