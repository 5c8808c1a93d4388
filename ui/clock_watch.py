"""This machine's clock against the server's, at least once a day (PRE_TPS): told as soon as they differ too much.

A wrong clock has each VIHF refused; the sentence stays on every page until they agree again.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from praticien.ports import CompareClocks
from ui.notice_bar import NoticeBar
from ui.tasks import Tasks
from ui.text import NBSP

EVERY_MS = 60 * 60 * 1000
"""How often one looks; the server itself is asked only when it said nothing for a day."""
TOLERANCE = timedelta(minutes=2)


def drift_words(ahead: timedelta) -> str:
    """``2 h 05`` or ``7 min``: how far apart the clocks are."""
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}" if minutes >= 60 else f"{minutes}{NBSP}min"


class ClockBar(NoticeBar):
    """Says what is wrong with the clock and what to do, or is hidden."""

    def __init__(self) -> None:
        super().__init__("clock_bar", "clock_bar.again")
        self.act.setText(self.tr("Comparer de nouveau"))

    def say(self, ahead: timedelta) -> None:
        """``ahead``: how far the server's clock is ahead of this machine's."""
        late = self.tr(
            "L’horloge de ce poste retarde de {drift} sur celle du serveur : les accès au DMP peuvent être refusés. "
            "Réglez la date et l’heure de l’ordinateur (synchronisation automatique)."
        )
        early = self.tr(
            "L’horloge de ce poste avance de {drift} sur celle du serveur : les accès au DMP peuvent être refusés. "
            "Réglez la date et l’heure de l’ordinateur (synchronisation automatique)."
        )
        words = (late if ahead > timedelta(0) else early).format(drift=drift_words(ahead))
        self.show_words(words if abs(ahead) > TOLERANCE else "")


class ClockWatch(QObject):
    """Compares at the start, then every hour, in the background; a server that cannot be reached changes nothing."""

    def __init__(self, compare: CompareClocks | None, bar: ClockBar, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._compare, self._bar, self._tasks = compare, bar, tasks
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        bar.act.clicked.connect(lambda _checked=False: self.look(anew=True))

    def start(self) -> None:
        """Look now and from now on."""
        self._timer.start()
        self.look()

    def look(self, *, anew: bool = False) -> None:
        """Compare; ``anew`` asks the server whatever it said before."""
        compare = self._compare
        if compare is None:
            return
        task = self._tasks.start(lambda: compare(anew), self.tr("Comparaison de l’heure avec celle du serveur…"))
        task.on_success(self._compared)
        task.on_failure(lambda _error: None)

    def _compared(self, ahead: timedelta | None) -> None:
        if ahead is not None:
            self._bar.say(ahead)
