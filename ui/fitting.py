"""A bar that says everything where that fits on one line, and fewer words where it does not."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame


class FittingBar(QFrame):
    """Its layout is a ``FlowRow``. Call ``fit`` when words or sizes changed."""

    def fit(self) -> None:
        """Choose the words again."""
        self._word(few=False)
        if self.layout().sizeHint().width() > self.width():
            self._word(few=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def _word(self, *, few: bool) -> None:
        raise NotImplementedError
