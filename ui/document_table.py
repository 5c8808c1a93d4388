"""The list drawn: three lines a document, the day beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.document_model import DocumentModel, Index
from ui.theme import GRID

NARROW = 38
"""Characters; a narrower list has no column for the date."""


class _RowPainter(QStyledItemDelegate):
    """Date beside three lines: the title in bold, the type, author and states."""

    def __init__(self, model: DocumentModel, is_narrow: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._is_narrow = model, is_narrow

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        text = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = text if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        inside = option.rect.adjusted(GRID, GRID, -GRID, -GRID)
        painter.save()
        painter.fillRect(option.rect, palette.highlight() if chosen else palette.base())
        if index.column() == 0:
            self._draw(painter, inside, (option.font, text), str(index.data()))
        else:
            bold = QFont(option.font)
            bold.setWeight(QFont.Weight.DemiBold)
            looks = ((bold, text), (option.font, quiet), (option.font, text))
            for look, words in zip(looks, self._lines(index), strict=True):
                self._draw(painter, inside, look, words)
                inside.translate(0, QFontMetrics(option.font).lineSpacing())
        painter.restore()

    def _lines(self, index: Index) -> tuple[str, str, str]:
        """Where there is no column for the date, it stands before the type."""
        title, kind, rest = self._model.lines(index.row())
        return title, f"{index.siblingAtColumn(0).data()} · {kind}" if self._is_narrow() else kind, rest

    @staticmethod
    def _draw(painter: QPainter, inside: QRect, look: tuple[QFont, QColor], words: str) -> None:
        painter.setFont(look[0])
        painter.setPen(look[1])
        shortened = QFontMetrics(look[0]).elidedText(words, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, shortened)


class DocumentTable(QTableView):
    """Enter opens; nothing is edited."""

    opened = Signal(int)

    def __init__(self, model: DocumentModel) -> None:
        super().__init__()
        self.setModel(model)
        self.empty_words = ""
        self.setItemDelegate(_RowPainter(model, lambda: self.isColumnHidden(0), self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def fit(self) -> None:
        """Three lines a row, dates as wide as a date."""
        metrics = QFontMetrics(self.font())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() * 3 + GRID * 2)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, metrics.horizontalAdvance("00/00/0000") + GRID * 4)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._narrow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._narrow()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.model().rowCount() and self.empty_words:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            room = self.viewport().rect().adjusted(GRID * 2, GRID * 2, -GRID * 2, -GRID * 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.empty_words)

    def _narrow(self) -> None:
        """The titles keep the room when there is little of it."""
        self.setColumnHidden(0, self.width() < QFontMetrics(self.font()).averageCharWidth() * NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
