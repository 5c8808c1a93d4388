"""One form for every document. Errors sit next to what they speak of; nothing typed is lost by a failure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from praticien.documents.document_types import DocumentType
from praticien.documents.errors import OtherPatient
from praticien.documents.model import AttachedFile, DocumentKind, ImagingStudy, PdfFile
from praticien.documents.received import ReceivedStudy, Reception
from praticien.documents.summary_sources import ReadDocument
from ui.deposit.building import Lineage, Occasion, document, entitled
from ui.deposit.drafts import Draft
from ui.deposit.files import Choosers
from ui.deposit.filling import empty, fill, held, hold_file, hold_study
from ui.deposit.gathering import gather
from ui.deposit.lab_panel import start_of
from ui.deposit.loading import Loading, dropped_file
from ui.deposit.parts import Parts
from ui.deposit.prescription_typed import TypedLine
from ui.deposit.study_panel import StudyPanel
from ui.document_words import KIND_WORDS
from ui.laboratory.loaded import LoadedReport
from ui.messages import Message, sentence
from ui.tasks import Tasks
from ui.text import InvalidDate, date_text, day_text, local_today, parse_date
from ui.widgets import Notice, column


class DepositForm(QWidget):
    """Emits ``confirmed(NewDocument, text_compared)`` and ``left``."""

    confirmed = Signal(object, bool)
    left = Signal()
    patient_asked = Signal()
    received_asked = Signal()

    def __init__(self, tasks: Tasks, choosers: Choosers, parts: Parts, reception: Reception) -> None:
        super().__init__()
        self.setObjectName("deposit")
        self.setAcceptDrops(True)
        self.parts, self._reception = parts, reception
        self.loading = Loading(tasks, choosers, reception, parts)
        self.kind = DocumentKind.PRESCRIPTION
        self._occasion: Occasion | None = None
        self._lineage = Lineage()
        self._untouched: Draft | None = None
        parts.study.offer(addresses=bool(reception.retrieve_url), reception=reception.store is not None)
        self.setLayout(column(parts))
        self._wire_keys()
        self._wire_parts()

    def _wire_keys(self) -> None:
        loading, parts = self.loading, self.parts
        for keys, action in (
            ("Ctrl+Return", self.confirm),
            ("Ctrl+Enter", self.confirm),
            ("Ctrl+O", loading.choose_document),
            ("Ctrl+Shift+O", loading.choose_report),
            ("Ctrl+D", loading.choose_dicom_file),
            ("Ctrl+Shift+D", loading.choose_dicom_folder),
            ("Ctrl+Shift+E", loading.choose_received),
            ("Ctrl+Shift+A", parts.imaging.add_act),
            ("Ctrl+Shift+R", parts.imaging.split_dictation),
            ("Ctrl+Shift+T", parts.summary.take_all),
            ("Ctrl+Shift+M", parts.lines.show_marks),
            ("Ctrl+Shift+L", parts.lines.toggle_long_term_illness),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _wire_parts(self) -> None:
        loading, parts, study, lab = self.loading, self.parts, self.parts.study, self.parts.lab
        for asked, action in (
            (parts.confirm.clicked, self.confirm),
            (parts.back.clicked, self.left.emit),
            (parts.file.asked, loading.choose_document),
            (parts.file.removed, self._remove_file),
            (study.file_asked, loading.choose_dicom_file),
            (study.folder_asked, loading.choose_dicom_folder),
            (study.removed, self._remove_study),
            (study.received_asked, loading.choose_received),
            (lab.import_asked, loading.choose_report),
            (lab.inbox_asked, self.received_asked.emit),
            (lab.changed, self._lab_changed),
            (parts.title.returnPressed, parts.take_focus),
            (parts.type.ended, parts.text.setFocus),
            (parts.lines.ended, parts.text.setFocus),
            (parts.lines.changed, self._lines_changed),
            (parts.day.editingFinished, self._tidy_day),
        ):
            asked.connect(lambda *_told, action=action: action())
        study.received.chosen.connect(loading.take_received)
        study.received.dropped.connect(loading.drop_received)
        lab.removed.connect(self._forget_ids)
        parts.type.chosen.connect(self._entitle)
        loading.document_read.connect(self._take_file)
        loading.report_read.connect(self.take_report)
        loading.study_read.connect(self._hold_study)

    def _entitle(self, chosen: DocumentType) -> None:
        self.parts.title.setText(entitled(self.parts.title.text(), chosen))
        if self._occasion:
            self.parts.show_rights(self._occasion)

    @property
    def notice(self) -> Notice:
        """What is said of the whole form."""
        return self.parts.notice

    @property
    def study_panel(self) -> StudyPanel:
        """The DICOM side by side."""
        return self.parts.study

    def field_error(self, name: str) -> str:
        """The sentence next to a field: title, text, pdf, day, dicom, lab, author, type, visibility, summary.…"""
        return self.parts.errors.error_of(name)

    # -- opening and leaving ---------------------------------------------------------------------------------

    def open(
        self, occasion: Occasion, draft: Draft, *, secret: bool = False, read: Sequence[ReadDocument] = ()
    ) -> None:
        """Show the form of this occasion, filled with ``draft``.

        ``secret``: in a minor's secret connection. ``read``: what was opened in this dossier, for a synthesis.
        """
        self.kind, self._occasion = occasion.kind, occasion
        self.loading.begin(occasion.kind, occasion.patient)
        self._lineage = Lineage(draft.unique_id, draft.set_id, draft.replaces, draft.version)
        heading = self.tr("Nouvelle version ({number}) : {kind}") if draft.replaces else self.tr("Déposer : {kind}")
        self.parts.heading.setText(heading.format(kind=KIND_WORDS[occasion.kind], number=draft.version))
        fill(self.parts, draft, occasion, secret=secret, read=read)
        self._clear_errors()
        self._untouched = None if draft.is_worth_keeping else held(self.parts, self._lineage)

    def add_lines(self, lines: tuple[TypedLine, ...]) -> None:
        """More lines to prescribe, after those already typed."""
        self.parts.lines.add_lines(lines)

    def draft(self) -> Draft:
        """What the form holds now; worth keeping once anything differs from the blank form."""
        now = held(self.parts, self._lineage)
        now.is_worth_keeping = now != self._untouched
        return now

    def forget(self) -> None:
        """Nothing of a patient stays in the form."""
        self._occasion, self._lineage = None, Lineage()
        self.loading.begin(self.kind, None)
        empty(self.parts, self.kind)
        self._clear_errors()

    def take_focus(self) -> None:
        """The first thing to fill."""
        self.parts.take_focus()

    # -- what comes in ---------------------------------------------------------------------------------------

    def _hold_file(self, file: PdfFile | AttachedFile | None) -> None:
        hold_file(self.parts, file, self._occasion)

    def _take_file(self, file: PdfFile | AttachedFile) -> None:
        """What had the focus may just have gone out of sight."""
        self._hold_file(file)
        if self.kind is not DocumentKind.IMAGING_REPORT:
            self.parts.take_focus_after_file()

    def _remove_file(self) -> None:
        self._hold_file(None)
        self.parts.take_focus()

    def _hold_study(self, study: ImagingStudy | None, name: str) -> None:
        hold_study(self.parts, study, name, self._occasion.patient if self._occasion else None)

    def _remove_study(self) -> None:
        self._hold_study(None, "")

    def take_received(self, received: ReceivedStudy) -> None:
        """An examination chosen before the form was opened."""
        self.loading.take_received(received)

    def take_report(self, loaded: LoadedReport) -> None:
        """Hold this report; its day becomes the act's, and who validated it the author when the list has them."""
        parts, start = self.parts, start_of(loaded.report)
        parts.lab.show_loaded(loaded, self._occasion.patient if self._occasion else None)
        if start:
            parts.day.setText(day_text(start))
        parts.authors.suggest(loaded.report.interpreter)
        if loaded.line:
            self._lineage = Lineage(*loaded.ids, loaded.replaces, loaded.version)

    def _forget_ids(self, loaded: LoadedReport | None) -> None:
        """Identifiers of a received report stay with it."""
        if loaded and loaded.line:
            self._lineage = Lineage()

    def _lab_changed(self) -> None:
        self.parts.errors.show("text", "")
        self.parts.show_text(self.kind)

    def _lines_changed(self) -> None:
        self.parts.errors.show("text", "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the form."""
        if dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """It is read as what this kind of document takes."""
        path = dropped_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.loading.drop(path)

    # -- confirming ------------------------------------------------------------------------------------------

    def confirm(self) -> None:
        """Check, build, send off. Nothing is emptied: that waits until the outbox has it."""
        if self._occasion is None or not self.parts.confirm.isEnabled():
            return
        self._clear_errors()
        filled = gather(self.parts, self._occasion, self._reception.retrieve_url)
        if self._occasion.patient is None:
            nobody = Message(self.tr("Aucun patient n’est choisi."), "")
            self.notice.say(nobody, self.tr("Chercher (F2)"), self.patient_asked.emit)
        if filled and self._occasion.patient:
            self._lineage = self._lineage.named()
            self.parts.confirm.setEnabled(False)
            made = document(self._occasion, self._lineage, filled)
            self.confirmed.emit(made, self.parts.file.is_compared)
        else:
            self.parts.show_first_error()

    def refused(self, error: BaseException) -> None:
        """It could not be prepared or kept: the sentence goes where it belongs, everything stays."""
        self.parts.confirm.setEnabled(True)
        message = sentence(error)
        place = getattr(error, "field", "")
        if isinstance(error, OtherPatient) and "text" in error.sources and "dicom" not in error.sources:
            self.parts.file.ask_to_compare()
            place = "pdf" if self.parts.file.file else "text"
        if not self.parts.errors.show(place, message.whole):
            self.notice.say(message)
        self.parts.show_first_error()

    def _tidy_day(self) -> None:
        try:
            compact = parse_date(self.parts.day.text(), today=local_today(), field="day")
        except InvalidDate:
            return
        self.parts.day.setText(date_text(compact))

    def _clear_errors(self) -> None:
        self.parts.errors.clear()
        self.notice.clear()
        self.parts.confirm.setEnabled(True)
