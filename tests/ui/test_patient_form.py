"""Search by INS and traits: each mistake next to its field, everything kept."""

import pytest

from demonstration.people import SOLO, UNCONSCIOUS
from praticien.identity import Sex
from ui.pages import Page


@pytest.fixture
def form(window, gp):
    return window.pages.patient_form


def test_wrong_key_is_said_next_to_the_matricule(world, window, hands, form):
    good = SOLO.ins.matricule
    hands.type(good[:-2] + f"{(int(good[-2:]) + 1) % 97:02d}")
    hands.press("Return")
    assert "clé" in form.field_error("ins")
    assert hands.focus() == "patient_form.birth_name"


def test_sex_and_place_are_suggested_never_imposed(hands, form):
    hands.find("patient_form.birth_place").setText("75056")
    hands.find("patient_form.ins").setFocus()
    hands.type(SOLO.ins.matricule)
    assert hands.find("patient_form.sex").sex is Sex.FEMALE
    assert hands.find("patient_form.birth_place").text() == "75056"


@pytest.mark.parametrize("typed", ["12031987", "12/03/1987", "12-3-1987", "12.03.1987"])
def test_date_is_understood(hands, form, typed):
    hands.find("patient_form.birth_date").setFocus()
    hands.type(typed)
    hands.press("Return")
    assert hands.find("patient_form.birth_date").text() == "12/03/1987"
    assert form.field_error("birth_date") == ""


@pytest.mark.parametrize("typed", ["1203198", "99031987", "12132087", "hier", "12/03/87"])
def test_date_that_cannot_be_is_said(hands, form, typed):
    hands.find("patient_form.birth_date").setFocus()
    hands.type(typed)
    hands.press("Return")
    assert "12031987" in form.field_error("birth_date")
    assert hands.find("patient_form.birth_date").text() == typed


def test_missing_fields_are_all_said_and_nothing_is_asked(world, window, hands, form):
    hands.press("Ctrl+Return")
    for name in ("birth_name", "birth_first_name", "birth_date", "sex"):
        assert form.field_error(name)
    assert world.practice.case is None


def test_nobody_found_keeps_what_was_typed(world, window, hands, form):
    for text in ("", "TESTINCONNU", "Paul", "01011970"):
        hands.type(text)
        hands.press("Return")
    hands.press("M", "Ctrl+Return")
    assert window.page is Page.PATIENT
    assert form.notice.text
    assert hands.find("patient_form.birth_name").text() == "TESTINCONNU"


def test_matricule_of_somebody_else_is_refused(world, window, hands, form):
    other = UNCONSCIOUS.ins.matricule
    hands.type(other)
    hands.press("Return")
    hands.type(SOLO.traits.birth_name)
    hands.press("Return")
    hands.type(SOLO.traits.first_name)
    hands.press("Return")
    hands.type("12031987")
    hands.press("Return", "F", "Ctrl+Return")
    assert window.page is Page.PATIENT
    assert form.field_error("ins")
    assert world.practice.case is None


def test_found_patient_leaves_nothing_in_the_form(window, hands, form):
    hands.search(SOLO)
    assert window.page is Page.DOSSIER
    assert all(not value for value in form.snapshot().values())
