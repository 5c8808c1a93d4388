"""The page "À envoyer": what waits for somebody to send it, and by which rules documents leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label


@dataclass(frozen=True, slots=True, repr=False)
class Pending:
    """Something that could be sent: in words, what opens it, and what holds it back or lets it go (None: nothing)."""

    words: str
    open: Callable[[], object]
    hold: Callable[[], object] | None = None
    held: bool = False


class _Rows(QListWidget):
    """Enter opens, R holds back."""

    open_pressed = Signal()
    hold_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_pressed.emit()
        elif event.text().lower() == "r":
            self.hold_pressed.emit()
        else:
            super().keyPressEvent(event)


class SendingPage(QWidget):
    """Emits ``rule_chosen(bool)`` and ``left``."""

    rule_chosen = Signal(bool)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sending")
        self._pending: tuple[Pending, ...] = ()
        self._list = _Rows()
        self._list.setObjectName("sending.list")
        self._list.setAccessibleName(self.tr("À envoyer"))
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(GRID * 24)
        self._list.open_pressed.connect(self._do_open)
        self._list.hold_pressed.connect(self._do_hold)
        self._list.itemDoubleClicked.connect(lambda _item: self._do_open())
        self._list.currentItemChanged.connect(lambda _now, _before: self._allow())
        self._empty = label(
            self.tr("Rien n’attend : ni résultat reçu, ni examen reçu, ni brouillon."), "muted", "sending.empty"
        )
        self._open = button(self.tr("Ouvrir (Entrée)"), self._do_open, "primary", "sending.open")
        self._hold = button("", self._do_hold, "", "sending.hold")
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "sending.back")
        self._automatic = QCheckBox(self.tr("Biologie : envoi automatique pour le patient ouvert"))
        self._automatic.setObjectName("sending.automatic")
        self._automatic.clicked.connect(self.rule_chosen)
        rules = column(
            label(self.tr("Règles d’envoi"), "strong"),
            self._automatic,
            label(
                self.tr(
                    "Un compte rendu reçu part sans formulaire s’il est complet, si l’identité est contrôlée et si "
                    "tous les traits concordent, sauf si vous le retenez. Ordonnances et comptes rendus d’imagerie "
                    "partent quand vous les validez."
                ),
                "muted",
            ),
            gap=GRID // 2,
        )
        title = label(self.tr("À envoyer"), "heading")
        acts = FlowRow(self._open, self._hold, back)
        whole = column(title, self._empty, self._list, acts, gap=GRID)
        whole.addSpacing(GRID)
        whole.addLayout(rules)
        whole.addStretch(1)
        self.setLayout(whole)
        self.show_pending((), automatic=False)

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        return tuple(one.words for one in self._pending)

    def show_pending(self, pending: tuple[Pending, ...], *, automatic: bool) -> None:
        """Fill; the cursor stays on the same line."""
        row = max(self._list.currentRow(), 0)
        self._pending = pending
        self._list.clear()
        for one in pending:
            self._list.addItem(QListWidgetItem(one.words))
        self._list.setCurrentRow(min(row, len(pending) - 1))
        self._empty.setVisible(not pending)
        for widget in (self._list, self._open):
            widget.setVisible(bool(pending))
        self._automatic.setChecked(automatic)
        self._allow()

    def take_focus(self) -> None:
        """The list, or the rule when there is none."""
        (self._list if self._pending else self._automatic).setFocus()

    def _current(self) -> Pending | None:
        row = self._list.currentRow()
        return self._pending[row] if 0 <= row < len(self._pending) else None

    def _allow(self) -> None:
        one = self._current()
        self._hold.setVisible(one is not None and one.hold is not None)
        held = one is not None and one.held
        self._hold.setText(self.tr("Ne plus retenir (R)") if held else self.tr("Retenir (R)"))

    def _do_open(self) -> None:
        one = self._current()
        if one:
            one.open()

    def _do_hold(self) -> None:
        one = self._current()
        if one and one.hold:
            one.hold()
