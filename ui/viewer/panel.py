"""The reading zone: what the document says of itself, then the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QTabWidget, QWidget

from praticien.documents import cda_reader, manifest
from praticien.documents.attached import rtf_text
from praticien.documents.cda_model import AttachedBody, CdaDocument, StructuredBody
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.coded.reading import read_facts
from praticien.documents.difference import SectionDifference
from praticien.documents.errors import InvalidCda
from praticien.documents.kos import MIME_TYPE
from praticien.documents.renewal import RenewedLine, renewable
from praticien.errors import Refused
from praticien.identity import INS_OIDS
from praticien.metadata import DocumentEntry, RetrievedDocument
from ui.document_warnings import visibility_warning
from ui.document_words import author_words, kind_words, moment_of, state_words
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.tasks import Tasks
from ui.text import day_text
from ui.theme import GRID
from ui.viewer.cda_html import CUT, NarrativeWriter, header_page
from ui.viewer.difference_html import difference_page
from ui.viewer.facts_html import conflict_notice, facts_page
from ui.viewer.manifest_page import manifest_page
from ui.viewer.pdf_pages import PdfPages
from ui.viewer.safe_browser import SafeBrowser
from ui.widgets import Notice, button, column, label

_RAW_LIMIT = 2_000_000


class DocumentOfAnother(Refused):
    """The document names another patient than the dossier it came from: it is not shown."""

    code = "document.of_another"


@dataclass(frozen=True, slots=True, repr=False)
class Readable:
    """A document ready to be shown; fields that do not apply are None or empty."""

    cda: CdaDocument | None = None
    facts: CodedFacts = field(default_factory=CodedFacts)
    pdf: bytes = b""
    text: str = ""
    image: QImage | None = None
    html: str = ""


def read(entry: DocumentEntry, document: RetrievedDocument) -> Readable:
    """Understand the bytes (in a background task). Raises InvalidCda subclasses, DocumentOfAnother."""
    mime = document.mime_type or entry.mime_type
    if mime == MIME_TYPE:
        return _read_manifest(entry, document.content)
    if "xml" not in mime:
        return body_of(AttachedBody(mime, document.content))
    cda = cda_reader.read(document.content)
    named = cda.header.patient.ins
    if named is not None and named.matricule != entry.patient_id.matricule:
        raise DocumentOfAnother(rule="INS")
    facts = read_facts(document.content) if isinstance(cda.body, StructuredBody) else CodedFacts()
    return Readable(cda=cda, facts=facts)


def _read_manifest(entry: DocumentEntry, content: bytes) -> Readable:
    found = manifest.read(content)
    if found.header.patient_id_issuer in INS_OIDS and found.header.patient_id != entry.patient_id.matricule:
        raise DocumentOfAnother(rule="INS")
    return Readable(html=manifest_page(found))


def body_of(body: AttachedBody) -> Readable:
    """A file as it is: PDF, image, text."""
    if body.mime_type.startswith("application/pdf"):
        return Readable(pdf=body.content)
    if body.mime_type.startswith("image/"):
        return Readable(image=QImage.fromData(body.content))
    if body.mime_type in ("application/rtf", "text/rtf"):
        return Readable(text=rtf_text(raw_text(body.content)))
    if body.mime_type.startswith("text/"):
        return Readable(text=raw_text(body.content))
    return Readable()


def raw_text(content: bytes) -> str:
    """The bytes as text whatever they are, for somebody who must see them all the same; cut where it gets long."""
    return content[:_RAW_LIMIT].decode("utf-8", "replace").replace("\0", "\ufffd")


class ViewerPanel(QWidget):
    """Title, facts, then tabs: the document, its header, its attached copies."""

    shown = Signal()
    understood = Signal(object, object)
    renewal_asked = Signal(object)
    print_asked = Signal()

    def __init__(self, tasks: Tasks, name: str = "viewer") -> None:
        super().__init__()
        self.setObjectName(name)
        self._tasks = tasks
        self._round = 0
        self.notice = Notice("viewer.notice")
        self._title = label("", "heading", "viewer.title")
        self._facts = label("", "muted", "viewer.facts")
        self._warning = label("", "error", "viewer.warning")
        self._warning.hide()
        self._tabs = QTabWidget()
        self._tabs.setObjectName("viewer.tabs")
        self._tabs.setAccessibleName(self.tr("Le document et ce qui l’accompagne"))
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self.pages = PdfPages(tasks)
        self.pages.failed.connect(lambda error: self.notice.say(sentence(error)))
        self._body = SafeBrowser("viewer.body")
        self._body.setAccessibleName(self.tr("Texte du document"))
        self._header = SafeBrowser("viewer.header")
        self._header.setAccessibleName(self.tr("En-tête du document"))
        self._facts_page = SafeBrowser("viewer.coded")
        self._facts_page.setAccessibleName(self.tr("Données codées du document"))
        smaller = button("", lambda: self.pages.zoom_by(-1), "quiet", "viewer.smaller")
        larger = button("", lambda: self.pages.zoom_by(1), "quiet", "viewer.larger")
        self._zoom = (smaller, larger)
        self._changes = SafeBrowser("viewer.changes")
        self._changes.setAccessibleName(self.tr("Modifications depuis la version précédente"))
        self._shown: tuple[DocumentEntry, RetrievedDocument] | None = None
        self._renewable: tuple[RenewedLine, ...] = ()
        self._renew = button("", self.renew, "quiet", "viewer.renew")
        self._print = button("", self.print_asked.emit, "quiet", "viewer.print")
        self._acts = FlowRow(self._renew, self._print, *self._zoom)
        box = column(self._title, self._facts, self._warning, self._acts, self.notice, self._tabs, gap=GRID)
        box.setStretch(5, 100)
        box.addStretch(1)  # nothing is drawn apart while there is no document
        self.setLayout(box)
        self.set_compact(False)
        self.clear()

    @property
    def title(self) -> str:
        """Title of the document shown."""
        return self._title.text()

    @property
    def text(self) -> str:
        """Everything readable as text now."""
        pages = (self._body, self._facts_page, self._changes, self._header)
        return "\n".join(page.toPlainText() for page in pages).strip()

    def set_compact(self, compact: bool) -> None:
        """Without the keys when the text is large."""
        words = {
            self._renew: (self.tr("Renouveler"), "Ctrl+N"),
            self._print: (self.tr("Imprimer…"), "Ctrl+T"),
            self._zoom[0]: (self.tr("Réduire"), "−"),
            self._zoom[1]: (self.tr("Agrandir"), "+"),
        }
        for each, (text, key) in words.items():
            each.setText(text if compact else f"{text} ({key})")

    def clear(self) -> None:
        """Nothing shown, nothing kept."""
        self._round += 1
        for label_ in (self._title, self._facts, self._warning):
            label_.setText("")
        self._warning.hide()
        self._shown = None
        self._changes.show_text("")
        self._offer_renewal(())
        self.notice.clear()
        self.pages.clear()
        self._body.show_text("")
        self._header.show_text("")
        self._facts_page.show_text("")
        self._tabs.clear()
        self._tabs.hide()
        self._print.hide()
        self._offer_zoom()

    def expect(self, entry: DocumentEntry) -> None:
        """The document was asked for: say which one."""
        self.clear()
        self._describe(entry)

    def show_document(self, entry: DocumentEntry, document: RetrievedDocument) -> None:
        """Understand it in the background, then show it."""
        self.expect(entry)
        round_ = self._round
        task = self._tasks.start(partial(read, entry, document), self.tr("Lecture du document…"), lane="file")
        task.on_success(lambda readable: self._understood(entry, document, readable) if round_ == self._round else None)
        task.on_failure(lambda error: self._failed(error, document) if round_ == self._round else None)

    @property
    def shown_document(self) -> tuple[DocumentEntry, RetrievedDocument] | None:
        """What is read now, when it was understood."""
        return self._shown

    @property
    def printable(self) -> bytes | QTextDocument | None:
        """What the tab in front would put on paper: a PDF or a text; None without a document."""
        front = self._tabs.currentWidget() if self._shown else None
        if front is self.pages:
            return self.pages.content
        return front.document() if isinstance(front, SafeBrowser) else None

    @property
    def facts_line(self) -> str:
        """Day, type, authors, states of the document shown."""
        return self._facts.text()

    def show_difference(self, sections: tuple[SectionDifference, ...], versions: str, of: DocumentEntry) -> None:
        """A tab of its own, if ``of`` is still the document shown."""
        if self._shown and self._shown[0] is of:
            self._changes.show_html(difference_page(sections, versions))
            self._add(self._changes, self.tr("Modifications"))
            self._tabs.setCurrentWidget(self._changes)
            self._changes.setFocus()

    def renew(self) -> None:
        """Ask for a prescription with the lines of this one, when it is one."""
        if self._renewable:
            self.renewal_asked.emit(self._renewable)

    def take_focus(self) -> None:
        """The document."""
        current = self._tabs.currentWidget()
        if current:
            current.setFocus()

    def _failed(self, error: BaseException, document: RetrievedDocument) -> None:
        """A broken document may still be looked at as raw text; one of another patient may not."""
        if isinstance(error, InvalidCda):
            show_raw = partial(self._show_raw, document.content)
            self.notice.say(sentence(error), self.tr("Voir le texte brut"), show_raw, keep=True)
        else:
            self.notice.say(sentence(error), keep=True)
        self.shown.emit()

    def _show_raw(self, content: bytes) -> None:
        self._tabs.clear()
        self._body.show_text(raw_text(content))
        self._add(self._body, self.tr("Texte brut"))
        self._tabs.show()
        self.take_focus()

    def _describe(self, entry: DocumentEntry) -> None:
        self._warning.setText(visibility_warning(entry))
        self._warning.setVisible(bool(self._warning.text()))
        self._title.setText(entry.title or kind_words(entry))
        institutions = [a.institution.name for a in entry.authors if a.institution]
        parts = (day_text(moment_of(entry)), kind_words(entry), author_words(entry), *institutions, *state_words(entry))
        self._facts.setText(" · ".join(dict.fromkeys(part for part in parts if part)))

    def _understood(self, entry: DocumentEntry, document: RetrievedDocument, readable: Readable) -> None:
        self._shown = entry, document
        self.understood.emit(entry, readable.facts)
        self._show(readable)

    def _show(self, readable: Readable) -> None:
        if readable.cda:
            self._show_cda(readable.cda, readable.facts)
        else:
            self._show_body(readable, self.tr("Document"))
        self._tabs.show()
        self._tabs.setCurrentIndex(0)
        self._print.show()
        self.shown.emit()

    def _show_cda(self, cda: CdaDocument, facts: CodedFacts) -> None:
        body = cda.body
        if isinstance(body, StructuredBody):
            writer = NarrativeWriter()
            html = writer.body(body)
            images = {f"picture:{n}": QImage.fromData(p.content) for n, p in enumerate(writer.pictures)}
            self._body.show_html(html, images)
            self._add(self._body, self.tr("Document"))
            self._offer_raw(writer.is_cut)
            copy = next((a for a in body.attachments if a.mime_type.startswith("application/pdf")), None)
            if copy:
                self._show_body(body_of(copy), self.tr("Copie PDF"))
        elif body:
            self._show_body(body_of(body), self.tr("Document"))
        else:
            self._show_body(Readable(), self.tr("Document"))
        self._offer_renewal(renewable(facts))
        if any(True for _fact in facts):
            self._facts_page.show_html(facts_page(facts))
            self._add(self._facts_page, self.tr("Données codées"))
        warning = conflict_notice(facts)
        if warning:
            self.notice.say(warning, self.tr("Données codées"), lambda: self._tabs.setCurrentWidget(self._facts_page))
        self._header.show_html(header_page(cda.header))
        self._add(self._header, self.tr("En-tête"))

    def _offer_raw(self, is_cut: bool) -> None:
        """What is too long for a page can be read to its end as it came."""
        if is_cut and self._shown:
            show_raw = partial(self._show_raw, self._shown[1].content)
            self.notice.say(CUT, self.tr("Voir le texte brut"), show_raw)

    def _offer_renewal(self, lines: tuple[RenewedLine, ...]) -> None:
        self._renewable = lines
        self._renew.setVisible(bool(lines))

    def _show_body(self, readable: Readable, title: str) -> None:
        if readable.pdf:
            self.pages.show_pdf(readable.pdf)
            self._add(self.pages, title)
            return
        if readable.html:
            self._body.show_html(readable.html)
            self._add(self._body, title)
            return
        if readable.image and not readable.image.isNull():
            self._body.show_html('<html><body><img src="picture:0"></body></html>', {"picture:0": readable.image})
        else:
            self._body.show_text(
                readable.text or self.tr("Ce document n’a pas de contenu que ce logiciel sache montrer.")
            )
        self._add(self._body, title)

    def _add(self, widget: QWidget, title: str) -> None:
        self._tabs.addTab(widget, title)
        self._offer_zoom()

    def _offer_zoom(self) -> None:
        """Pages alone are drawn larger or smaller."""
        for each in self._zoom:
            each.setVisible(any(self._tabs.widget(i) is self.pages for i in range(self._tabs.count())))
