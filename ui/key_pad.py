"""Demonstration only: the keys and the screen of a reader where codes are typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.dependencies import ReaderKeys
from ui.theme import GRID
from ui.widgets import button, column, label, line, row

_REFRESH_MS = 150


class KeyPad(QFrame):
    """Buttons press keys of the reader; what it asks shows beside them."""

    def __init__(self, keys: ReaderKeys) -> None:
        super().__init__()
        self.setObjectName("key_pad")
        self.setProperty("role", "surface")
        self._keys = keys
        self._screen = line("", "strong", "key_pad.screen")
        self._screen.setAccessibleName(self.tr("Écran du lecteur"))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        told = column(
            line(self.tr("Lecteur à clavier"), "pill"),
            self._screen,
            label(self.tr("Le code se tape ici quand la fenêtre le demande."), "muted"),
            gap=GRID // 2,
        )
        told.addStretch(1)
        self.setLayout(row(self._grid(), told, margin=GRID * 2, gap=GRID * 2))
        self.refresh()

    def _grid(self) -> QGridLayout:
        names = {"A": self.tr("Annuler"), "C": self.tr("Corriger"), "V": self.tr("Valider")}
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for number, keys in enumerate(("123", "456", "789", "A0C")):
            for place, key in enumerate(keys):
                grid.addWidget(self._key(key, names.get(key, key)), number, place)
                grid.setColumnStretch(place, 1)
        grid.addWidget(self._key("V", names["V"]), 4, 0, 1, 3)
        return grid

    def _key(self, key: str, words: str) -> QWidget:
        return button(words, partial(self._press, key), "primary" if key == "V" else "", f"key_pad.{key}")

    def _press(self, key: str) -> None:
        self._keys.press(key)
        self.refresh()

    def refresh(self) -> None:
        """Show what the reader's screen says."""
        self._screen.setText(self._keys.display() or self.tr("Prêt"))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the reader's screen while it can be seen."""
        self._timer.start(_REFRESH_MS)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._timer.stop()
        super().hideEvent(event)
