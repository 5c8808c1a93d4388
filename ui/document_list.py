"""The documents of the dossier: search, filters, states, the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QWidget

from praticien.metadata import DocumentEntry
from ui.document_model import FILTER_WORDS, DocumentModel, Filter
from ui.document_table import DocumentTable
from ui.flow_row import FlowRow
from ui.states_panel import StatesPanel
from ui.text import count
from ui.widgets import button, column, line, row


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
        self._table = DocumentTable(self.model)
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
        """With large text: keys instead of buttons; filters and states in place of the list rather than above it."""
        self._compact = compact
        for each in self._tools:
            each.setVisible(not compact)
        self._make_room()

    def _make_room(self) -> None:
        choosing = not self.states.isHidden()
        for each in (self._search, self._tables):
            each.setVisible(not (self._compact and choosing))
        self._filters.setVisible(choosing or not self._compact)

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

    def end_search(self) -> bool:
        """Back to the whole list, from the search field or when nothing was found. Whether there was such a search."""
        found = self.model.rowCount() > 0 and not self._search.hasFocus()
        searched = self.isVisible() and bool(self._search.text()) and not found
        if searched:
            self._search.clear()
            self.take_focus()
        return searched

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
        ending = self.tr(" Échap : revoir toute la liste.") if self._search.text() else ""
        self._table.empty_words = self.tr("Aucun document ne correspond.") + ending if total else ""
        words = count(total, "document", "documents")
        self._count.setText(
            words if shown == total else self.tr("{shown} sur {words}").format(shown=shown, words=words)
        )
