"""The table of values: a row an analyte, a column a day, newest first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from praticien.documents.cda_model import Timestamp
from praticien.documents.coded.lab_table import Point, Series
from praticien.documents.coded.model import plain_unit
from ui.messages.coded import flags_words

Index = QModelIndex | QPersistentModelIndex
DAYS = 24
_FIXED = ("Analyse", "Unité", "Référence")


def number_words(value: Decimal) -> str:
    """Decimal comma, no exponent."""
    return f"{value:f}".replace(".", ",")


def bounds_words(point: Point) -> str:
    """The reference range in the series' unit."""
    low, high = (None if bound is None else number_words(bound) for bound in (point.low, point.high))
    if low and high:
        return f"{low} à {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def is_abnormal(point: Point) -> bool:
    """Outside its own range, or flagged so by the laboratory."""
    flagged = bool(set(point.flag.split()) - {"N", "S", ""})
    return flagged or bool(_outside(point))


def _outside(point: Point) -> str:
    if point.sign:
        return ""
    if point.low is not None and point.value < point.low:
        return "L"
    return "H" if point.high is not None and point.value > point.high else ""


def point_words(point: Point) -> str:
    """The value, its sign, and its flag in words."""
    flag = "" if point.flag in ("N", "") and not _outside(point) else point.flag or _outside(point)
    words = flags_words(tuple(flag.split()))
    return f"{point.sign} {number_words(point.value)} {words}".strip()


def day_of(when: Timestamp) -> str:
    """AAAAMMJJ, as the laboratory wrote it."""
    return when.raw[:8]


class LabModel(QAbstractTableModel):
    """Read-only; ``series_at`` gives what a row stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._series: tuple[Series, ...] = ()
        self._days: list[str] = []
        self._cells: list[dict[str, list[Point]]] = []

    def show_series(self, series: tuple[Series, ...]) -> None:
        """Replace everything; the newest ``DAYS`` days have a column."""
        self.beginResetModel()
        self._series = series
        self._cells = [_by_day(one) for one in series]
        self._days = sorted({day for row in self._cells for day in row}, reverse=True)[:DAYS]
        self.endResetModel()

    def series_at(self, row: int) -> Series | None:
        """The analyte of a row."""
        return self._series[row] if 0 <= row < len(self._series) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """One per analyte."""
        return 0 if parent is not None and parent.isValid() else len(self._series)

    def columnCount(self, parent: Index | None = None) -> int:
        """Name, unit, range, then the days."""
        return 0 if parent is not None and parent.isValid() else len(_FIXED) + len(self._days)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Days as JJ/MM/AAAA."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < len(_FIXED):
            return _FIXED[section]
        return Timestamp(self._days[section - len(_FIXED)]).text

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text; the report's own value as tip and for screen readers."""
        if not index.isValid():
            return None
        series, column = self._series[index.row()], index.column() - len(_FIXED)
        if column < 0:
            return self._fixed(series, index.column(), role)
        points = self._cells[index.row()].get(self._days[column], [])
        if role == Qt.ItemDataRole.DisplayRole:
            return " ; ".join(point_words(point) for point in points)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "\n".join(f"{point.given.text} — {point.source.section}" for point in points)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    @staticmethod
    def _fixed(series: Series, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and column == 0:
            return series.name
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (series.name, plain_unit(series.unit), bounds_words(series.points[-1]))[column]


def _by_day(series: Series) -> dict[str, list[Point]]:
    days: dict[str, list[Point]] = {}
    for point in series.points:
        days.setdefault(day_of(point.when), []).append(point)
    return days
