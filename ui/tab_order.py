"""Where Tab goes: what was made later than its neighbours still comes where it is seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_TABBED = Qt.FocusPolicy.TabFocus.value


def come_before(later: QWidget, made: QWidget) -> None:
    """Tab goes through the parts of ``made``, then to ``later``; nothing changes until both are in one window."""
    before = _stop_before(later)
    for part in made.findChildren(QWidget):
        if part.window() is before.window() and _is_stop(part):
            QWidget.setTabOrder(before, part)
            before = part


def _stop_before(later: QWidget) -> QWidget:
    widget = later.previousInFocusChain()
    while widget and widget is not later and not _is_stop(widget):
        widget = widget.previousInFocusChain()
    return widget or later


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy().value & _TABBED)
