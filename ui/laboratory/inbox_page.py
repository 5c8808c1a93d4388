"""Reports received: the list, and beside it whose the chosen one is, what it says, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import lab_differences
from praticien.identity import IdentityStatus, Patient
from praticien.lab_inbox import ReceivedReport
from ui.beside import Beside
from ui.comparison_table import ComparisonTable
from ui.deposit.lab_panel import prescriber_words, released_words
from ui.flow_row import FlowRow
from ui.laboratory.results_table import ResultsTable
from ui.laboratory.whose import lab_comparison
from ui.text import count, moment_text
from ui.theme import GRID
from ui.widgets import Notice, button, column, label, surface


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A line of the list: what was received, and what became of it in words."""

    line: ReceivedReport
    state: str


class _Rows(QListWidget):
    """Enter deposits, Del erases."""

    deposit_pressed = Signal()
    erase_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.erase_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.deposit_pressed.emit()
        else:
            super().keyPressEvent(event)


class InboxPage(QWidget):
    """Emits ``chosen(line)``, ``deposit_asked(line)``, ``search_asked(SourcePatient)``, ``erased(line)``, ``left``,
    ``import_asked`` and ``dropped(path)``.
    """

    chosen = Signal(object)
    deposit_asked = Signal(object)
    search_asked = Signal(object)
    erased = Signal(object)
    import_asked = Signal()
    dropped = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lab_inbox")
        self.setAcceptDrops(True)
        self._entries: tuple[Entry, ...] = ()
        self._report: LabReport | None = None
        self._patient: Patient | None = None
        self._asked = ""
        self._build()
        self._lay_out()
        self.show_entries((), damaged=0)

    def _build(self) -> None:
        shortcut = QShortcut(QKeySequence("Ctrl+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.import_asked)
        self.notice = Notice("lab_inbox.notice")
        self._list = _Rows()
        self._list.setObjectName("lab_inbox.list")
        self._list.setAccessibleName(self.tr("Résultats reçus"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMinimumHeight(GRID * 30)
        self._list.currentItemChanged.connect(lambda _now, _before: self._chosen())
        self._list.deposit_pressed.connect(self._do_deposit)
        self._list.erase_pressed.connect(self._do_erase)
        self._empty = label("", "muted", "lab_inbox.empty")
        self._damaged = label("", "error", "lab_inbox.damaged")
        self._stopped = label("", "error", "lab_inbox.stopped")
        self._stopped.hide()
        self._summary = label("", "", "lab_inbox.summary")
        self._why = label("", "strong", "lab_inbox.why")
        self.whose = ComparisonTable("lab_inbox.whose")
        self.table = ResultsTable("lab_inbox.table")
        self._deposit = button(self.tr("Déposer… (Entrée)"), self._do_deposit, "primary", "lab_inbox.deposit")
        self._search = button(self.tr("Chercher ce patient (F2)"), self._do_search, "", "lab_inbox.search")
        self._erase = button(self.tr("Effacer (Suppr)"), self._do_erase, "", "lab_inbox.erase")
        self._import = button(self.tr("Importer… (Ctrl+O)"), self.import_asked.emit, "", "lab_inbox.import")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "lab_inbox.back")
        self._confirm = label("", "error", "lab_inbox.confirm")

    def _lay_out(self) -> None:
        left, right = surface(), surface()
        buttons = FlowRow(self._import, self._back)
        title = label(self.tr("Résultats reçus"), "heading")
        names = column(title, self._stopped, self._empty, self._damaged, self._list, buttons, margin=GRID * 2)
        names.setStretch(4, 100)
        names.addStretch(1)
        left.setLayout(names)
        acts = FlowRow(self._deposit, self._search, self._erase)
        said = column(self._summary, self._why, self.whose, self.table, self._confirm, acts, margin=GRID * 2)
        said.setStretch(3, 1)
        right.setLayout(said)
        whole = column(self.notice, Beside(left, right, (2, 5), GRID * 2), gap=GRID)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self._detail = right

    # -- what it says ----------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        return tuple(self._list.item(number).text() for number in range(self._list.count()))

    @property
    def why(self) -> str:
        """Why the chosen report cannot be deposited now, or nothing."""
        return self._why.text()

    @property
    def current(self) -> ReceivedReport | None:
        """The chosen line."""
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole).line if item else None

    def show_entries(self, entries: tuple[Entry, ...], *, damaged: int) -> None:
        """Fill the list; the cursor stays on the same report."""
        chosen = self.current
        if entries != self._entries:
            self._entries = entries
            self._list.blockSignals(True)
            self._list.clear()
            for entry in entries:
                item = QListWidgetItem(f"{entry.line.label}\n{entry.state}")
                item.setData(Qt.ItemDataRole.UserRole, entry)
                self._list.addItem(item)
            ids = [entry.line.id for entry in entries]
            self._list.setCurrentRow(ids.index(chosen.id) if chosen and chosen.id in ids else 0)
            self._list.blockSignals(False)
            self._chosen()
        self._empty.setText(
            self.tr("Aucun résultat reçu : ceux que le laboratoire envoie, ou ceux d’un fichier, apparaîtront ici.")
        )
        self._empty.setVisible(not entries)
        self._list.setVisible(bool(entries))
        self._detail.setVisible(bool(entries))
        self._damaged.setText(
            self.tr("{many} mis de côté : demandez au laboratoire de renvoyer.").format(
                many=count(damaged, "compte rendu illisible", "comptes rendus illisibles")
            )
        )
        self._damaged.setVisible(damaged > 0)

    def show_report(self, report: LabReport | None, patient: Patient | None, refusal: str = "") -> None:
        """What the chosen line holds (None: nothing any more); ``refusal`` says why nothing can be deposited now."""
        self._report, self._patient = report, patient
        self._summary.setText(_summary(report) if report else self.tr("Contenu effacé : le DMP a ce document."))
        self._summary.setVisible(self.current is not None)
        self.whose.compare(lab_comparison(report.patient if report else None, patient))
        self.table.show_report(report)
        self.table.setVisible(report is not None)
        self._why.setText(self._refusal(report, patient) or refusal if report else "")
        self._why.setVisible(bool(self._why.text()))
        self._deposit.setEnabled(report is not None and not self._why.text())
        self._search.setVisible(report is not None)

    def say_stopped(self, why: str) -> None:
        """Nothing can be received from laboratories, and why."""
        self._stopped.setText(why)
        self._stopped.show()

    def forget(self) -> None:
        """Nothing of a patient stays on the page."""
        self.notice.clear()
        self.show_entries((), damaged=0)
        self.show_report(None, None)

    def ask_search(self) -> bool:
        """Search the patient of the chosen report; False when there is none to search."""
        self._do_search()
        return self._report is not None

    def take_focus(self) -> None:
        """The list, or the way to fill it."""
        (self._list if self._entries else self._import).setFocus()

    def _refusal(self, report: LabReport, patient: Patient | None) -> str:
        if not report.is_complete:
            return self.tr("Compte rendu incomplet : il ne partira qu’une fois complet.")
        if patient is None:
            return self.tr("Ouvrez d’abord le dossier de ce patient (F2).")
        if lab_differences(report.patient, patient):
            return self.tr("Ce n’est pas le patient ouvert : changez de patient (F2).")
        if patient.status is not IdentityStatus.QUALIFIED:
            return self.tr("Contrôlez l’identité du patient (Ctrl+I) avant de déposer.")
        return ""

    # -- acts ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of results may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Each is read and kept."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.dropped.emit(url.toLocalFile())
        event.acceptProposedAction()

    def _chosen(self) -> None:
        self._asked = ""
        self._confirm.hide()
        if self.current:
            self.chosen.emit(self.current)

    def _do_deposit(self) -> None:
        if self.current and self._deposit.isEnabled() and self._report:
            self.deposit_asked.emit(self.current)

    def _do_search(self) -> None:
        if self._report:
            self.search_asked.emit(self._report.patient)

    def _do_erase(self) -> None:
        """What is in the DMP goes at once; what was never sent is asked twice."""
        line = self.current
        if line is None:
            return
        if line.sent_at or self._asked == line.id:
            self.erased.emit(line)
            return
        self._asked = line.id
        self._confirm.setText(
            self.tr("Ce compte rendu n’a pas été déposé : l’effacer est définitif. Appuyez encore sur Suppr.")
        )
        self._confirm.show()


def _summary(report: LabReport) -> str:
    number = f"Demande n° {report.request.value}" if report.request else "Demande sans numéro"
    parts = (number, prescriber_words(report), released_words(report))
    return " · ".join(part for part in parts if part)


def state_words(line: ReceivedReport, *, refused: str = "", waiting: bool = False) -> str:
    """What became of a report: received, on its way, refused and why, in the DMP."""
    number = line.request.rpartition("|")[2]
    said = _became(line, refused, waiting=waiting)
    return f"{said} · demande {number}" if number else said


def _became(line: ReceivedReport, refused: str, *, waiting: bool) -> str:
    if line.sent_at:
        return f"reçu par le DMP · {moment_text(line.sent_at)}"
    if refused:
        return f"refusé : {refused}"
    if waiting:
        return f"en attente d’envoi · reçu le {moment_text(line.received_at)}"
    return f"à traiter · reçu le {moment_text(line.received_at)}"
