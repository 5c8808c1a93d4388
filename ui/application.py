"""The Qt application around the window: made once, in French."""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox

from praticien.errors import PraticienError
from ui.dependencies import Dependencies
from ui.main_window import MainWindow
from ui.messages import sentence


def create() -> QApplication:
    """The application object, with Qt's own words (dialogs, menus) in French."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    french = QLocale(QLocale.Language.French, QLocale.Country.France)
    QLocale.setDefault(french)
    words = QTranslator(application)
    if words.load(french, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)
    return application


def start(dependencies: Dependencies) -> int:
    """Show the window until it is closed; the exit status. Ctrl+C in a terminal closes it."""
    application = create()
    application.setApplicationName(dependencies.software)
    window = MainWindow(dependencies)
    window.show()
    window.start()
    window.show_card_table()  # in the demonstration, nothing can begin without it
    signal.signal(signal.SIGINT, lambda *_: window.close())
    awake = QTimer()
    awake.start(250)  # Python sees a signal only when it runs
    awake.timeout.connect(lambda: None)
    return application.exec()


def refuse(error: PraticienError) -> int:
    """Say why the window cannot open, on standard error and on screen; the exit status."""
    create()
    message = sentence(error)
    print(f"praticien : {message.whole}", file=sys.stderr)
    QMessageBox.critical(None, "Praticien", message.whole)
    return 1
