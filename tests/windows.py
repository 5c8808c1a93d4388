"""What every test that shows windows leaves behind: none of them. Import the fixture into a ``conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def bare_application() -> Iterator[None]:
    """Closed windows are gone, and the style sheet with them, before the next test.

    Otherwise Qt deletes them at some later turn of an event loop, dresses them again until then, and each widget of a
    new window one by one: half a second a window.
    """
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.setStyleSheet("")
