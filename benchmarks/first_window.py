"""A program that ends as soon as its first window is painted, having said so on standard output.

Without arguments the window is an empty QMainWindow; with arguments the program is the application itself, ``main.py``
with these arguments.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class _FirstPaint(QObject):
    """Watches the whole application for the first paint of a top-level window."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._seen = False
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See QObject."""
        first = event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow()
        if first and not self._seen:
            self._seen = True
            QTimer.singleShot(0, self._say)  # after this paint and the rest of the event
        return False

    @staticmethod
    def _say() -> None:
        print("shown", flush=True)
        QApplication.closeAllWindows()


def main(arguments: Sequence[str]) -> int:
    """The exit status of the program measured."""
    application = QApplication(sys.argv[:1])
    _FirstPaint(application)
    if arguments:
        import main as praticien

        return praticien.main(arguments)
    window = QMainWindow()
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
