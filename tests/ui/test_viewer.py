"""Documents on screen: escaped, without network, of the right patient."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from demonstration.people import NORA, SOLO
from praticien.documents.cda_model import (
    Cell,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Run,
    Section,
    StructuredBody,
    Table,
)
from praticien.documents.errors import ForbiddenXml, NotPdf
from praticien.documents.model import DocumentKind
from praticien.metadata import RetrievedDocument
from tests.ui.fakes import sample
from ui.tasks import Tasks
from ui.viewer.cda_html import NarrativeWriter, run
from ui.viewer.panel import DocumentOfAnother, ViewerPanel, read
from ui.viewer.pdf_pages import draw_page, page_sizes
from ui.viewer.safe_browser import SafeBrowser


@pytest.fixture
def entry_and_content():
    return sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "Glycémie 0,92 g/L")


@pytest.fixture
def panel(qtbot):
    tasks = Tasks()
    made = ViewerPanel(tasks)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    yield made
    tasks.close()


def paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def test_text_of_the_document_never_becomes_markup(qtbot):
    nasty = '<img src="http://example.invalid/x.png"><script>alert(1)</script>&lt;'
    rows = ((Cell((paragraph(nasty),), header=True, columns=99),), (Cell((paragraph("b"),)),))
    body = StructuredBody(
        (Section(nasty, None, (paragraph(nasty), ListBlock((ListItem((paragraph(nasty),)),)), Table(rows, 1))),)
    )
    html = NarrativeWriter().body(body)
    browser = SafeBrowser("b")
    qtbot.addWidget(browser)
    browser.show_html(html)
    assert "<script>" not in html
    assert browser.toPlainText().count(nasty) == 4


def test_link_is_shown_never_followed():
    assert run(Run("site", link="javascript:x()")) == "site (javascript:x())"
    assert "<a" not in run(Run("site", link="http://example.invalid/"))


@pytest.mark.parametrize(
    "address", ["http://example.invalid/a.png", "file:///etc/passwd", "picture:7", "data:image/png,x"]
)
def test_browser_reaches_nothing(qtbot, address):
    browser = SafeBrowser("b")
    qtbot.addWidget(browser)
    image = browser.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address))
    assert (image.width(), image.height()) == (1, 1)
    assert browser.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl(address)) == b""
    assert not browser.openLinks()


def test_pictures_are_numbered_and_other_attachments_named():
    writer = NarrativeWriter()
    body = (Picture("image/png", b"x", "Schéma"), Picture("application/zip", b"y"))
    html = writer.body(StructuredBody((Section("Images", None, body),)))
    assert [p.caption for p in writer.pictures] == ["Schéma"]
    assert "picture:0" in html
    assert "[application/zip]" in html


def test_cda_with_a_pdf(qtbot, panel, entry_and_content):
    entry, content = entry_and_content
    with qtbot.waitSignal(panel.pages.drawn, timeout=10_000):
        panel.show_document(entry, RetrievedDocument(entry.unique_id, entry.mime_type, content))
    assert panel.pages.page_count == 1
    for words in ("Bilan", "TESTMED", "CABINET DES LILAS", "TESTFAMILLE"):
        assert words in panel.text
    panel.pages.zoom_by(1)
    assert panel.pages.zoom == 125
    panel.clear()
    assert panel.pages.page_count == 0
    assert panel.text == ""


def test_document_of_another_patient_is_not_shown(entry_and_content):
    entry, content = entry_and_content
    foreign = replace(entry, patient_id=SOLO.ins)
    with pytest.raises(DocumentOfAnother):
        read(foreign, RetrievedDocument(entry.unique_id, entry.mime_type, content))


@pytest.mark.parametrize(
    "content", [b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"no xml", b"", b"<a" * 100_000, b"<ClinicalDocument/>"]
)
def test_bad_document_says_one_sentence_and_shows_nothing(qtbot, panel, entry_and_content, content):
    entry, _good = entry_and_content
    with qtbot.waitSignal(panel.shown, timeout=10_000):
        panel.show_document(entry, RetrievedDocument(entry.unique_id, "text/xml", content))
    assert panel.notice.text.endswith(".")
    assert panel.text == ""


def test_doctype_is_refused(entry_and_content):
    entry, _content = entry_and_content
    with pytest.raises(ForbiddenXml):
        read(entry, RetrievedDocument(entry.unique_id, "text/xml", b"<!DOCTYPE x><x/>"))


def test_plain_text_and_unknown_types(qtbot, panel, entry_and_content):
    entry, _content = entry_and_content
    with qtbot.waitSignal(panel.shown, timeout=10_000):
        panel.show_document(entry, RetrievedDocument(entry.unique_id, "text/plain", b"<b>d\xc3\xa9j\xc3\xa0</b>"))
    assert panel.text == "<b>déjà</b>"
    with qtbot.waitSignal(panel.shown, timeout=10_000):
        panel.show_document(entry, RetrievedDocument(entry.unique_id, "application/zip", b"x"))
    assert "pas de contenu" in panel.text


def test_late_document_is_not_shown_after_another_was_asked(qtbot, panel, entry_and_content):
    entry, _content = entry_and_content
    panel.show_document(entry, RetrievedDocument(entry.unique_id, "text/plain", b"first"))
    panel.clear()
    qtbot.wait(100)
    assert panel.text == ""
    assert panel.title == ""


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7\n" + b"\x00" * 200])
def test_what_is_no_pdf(content):
    with pytest.raises(NotPdf):
        page_sizes(content)
    with pytest.raises(NotPdf):
        draw_page(content, 0, 1.0)
