"""Documents that break, trap or flood: one sentence and the source, or what can be read of them; never a fetch."""

import base64

import pytest

from demonstration.people import NORA
from praticien.documents.cda_model import Cell, Paragraph, Run, Section, StructuredBody, Table
from praticien.documents.model import DocumentKind
from praticien.metadata import RetrievedDocument
from tests.ui.fakes import sample
from ui.tasks import Tasks
from ui.viewer.cda_html import NarrativeWriter
from ui.viewer.panel import ViewerPanel

BOMB = "<!DOCTYPE x [" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode()


@pytest.fixture
def panel(qtbot):
    tasks = Tasks()
    made = ViewerPanel(tasks)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    yield made
    tasks.close()


@pytest.fixture
def shown(qtbot, panel):
    entry, _content = sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "x")

    def show(content):
        with qtbot.waitSignal(panel.shown, timeout=60_000):
            panel.show_document(entry, RetrievedDocument(entry.unique_id, "text/xml", content))
        return panel

    return show


def cda(body):
    return f'<ClinicalDocument xmlns="urn:hl7-org:v3"><component>{body}</component></ClinicalDocument>'


def section(narrative, title="Titre", more=""):
    inner = f"<section><title>{title}</title>{narrative}{more}</section>"
    return f"<structuredBody><component>{inner}</component></structuredBody>"


@pytest.mark.parametrize(
    "content",
    [
        (BOMB + "<x>&e11;</x>").encode(),
        (BOMB + "<x>&e11;</x>").encode("utf-16"),
        cda("<a>" * 200 + "</a>" * 200).encode(),
        b'<?xml version="1.0" encoding="UTF-8"?>' + cda("é").encode("latin-1"),
        b'<?xml version="1.0" encoding="EBCDIC-NOWHERE"?>' + cda("").encode(),
        cda("")[:-20].encode(),
        cda("<nonXMLBody><text>a</text></nonXMLBody>" + section("<text/>")).encode(),
        cda('<nonXMLBody><text><reference value="http://example.invalid/x.pdf"/></text></nonXMLBody>').encode(),
        cda('<nonXMLBody><text mediaType="application/pdf" representation="B64">%%%</text></nonXMLBody>').encode(),
        b"\0" * 5000,
    ],
    ids=["bomb", "bomb-utf16", "deep", "latin1", "encoding", "cut", "two-bodies", "remote", "base64", "zeros"],
)
def test_a_clear_sentence_and_the_source_on_demand(shown, content):
    panel = shown(content)
    assert panel.notice.text.endswith(".")
    assert panel.text == ""
    panel.notice._act.click()
    assert len(panel.text) > 10 or content.startswith(b"\0")


@pytest.mark.parametrize(
    "body, seen",
    [
        (section("<text/>"), "Titre"),
        (section(""), "Titre"),
        (section("<text><script>alert(1)</script>reste</text>"), "reste"),
        (section('<text><img src="http://example.invalid/x.png"/>reste</text>'), "reste"),
        (section('<text><renderMultiMedia referencedObject="M"/>reste</text>'), "[image absente du document]"),
        (
            section(
                '<text><renderMultiMedia referencedObject="M"/>reste</text>',
                more='<entry><observationMedia ID="M"><value mediaType="image/png">'
                '<reference value="http://example.invalid/x.png"/></value></observationMedia></entry>',
            ),
            "[image absente du document]",
        ),
        (
            section(
                '<text><renderMultiMedia referencedObject="M"/>reste</text>',
                more='<entry><observationMedia ID="M"><value mediaType="image/png" representation="B64">'
                f"{PNG}</value></observationMedia></entry>",
            ),
            "reste",
        ),
        (section("<text>" + "<list><item>" * 30 + "fond" + "</item></list>" * 30 + "</text>"), "fond"),
        (section('<text><table><tr><td colspan="999999999" rowspan="999999999">a</td></tr></table></text>'), "a"),
        ("", "pas de contenu"),
        ("<structuredBody/>", ""),
    ],
    ids=[
        *("empty", "none", "script", "remote-image", "absent", "remote-media", "broken-png", "nested", "spans"),
        *("no-body", "no-section"),
    ],
)
def test_what_can_be_read_is_read(shown, body, seen):
    panel = shown(cda(body).encode())
    assert seen in panel.text
    assert "alert" not in panel.text or "<script>" not in panel.text


ROW = "<tr>" + "<td>12,5 mmol/L</td>" * 8 + "</tr>"


def test_a_flood_is_cut_and_said(shown):
    panel = shown(cda(section(f"<text><table><tbody>{ROW * 20_000}</tbody></table></text>")).encode())
    assert "trop long" in panel.text
    assert "trop long" in panel.notice.text
    assert 1000 < panel.text.count("12,5") < 50_000
    panel.notice._act.click()
    assert panel.text.count("12,5") > 50_000


@pytest.mark.parametrize("depth", [6, 7, 24])
def test_tables_in_tables_are_all_read(shown, depth):
    inside = "<table><tr><td>a" * depth + "fond" + "</td></tr></table>" * depth
    panel = shown(cda(section(f"<text>{inside}</text>")).encode())
    assert "fond" in panel.text
    assert panel.text.count("a\n") >= depth - 1


def test_long_tables_are_whole_in_pieces_never_through_a_spanned_cell():
    row = (Cell((Paragraph((Run("x"),)),)),)
    spanned = (Cell((Paragraph((Run("x"),)),), rows=30),)
    rows = (*[row] * 90, spanned, *[row] * 160)
    html = NarrativeWriter().body(StructuredBody((Section("T", None, (Table(rows, 0),)),)))
    assert [piece.count("<tr>") for piece in html.split("<table")[1:]] == [120, 100, 31]
    assert html.count(">x<") == 251


def test_one_endless_paragraph_is_cut():
    writer = NarrativeWriter()
    html = writer.body(StructuredBody((Section("T", None, (Paragraph((Run("m" * 1_500_000),)),)),)))
    assert writer.is_cut
    assert html.count("m") < 1_100_000
