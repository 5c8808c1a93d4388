"""Demonstration only: the cards on the table. Click or Enter inserts and withdraws; faults are in a menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QPushButton, QWidget

from praticien.errors import PraticienError
from ui.dependencies import CardFace, CardTableBackend, ReaderKeys
from ui.flow_row import FlowRow
from ui.key_pad import KeyPad
from ui.messages import sentence
from ui.tasks import Tasks
from ui.theme import GRID
from ui.widgets import Notice, button, column, label, line, restyle, scrolling


class CardWidget(QFrame):
    """One card as it looks: kind, holder, structure, printed PIN, and whether it is in a reader."""

    toggled = Signal(str)
    fault_asked = Signal(str, str)

    def __init__(self, face: CardFace, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.face = face
        self.setProperty("role", "surface")
        self.setObjectName(f"card.{face.name}")
        kind = line(face.kind, "pill")
        self._where = line("", "muted", f"card.{face.name}.where")
        head = FlowRow(kind, self._where)
        self._pin = label("", "strong", f"card.{face.name}.pin")
        self._button = button("", lambda: self.toggled.emit(face.name), "primary", f"card.{face.name}.toggle")
        self._faults = button(self.tr("Pannes…"), None, "quiet", f"card.{face.name}.faults")
        self._faults.setMenu(self._menu(faults))
        acts = FlowRow(self._button, self._faults)
        words = (label(face.holder, "strong"), label(face.line, "muted"), self._pin)
        box = column(head, *words, margin=GRID * 2, gap=GRID // 2)
        box.addStretch(1)
        box.addLayout(acts)
        self.setLayout(box)
        self.setMinimumSize(GRID * 36, GRID * 22)
        self.set_inserted(False)
        self.set_pin(face.pin)

    def _menu(self, faults: tuple[tuple[str, str], ...]) -> QMenu:
        menu = QMenu(self)
        for key, words in faults:
            menu.addAction(words, partial(self.fault_asked.emit, self.face.name, key))
        return menu

    @property
    def toggle_button(self) -> QPushButton:
        """Inserts or withdraws."""
        return self._button

    def set_pin(self, pin: str) -> None:
        """The PIN that opens it now: it may have been changed."""
        self._pin.setText(self.tr("Code porteur : {pin}").format(pin=pin) if pin else "")

    def set_inserted(self, inserted: bool) -> None:
        """Say where the card is."""
        self._where.setText(self.tr("dans le lecteur") if inserted else self.tr("sur la table"))
        self._button.setText(self.tr("Retirer") if inserted else self.tr("Insérer"))
        restyle(self._button, "" if inserted else "primary")
        self._button.setAccessibleName(f"{self._button.text()} {self.face.kind} {self.face.holder}")

    def mousePressEvent(self, event) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.toggled.emit(self.face.name)


class CardTable(QWidget):
    """A window of its own beside the main one."""

    def __init__(
        self, backend: CardTableBackend, tasks: Tasks, parent: QWidget | None = None, keys: ReaderKeys | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("card_table")
        self.setWindowTitle(self.tr("Table de cartes (démonstration)"))
        self._backend, self._tasks = backend, tasks
        self.notice = Notice("card_table.notice")
        faults = tuple(backend.faults())
        self._cards = {name: CardWidget(backend.face(name), faults) for name in backend.names()}
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID * 2)
        for number, card in enumerate(self._cards.values()):
            grid.addWidget(card, number // 2, number % 2)
            card.toggled.connect(self.toggle)
            card.fault_asked.connect(self.cause)
        grid.setRowStretch(grid.rowCount(), 1)
        title = label(self.tr("Table de cartes"), "heading")
        text = label(self.tr("Cartes fictives. Cliquez (ou Tab, puis Espace) pour insérer ou retirer."), "muted")
        pad = [KeyPad(keys)] if keys else []
        self.setLayout(column(title, text, self.notice, *pad, scrolling(table), margin=GRID * 2, gap=GRID))
        self.resize(680, 760)
        self.refresh()

    def card(self, name: str) -> CardWidget:
        """The card called ``name``."""
        return self._cards[name]

    def refresh(self) -> None:
        """Look at which cards are in a reader, and at what their PINs became."""
        inserted = self._backend.inserted()
        for name, card in self._cards.items():
            card.set_inserted(name in inserted)
            card.set_pin(self._backend.face(name).pin)

    def changeEvent(self, event: QEvent) -> None:
        """Back from the main window, where a PIN may have been changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            try:
                self.refresh()
            except PraticienError as error:
                self.notice.say(sentence(error))

    def toggle(self, name: str) -> None:
        """Insert or withdraw."""
        act = self._backend.withdraw if name in self._backend.inserted() else self._backend.insert
        self._start(partial(act, name))

    def cause(self, name: str, fault: str) -> None:
        """Make something go wrong with that card."""
        self._start(partial(self._backend.cause, name, fault))

    def _start(self, work) -> None:
        self.notice.clear()
        task = self._tasks.start(work, self.tr("Déplacement de la carte…"))
        task.on_success(lambda _none: self.refresh())
        task.on_failure(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.refresh()
        self.notice.say(sentence(error))
