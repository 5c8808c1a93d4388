"""Two parts side by side where there is room for both, else one under the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget


class Beside(QWidget):
    """``stretches`` share the width between ``first`` and ``second``; stacked, each is as high as it needs.

    ``characters``: how many the first needs on a line to be read with ease.
    """

    def __init__(
        self, first: QWidget, second: QWidget, stretches: tuple[int, int], gap: int, *, characters: int = 0
    ) -> None:
        super().__init__()
        self._parts, self._characters = (first, second), characters
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap)
        for part, stretch in zip(self._parts, stretches, strict=True):
            self._box.addWidget(part, stretch)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        first, second = self._widths()
        first = max(first, QFontMetrics(self.font()).averageCharWidth() * self._characters)
        fits = first + second + self._box.spacing() <= self.width()
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if wanted is not self._box.direction():
            self._box.setDirection(wanted)

    def _widths(self) -> tuple[int, int]:
        """How wide each part must be; one that is hidden takes no room."""
        first, second = (0 if part.isHidden() else part.minimumSizeHint().width() for part in self._parts)
        return first, second
