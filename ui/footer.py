"""Bottom of the window: what is being done, what can be deposited, what is on its way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from praticien.documents.model import DocumentKind
from ui.fitting import FittingBar
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import Elided, button, line, row


class ProgressStrip(QFrame):
    """Shown when something lasts: what, and how to give up."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setObjectName("progress")
        self._text = Elided("strong", "progress.text")
        cancel = button(self.tr("Annuler (Échap)"), self.cancelled.emit, "", "progress.cancel")
        box = row(self._text, cancel, gap=GRID * 2)
        box.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.hide()

    @property
    def text(self) -> str:
        """What is being done, empty when hidden."""
        return "" if self.isHidden() else self._text.whole

    def say(self, doing: str) -> None:
        """Empty hides."""
        self._text.set_text(doing)
        self.setAccessibleName(doing)
        self.setVisible(bool(doing))


class DepositBar(FittingBar):
    """F6 to F8, the synthesis, any other document, and the outbox."""

    asked = Signal(object)
    outbox_asked = Signal()
    received_asked = Signal()
    pending_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self.setObjectName("deposit_bar")
        self._caption = line(self.tr("Déposer :"), "muted")
        words = {
            DocumentKind.PRESCRIPTION: (self.tr("Ordonnance"), "F6"),
            DocumentKind.LAB_RESULT: (self.tr("Biologie"), "F7"),
            DocumentKind.IMAGING_REPORT: (self.tr("Imagerie"), "F8"),
            DocumentKind.SUMMARY: (self.tr("Synthèse"), self.tr("Maj+F8")),
            DocumentKind.OTHER: (self.tr("Autre"), self.tr("Maj+F6")),
        }
        self._buttons = {
            button("", partial(self.asked.emit, kind), "", f"deposit_bar.{kind.value}"): text_and_key
            for kind, text_and_key in words.items()
        }
        self._received = button("", self.received_asked.emit, "quiet", "deposit_bar.received")
        self._pending = button("", self.pending_asked.emit, "quiet", "deposit_bar.pending")
        self._outbox = button("", self.outbox_asked.emit, "quiet", "deposit_bar.outbox")
        box = FlowRow(self._caption, *self._buttons, gap=GRID)
        box.push_right(self._pending, self._received, self._outbox)
        box.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        self.setLayout(box)
        self._numbers: dict[str, int] = {"pending": 0, "received": 0, "waiting": 0, "refused": 0}
        self._receives = False
        self._word(few=False)

    @property
    def outbox_words(self) -> str:
        """What is said of the outbox."""
        return self._outbox.text()

    def say_counts(self, waiting: int, refused: int) -> None:
        """How many wait, how many were refused."""
        self._say(waiting=waiting, refused=refused)

    def say_pending(self, number: int) -> None:
        """How much could be sent; nothing is said of nothing."""
        self._say(pending=number)

    def say_received(self, number: int) -> None:
        """How many laboratory reports are to be handled."""
        self._receives = True
        self._say(received=number)

    def _say(self, **numbers: int) -> None:
        self._numbers |= numbers
        self.fit()

    def _word(self, *, few: bool) -> None:
        """Where the room is short without the keys; nothing is then said of nothing received."""
        self._caption.setVisible(not few)
        for each, (text, key) in self._buttons.items():
            each.setText(text if few else f"{text} ({key})")
        numbers = self._numbers
        self._pending.setVisible(numbers["pending"] > 0)
        self._received.setVisible(self._receives and (numbers["received"] > 0 or not few))
        pending, received, sent = (
            (self.tr("À envoyer : {pending}"), self.tr("Reçus : {received}"), self.tr("Envois : {waiting}"))
            if few
            else (
                self.tr("À envoyer (Ctrl+F10) : {pending}"),
                self.tr("Reçus (Maj+F7) : {received}"),
                self.tr("Envois (F10) : {waiting} en attente"),
            )
        )
        if numbers["refused"]:
            sent += " · {refused} {word}"
        refused = self.tr("refusés") if numbers["refused"] > 1 else self.tr("refusé")
        for each, words in ((self._pending, pending), (self._received, received), (self._outbox, sent)):
            each.setText(words.format(**numbers, word=refused))

    def allow(self, deposit: bool) -> None:
        """Whether a document may be begun now."""
        for each in self._buttons:
            each.setEnabled(deposit)
