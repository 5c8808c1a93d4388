"""The user's hand on the real window: keys go to whatever has the focus, as on a keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QWidget

PATIENCE = 30.0
"""Seconds; generous, because nothing here is a timing test."""
_MARK = 8
"""Where the mark of a box is, in pixels from its beginning."""


class NotSeen(Exception):
    """What should have appeared on screen did not."""


class Hand:
    """Types and waits. Holds no reference into the window but what is shown."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, to the focused widget."""
        QTest.keyClick(self._target(), key, modifiers)
        self.settle()

    def write(self, text: str) -> None:
        """Characters one by one; a line break is the Enter key."""
        for character in text:
            if character == "\n":
                QTest.keyClick(self._target(), Qt.Key.Key_Return)
            elif character.isascii():
                QTest.keyClicks(self._target(), character)
            else:
                _type_accented(self._target(), character)
        self.settle()

    def fill(self, name: str, text: str) -> None:
        """Go to the field called ``name`` and replace what it holds."""
        field = self.find(name)
        field.setFocus()
        self.settle()
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.write(text)

    def click(self, name: str) -> None:
        """Click the visible button or box called ``name``."""
        widget = self.find(name)
        where = widget.rect().center()
        if isinstance(widget, QCheckBox | QRadioButton):  # only mark and words answer, wherever the widget ends
            where.setX(_MARK if widget.isLeftToRight() else widget.width() - _MARK)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where)
        self.settle()

    def find(self, name: str) -> QWidget:
        """The visible widget called ``name``. Raises NotSeen."""
        for widget in _shown():
            if widget.objectName() == name:
                return widget
        raise NotSeen(name)

    def wait(self, what: str, condition: Callable[[], object]) -> None:
        """Let the application live until ``condition`` holds. Raises NotSeen naming ``what``."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                focused = self._target().objectName()
                raise NotSeen(f"{what}; focus : {focused}; à l’écran : {self.read()[:2000]}")
            QTest.qWait(10)
        self.settle()

    def wait_for_text(self, text: str, name: str = "") -> None:
        """Until ``text`` is readable on screen (in the widget called ``name``)."""
        self.wait(f"« {text} »", lambda: text in self.read(name))

    def read(self, name: str = "") -> str:
        """All text shown now, or that of the widgets called ``name``; non-breaking spaces as spaces."""
        shown = [widget for widget in _shown() if not name or widget.objectName() == name]
        text = "\n".join(_text_of(widget) for widget in shown)
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    def settle(self) -> None:
        """Let queued events run."""
        for _ in range(3):
            QApplication.processEvents()

    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self._window


def _shown() -> Iterator[QWidget]:
    """All that is visible, found from the windows down: most widgets are on pages that are not shown."""
    waiting = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    while waiting:
        widget = waiting.pop()
        yield widget
        below = (child for child in widget.children() if isinstance(child, QWidget))
        waiting += [child for child in below if child.isVisible() and not child.isWindow()]


def _type_accented(target: QWidget, character: str) -> None:
    """QTest knows the keys of ASCII only."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(target, event)


def _text_of(widget: QObject) -> str:
    for reader in ("toPlainText", "text", "currentText"):
        method = getattr(widget, reader, None)
        if callable(method):
            return str(method())
    return ""
