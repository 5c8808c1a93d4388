"""The page "Biologie dans le temps": the table, the curve of the chosen row, and what was left out with the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSplitter, QTableView, QTabWidget, QWidget

from praticien.documents.coded.facts import LabResult
from praticien.documents.coded.lab_table import LabTable
from ui.flow_row import FlowRow
from ui.labs.curve import Curve
from ui.labs.model import LabModel
from ui.messages.coded import ASIDE_WORDS
from ui.text import NBSP, count
from ui.theme import GRID
from ui.viewer.safe_browser import SafeBrowser
from ui.widgets import Notice, button, column, label


class LabPage(QWidget):
    """A page; Esc leaves, F5 reads again."""

    left = Signal()
    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("labs")
        self.notice = Notice("labs.notice")
        self._state = label("", "strong", "labs.state")
        self._model = LabModel()
        self._table = self._made_table()
        self._curve = Curve()
        self._aside = SafeBrowser("labs.aside")
        self._aside.setAccessibleName(self.tr("Résultats laissés de côté"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._table)
        split.addWidget(self._curve)
        split.setSizes([380, 220])
        self._tabs = QTabWidget()
        self._tabs.setObjectName("labs.tabs")
        self._tabs.setAccessibleName(self.tr("Biologie dans le temps"))
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(split, self.tr("Valeurs"))
        self._tabs.addTab(self._aside, self.tr("Laissés de côté"))
        again = button(self.tr("Relire (F5)"), self.again_asked.emit, "", "labs.again")
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "labs.back")
        title = label(self.tr("Biologie dans le temps"), "heading")
        hint = label(
            self.tr(
                "Valeurs codées des comptes rendus de biologie de ce dossier. Rien n’est conservé après la fermeture."
            ),
            "muted",
        )
        box = column(title, hint, self._state, self.notice, FlowRow(again, back), self._tabs, margin=GRID * 2)
        box.setStretch(5, 1)
        self.setLayout(box)

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("labs.table")
        table.setAccessibleName(self.tr("Valeurs par analyse et par jour"))
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.selectionModel().currentRowChanged.connect(lambda now, _was: self._choose(now.row()))
        return table

    @property
    def state(self) -> str:
        """The sentence above the table."""
        return self._state.text()

    @property
    def text(self) -> str:
        """Everything readable now."""
        rows = range(self._model.rowCount())
        columns = range(self._model.columnCount())
        cells = [str(self._model.data(self._model.index(row, column)) or "") for row in rows for column in columns]
        return "\n".join([*cells, self._aside.toPlainText()]).strip()

    def say(self, words: str) -> None:
        """What is being done, or why there is nothing."""
        self._state.setText(words)

    def show_table(self, table: LabTable, reports: int, unread: int) -> None:
        """Fill the table; the first row is chosen."""
        self.notice.clear()
        values = sum(len(series.points) for series in table.series)
        said = [count(reports, "compte rendu lu", "comptes rendus lus"), count(values, "valeur", "valeurs")]
        left = len(table.aside) + len(table.local)
        if left:
            said.append(count(left, "résultat laissé de côté", "résultats laissés de côté"))
        if unread:
            said.append(count(unread, "compte rendu illisible", "comptes rendus illisibles"))
        self._state.setText(" · ".join(said))
        self._model.show_series(table.series)
        self._fit()
        self._aside.show_text("\n".join(_left_out(table)) or self.tr("Rien n’a été laissé de côté."))
        self._tabs.setTabText(1, f"{self.tr('Laissés de côté')} ({left})")
        if table.series:
            self._table.selectRow(0)

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self.notice.clear()
        self._state.setText("")
        self._model.show_series(())
        self._curve.show_series(None)
        self._aside.show_text("")
        self._tabs.setTabText(1, self.tr("Laissés de côté"))

    def take_focus(self) -> None:
        """The table."""
        self._table.setFocus()

    def _fit(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        widest = GRID * 40
        if self._model.columnCount() and header.sectionSize(0) > widest:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(0, widest)

    def _choose(self, row: int) -> None:
        self._curve.show_series(self._model.series_at(row))


def _left_out(table: LabTable) -> list[str]:
    """One line a result: day, name, value, why."""
    lines = [f"{_described(result)} — {ASIDE_WORDS[reason]}" for result, reason in table.aside]
    return lines + [f"{_described(result)} — analyse sans code LOINC" for result in table.local]


def _described(result: LabResult) -> str:
    when = f"{result.when.text}{NBSP}: " if result.when else ""
    values = ", ".join(
        value if isinstance(value, str) else getattr(value, "text", str(value)) for value in result.values
    )
    said = f" (texte{NBSP}: {result.source.narrative})" if result.conflicts and result.source.narrative else ""
    return f"{when}{result.code.words or result.code.text} {values}{said}".strip()
