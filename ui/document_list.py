"""The documents of the dossier: newest first, searched and filtered at once, states in words."""

from __future__ import annotations

from collections.abc import Callable
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
from ui.states_panel import StatesPanel
from ui.text import count, day_text
from ui.theme import GRID
from ui.widgets import button, column, line, row

Index = QModelIndex | QPersistentModelIndex
PATIENT_CLASS = "90"
"""JDV_J57: what the patient wrote (EX_3.1-1040)."""


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
    if entry.class_code.code == PATIENT_CLASS or any(a.person.kind == "INS" for a in entry.authors):
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
        self._news: frozenset[str] = frozenset()
        self._folded: list[str] = []
        self._shown: list[int] = []
        self._words = ""
        self._filter = Filter.ALL
        self._wished: Callable[[DocumentEntry], bool] = lambda _entry: True

    def set_entries(self, entries: tuple[DocumentEntry, ...], news: frozenset[str] = frozenset()) -> None:
        """Replace everything; ``news`` are the entryUUIDs of what is new to the professional."""
        self._all, self._news = entries, news
        self._folded = [
            fold(f"{e.title} {kind_words(e)} {author_words(e)} {' '.join(self.states(e))}") for e in entries
        ]
        self._select()

    def states(self, entry: DocumentEntry) -> tuple[str, ...]:
        """ "nouveau", then every state other than plain."""
        return (*(("nouveau",) if entry.entry_uuid in self._news else ()), *state_words(entry))

    def is_new(self, entry: DocumentEntry) -> bool:
        """Deposited since the professional's visit before."""
        return entry.entry_uuid in self._news

    @property
    def new(self) -> int:
        """How many are new."""
        return sum(self.is_new(entry) for entry in self._all)

    def narrow(self, words: str, kind: Filter, shown: Callable[[DocumentEntry], bool] = lambda _entry: True) -> None:
        """Keep the rows that hold all ``words``, belong to ``kind`` and are to be ``shown``."""
        self._words, self._filter, self._wished = words, kind, shown
        self._select()

    def _select(self) -> None:
        wanted = fold(self._words).split()
        family = self._filter.value
        self.beginResetModel()
        self._shown = [
            i
            for i, entry in enumerate(self._all)
            if (not family or entry.class_code.code == family)
            and self._wished(entry)
            and all(word in self._folded[i] for word in wanted)
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
        who = " · ".join(part for part in (*self.states(entry), author_words(entry)) if part)
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
    """Search, filters, list. Emits ``opened(entry)``, ``properties_asked``."""

    opened = Signal(object)
    properties_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("documents")
        self.model = DocumentModel()
        self._compact = False
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
        self.states = StatesPanel()
        self.states.changed.connect(self._narrow)
        self._new = button("", None, "quiet", "documents.new")
        self._new.setCheckable(True)
        self._new.toggled.connect(lambda _on: self._narrow())
        self._new.hide()
        self._group, filters = self._filter_row()
        filters.addWidget(self._new)
        properties = button(
            self.tr("Propriétés… (Ctrl+P)"), self.properties_asked.emit, "quiet", "documents.properties"
        )
        states = button(self.tr("États (Ctrl+E)"), self.toggle_states, "quiet", "documents.states")
        foot = row(self._count, self._refresh)
        foot.insertStretch(1, 1)
        self._tools = [properties, states, self._count, self._refresh]
        self._filters = QWidget()
        self._filters.setLayout(filters)
        self._tables = QWidget()
        self._tables.setLayout(column(self._table, FlowRow(properties, states), foot))
        whole = column(self._search, self._filters, self.states, self._tables)
        whole.setStretch(3, 1)
        self.setLayout(whole)
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
    def listed(self) -> tuple[DocumentEntry, ...]:
        """Every entry that the filters leave."""
        return tuple(self.model.entry(r) for r in range(self.model.rowCount()))

    @property
    def selected(self) -> DocumentEntry | None:
        """The entry under the cursor."""
        index = self._table.currentIndex()
        return self.model.entry(index.row()) if index.isValid() else None

    def toggle_states(self) -> None:
        """Show which states are listed, or put that away."""
        self.states.setVisible(self.states.isHidden())
        self._make_room()
        if self.states.isHidden():
            self.take_focus()
        else:
            self.states.take_focus()

    def set_compact(self, compact: bool) -> None:
        """With large text: keys instead of buttons, and the states in place of the list rather than above it."""
        self._compact = compact
        for each in self._tools:
            each.setVisible(not compact)
        self._make_room()

    def _make_room(self) -> None:
        alone = self._compact and not self.states.isHidden()
        for each in (self._search, self._filters, self._tables):
            each.setVisible(not alone)

    def show_entries(self, entries: tuple[DocumentEntry, ...], news: frozenset[str] = frozenset()) -> None:
        """Fill; the cursor stays on the same document when it is still there."""
        before = self.selected
        self.model.set_entries(entries, news)
        self._say_new()
        self._table.fit()
        self._put_cursor(before.unique_id if before else "")
        self._say_count()

    def forget(self) -> None:
        """Nothing of this patient stays, not even what was searched."""
        self._search.clear()
        self._group.button(0).setChecked(True)
        self.states.reset()
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
        self.model.narrow(self._search.text(), list(Filter)[self._group.checkedId()], self._is_wished)
        self._put_cursor(before.unique_id if before else "")
        self._say_count()

    def _is_wished(self, entry: DocumentEntry) -> bool:
        return self.states.shows(entry) and (not self._new.isChecked() or self.model.is_new(entry))

    def _say_new(self) -> None:
        """How many are new; pressed, they alone are shown."""
        new = self.model.new
        self._new.setText(self.tr("Nouveaux ({new})").format(new=new))
        self._new.setVisible(bool(new))
        if not new:
            self._new.setChecked(False)

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
