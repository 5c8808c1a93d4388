"""One window over a fake world, and hands that only use the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from demonstration.people import DossierSeed
from tests.ui import fakes
from tests.windows import bare_application
from ui.main_window import MainWindow

__all__ = ["bare_application"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/ui/" in item.nodeid:  # the offscreen platform bounds and raises no window, and says so each time
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


class Hands:
    """Presses keys where the focus is and waits for what was started."""

    def __init__(self, qtbot, window: MainWindow) -> None:
        self._qtbot, self._window = qtbot, window

    def press(self, *keys: str) -> None:
        for name in keys:
            combination = QKeySequence(name)[0]
            target = QApplication.focusWidget() or self._window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
            self.wait()

    def type(self, text: str) -> None:
        for character in text:
            target = QApplication.focusWidget()
            assert target is not None, "nothing has the focus"
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))

    def wait(self) -> None:
        QApplication.processEvents()
        self._qtbot.waitUntil(lambda: not self._window.is_busy, timeout=20_000)
        QApplication.processEvents()

    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget else ""

    def find(self, name: str, root: QWidget | None = None) -> QWidget:
        found = (root or self._window).findChild(QWidget, name)
        assert found is not None, name
        return found

    def insert(self, desk: fakes.FakeDesk, name: str) -> None:
        desk.insert(name)
        self.wait()

    def withdraw(self, desk: fakes.FakeDesk, name: str) -> None:
        desk.withdraw(name)
        QApplication.processEvents()

    def unlock(self, pin: str = "1234") -> None:
        self.type(pin)
        self.press("Return")

    def search(self, seed: DossierSeed) -> None:
        """Fill the patient form by the keyboard and confirm it."""
        traits = seed.traits
        born = f"{traits.birth_date[6:]}{traits.birth_date[4:6]}{traits.birth_date[:4]}"
        for text in (seed.ins.matricule, traits.birth_name, traits.first_name, born):
            self.type(text)
            self.press("Return")
        self.press("Ctrl+Return")


@pytest.fixture
def world(tmp_path: Path):
    made = fakes.world(tmp_path)
    yield made
    made.inbox.close()
    made.outbox.close()
    made.practice.reviews.close()
    made.practice.consents.close()


@pytest.fixture
def given(world):
    """What the window is handed; a module whose windows need more has a fixture of its own."""
    return world.dependencies()


@pytest.fixture
def window(qtbot, given):
    made = MainWindow(given)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.start()
    QApplication.processEvents()
    yield made
    made.close()


@pytest.fixture
def hands(qtbot, window):
    return Hands(qtbot, window)


@pytest.fixture
def gp(world, hands):
    """The GP unlocked in the first structure of the card."""
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    hands.press("Return")


@pytest.fixture
def emergency(world, hands):
    """The emergency physician unlocked."""
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()


@pytest.fixture
def secretary(world, hands):
    """The radiology secretary unlocked."""
    hands.insert(world.desk, "cpe-secretaire")
    hands.unlock()
