"""The documents of the dossier: newest first, searched and filtered at once, states in words."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from praticien.documents.model import DocumentKind
from praticien.matching import fold
from praticien.metadata import Availability, Confidentiality, DocumentEntry
from ui.flow_row import FlowRow
from ui.text import count, day_text
from ui.theme import GRID
from ui.widgets import button, column, line, row

Index = QModelIndex | QPersistentModelIndex
PATIENT_ROLE = "1.2.250.1.213.1.1.4.6"


class Filter(Enum):
    """Families of documents, by class code (JDV_J57); not a tuple: Python 3.11.2 makes an object of an empty one."""

    ALL = ""
    PRESCRIPTIONS = DocumentKind.PRESCRIPTION.codes.class_code.code
    REPORTS = DocumentKind.LAB_RESULT.codes.class_code.code
    IMAGING = DocumentKind.IMAGING_REPORT.codes.class_code.code


FILTER_WORDS = {
    Filter.ALL: "Tous",
    Filter.PRESCRIPTIONS: "Ordonnances",
    Filter.REPORTS: "Comptes rendus",
    Filter.IMAGING: "Imagerie",
}
_AVAILABILITY_WORDS = {
    Availability.DEPRECATED: "remplacé",
    Availability.ARCHIVED: "archivé",
    Availability.DELETED: "supprimé",
}


def author_words(entry: DocumentEntry) -> str:
    """Names of the authors; the structure when nobody is named."""
    names = [f"{a.person.given_name} {a.person.family_name}".strip() for a in entry.authors]
    structures = [a.institution.name for a in entry.authors if a.institution]
    return ", ".join(name for name in names if name) or ", ".join(structures)


def state_words(entry: DocumentEntry) -> tuple[str, ...]:
    """Every state other than plain, in words."""
    states = []
    if entry.availability in _AVAILABILITY_WORDS:
        states.append(_AVAILABILITY_WORDS[entry.availability])
    if entry.has(Confidentiality.MASKED):
        states.append("masqué aux professionnels")
    if entry.has(Confidentiality.INVISIBLE_TO_PATIENT):
        states.append("invisible au patient")
    if entry.has(Confidentiality.INVISIBLE_TO_REPRESENTATIVES):
        states.append("invisible aux représentants légaux")
    if any(a.person.kind == "INS" for a in entry.authors):
        states.append("écrit par le patient")
    if entry.version not in ("", "1"):
        states.append(f"version {entry.version}")
    return tuple(states)


def moment_of(entry: DocumentEntry) -> datetime:
    """The day the list shows: of the act, else of the document."""
    return entry.service_start or entry.creation_time


def kind_words(entry: DocumentEntry) -> str:
    """The type of the document in words."""
    words = entry.type_code.display or entry.class_code.display or entry.type_code.code
    return words.replace("'", "’")


class DocumentModel(QAbstractTableModel):
    """Rows of entries; column 0 the day, column 1 title, author and states."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[DocumentEntry, ...] = ()
        self._folded: list[str] = []
        self._shown: list[int] = []
        self._words = ""
        self._filter = Filter.ALL

    def set_entries(self, entries: tuple[DocumentEntry, ...]) -> None:
        """Replace everything."""
        self._all = entries
        self._folded = [
            fold(f"{e.title} {kind_words(e)} {author_words(e)} {' '.join(state_words(e))}") for e in entries
        ]
        self._select()

    def narrow(self, words: str, kind: Filter) -> None:
        """Keep the rows that hold all ``words`` and belong to ``kind``."""
        self._words, self._filter = words, kind
        self._select()

    def _select(self) -> None:
        wanted = fold(self._words).split()
        family = self._filter.value
        self.beginResetModel()
        self._shown = [
            i
            for i, entry in enumerate(self._all)
            if (not family or entry.class_code.code == family) and all(word in self._folded[i] for word in wanted)
        ]
        self.endResetModel()

    @property
    def total(self) -> int:
        """Entries before narrowing."""
        return len(self._all)

    def entry(self, row_number: int) -> DocumentEntry:
        """The entry of a shown row."""
        return self._all[self._shown[row_number]]

    def row_of(self, unique_id: str) -> int:
        """The shown row of a document, -1 when it is not shown."""
        return next((r for r, i in enumerate(self._shown) if self._all[i].unique_id == unique_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def lines(self, row_number: int) -> tuple[str, str, str]:
        """Title; type and author; states."""
        entry = self.entry(row_number)
        who = " · ".join(part for part in (author_words(entry), *state_words(entry)) if part)
        return entry.title or kind_words(entry), kind_words(entry), who

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if index.column() == 0:
                return day_text(moment_of(entry))
            return "\n".join(part for part in self.lines(index.row()) if part)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Date"), self.tr("Document"))[section]
        return None


class _RowPainter(QStyledItemDelegate):
    """Date beside three lines: the title in bold, the type, author and states."""

    def __init__(self, model: DocumentModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

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
            for look, words in zip(looks, self._model.lines(index.row()), strict=True):
                self._draw(painter, inside, look, words)
                inside.translate(0, QFontMetrics(option.font).lineSpacing())
        painter.restore()

    @staticmethod
    def _draw(painter: QPainter, inside: QRect, look: tuple[QFont, QColor], words: str) -> None:
        painter.setFont(look[0])
        painter.setPen(look[1])
        shortened = QFontMetrics(look[0]).elidedText(words, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, shortened)


class _Table(QTableView):
    """Enter opens; nothing is edited."""

    opened = Signal(int)

    def __init__(self, model: DocumentModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_RowPainter(model, self))
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class DocumentList(QWidget):
    """Search, filters, list. Emits ``opened(entry)``."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("documents")
        self.model = DocumentModel()
        self._search = QLineEdit()
        self._search.setObjectName("documents.search")
        self._search.setPlaceholderText(self.tr("Rechercher… (/)"))
        self._search.setAccessibleName(self.tr("Rechercher dans les documents"))
        self._search.setClearButtonEnabled(True)
        self._table = _Table(self.model)
        self._table.setObjectName("documents.table")
        self._table.setAccessibleName(self.tr("Documents du dossier"))
        self._count = line("", "muted", "documents.count")
        self._refresh = button(self.tr("Actualiser (F5)"), None, "quiet", "documents.refresh")
        self.refresh_asked = self._refresh.clicked
        self._group, filters = self._filter_row()
        foot = row(self._count, self._refresh)
        foot.insertStretch(1, 1)
        self.setLayout(column(self._search, filters, self._table, foot))
        self._search.textChanged.connect(lambda _text: self._narrow())
        self._search.returnPressed.connect(self.take_focus)
        self._table.opened.connect(lambda number: self.opened.emit(self.model.entry(number)))

    def _filter_row(self):
        group = QButtonGroup(self)
        group.setExclusive(True)
        buttons: list[QPushButton] = []
        for number, kind in enumerate(Filter):
            made = button(FILTER_WORDS[kind], None, "quiet", f"documents.filter.{kind.name.lower()}")
            made.setCheckable(True)
            group.addButton(made, number)
            buttons.append(made)
        buttons[0].setChecked(True)
        group.idToggled.connect(lambda _id, on: self._narrow() if on else None)
        box = FlowRow(*buttons, gap=0)
        return group, box

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles as shown."""
        return tuple(self.model.entry(r).title for r in range(self.model.rowCount()))

    @property
    def selected(self) -> DocumentEntry | None:
        """The entry under the cursor."""
        index = self._table.currentIndex()
        return self.model.entry(index.row()) if index.isValid() else None

    def show_entries(self, entries: tuple[DocumentEntry, ...]) -> None:
        """Fill; the cursor stays on the same document when it is still there."""
        before = self.selected
        self.model.set_entries(entries)
        self._table.fit()
        self._put_cursor(before.unique_id if before else "")
        self._say_count()

    def forget(self) -> None:
        """Nothing of this patient stays, not even what was searched."""
        self._search.clear()
        self._group.button(0).setChecked(True)
        self.show_entries(())

    def take_focus(self) -> None:
        """The list."""
        self._table.setFocus()

    def fit(self) -> None:
        """Rows and columns as high and wide as the text needs."""
        self._table.fit()

    def search_focus(self) -> None:
        """The search field."""
        self._search.setFocus()
        self._search.selectAll()

    def _narrow(self) -> None:
        before = self.selected
        self.model.narrow(self._search.text(), list(Filter)[self._group.checkedId()])
        self._put_cursor(before.unique_id if before else "")
        self._say_count()

    def _put_cursor(self, unique_id: str) -> None:
        number = max(self.model.row_of(unique_id), 0)
        if self.model.rowCount():
            self._table.selectRow(number)

    def _say_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        words = count(total, "document", "documents")
        self._count.setText(
            words if shown == total else self.tr("{shown} sur {words}").format(shown=shown, words=words)
        )
