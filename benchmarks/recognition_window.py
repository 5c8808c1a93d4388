"""The application's window on the readers of ``PCSCLITE_CSOCK_NAME``, saying on standard output what it painted when.

One line of JSON each: ``what`` (ready, told, shown, locked) and ``at`` (monotonic seconds). Ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from card_reader.desk import Desk
from card_reader.pcsc import PcscTransport
from composition.wiring import Parts, close, dependencies
from connectors.endpoint import DmpEndpoint
from praticien.identity import InsOid
from praticien.secrets_at_rest import key_from_file
from ui.main_window import MainWindow
from ui.session import Phase


def say(what: str) -> None:
    """Now. In one piece: the desk's thread speaks too."""
    sys.stdout.write(json.dumps({"what": what, "at": time.monotonic()}) + "\n")
    sys.stdout.flush()


class Painted(QObject):
    """Says a word once the next paint of a window is over."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._word = ""
        application.installEventFilter(self)

    def after(self, word: str) -> None:
        """The word to say."""
        self._word = word

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See QObject."""
        if self._word and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            word, self._word = self._word, ""
            QTimer.singleShot(0, partial(say, word))
        return False


def _read_to_the_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def main(folder: Path) -> int:
    """Until standard input closes."""
    application = QApplication(sys.argv[:1])
    data = folder / "recognition"
    data.mkdir(exist_ok=True)
    endpoint = DmpEndpoint("https://localhost:9", folder / "authority" / "root.pem")
    desk = Desk(PcscTransport())
    given = dependencies(Parts(endpoint, desk, data, partial(key_from_file, data), InsOid.TEST))
    window = MainWindow(given)
    painted = Painted(application)
    desk.subscribe(lambda _state: say("told"))
    window.session.phase_changed.connect(lambda phase: painted.after("shown") if phase is Phase.PIN else None)
    window.session.locked.connect(lambda: painted.after("locked"))
    window.show()
    window.start()
    ending = QTimer()  # no socket of Qt's watches standard input on every system
    ended = threading.Event()
    threading.Thread(target=_read_to_the_end, args=(ended,), daemon=True).start()
    ending.timeout.connect(lambda: application.quit() if ended.is_set() else None, Qt.ConnectionType.DirectConnection)
    ending.start(50)
    QTimer.singleShot(300, lambda: say("ready"))
    application.exec()
    window.close()
    close(given)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
