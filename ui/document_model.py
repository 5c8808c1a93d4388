"""The rows of the list: newest first, searched and filtered at once."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from praticien.documents.model import DocumentKind
from praticien.matching import fold
from praticien.metadata import DocumentEntry
from ui.document_words import author_words, kind_words, moment_of, state_words
from ui.text import day_text

Index = QModelIndex | QPersistentModelIndex


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
