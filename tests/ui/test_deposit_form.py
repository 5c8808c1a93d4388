"""Forms: errors next to the field, nothing lost, visibility, files that are not what they say."""

import pytest

from demonstration.people import SCANNED, SOLO
from demonstration.study import write_study
from praticien.metadata import Confidentiality
from ui.pages import Page


@pytest.fixture
def form(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I", "F6")
    hands.find("deposit.text").setFocus()
    return window.pages.deposit


def test_empty_form_says_what_is_missing(world, window, hands, form):
    hands.find("deposit.title").clear()
    hands.press("Ctrl+Return")
    assert form.field_error("title")
    assert form.field_error("text")
    assert world.outbox.deliveries() == ()
    assert hands.focus() == "deposit.title"


@pytest.mark.parametrize("content,words", [(b"not a pdf", "PDF"), (b"", "vide"), (b"x" * 7_000_001, "lourd")])
def test_pdf_that_is_none_is_said_and_the_text_stays(request, world, form, content, words):
    hands, tmp_path = request.getfixturevalue("hands"), request.getfixturevalue("tmp_path")
    path = tmp_path / "faux.pdf"
    path.write_bytes(content)
    world.chosen["pdf"] = path
    hands.type("Texte déjà saisi")
    hands.press("Ctrl+O")
    assert words in form.field_error("pdf")
    assert form.draft().text == "Texte déjà saisi"
    assert form.draft().pdf is None


def test_missing_file_is_said(world, tmp_path, hands, form):
    world.chosen["pdf"] = tmp_path / "absent.pdf"
    hands.press("Ctrl+O")
    assert "ne peut pas être lu" in form.field_error("pdf")


def test_choosing_nothing_changes_nothing(world, hands, form):
    world.chosen["pdf"] = None
    hands.press("Ctrl+O")
    assert form.field_error("pdf") == ""


def test_masked_and_invisible_are_refused_together_next_to_them(world, window, hands, form):
    hands.type("Repos")
    hands.find("deposit.masked").setChecked(True)
    hands.find("deposit.invisible").setChecked(True)
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert "à la fois" in form.field_error("visibility")
    assert form.draft().text == "Repos"
    hands.find("deposit.invisible").setChecked(False)
    hands.press("Ctrl+Return")
    assert world.documents[SOLO.ins.matricule][0][0].has(Confidentiality.MASKED)


def test_same_identifiers_when_confirmed_again(world, window, hands, form):
    hands.type("Repos")
    hands.find("deposit.masked").setChecked(True)
    hands.find("deposit.invisible").setChecked(True)
    hands.press("Ctrl+Return")
    first = form.draft().unique_id
    hands.find("deposit.invisible").setChecked(False)
    hands.press("Ctrl+Return")
    assert first.startswith("2.25.")
    assert world.documents[SOLO.ins.matricule][0][0].unique_id == first


def test_text_that_names_somebody_else_must_be_compared(world, window, hands, form):
    hands.type("Nom de naissance : TESTAUTRE\nné le 01/01/1950")
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert "autre personne" in form.field_error("text")
    box = hands.find("deposit.text_compared")
    assert box.isVisible()
    box.setChecked(True)
    hands.press("Ctrl+Return")
    assert len(world.outbox.deliveries()) == 1


@pytest.mark.parametrize("typed", ["hier", "31022026", "01012999"])
def test_day_that_cannot_be(world, hands, form, typed):
    hands.type("Repos")
    hands.find("deposit.day").setText(typed)
    hands.press("Ctrl+Return")
    assert form.field_error("day")
    assert world.outbox.deliveries() == ()


def test_what_is_no_dicom(world, tmp_path, window, hands, form):
    hands.press("F8")
    path = tmp_path / "image.dcm"
    path.write_bytes(b"not dicom")
    world.chosen["dicom"] = path
    hands.press("Ctrl+D")
    assert "DICOM" in window.pages.deposit.field_error("dicom")


def test_study_fills_the_day_and_can_be_taken_away(world, tmp_path, window, hands, form):
    hands.press("F8")
    world.chosen["folder"] = write_study(tmp_path / "study", SOLO)
    hands.press("Ctrl+Shift+D")
    study = form.draft().study
    assert form.draft().day == f"{study.study_date[6:]}/{study.study_date[4:6]}/{study.study_date[:4]}"
    assert "concordent" in form.study_panel.verdict
    hands.find("deposit.study.remove").click()
    assert form.draft().study is None


def test_escape_keeps_a_draft(window, hands, form):
    hands.type("En cours")
    hands.press("Esc")
    assert window.page is Page.DOSSIER
    hands.press("F6")
    assert form.draft().text == "En cours"


def test_study_of_another_patient_is_never_sent(world, tmp_path, window, hands, form):
    hands.press("F8")
    hands.find("deposit.conclusion").setFocus()
    hands.type("IRM sans anomalie")
    world.chosen["folder"] = write_study(tmp_path / "study", SCANNED)
    hands.press("Ctrl+Shift+D", "Ctrl+Return")
    assert world.outbox.deliveries() == ()
    assert "autre personne" in form.notice.text


@pytest.mark.parametrize("box", [None, "deposit.masked"])
def test_whatever_was_changed_alone_is_kept(window, hands, form, box):
    if box:
        hands.find(box).setChecked(True)
    else:
        hands.find("deposit.title").setText("Bilan de printemps")
    hands.press("Escape", "F6")
    assert form.draft().title == ("Ordonnance" if box else "Bilan de printemps")
    assert form.draft().masked is bool(box)


def test_a_form_left_as_it_came_is_no_draft(window, hands, form):
    assert not form.draft().is_worth_keeping
