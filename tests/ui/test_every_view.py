"""Every page, window and state, in both themes, with small and with large text: nothing cut off, nothing unnamed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

from tests.ui.conftest import Hands
from tests.ui.tours import TOURS, Visit, dependencies
from ui.deposit.prescription_panel import PrescriptionPanel
from ui.main_window import MainWindow
from ui.widgets import Elided

WIDE_BY_NATURE = ("labs.table", "lab_inbox.table", "deposit.lab.table")
"""What grows to the right with what it holds: results and their values over time. Tables inside documents do too."""


@pytest.fixture(params=[("light", 100, 1280, 800), ("dark", 200, 1024, 700)], ids=["light-100", "dark-200"])
def visit(request, qtbot, world, tmp_path) -> Iterator[Visit]:
    theme, percent, width, height = request.param
    world.settings.set("theme", theme)
    world.settings.set("text_percent", str(percent))
    given, store = dependencies(world, tmp_path)
    window = MainWindow(given)
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    yield Visit(world, window, Hands(qtbot, window), store)
    window.close()
    store.close()


def shown(window: QWidget) -> list[QWidget]:
    return [one for one in window.findChildren(QWidget) if one.isVisible() and one.window() is window]


def is_cut(widget: QWidget) -> bool:
    """Whether its words need more room than it has, or stand out of what holds it (scrolling aside)."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        if widget.height() + 1 < widget.heightForWidth(widget.width()):
            return True
    elif widget.width() + 1 < widget.sizeHint().width() or widget.height() + 1 < widget.sizeHint().height():
        return True
    holder = widget.parentWidget()
    while holder and not isinstance(holder.parentWidget(), QAbstractScrollArea):
        corner = widget.mapTo(holder, widget.rect().topLeft())
        if not holder.rect().adjusted(-1, -1, 1, 1).contains(widget.rect().translated(corner)):
            return True
        holder = holder.parentWidget() if not holder.isWindow() else None
    return False


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons whose words cannot be read whole."""
    worded = [w for w in shown(window) if isinstance(w, QLabel | QAbstractButton) and not isinstance(w, Elided)]
    return [f"{w.objectName() or type(w).__name__} « {w.text()[:60]} »" for w in worded if w.text() and is_cut(w)]


def sideways(window: QWidget) -> list[str]:
    """What scrolls to the side."""
    areas = [w for w in shown(window) if isinstance(w, QAbstractScrollArea) and not isinstance(w, QTextBrowser)]
    return [
        w.objectName() or type(w).__name__
        for w in areas
        if w.horizontalScrollBar().isVisible() and w.objectName() not in WIDE_BY_NATURE
    ]


def unnamed(window: QWidget) -> list[str]:
    """What Tab can reach and a screen reader cannot name."""
    tabbed = Qt.FocusPolicy.TabFocus.value
    reached = [w for w in shown(window) if w.focusPolicy().value & tabbed and not isinstance(w, QScrollArea)]
    silent = [w for w in reached if not QAccessible.queryAccessibleInterface(w).text(QAccessible.Text.Name).strip()]
    return [f"{type(w).__name__} {w.objectName()}" for w in silent]


def focus_is_lost(visit: Visit) -> bool:
    """The focus is on no part of the page: Enter would do nothing, or what nobody meant."""
    focused = QApplication.focusWidget()
    if focused is None or not focused.isVisible():
        return True
    return focused.window() is visit.window and not visit.window.pages.isAncestorOf(focused)


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.__name__)
def test_nothing_cut_off_unnamed_or_lost(visit, tour):
    faults = []
    for name in tour(visit):
        for _round in range(4):  # what wraps decides what is below it, which may bring a scroll bar
            QApplication.processEvents()
        windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.width() > 300]
        for window in windows:
            found = {"cut off": cut_off(window), "sideways": sideways(window), "unnamed": unnamed(window)}
            faults += [f"{name}: {kind}: {one}" for kind, them in found.items() for one in them]
        if focus_is_lost(visit):
            focused = QApplication.focusWidget()
            faults.append(f"{name}: focus on {focused.objectName() if focused else None}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "key,expected",
    [
        ("F6", ["title", "lines.0.name", "lines.1.name", "template.keep", "valid_until", "confirm"]),
        ("F8", ["title", "acts.0.name", "acts.1.ccam", "acts.add", "indication", "confirm"]),
    ],
)
@pytest.mark.usefixtures("gp")
def test_tab_goes_where_the_eye_goes(world, window, hands, key, expected):
    """Lines that came later stand before the buttons below them."""
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I", key)
    hands.press("Ctrl+Shift+A") if key == "F8" else window.pages.deposit.findChild(PrescriptionPanel)._rows.add()
    QApplication.processEvents()
    title = hands.find("deposit.title")
    title.setFocus()
    reached = []
    for _press in range(40):
        reached.append(hands.focus().removeprefix("deposit."))
        hands.press("Tab")
    assert [name for name in reached if name in expected][: len(expected)] == expected
