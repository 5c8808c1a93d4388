"""Bottom of the window: what is being done, what can be deposited, what is on its way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from praticien.documents.model import DocumentKind
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


class DepositBar(QFrame):
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
            DocumentKind.PRESCRIPTION: self.tr("Ordonnance (F6)"),
            DocumentKind.LAB_RESULT: self.tr("Biologie (F7)"),
            DocumentKind.IMAGING_REPORT: self.tr("Imagerie (F8)"),
            DocumentKind.SUMMARY: self.tr("Synthèse (Maj+F8)"),
            DocumentKind.OTHER: self.tr("Autre (Maj+F6)"),
        }
        self._buttons = [
            button(text, partial(self.asked.emit, kind), "", f"deposit_bar.{kind.value}")
            for kind, text in words.items()
        ]
        self._received = button("", self.received_asked.emit, "quiet", "deposit_bar.received")
        self._received.hide()
        self._pending = button("", self.pending_asked.emit, "quiet", "deposit_bar.pending")
        self._pending.hide()
        self._outbox = button("", self.outbox_asked.emit, "quiet", "deposit_bar.outbox")
        box = FlowRow(self._caption, *self._buttons, gap=GRID)
        box.push_right(self._pending, self._received, self._outbox)
        box.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        self.setLayout(box)
        self._compact = False
        self._numbers: dict[str, int] = {"pending": 0, "received": 0, "waiting": 0, "refused": 0}
        self.say_counts(0, 0)

    @property
    def outbox_words(self) -> str:
        """What is said of the outbox."""
        return self._outbox.text()

    def say_counts(self, waiting: int, refused: int) -> None:
        """How many wait, how many were refused."""
        self._numbers |= {"waiting": waiting, "refused": refused}
        self._say()

    def say_pending(self, number: int) -> None:
        """How much could be sent; nothing is said of nothing."""
        self._numbers["pending"] = number
        self._pending.setVisible(number > 0)
        self._say()

    def say_received(self, number: int) -> None:
        """How many laboratory reports are to be handled."""
        self._numbers["received"] = number
        self._received.show()
        self._say()

    def set_compact(self, compact: bool) -> None:
        """Fewer words when the text is large."""
        self._compact = compact
        self._caption.setVisible(not compact)
        self._say()

    def _say(self) -> None:
        refused = self.tr("refusés") if self._numbers["refused"] > 1 else self.tr("refusé")
        pending, received, sent = (
            (self.tr("À envoyer : {pending}"), self.tr("Reçus : {received}"), self.tr("Envois : {waiting}"))
            if self._compact
            else (
                self.tr("À envoyer (Ctrl+F10) : {pending}"),
                self.tr("Résultats reçus (Maj+F7) : {received}"),
                self.tr("Envois (F10) : {waiting} en attente"),
            )
        )
        if not self._compact or self._numbers["refused"]:
            sent += " · {refused} {word}"
        for each, words in ((self._pending, pending), (self._received, received), (self._outbox, sent)):
            each.setText(words.format(**self._numbers, word=refused))

    def allow(self, deposit: bool) -> None:
        """Whether a document may be begun now."""
        for each in self._buttons:
            each.setEnabled(deposit)
