"""One form for every document. Errors sit next to what they speak of; nothing typed is lost by a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from praticien.deposit import new_oid
from praticien.documents.attached import MAX_BYTES, recognised
from praticien.documents.checks import dicom_discrepancies
from praticien.documents.dicom import read_study
from praticien.documents.document_types import DocumentType, other_types
from praticien.documents.errors import OtherPatient, PdfTooBig
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import (
    AttachedFile,
    DocumentKind,
    ImagingStudy,
    NewDocument,
    Party,
    PdfFile,
    ReplacedVersion,
    TypedText,
)
from praticien.documents.pdf import MAX_PDF_BYTES, check_pdf, text_of
from praticien.documents.prescription import Prescription
from praticien.documents.received import ReceivedStudy, Reception
from praticien.documents.summary import MedicalSummary
from praticien.documents.summary_sources import ReadDocument
from praticien.identity import Patient, calendar_date
from praticien.minors import may_be_minor
from praticien.professional import CardHolder, PracticeSituation, Professional
from ui.deposit.author_chooser import AuthorChooser
from ui.deposit.drafts import Draft
from ui.deposit.files import read_bytes
from ui.deposit.imaging_panel import ImagingPanel
from ui.deposit.imaging_typed import ImagingTyped
from ui.deposit.lab_panel import LabPanel, start_of
from ui.deposit.prescription_panel import PrescriptionPanel
from ui.deposit.prescription_typed import TypedLine
from ui.deposit.study_panel import StudyPanel
from ui.deposit.summary_panel import SummaryPanel
from ui.deposit.summary_typed import SummaryTyped
from ui.deposit.type_chooser import TypeChooser
from ui.deposit.visibility import Visibility, VisibilityBoxes
from ui.flow_row import FlowRow
from ui.laboratory.loaded import LoadedReport
from ui.messages import Message, sentence
from ui.tasks import Tasks
from ui.text import InvalidDate, count, date_text, day_text, local_today, parse_date, professional_name
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label, scrolling

KIND_WORDS = {
    DocumentKind.PRESCRIPTION: "Ordonnance",
    DocumentKind.LAB_RESULT: "Compte rendu d’examens biologiques",
    DocumentKind.IMAGING_REPORT: "Compte rendu d’imagerie médicale",
    DocumentKind.SUMMARY: "Synthèse médicale",
    DocumentKind.OTHER: "Autre document",
}
_PLACES = {
    "service_start": "day",
    "service_stop": "day",
    "created_at": "day",
    "legal_authenticator": "author",
    "comment": "text",
}
Body = PdfFile | AttachedFile | TypedText | Prescription | LabReport | ImagingReport | MedicalSummary


def read_pdf(path: Path) -> PdfFile:
    """The chosen PDF, checked (in a background task). Raises InvalidPdf subclasses, UnreadableFile."""
    content = read_bytes(path, MAX_PDF_BYTES)
    if len(content) > MAX_PDF_BYTES:
        raise PdfTooBig
    check_pdf(content)
    return PdfFile(content, path.name)


def read_file(path: Path) -> PdfFile | AttachedFile:
    """The chosen file of any kind that can be sent. Raises InvalidPdf and UnusableFile subclasses, UnreadableFile."""
    content = read_bytes(path, MAX_BYTES)
    return read_pdf(path) if content[:1024].find(b"%PDF-") >= 0 else recognised(content, path.name)


@dataclass(frozen=True, slots=True)
class Choosers:
    """How files are chosen; each asks the user and gives a path, or None."""

    pdf: Callable[[], Path | None]
    document: Callable[[], Path | None]
    lab_file: Callable[[], Path | None]
    dicom_file: Callable[[], Path | None]
    dicom_folder: Callable[[], Path | None]


class DepositForm(QWidget):
    """Emits ``confirmed(NewDocument, text_compared)`` and ``left``."""

    confirmed = Signal(object, bool)
    left = Signal()
    patient_asked = Signal()
    received_asked = Signal()

    def __init__(
        self,
        tasks: Tasks,
        choosers: Choosers,
        physicians: tuple[Professional, ...],
        lines: PrescriptionPanel,
        *,
        lab: LabPanel,
        imaging: ImagingPanel,
        summary: SummaryPanel,
        reception: Reception,
    ) -> None:
        super().__init__()
        self.setObjectName("deposit")
        self.setAcceptDrops(True)
        self._tasks, self._choosers, self._lines, self._lab = tasks, choosers, lines, lab
        self._imaging, self._summary, self._reception = imaging, summary, reception
        self.kind = DocumentKind.PRESCRIPTION
        self._patient: Patient | None = None
        self._holder: CardHolder | None = None
        self._situation: PracticeSituation | None = None
        self._pdf: PdfFile | AttachedFile | None = None
        self._study: ImagingStudy | None = None
        self._study_name = ""
        self._ids = ("", "")
        self._prior: ReplacedVersion | None = None
        self._version = 1
        self._untouched: Draft | None = None
        self._round = 0
        self._build(physicians)
        self._lay_out()
        self._wire()

    def _build(self, physicians: tuple[Professional, ...]) -> None:
        self.notice = Notice("deposit.notice")
        self._heading = label("", "heading", "deposit.heading")
        self._type = TypeChooser()
        self._title = Field(self.tr("Titre"), QLineEdit(), "", "deposit.title")
        text = QPlainTextEdit()
        text.setTabChangesFocus(True)
        text.setMinimumHeight(GRID * 24)
        self._text = Field(self.tr("Texte du document"), text, "", "deposit.text")
        self._pdf_name = label("", "", "deposit.pdf.name")
        self._pdf_error = label("", "error", "deposit.pdf.error")
        self._pdf_error.hide()
        self._pdf_choose = button(self.tr("Choisir un PDF… (Ctrl+O)"), self.choose_pdf, "", "deposit.pdf.choose")
        self._pdf_remove = button(self.tr("Retirer le PDF"), self._remove_pdf, "quiet", "deposit.pdf.remove")
        self._day = Field(self.tr("Date de l’acte"), QLineEdit(), self.tr("12102026 ou 12/10/2026"), "deposit.day")
        self._author = label("", "", "deposit.author.holder")
        self._author_caption = label(self.tr("Auteur et responsable"), "strong")
        self._authors = AuthorChooser(physicians)
        self._study_panel = StudyPanel()
        self._study_panel.offer(
            addresses=bool(self._reception.retrieve_url), reception=self._reception.store is not None
        )
        self._visibility = VisibilityBoxes()
        self._compared = QCheckBox(self.tr("J’ai relu : c’est bien ce patient"))
        self._compared.setObjectName("deposit.text_compared")
        self._confirm = button(self.tr("Déposer (Ctrl+Entrée)"), self.confirm, "primary", "deposit.confirm")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "deposit.back")

    def _lay_out(self) -> None:
        pdf_row = FlowRow(self._pdf_choose, self._pdf_remove)
        pdf = column(pdf_row, self._pdf_name, self._pdf_error, gap=GRID // 2)
        author = column(self._author_caption, self._author, self._authors, gap=GRID // 2)
        left = column(
            self._type, self._title, self._lines, self._text, pdf, self._compared, self._imaging, gap=GRID * 2
        )
        left.addStretch(1)
        left.setStretch(3, 8)
        right = column(self._day, author, self._study_panel, self._visibility, gap=GRID * 2)
        right.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 4)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.addWidget(self._lab, 1, 0, 1, 2)  # a table needs the whole width
        grid.addWidget(self._summary, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        buttons = FlowRow(self._confirm, self._back)
        fields = QWidget()
        fields.setLayout(grid)
        grid.setContentsMargins(0, 0, GRID, 0)
        whole = column(self._heading, self.notice, scrolling(fields), buttons, margin=GRID * 2, gap=GRID * 2)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _wire(self) -> None:
        for keys, action in (
            ("Ctrl+Return", self.confirm),
            ("Ctrl+Enter", self.confirm),
            ("Ctrl+O", self.choose_pdf),
            ("Ctrl+Shift+O", self.choose_lab_file),
            ("Ctrl+D", self.choose_dicom_file),
            ("Ctrl+Shift+D", self.choose_dicom_folder),
            ("Ctrl+Shift+E", self.choose_received),
            ("Ctrl+Shift+A", self._imaging.add_act),
            ("Ctrl+Shift+R", self._imaging.split_dictation),
            ("Ctrl+Shift+T", self._summary.take_all),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self._study_panel.file_asked.connect(self.choose_dicom_file)
        self._study_panel.folder_asked.connect(self.choose_dicom_folder)
        self._study_panel.removed.connect(lambda: self._set_study(None, ""))
        self._lab.import_asked.connect(self.choose_lab_file)
        self._lab.inbox_asked.connect(self.received_asked)
        self._lab.changed.connect(self._lab_changed)
        self._lab.removed.connect(self._forget_ids)
        self._study_panel.received_asked.connect(self.choose_received)
        self._study_panel.received.chosen.connect(self.take_received)
        self._study_panel.received.dropped.connect(self._drop_received)
        self._edit(self._title).returnPressed.connect(self.take_focus)
        self._type.chosen.connect(self._entitle)
        self._type.ended.connect(self._text.editor.setFocus)
        self._lines.ended.connect(self._text.editor.setFocus)
        self._lines.changed.connect(lambda: self._show_error("text", ""))
        self._edit(self._day).editingFinished.connect(self._tidy_day)

    # -- opening and leaving ---------------------------------------------------------------------------------

    def open(
        self,
        kind: DocumentKind,
        patient: Patient | None,
        holder: CardHolder,
        situation: PracticeSituation,
        draft: Draft,
        *,
        secret: bool = False,
        read: Sequence[ReadDocument] = (),
    ) -> None:
        """Show the form of ``kind`` for this patient (None: not yet known), filled with ``draft``.

        ``secret``: in a minor's secret connection. ``read``: what was opened in this dossier, for a synthesis.
        """
        self._round += 1
        self.kind, self._patient, self._holder, self._situation = kind, patient, holder, situation
        self._prior, self._version = draft.replaces, draft.version
        heading = self.tr("Nouvelle version ({number}) : {kind}") if draft.replaces else self.tr("Déposer : {kind}")
        self._heading.setText(heading.format(kind=KIND_WORDS[kind], number=draft.version))
        self._edit(self._title).setText(draft.title or KIND_WORDS[kind])
        self._plain().setPlainText(draft.text)
        prescribing = kind is DocumentKind.PRESCRIPTION
        self._lines.restore(draft.lines if prescribing else (), draft.valid_until, local_today())
        self._text.set_caption(
            self.tr("Commentaire, ou texte libre sans lignes") if prescribing else self.tr("Texte du document")
        )
        self._edit(self._day).setText(draft.day or local_today().strftime("%d/%m/%Y"))
        minor = patient is not None and may_be_minor(patient.traits.birth_date, local_today())
        hidden = Visibility(draft.masked, draft.invisible, draft.representatives)
        self._visibility.restore(hidden, minor=minor, secret=secret)
        self._ids = (draft.unique_id, draft.set_id)
        chosen = holder.professional.is_physician or bool(holder.professional.profession)
        self._authors.setVisible(not chosen)
        self._author_caption.setVisible(chosen)
        self._author.setVisible(chosen)
        self._author.setText(f"{professional_name(holder.professional)} · {situation.structure.name}")
        self._authors.choose(draft.author, draft.other_author)
        other = kind is DocumentKind.OTHER
        self._type.setVisible(other)
        self._type.restore(draft.type_code)
        self._pdf_choose.setText(
            self.tr("Choisir un fichier… (Ctrl+O)") if other else self.tr("Choisir un PDF… (Ctrl+O)")
        )
        self._summary.setVisible(kind is DocumentKind.SUMMARY)
        self._pdf_choose.setVisible(kind is not DocumentKind.SUMMARY)
        self._summary.restore(draft.summary, read if kind is DocumentKind.SUMMARY else ())
        imaging = kind is DocumentKind.IMAGING_REPORT
        self._study_panel.setVisible(imaging)
        self._study_panel.received.hide()
        self._study_panel.want_manifest(draft.manifest)
        self._imaging.setVisible(imaging)
        self._imaging.restore(draft.imaging)
        self._lab.setVisible(kind is DocumentKind.LAB_RESULT)
        self._clear_errors()
        self._set_pdf(draft.pdf)
        self._set_study(draft.study, draft.study_name)
        self._lab.show_loaded(draft.lab if kind is DocumentKind.LAB_RESULT else None, patient)
        if draft.day:
            self._edit(self._day).setText(draft.day)
        self._untouched = None if draft.is_worth_keeping else self._held()

    def add_lines(self, lines: tuple[TypedLine, ...]) -> None:
        """More lines to prescribe, after those already typed."""
        self._lines.add_lines(lines)

    def draft(self) -> Draft:
        """What the form holds now; worth keeping once anything differs from the blank form."""
        held = self._held()
        held.is_worth_keeping = held != self._untouched
        return held

    def _held(self) -> Draft:
        return Draft(
            title=self._edit(self._title).text(),
            text=self._plain().toPlainText(),
            lines=self._lines.typed,
            valid_until=self._lines.valid_until,
            pdf=self._pdf,
            study=self._study,
            study_name=self._study_name,
            lab=self._lab.loaded,
            imaging=self._imaging.typed,
            summary=self._summary.typed,
            type_code=self._type.code,
            manifest=self._study_panel.manifest_wanted or not self._reception.retrieve_url,
            day=self._edit(self._day).text(),
            author=self._authors.listed,
            other_author=self._authors.typed,
            masked=self._visibility.chosen.masked,
            invisible=self._visibility.chosen.invisible,
            representatives=self._visibility.chosen.representatives,
            unique_id=self._ids[0],
            set_id=self._ids[1],
            replaces=self._prior,
            version=self._version,
        )

    def forget(self) -> None:
        """Nothing of a patient stays in the form."""
        self._round += 1
        self._patient = self._holder = self._situation = None
        self._plain().clear()
        self._lines.restore((), "", local_today())
        self._edit(self._title).clear()
        self._imaging.restore(ImagingTyped())
        self._summary.restore(SummaryTyped())
        self._type.restore("")
        self._study_panel.received.forget()
        self._ids = ("", "")
        self._prior, self._version = None, 1
        self._clear_errors()
        self._set_pdf(None)
        self._set_study(None, "")
        self._lab.remove()

    def take_focus(self) -> None:
        """The first thing to fill."""
        if self._holder and not self._holder.professional.profession and not self._pdf:
            self._pdf_choose.setFocus()
        elif not self._lines.isHidden():
            self._lines.take_focus()
        elif not self._imaging.isHidden():
            self._imaging.take_focus()
        elif not self._summary.isHidden():
            self._summary.take_focus()
        elif not self._type.isHidden() and self._type.type is None:
            self._type.take_focus()
        else:
            self._text.editor.setFocus()

    def field_error(self, name: str) -> str:
        """The sentence next to a field: title, text, pdf, day, dicom, author, visibility."""
        fields = {"title": self._title, "text": self._text, "day": self._day}
        if name in fields:
            return fields[name].error
        if name == "lab":
            return self._lab.error
        if name == "type":
            return self._type.error
        if name.startswith("summary."):
            return self._summary.error_of(name.removeprefix("summary."))
        if name == "visibility":
            return self._visibility.error
        return self._pdf_error.text() if name == "pdf" else self._study_panel.error

    @property
    def study_panel(self) -> StudyPanel:
        """The DICOM side by side."""
        return self._study_panel

    # -- files -----------------------------------------------------------------------------------------------

    def choose_pdf(self) -> None:
        """Ask for a PDF, or for any file where any will do, and check it."""
        path = self._choosers.document() if self.kind is DocumentKind.OTHER else self._choosers.pdf()
        if path and self.kind is not DocumentKind.SUMMARY:
            self._read_document(path)

    def _read_document(self, path: Path) -> None:
        reader = read_file if self.kind is DocumentKind.OTHER else read_pdf
        self._read(partial(reader, path), self.tr("Lecture du fichier…"), "pdf", self._take_pdf)

    def _take_pdf(self, pdf: PdfFile | AttachedFile) -> None:
        """A report printed elsewhere fills the sections too."""
        self._set_pdf(pdf)
        if self.kind is DocumentKind.IMAGING_REPORT:
            doing = self.tr("Lecture du compte rendu…")
            self._read(partial(text_of, pdf.content), doing, "pdf", self._imaging.take_print)

    def choose_received(self) -> None:
        """Ctrl+Shift+E: the examinations received, beside the patient."""
        store = self._reception.store
        if store and self.kind is DocumentKind.IMAGING_REPORT:
            doing = self.tr("Lecture des examens reçus…")
            self._read(
                store.studies, doing, "dicom", lambda found: self._study_panel.received.offer(found, self._patient)
            )

    def take_received(self, received: ReceivedStudy) -> None:
        """The examination chosen among those received."""
        self._study_panel.received.hide()
        if received.study:
            self._set_study(received.study, self.tr("Examen reçu"))
            self.take_focus()

    def _drop_received(self, received: ReceivedStudy) -> None:
        store = self._reception.store
        if store:
            drop = partial(store.drop, received.study_uid)
            self._read(drop, self.tr("Retrait de l’examen…"), "dicom", lambda _done: self.choose_received())

    def choose_lab_file(self) -> None:
        """Ask for a file of results."""
        path = self._choosers.lab_file() if self.kind is DocumentKind.LAB_RESULT and self._lab.can_read else None
        if path:
            self._read_lab(path)

    def _read_lab(self, path: Path) -> None:
        self._read(self._lab.reading(path, self._patient), self.tr("Lecture des résultats…"), "lab", self.take_report)

    def take_report(self, loaded: LoadedReport) -> None:
        """Hold this report; its day becomes the act's, and who validated it the author when the list has them."""
        self._lab.show_loaded(loaded, self._patient)
        start = start_of(loaded.report)
        if start:
            self._edit(self._day).setText(day_text(start))
        self._authors.suggest(loaded.report.interpreter)
        if loaded.line:
            self._ids, self._prior, self._version = loaded.ids, loaded.replaces, loaded.version

    def _forget_ids(self, loaded: LoadedReport | None) -> None:
        """Identifiers of a received report stay with it."""
        if loaded and loaded.line:
            self._ids, self._prior, self._version = ("", ""), None, 1

    def _lab_changed(self) -> None:
        self._show_error("text", "")
        self._show_text()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the form."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A PDF is joined; another file is read as results where they are asked for."""
        path = next((Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()), None)
        if path is None:
            return
        event.acceptProposedAction()
        if self.kind is DocumentKind.OTHER or (path.suffix.lower() == ".pdf" and self.kind is not DocumentKind.SUMMARY):
            self._read_document(path)
        elif self.kind is DocumentKind.LAB_RESULT and self._lab.can_read:
            self._read_lab(path)

    def choose_dicom_file(self) -> None:
        """Ask for one DICOM file."""
        self._choose_study(self._choosers.dicom_file)

    def choose_dicom_folder(self) -> None:
        """Ask for the folder of a study."""
        self._choose_study(self._choosers.dicom_folder)

    def _choose_study(self, chooser: Callable[[], Path | None]) -> None:
        path = chooser() if self.kind is DocumentKind.IMAGING_REPORT else None
        if path:
            doing = self.tr("Lecture de l’examen DICOM…")
            self._read(partial(read_study, path), doing, "dicom", lambda study: self._set_study(study, path.name))

    def _read(self, work, doing, place, then):
        self._show_error(place, "")
        round_ = self._round
        task = self._tasks.start(work, doing, lane="file")
        task.on_success(lambda result: then(result) if round_ == self._round else None)
        task.on_failure(lambda e: self._show_error(place, sentence(e).whole) if round_ == self._round else None)

    def _remove_pdf(self) -> None:
        self._set_pdf(None)
        self._text.editor.setFocus()

    def _set_pdf(self, pdf: PdfFile | AttachedFile | None) -> None:
        self._pdf = pdf
        self._compared.setChecked(False)
        self._compared.hide()
        kilobytes = count(max(len(pdf.content) // 1000, 1), "ko", "ko") if pdf else ""
        self._pdf_name.setText(
            self.tr("PDF joint : {name} ({size})").format(name=pdf.name, size=kilobytes) if pdf else ""
        )
        self._pdf_name.setVisible(pdf is not None)
        self._pdf_remove.setVisible(pdf is not None)
        self._imaging.show_pdf(pdf is not None)
        self._show_text()
        self._lines.setVisible(pdf is None and self.kind is DocumentKind.PRESCRIPTION)
        if pdf:
            self._show_error("text", "")

    def _show_text(self) -> None:
        """Typed text is what one has when there is neither a PDF nor results; an imaging report has its sections."""
        sections = self.kind in (DocumentKind.IMAGING_REPORT, DocumentKind.SUMMARY)
        self._text.setVisible(self._pdf is None and self._lab.loaded is None and not sections)

    def _set_study(self, study: ImagingStudy | None, name: str) -> None:
        self._study, self._study_name = study, name if study else ""
        found = tuple(dicom_discrepancies(study, self._patient)) if study and self._patient else ()
        self._study_panel.set_error("")
        self._study_panel.show_study(study, name, self._patient, found)
        if study:
            self._imaging.take_study(study)
        if study and calendar_date(study.study_date):
            self._edit(self._day).setText(date_text(study.study_date))

    # -- confirming ------------------------------------------------------------------------------------------

    def confirm(self) -> None:
        """Check, build, send off. Nothing is emptied: that waits until the outbox has it."""
        self._clear_errors()
        document = self._document()
        if document:
            self._confirm.setEnabled(False)
            self.confirmed.emit(document, self._compared.isChecked() and not self._compared.isHidden())
        else:
            self._show_first_error()

    def refused(self, error: BaseException) -> None:
        """It could not be prepared or kept: the sentence goes where it belongs, everything stays."""
        self._confirm.setEnabled(True)
        message = sentence(error)
        place = getattr(error, "field", "")
        if isinstance(error, OtherPatient) and "text" in error.sources and "dicom" not in error.sources:
            self._compared.show()
            place = "pdf" if self._pdf else "text"
        if not self._show_error(place, message.whole):
            self.notice.say(message)
        self._show_first_error()

    def _document(self) -> NewDocument | None:
        start, author = self._start(), self._author_party()
        title = self._edit(self._title).text().strip()
        if not title:
            self._title.set_error(self.tr("À remplir."))
        body = self._body()
        if self._patient is None:
            self.notice.say(
                Message(self.tr("Aucun patient n’est choisi."), ""), self.tr("Chercher (F2)"), self.patient_asked.emit
            )
        if self.kind is DocumentKind.OTHER and self._type.type is None:
            self._type.refuse()
            return None
        if not (title and start and author and body and self._patient):
            return None
        return self._built(title, start, author, body)

    def _body(self) -> Body | None:
        """What the parts of this kind make, else the file, the lines with their comment, or the free text.

        None, said next to the field, when incomplete.
        """
        text = self._plain().toPlainText()
        found = self._structured() or self._pdf
        if found:
            return found
        if self._lines.typed:
            return self._lines.prescription(text)
        if not text.strip():
            self._text.set_error(self.tr("Saisissez le texte ou choisissez un PDF."))
            return None
        return TypedText(text)

    def _structured(self) -> Body | None:
        """A synthesis, results read from a file, or an imaging report in sections."""
        pdf = self._pdf if isinstance(self._pdf, PdfFile) else None
        if self.kind is DocumentKind.SUMMARY:
            return self._summary.summary()
        if self._lab.loaded:
            return self._lab.loaded.body(pdf)
        if self.kind is DocumentKind.IMAGING_REPORT and (self._imaging.is_used or not pdf):
            return self._imaging.report(pdf.content if pdf else b"")
        return None

    def _built(self, title: str, start: datetime, author: Party, body: Body) -> NewDocument:
        assert self._patient
        assert self._holder
        assert self._situation
        if not self._ids[0]:
            self._ids = (new_oid(), self._ids[1] or new_oid())
        me, hidden = Party(self._holder.professional, self._situation.structure), self._visibility.chosen
        return NewDocument(
            kind=self.kind,
            title=title,
            body=body,
            patient=self._patient,
            author=author,
            legal_authenticator=author,
            created_at=datetime.now().astimezone(),
            service_start=start,
            unique_id=self._ids[0],
            set_id=self._ids[1],
            service_stop=self._lab.end_after(start),
            entered_by=None if author.professional == me.professional else me,
            study=self._addressed_study(),
            masked_to_professionals=hidden.masked,
            invisible_to_patient=hidden.invisible,
            invisible_to_representatives=hidden.representatives,
            replaces=self._prior,
            version=self._version,
            chosen=self._type.type.codes if self.kind is DocumentKind.OTHER and self._type.type else None,
        )

    def _entitle(self, chosen: DocumentType) -> None:
        """The type's name as title, until another is typed."""
        names = {one.name for one in other_types()} | set(KIND_WORDS.values()) | {""}
        if self._edit(self._title).text().strip() in names:
            self._edit(self._title).setText(chosen.name)

    def _addressed_study(self) -> ImagingStudy | None:
        """With the address of its images when the list of them is to go too."""
        if self._study and self._study_panel.manifest_wanted:
            return replace(self._study, retrieve_url=self._reception.retrieve_url)
        return self._study

    def _author_party(self) -> Party | None:
        assert self._holder
        assert self._situation
        who = self._holder.professional if self._holder.professional.profession else self._authors.professional()
        return Party(who, self._situation.structure) if who else None

    def _start(self) -> datetime | None:
        """Local midnight of the day typed; the study's own time when it is that day."""
        try:
            compact = parse_date(self._edit(self._day).text(), today=local_today(), field="day")
            day = calendar_date(compact)
            if day is None:
                raise InvalidDate(field="day")
        except InvalidDate as error:
            self._day.set_error(sentence(error).whole)
            return None
        clock = datetime.min.time()
        taken = start_of(self._lab.loaded.report) if self._lab.loaded else None
        if taken and f"{taken.astimezone():%Y%m%d}" == compact:
            return taken.astimezone()
        if self._study and self._study.study_date == compact and self._study.study_time[:4].isdigit():
            hour, minute = int(self._study.study_time[:2]), int(self._study.study_time[2:4] or 0)
            clock = clock.replace(hour=min(hour, 23), minute=min(minute, 59))
        return datetime.combine(day, clock).astimezone()

    def _tidy_day(self) -> None:
        try:
            compact = parse_date(self._edit(self._day).text(), today=local_today(), field="day")
        except InvalidDate:
            return
        self._edit(self._day).setText(date_text(compact))

    # -- errors ----------------------------------------------------------------------------------------------

    def _show_error(self, place: str, text: str) -> bool:
        """Put a sentence next to the field it belongs to; False when no field here has that name."""
        place = _PLACES.get(place, place)
        fields = {"title": self._title, "text": self._text, "day": self._day}
        if place in fields:
            fields[place].set_error(text)
        elif place == "pdf":
            self._pdf_error.setText(text)
            self._pdf_error.setVisible(bool(text))
        elif place == "dicom":
            self._study_panel.set_error(text)
        elif not self._summary.isHidden() and self._summary.show_error(place, text):
            return True
        elif place.split(".")[0] == "lab":
            self._lab.set_error(text)
        elif place == "invisible_to_patient":
            self._visibility.set_error(text)
        elif (not self._imaging.isHidden() and self._imaging.show_error(place, text)) or self._lines.show_error(
            place, text
        ):
            return True
        elif place == "author" and not self._authors.isHidden():
            self._authors.set_error(text)
        else:
            return False
        return True

    def _clear_errors(self) -> None:
        for place in ("title", "text", "day", "pdf", "dicom", "lab", "invisible_to_patient"):
            self._show_error(place, "")
        self._lines.clear_errors()
        self._imaging.clear_errors()
        self._summary.clear_errors()
        self._type.set_error("")
        self._authors.set_error("")
        self.notice.clear()
        self._confirm.setEnabled(True)

    def _show_first_error(self) -> None:
        """Focus on it, and scroll to it."""
        self._focus_first_error()
        area, focused = self.findChild(QScrollArea), self.focusWidget()
        if area and focused and area.isAncestorOf(focused):
            area.ensureWidgetVisible(focused, GRID, GRID * 8)

    def _focus_first_error(self) -> None:
        if not self._imaging.isHidden() and self._imaging.focus_error():
            return
        if not self._lines.isHidden() and self._lines.focus_error():
            return
        if not self._type.isHidden() and self._type.error:
            self._type.take_focus()
            return
        if not self._summary.isHidden() and (wrong := self._summary.first_error()):
            wrong.setFocus()
            return
        for field in (self._title, self._text, self._day):
            if field.error and not field.isHidden():
                field.editor.setFocus()
                return
        if not self._authors.isHidden():
            self._authors.take_focus()

    @staticmethod
    def _edit(field: Field) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor

    def _plain(self) -> QPlainTextEdit:
        assert isinstance(self._text.editor, QPlainTextEdit)
        return self._text.editor
