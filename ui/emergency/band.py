"""In red and in words, as long as the mode is not normal, in every window that shows the patient."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame
from shiboken6 import isValid

from praticien.access import AccessMode
from praticien.notices import reason_text
from praticien.practice import Case
from praticien.professional import CardHolder
from ui.text import NBSP, clock_text, professional_name
from ui.theme import GRID
from ui.widgets import button, label, row

SOON = timedelta(minutes=5)
"""From here on the band says how to go on."""


def time_words(left: timedelta) -> str:
    """``0 h 58``; under five minutes ``4 min 30 s``. Rounded up: what is said to be left is never less than what is."""
    seconds = -(-left // timedelta(seconds=1))
    if left < SOON:
        return f"{seconds // 60}{NBSP}min{NBSP}{seconds % 60:02d}{NBSP}s"
    minutes = -(-seconds // 60)
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}"


class EmergencyBand(QFrame):
    """One band; ``Bands`` keeps all of them alike."""

    end_asked = Signal()
    extend_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "emergency")
        self.setObjectName("emergency_band")
        self._text = label("", "", "emergency_band.text")
        self._extend = button("", self.extend_asked.emit, "", "emergency_band.extend")
        self._end = button("", self.end_asked.emit, "", "emergency_band.end")
        band = row(self._text, self._extend, self._end, gap=GRID * 2)
        band.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        band.setStretch(0, 1)
        self.setLayout(band)
        self.set_compact(False)
        self.hide()

    def set_compact(self, compact: bool) -> None:
        """Shorter buttons when the text is large: the words have the room."""
        self._extend.setText(self.tr("Prolonger") if compact else self.tr("Prolonger (F9)"))
        self._end.setText(self.tr("Mettre fin") if compact else self.tr("Mettre fin (Maj+F9)"))

    @property
    def text(self) -> str:
        """The words of the band, empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, words: str) -> None:
        """Show these words; without words nothing is said and nothing kept."""
        if words != self._text.text():
            self._text.setText(words)
            self.setAccessibleName(words)
        self.setVisible(bool(words))


class Bands(QObject):
    """All bands of the application. ``add`` one to each window that shows something of the patient."""

    end_asked = Signal()
    extend_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._bands: list[EmergencyBand] = []
        self._words = ""
        self._compact = False

    def set_compact(self, compact: bool) -> None:
        """Shorter buttons on every band."""
        self._compact = compact
        for band in self._alive():
            band.set_compact(compact)

    def new(self) -> EmergencyBand:
        """A band for another window; it ends with that window."""
        band = EmergencyBand()
        band.end_asked.connect(self.end_asked)
        band.extend_asked.connect(self.extend_asked)
        band.set_compact(self._compact)
        band.say(self._words)
        self._bands.append(band)
        return band

    def forget(self) -> None:
        """Normal access."""
        self._say("")

    def show_access(self, case: Case, holder: CardHolder | None, left: timedelta) -> None:
        """Who entered, why, since when, for how long."""
        who = professional_name(holder.professional) if holder else ""
        words = self.tr("{mode} — {who}, motif : {reason}, depuis {since}, reste {left}").format(
            mode=self._mode(case.access.mode),
            who=who,
            reason=reason_text(case.access.reason, case.access.words),
            since=clock_text(case.access.since),
            left=time_words(left),
        )
        self._say(words)

    def _mode(self, mode: AccessMode) -> str:
        return self.tr("CENTRE 15 (RÉGULATION)") if mode is AccessMode.REGULATION else self.tr("BRIS DE GLACE")

    def _say(self, words: str) -> None:
        self._words = words
        for band in self._alive():
            band.say(words)

    def _alive(self) -> list[EmergencyBand]:
        self._bands = [band for band in self._bands if isValid(band)]
        return self._bands
