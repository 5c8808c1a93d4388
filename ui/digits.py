"""The row of digits, also on a French keyboard, where it gives signs unless Shift is held."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ROW = "&é\"'(-è_ç"
"""What the keys 1 to 9 give on an AZERTY keyboard without Shift."""
_KEYS = {
    **{Qt.Key(Qt.Key.Key_1.value + number): number + 1 for number in range(9)},
    **{Qt.Key(ord(sign.upper())): number for number, sign in enumerate(_ROW[:5], 1)},
}
"""With Ctrl there is no text; the sixth key and those after it have shortcuts of their own then (Ctrl+-)."""


def digit_of(event: QKeyEvent) -> int:
    """1 to 9, or 0 for any other key. "²", which is a digit to Python and a key of every AZERTY keyboard, is none."""
    text = event.text()
    if len(text) != 1:
        return 0
    return "123456789".find(text) + 1 or _ROW.find(text) + 1


def digit_with_control(event: QKeyEvent) -> int:
    """1 to 9 of Ctrl and a digit, else 0."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
    if held != Qt.KeyboardModifier.ControlModifier or event.key() not in _KEYS:
        return 0
    return _KEYS[Qt.Key(event.key())]
