"""The row of digits on both kinds of keyboard; what only looks like a digit is none."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.digits import digit_of, digit_with_control


def pressed(key, text="", modifiers=Qt.KeyboardModifier.NoModifier):
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)


@pytest.mark.parametrize("number,text", [*enumerate("123456789", 1), *enumerate("&é\"'(-è_ç", 1)])
def test_both_rows(number, text):
    assert digit_of(pressed(Qt.Key.Key_unknown, text)) == number


@pytest.mark.parametrize("text", ["", "0", "²", "١", "a", "12", "à", "\x01"])
def test_anything_else_is_none(text):
    assert digit_of(pressed(Qt.Key.Key_unknown, text)) == 0


CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.mark.parametrize(
    "key,modifiers,number",
    [
        (Qt.Key.Key_1, CONTROL, 1),
        (Qt.Key.Key_5, CONTROL | SHIFT, 5),
        (Qt.Key.Key_3, CONTROL | Qt.KeyboardModifier.KeypadModifier, 3),
        (Qt.Key.Key_Ampersand, CONTROL, 1),
        (Qt.Key.Key_Eacute, CONTROL, 2),
        (Qt.Key.Key_ParenLeft, CONTROL, 5),
        (Qt.Key.Key_Minus, CONTROL, 0),  # smaller text
        (Qt.Key.Key_0, CONTROL, 0),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_1, CONTROL | ALT, 0),  # AltGr on Windows
    ],
)
def test_with_control(key, modifiers, number):
    assert digit_with_control(pressed(key, "", modifiers)) == number
