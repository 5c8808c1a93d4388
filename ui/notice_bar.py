"""A sentence across the window, on every page, with one act; hidden while it has nothing to say."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from ui.theme import GRID
from ui.widgets import button, label, row


class NoticeBar(QFrame):
    """``name`` names the bar, ``act_name`` its button; a subclass says the button's words."""

    def __init__(self, name: str, act_name: str) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setObjectName(name)
        self._text = label("", "strong", f"{name}.text")
        self.act = button("", None, "", act_name)
        bar = row(self._text, self.act, gap=GRID * 2)
        bar.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        bar.setStretch(0, 1)
        self.setLayout(bar)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_words(self, words: str) -> None:
        """Show it; without words hide it."""
        self._text.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
