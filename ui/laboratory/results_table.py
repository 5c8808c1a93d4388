"""The results of a report, as they will be deposited: chapters, batteries, values, flags in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from praticien.documents.lab_report import Analysis, Battery, LabReport, ResultStatus
from praticien.documents.lab_words import (
    STATUS_WORDS,
    flag_words,
    is_abnormal,
    previous_words,
    reference_words,
    result_words,
    unit_of,
)
from ui.theme import GRID

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Analyse", "Résultat", "Unité", "Référence", "Alerte", "Antériorité", "Statut")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; a heading has its first cell alone."""

    cells: tuple[str, ...]
    is_heading: bool = False
    is_marked: bool = False
    hint: str = ""


def lines_of(report: LabReport) -> Iterator[Line]:
    """Every row, in the order of the document."""
    for chapter in report.chapters:
        taken = ", ".join(specimen.name for specimen in chapter.specimens)
        yield Line((f"{chapter.code.display} — {taken}" if taken else chapter.code.display,), is_heading=True)
        for battery in chapter.batteries:
            yield from _battery(battery)
        for isolate in chapter.isolates:
            yield from _battery(Battery(f"Isolat : {isolate.name}", isolate.analyses))
            if isolate.antibiogram:
                yield from _battery(Battery("Antibiogramme", isolate.antibiogram))
        if chapter.comment:
            yield Line((chapter.comment.replace("\n", " · "),), hint=chapter.comment)


def _battery(battery: Battery) -> Iterator[Line]:
    if battery.name:
        yield Line((battery.name,), is_heading=True)
    for analysis in battery.analyses:
        yield _result(analysis)


def _result(analysis: Analysis) -> Line:
    status = "" if analysis.status is ResultStatus.FINAL else STATUS_WORDS[analysis.status]
    cells = (
        analysis.name,
        result_words(analysis).replace("\n", " · "),
        unit_of(analysis.value),
        reference_words(analysis.reference),
        flag_words(analysis),
        previous_words(analysis),
        status,
    )
    marked = is_abnormal(analysis) or not analysis.status.is_complete
    hint = "\n".join(part for part in (analysis.method, analysis.comment) if part)
    return Line(cells, is_marked=marked, hint=hint)


class _Model(QAbstractTableModel):
    """Read-only rows over a tuple of lines."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()

    def show(self, lines: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        text = line.cells[index.column()] if index.column() < len(line.cells) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.FontRole and (line.is_heading or line.is_marked):
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (text, line.hint) if part) or None
        return None


class ResultsTable(QTableView):
    """Headings span the whole width. Arrows walk through it, Tab leaves it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Résultats"))
        self._model = _Model()
        self.setModel(self._model)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(False)
        self.setMinimumHeight(GRID * 28)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What the table says."""
        return tuple(line.cells for line in self._model.lines)

    def show_report(self, report: LabReport | None) -> None:
        """Fill, or empty."""
        self.clearSpans()
        lines = tuple(lines_of(report)) if report else ()
        self._model.show(lines)
        for number, line in enumerate(lines):
            if len(line.cells) == 1:
                self.setSpan(number, 0, 1, len(COLUMNS))
        self._fit(lines)

    def _fit(self, lines: tuple[Line, ...]) -> None:
        """Columns as wide as their words, within reason; the name takes what is left; a column of nothing is hidden."""
        self.ensurePolished()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        metrics, header = QFontMetrics(bold), self.horizontalHeader()
        for column in range(1, len(COLUMNS)):
            words = [line.cells[column] for line in lines if len(line.cells) > 1 and line.cells[column]]
            widest = max((metrics.horizontalAdvance(text) for text in [*words, COLUMNS[column]]), default=0)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, min(widest + GRID * 3, metrics.averageCharWidth() * 30))
            self.setColumnHidden(column, column > 1 and not words)
        header.setMinimumSectionSize(metrics.averageCharWidth() * 6)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + GRID)
