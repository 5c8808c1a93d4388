"""The document that is read, printed into a PDF and read back."""

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter

from demonstration.people import NORA
from praticien.documents.model import DocumentKind
from tests.ui.fakes import sample
from tests.ui.test_reading_acts import prescribed, read_first


@pytest.fixture
def paper(tmp_path):
    return tmp_path / "paper.pdf"


@pytest.fixture
def given(world, paper):
    def choose(printer: QPrinter) -> bool:
        world.asked_printer = True
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(paper))
        world.meanwhile()
        return world.has_printer

    world.has_printer, world.asked_printer, world.meanwhile = True, False, lambda: None
    return world.dependencies(choose_printer=choose)


def pages(paper):
    with pypdfium2.PdfDocument(paper.read_bytes()) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_text_says_whose_it_is(world, window, hands, gp, paper):
    world.documents[NORA.ins.matricule] = [prescribed()]
    read_first(hands, window)
    hands.press("Ctrl+T")
    said = " ".join(pages(paper)[0].split())
    traits = NORA.traits
    for words in ("Ordonnance", f"{traits.birth_name} {traits.first_name}", "TESTAMINE 500 mg", "Jeanne TESTMED"):
        assert words in said
    assert "imprimante" in window.notice.text


def test_pages_are_printed_as_they_are(world, window, hands, gp, paper):
    long = "\n".join(f"Ligne {n} du texte fictif." for n in range(120))
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", long)]
    read_first(hands, window)
    shown = window.pages.dossier.viewer.pages.content
    hands.press("Ctrl+T")
    with pypdfium2.PdfDocument(shown) as before, pypdfium2.PdfDocument(paper.read_bytes()) as printed:
        assert len(printed) == len(before) > 1
        bitmap = bytes(printed[0].render(scale=0.5).buffer)
    assert 0.001 < sum(octet < 128 for octet in bitmap) / len(bitmap) < 0.5  # ink, and not all of it


def test_giving_up_the_dialog_prints_nothing(world, window, hands, gp, paper):
    world.documents[NORA.ins.matricule] = [prescribed()]
    read_first(hands, window)
    world.has_printer = False
    hands.press("Ctrl+T")
    assert world.asked_printer
    assert not paper.exists()


def test_a_card_withdrawn_during_the_dialog_prints_nothing(world, window, hands, gp, paper):
    world.documents[NORA.ins.matricule] = [prescribed()]
    read_first(hands, window)
    world.meanwhile = lambda: hands.withdraw(world.desk, "cps-medecin")
    hands.press("Ctrl+T")
    assert world.asked_printer
    assert not paper.exists()
    assert "rien n’a été imprimé" in window.notice.text


def test_a_printer_that_takes_nothing_is_said(world, window, hands, gp, monkeypatch):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", "Texte")]
    read_first(hands, window)
    monkeypatch.setattr(QPrinter, "printerState", lambda _printer: QPrinter.PrinterState.Error)
    hands.press("Ctrl+T")
    assert "n’a pas pris" in window.notice.text


def test_without_a_document_nobody_is_asked(world, window, hands, gp):
    hands.press("Ctrl+T")
    assert not world.asked_printer
    hands.search(NORA)
    hands.press("Ctrl+I", "Ctrl+T")
    assert not world.asked_printer
    assert hands.find("viewer.print").isHidden()
