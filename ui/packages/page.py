"""The documents of a package that somebody sent: a list and a reading zone; nothing of it enters the dossier."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QWidget

from praticien.metadata import RetrievedDocument
from praticien.ports import PackedDocument
from ui.document_words import author_words, kind_words, moment_of
from ui.flow_row import FlowRow
from ui.packages.conformity import Departures, departure_words
from ui.tasks import Tasks
from ui.text import count, day_text
from ui.theme import GRID
from ui.viewer.panel import ViewerPanel
from ui.widgets import button, column, label, scrolling


class PackagePage(QWidget):
    """A page; Esc leaves and forgets."""

    left = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("package")
        self._documents: tuple[PackedDocument, ...] = ()
        self._departing: tuple[Departures, ...] = ()
        self._origin = label("", "strong", "package.origin")
        hint = self.tr("Ces documents viennent d’un fichier, pas du dossier de ce patient. Rien n’en est conservé.")
        self._departures = label("", "strong", "package.departures")
        self._departures.hide()
        self._list = QListWidget()
        self._list.setObjectName("package.list")
        self._list.setAccessibleName(self.tr("Documents du fichier"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentRowChanged.connect(self._show)
        self.viewer = ViewerPanel(tasks, name="package.viewer")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._list)
        split.addWidget(scrolling(self.viewer))
        split.setSizes([360, 900])
        split.setStretchFactor(1, 1)
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "package.back")
        title = label(self.tr("Documents reçus dans un fichier"), "heading")
        box = column(title, self._origin, label(hint, "muted"), FlowRow(back), self._departures, split, margin=GRID * 2)
        box.setStretch(5, 1)
        self.setLayout(box)

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles as listed."""
        return tuple(packed.entry.title or kind_words(packed.entry) for packed in self._documents)

    def show_package(self, name: str, documents: tuple[PackedDocument, ...], departing: tuple[Departures, ...]) -> None:
        """List them; the first is shown. ``departing``: where each departs from the rules."""
        self.forget()
        self._documents, self._departing = documents, departing
        self._origin.setText(f"{name} · {count(len(documents), 'document', 'documents')}")
        for packed in documents:
            entry = packed.entry
            facts = (day_text(moment_of(entry)), entry.title or kind_words(entry), author_words(entry))
            self._list.addItem(QListWidgetItem(" · ".join(part for part in facts if part)))
        self._list.setCurrentRow(0)

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self._documents, self._departing = (), ()
        self._list.clear()
        self._say_departures(())
        self._origin.setText("")
        self.viewer.clear()

    def take_focus(self) -> None:
        """The list."""
        self._list.setFocus()

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._documents):
            packed = self._documents[row]
            self._say_departures(self._departing[row])
            document = RetrievedDocument(packed.entry.unique_id, packed.entry.mime_type, packed.content)
            self.viewer.show_document(packed.entry, document)

    def _say_departures(self, found: Departures) -> None:
        """A sentence; the places, for whoever asks, in its tooltip."""
        self._departures.setText(departure_words(found))
        self._departures.setToolTip("\n".join(found[:20]))
        self._departures.setVisible(bool(found))
