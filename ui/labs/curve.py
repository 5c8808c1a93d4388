"""One analyte over time: points, the line between them, the reference range behind. Drawn, not plotted."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from praticien.documents.cda_model import Timestamp
from praticien.documents.coded.lab_table import Point, Series
from praticien.documents.coded.model import plain_unit
from ui.labs.model import day_of, is_abnormal, number_words
from ui.theme import GRID

_DOT = 4.0
_MOST = 400
"""Points drawn at most: beyond, every n-th, the first and the last always."""


def day_number(when: Timestamp) -> int:
    """Days since the year one; the series holds readable dates only."""
    return datetime.strptime(day_of(when), "%Y%m%d").date().toordinal()


def decimated(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """At most ``_MOST`` of them."""
    if len(points) <= _MOST:
        return points
    step = -(-len(points) // _MOST)
    return (*points[:-1:step], points[-1])


class Curve(QWidget):
    """Shows one series, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("labs.curve")
        self.setMinimumHeight(GRID * 22)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._series: Series | None = None

    def show_series(self, series: Series | None) -> None:
        """Draw this one; screen readers get its last value."""
        self._series = series
        last = series.points[-1] if series else None
        words = f"{series.name}, {number_words(last.value)} {plain_unit(series.unit)}" if series and last else ""
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Range, axes, line, points."""
        series = self._series
        if series is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = decimated(series.points)
        scale = _Scale(points, self._frame(painter.fontMetrics(), points))
        self._draw_range(painter, series, scale)
        self._draw_axes(painter, series, scale)
        self._draw_line(painter, points, scale)
        painter.end()

    def _frame(self, metrics: QFontMetrics, points: tuple[Point, ...]) -> QRectF:
        widest = max(metrics.horizontalAdvance(number_words(point.value)) for point in points)
        left, below = widest + GRID * 2, metrics.height() + GRID
        above = metrics.height() + GRID
        return QRectF(left, above, max(self.width() - left - GRID * 3, 1), max(self.height() - above - below, 1))

    def _draw_range(self, painter: QPainter, series: Series, scale: _Scale) -> None:
        last = series.points[-1]
        if last.low is None and last.high is None:
            return
        top = scale.y(float(last.high)) if last.high is not None else scale.frame.top()
        bottom = scale.y(float(last.low)) if last.low is not None else scale.frame.bottom()
        band = QRectF(scale.frame.left(), top, scale.frame.width(), bottom - top).intersected(scale.frame)
        painter.fillRect(band, self.palette().color(QPalette.ColorRole.AlternateBase))

    def _draw_axes(self, painter: QPainter, series: Series, scale: _Scale) -> None:
        frame, metrics = scale.frame, painter.fontMetrics()
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        title = f"{series.name} ({plain_unit(series.unit)})" if plain_unit(series.unit) else series.name
        painter.drawText(QPointF(frame.left(), metrics.ascent()), title)
        for value in {min(p.value for p in scale.points), max(p.value for p in scale.points)}:
            words = number_words(value)
            at = scale.y(float(value)) + metrics.ascent() / 2 - 1
            painter.drawText(QPointF(frame.left() - GRID - metrics.horizontalAdvance(words), at), words)
        self._draw_days(painter, scale)

    @staticmethod
    def _draw_days(painter: QPainter, scale: _Scale) -> None:
        metrics, below = painter.fontMetrics(), scale.frame.bottom() + painter.fontMetrics().ascent() + GRID / 2
        first, last = (date.fromordinal(day).strftime("%d/%m/%Y") for day in (scale.first, scale.last))
        painter.drawText(QPointF(scale.frame.left(), below), first)
        if first != last:
            painter.drawText(QPointF(scale.frame.right() - metrics.horizontalAdvance(last), below), last)

    def _draw_line(self, painter: QPainter, points: tuple[Point, ...], scale: _Scale) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        places = [scale.place(point) for point in points]
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(places))
        for point, place in zip(points, places, strict=True):
            painter.setBrush(accent if is_abnormal(point) else self.palette().color(QPalette.ColorRole.Base))
            painter.drawEllipse(place, _DOT, _DOT)  # full when abnormal, hollow when not: no colour needed
        painter.setBrush(Qt.BrushStyle.NoBrush)


class _Scale:
    """From days and values to places in the frame."""

    def __init__(self, points: tuple[Point, ...], frame: QRectF) -> None:
        self.points, self.frame = points, frame
        days = [day_number(point.when) for point in points]
        self.first, self.last = min(days), max(days)
        values = [float(point.value) for point in points]
        bounds = [float(bound) for bound in (points[-1].low, points[-1].high) if bound is not None]
        low, high = min(values + bounds), max(values + bounds)
        margin = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        self._low, self._high = low - margin, high + margin

    def y(self, value: float) -> float:
        """From top to bottom."""
        return self.frame.bottom() - (value - self._low) / (self._high - self._low) * self.frame.height()

    def place(self, point: Point) -> QPointF:
        """A single day stands in the middle."""
        span = self.last - self.first
        along = (day_number(point.when) - self.first) / span if span else 0.5
        return QPointF(self.frame.left() + along * self.frame.width(), self.y(float(point.value)))
