"""A minor's secret connection, by the keyboard (EX_0.1-1100, EX_2.1-1050)."""

import pytest

from demonstration.people import LINA, NORA
from praticien.documents.model import DocumentKind
from praticien.metadata import Confidentiality
from tests.ui.fakes import sample
from ui.pages import Page

HIDDEN = Confidentiality.INVISIBLE_TO_REPRESENTATIVES.code


@pytest.fixture
def lina(world, hands, gp):
    world.documents[LINA.ins.matricule] = [sample(LINA, DocumentKind.PRESCRIPTION, "Ordonnance", "Texte")]
    hands.search(LINA)


def deposit(hands, title="Ordonnance fictive"):
    hands.press("F6", "Tab")
    hands.find("deposit.text").setPlainText(title)
    hands.press("Ctrl+Return")


def codes(world):
    return {code.code for code in world.dmp.submitted[-1].documents[0].entry.confidentiality}


@pytest.mark.usefixtures("lina")
def test_from_the_identity_check_on_nothing_is_told(world, window, hands):
    assert not hands.find("patient_banner.secret").isHidden()
    hands.press("Ctrl+Shift+I")
    assert "CONNEXION SECRÈTE" in window.secret_band.text
    assert hands.find("patient_banner.secret").isHidden()
    hands.press("Ctrl+I")
    assert "vos parents n’en seront pas prévenus" in hands.find("consent.told").text()
    for giver in ("parent", "guardian"):  # the minor agrees in person
        assert hands.find(f"consent.giver.{giver}").isHidden()
    hands.press("Space", "Return")
    assert window.pages.dossier.documents.titles == ("Ordonnance",)
    hands.press("Return")
    asked = [name for name, _ins, _mode in world.dmp.calls]
    assert {"status", "declare", "list", "retrieve"} <= set(asked)
    assert sorted(world.dmp.secret) == sorted(asked)


@pytest.mark.usefixtures("lina")
def test_what_is_deposited_is_hidden_without_a_choice(world, window, hands):
    hands.press("Ctrl+I", "Ctrl+Shift+I", "F6")
    box = hands.find("deposit.representatives")
    assert (box.isHidden(), box.isChecked(), box.isEnabled()) == (False, True, False)
    assert window.secret_band.text
    hands.press("Esc")
    deposit(hands)
    assert HIDDEN in codes(world)
    assert "deposit" in world.dmp.secret


@pytest.mark.usefixtures("lina")
def test_outside_it_the_box_is_a_choice(world, hands):
    hands.press("Ctrl+I", "F6")
    box = hands.find("deposit.representatives")
    assert (box.isHidden(), box.isChecked(), box.isEnabled()) == (False, False, True)
    hands.press("Esc")
    deposit(hands)
    assert HIDDEN not in codes(world)
    hands.press("F6")
    box.setChecked(True)
    hands.press("Esc")
    deposit(hands)  # the draft kept it
    assert HIDDEN in codes(world)


@pytest.mark.usefixtures("lina")
def test_begun_in_a_form_the_draft_comes_back_hidden(world, window, hands):
    hands.press("Ctrl+I", "F6")
    hands.find("deposit.text").setPlainText("Ordonnance fictive")
    hands.press("Ctrl+Shift+I")
    assert window.page is Page.DOSSIER
    hands.press("F6")
    assert hands.find("deposit.text").toPlainText() == "Ordonnance fictive"
    assert hands.find("deposit.representatives").isChecked()


@pytest.mark.usefixtures("lina")
def test_ended_by_the_same_key_what_was_read_leaves_the_screen(world, window, hands):
    hands.press("Ctrl+I", "Space", "Return", "Return")
    assert window.pages.dossier.viewer.title
    hands.press("Ctrl+Shift+I")
    assert window.pages.dossier.viewer.title == ""
    before = len(world.dmp.secret)
    hands.press("Ctrl+Shift+I")
    assert window.secret_band.text == ""
    assert len(world.dmp.secret) == before
    assert window.pages.dossier.view == "documents"


@pytest.mark.usefixtures("lina")
def test_gone_with_the_patient_and_with_the_card(world, window, hands):
    hands.press("Ctrl+Shift+I", "F2")
    hands.search(NORA)
    assert window.secret_band.text == ""
    hands.press("Ctrl+Shift+I")
    assert "réservée aux patients mineurs" in window.notice.text
    assert window.secret_band.text == ""
    hands.press("F2")
    hands.search(LINA)
    hands.press("Ctrl+Shift+I")
    hands.withdraw(world.desk, "cps-medecin")
    assert window.secret_band.text == ""


@pytest.mark.usefixtures("lina")
def test_no_emergency_in_it_and_the_page_says_why(window, hands):
    hands.press("Ctrl+I", "Ctrl+Shift+I", "F9")
    assert window.page is Page.DOSSIER
    assert "ne va pas avec un accès d’urgence" in window.notice.text
    hands.press("Shift+F1")
    assert "R. 1111-50" in window.pages.why.text.replace("\u00a0", " ")


def test_without_a_patient_it_says_so(window, hands, gp):
    hands.press("Ctrl+Shift+I")
    assert "Aucun patient" in window.notice.text
    assert window.secret_band.text == ""
