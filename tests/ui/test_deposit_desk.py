"""The deposit desk: marks, templates by name, what a file's name tells, what a profession may write, odd acts."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from demonstration.people import DOSSIERS, GP, LILAS, NORA, SOLO
from praticien.access import Authorisation
from praticien.documents.model import DocumentKind, TypedText
from praticien.documents.pdf import render
from praticien.documents.prescription import Mark
from praticien.professional import CardHolder, CardKind, PracticeSituation, Professional
from tests.praticien import forms
from ui.deposit.building import Occasion
from ui.deposit.drafts import Draft
from ui.deposit.prescription_typed import Templates, TypedLine
from ui.document_words import KIND_WORDS
from ui.pages import Page


@pytest.fixture
def form(world, window, hands, gp):
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I", "F6")
    assert window.page is Page.DEPOSIT
    return window.pages.deposit


def line(hands, name, posology):
    hands.type(name)
    popup = QApplication.activePopupWidget()
    if popup:
        popup.hide()
    hands.find("deposit.lines").window().activateWindow()
    QApplication.processEvents()
    hands.press("Return")
    hands.type(posology)
    hands.press("Return")


# -- marks ---------------------------------------------------------------------------------------------------------


def test_marks_are_ticked_by_the_keyboard_and_reach_the_document(world, window, hands, form):
    line(hands, "Testamine", "1 matin 5 j")
    hands.press("Ctrl+Shift+M")
    assert hands.focus() == "deposit.marks.urgent"
    hands.press("Space", "Tab", "Tab", "Space")
    assert form.draft().marks == {Mark.URGENT, Mark.SECURED}
    hands.press("Ctrl+Return")
    content = world.documents[NORA.ins.matricule][0][1].decode()
    assert all(mark.value in content for mark in (Mark.URGENT, Mark.SECURED))
    assert Mark.MILITARY.value not in content


def test_a_line_of_a_long_term_illness_makes_two_zones(hands, form):
    line(hands, "Testamine", "1 matin")
    assert hands.find("deposit.two_zones").isHidden()
    hands.find("deposit.lines.0.posology").setFocus()
    hands.press("Ctrl+Shift+L")
    assert "ALD" in hands.find("deposit.lines.0.reading").text()
    assert not hands.find("deposit.two_zones").isHidden()
    hands.press("Ctrl+Shift+L")
    assert hands.find("deposit.two_zones").isHidden()


def test_marks_are_kept_in_the_draft_and_forgotten_with_it(world, window, hands, form):
    hands.find("deposit.marks.at_home").setChecked(True)
    hands.press("Escape", "F6")
    assert form.draft().marks == {Mark.AT_HOME}
    hands.press("F7")
    assert not form.draft().marks


def test_every_mark_has_its_box(window, form):
    boxes = {box.objectName() for box in window.findChildren(QCheckBox) if "deposit.marks." in box.objectName()}
    assert boxes == {f"deposit.marks.{mark.name.lower()}" for mark in Mark}


# -- templates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def flu(world):
    """A template kept before the form was made."""
    lines = (TypedLine("Testamol 1 g", "1 3/j 5 j"), TypedLine("Testasprey", "2 matin 7 j"))
    Templates(world.settings).keep("Grippe", lines)
    return lines


def test_a_template_is_taken_by_a_few_letters_of_its_name(flu, world, hands, form):
    hands.type("gripp")
    popup = hands.find("deposit.lines.0.name").completer().popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    hands.wait()
    assert form.draft().lines == flu
    hands.find("deposit.lines").window().activateWindow()
    QApplication.processEvents()
    assert hands.focus() == "deposit.lines.2.name"


def test_a_template_is_forgotten(flu, world, hands, form):
    form.parts.lines._templates.use("Grippe")
    hands.find("deposit.template.forget").click()
    assert Templates(world.settings).names == ()
    assert form.draft().lines == flu


# -- files that name somebody else -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, hint",
    [("TESTAUTRE_Jean_cr.pdf", "TESTAUTRE Jean"), ("cr.pdf", ""), ("TESTFAMILLE_Nora.pdf", "")],
)
@pytest.mark.usefixtures("form")
def test_the_name_of_a_file_is_a_hint_and_no_more(world, tmp_path, hands, name, hint):
    patient = replace(forms.prescription().patient, traits=NORA.traits, ins=NORA.ins)
    path = tmp_path / name
    path.write_bytes(render(forms.prescription(patient=patient, body=TypedText("Repos."))))
    world.chosen["pdf"] = path
    hands.press("Ctrl+O")
    doubt = hands.find("deposit.pdf.doubt")
    assert doubt.isHidden() is not bool(hint)
    assert hint in doubt.text()
    hands.press("Ctrl+Return")
    assert len(world.outbox.deliveries()) == 1


def test_an_ins_in_the_name_of_a_file_must_be_compared(world, tmp_path, hands, form):
    path = tmp_path / f"{SOLO.ins.matricule}.pdf"
    path.write_bytes(forms.pdf_saying("Suivi").content)
    world.chosen["pdf"] = path
    hands.press("Ctrl+O", "Ctrl+Return")
    assert "autre personne" in form.field_error("pdf")
    assert hands.focus() == "deposit.text_compared"
    assert world.outbox.deliveries() == ()


# -- what a profession may write -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profession, words", [("10", ""), ("50", "L. 4151-4"), ("95", "ne prescrit pas"), ("60", "L. 4311-1")]
)
def test_a_profession_is_told_before_anything_is_filled_in(hands, form, profession, words):
    who = Professional("899700000123", "TESTPRO", "Jeanne", profession=profession)
    at_work = PracticeSituation(1, LILAS)
    holder = CardHolder(CardKind.CPS, "1", who, (at_work,))
    occasion = Occasion(DocumentKind.PRESCRIPTION, None, holder, at_work)
    form.open(occasion, Draft())
    said = hands.find("deposit.rights")
    assert said.isVisible() is bool(words)
    assert words in said.text()
    form.open(replace(occasion, kind=DocumentKind.OTHER, holder=holder), Draft(type_code="PRESC-KINE"))
    assert words in said.text()
    form.open(replace(occasion, kind=DocumentKind.OTHER), Draft(type_code="11488-4"))
    assert not said.isVisible()


def test_a_blocked_professional_is_told_before_the_form_opens(world, window, hands, gp):
    blocked = next(seed for seed in DOSSIERS if seed.authorisations.get(GP.national_id) is Authorisation.FORBIDDEN)
    hands.press("F2")
    hands.search(blocked)
    hands.press("Ctrl+I", "F6")
    assert window.page is not Page.DEPOSIT
    assert "bloqué" in window.notice.text


# -- odd acts --------------------------------------------------------------------------------------------------------


def test_confirming_twice_sends_once(world, hands, form):
    line(hands, "Testamine", "1 matin")
    form.confirm()
    form.confirm()
    hands.wait()
    assert len(world.outbox.deliveries()) == 1


def test_what_a_file_stands_for_is_said_and_comes_back(world, tmp_path, hands, form):
    line(hands, "Testamine", "1 matin")
    path = tmp_path / "cr.pdf"
    path.write_bytes(forms.pdf_saying("Suivi").content)
    world.chosen["pdf"] = path
    hands.press("Ctrl+O")
    assert hands.find("deposit.pdf.left_out").isVisible()
    assert hands.focus() == "deposit.day"
    hands.press("Return", "Return")
    assert world.outbox.deliveries() == ()
    hands.find("deposit.pdf.remove").click()
    assert hands.find("deposit.lines.0.name").isVisible()
    assert not hands.find("deposit.pdf.left_out").isVisible()


@pytest.mark.parametrize("pasted", ["Testamine\n 5 mg", "\u2028Testamine\u00a05 mg\r\n"])
def test_what_is_pasted_stays_on_one_line(world, hands, form, pasted):
    QApplication.clipboard().setText(pasted)
    hands.press("Ctrl+V")
    hands.find("deposit.lines.0.posology").setText("1 matin")
    hands.find("deposit.title").setText("Ordonnance\nde sortie")
    assert form.draft().lines == (TypedLine("Testamine 5 mg", "1 matin"),)
    hands.find("deposit.lines.0.posology").setFocus()
    hands.press("Ctrl+Return")
    assert world.documents[NORA.ins.matricule][0][0].title == "Ordonnance de sortie"


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_an_empty_form_of_each_kind_says_what_is_missing(world, window, hands, form, kind):
    hands.press(
        {"PRESCRIPTION": "F6", "LAB_RESULT": "F7", "IMAGING_REPORT": "F8", "SUMMARY": "Shift+F8"}.get(
            kind.name, "Shift+F6"
        )
    )
    assert form.kind is kind
    assert KIND_WORDS[kind] in form.parts.heading.text()
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert world.outbox.deliveries() == ()
    assert form.isAncestorOf(QApplication.focusWidget())
