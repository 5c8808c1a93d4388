"""What is asked after an emergency access: at each unlock, and without end once it is overdue."""

from datetime import UTC, datetime, timedelta

import pytest

from demonstration.people import UNCONSCIOUS
from praticien.documents.model import DocumentKind
from tests.ui.fakes import sample
from ui.pages import Page

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def after(world, window, hands, emergency):
    """Break-glass, two documents opened, ended."""
    world.now.append(START)
    world.documents[UNCONSCIOUS.ins.matricule] = [
        sample(UNCONSCIOUS, DocumentKind.PRESCRIPTION, title, "Apixaban") for title in ("Ordonnance", "Autre")
    ]
    hands.search(UNCONSCIOUS)
    hands.press("Ctrl+I", "F9", "1", "Ctrl+Return", "Return")
    hands.press("Shift+F9")


def unlock_again(world, hands, **later):
    world.now.append(world.now[-1] + timedelta(**later))
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()


def test_said_at_the_next_unlock_and_answered_by_keyboard(world, window, hands, after):
    unlock_again(world, hands, hours=2)
    assert "avant le" in window.notice.text
    assert window.page is Page.PATIENT  # not in the way
    hands.press("Ctrl+F9")
    assert window.page is Page.REVIEWS
    for words in ("TESTURGENT", "Patient inconscient", "1\u00a0document ouvert"):
        assert words in hands.find("reviews.access").text()
    assert not window.banner.isVisible()  # this patient is not the one that may be open
    hands.find("reviews.used.0").setFocus()
    hands.press("Space")
    hands.find("reviews.words").setFocus()
    hands.type("Anticoagulant recherché avant le bloc")
    hands.press("Ctrl+Return")
    assert "Aucun accès" in hands.find("reviews.title").text()
    (answered,) = world.practice.reviews.answered(world.practice.holder.professional.national_id)
    assert answered.used == answered.documents
    hands.press("Esc")
    assert window.page is Page.PATIENT
    unlock_again(world, hands, hours=30)
    assert window.notice.text == ""
    assert window.overdue.text == ""


def test_overdue_comes_first_and_cannot_be_silenced(world, window, hands, after):
    unlock_again(world, hands, hours=25)
    assert window.page is Page.REVIEWS
    assert "En retard" in hands.find("reviews.due").text()
    hands.press("Ctrl+Return")
    assert hands.find("reviews.words.field").error
    hands.press("Esc")  # a patient may be waiting: one may work, but it stays said
    assert window.page is Page.PATIENT
    for keys in (("Esc",), ("F1",), ("Esc",), ("F5",)):
        hands.press(*keys)
        assert "en retard" in window.overdue.text
    assert "TESTURGENT" not in window.overdue.text
    hands.search(UNCONSCIOUS)
    assert window.overdue.text
    unlock_again(world, hands, hours=1)
    assert window.page is Page.REVIEWS


def test_becomes_overdue_while_one_works(world, window, hands, after):
    assert window.overdue.text == ""
    world.now.append(START + timedelta(hours=24, seconds=1))
    window.conductor.reviewing.look()
    assert "en retard" in window.overdue.text


def test_the_access_under_way_is_not_asked_about(world, window, hands, after):
    hands.press("F9", "1", "Ctrl+Return", "Ctrl+F9")
    assert hands.find("reviews.title").text().startswith("1\u00a0")
    assert "BRIS DE GLACE" in window.band.text


def test_nothing_of_it_stays_when_the_card_goes(world, window, hands, after):
    hands.press("Ctrl+F9")
    hands.type("secret")
    hands.withdraw(world.desk, "cps-urgentiste")
    assert hands.find("reviews.access").text() == ""
    assert hands.find("reviews.words").toPlainText() == ""
    assert window.overdue.text == ""


def test_another_professional_is_asked_nothing(world, window, hands, after):
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    hands.press("Return", "Ctrl+F9")
    assert "Aucun accès" in hands.find("reviews.title").text()


def test_the_register_is_exported_without_names(world, window, hands, after, tmp_path):
    hands.press("Ctrl+F9")
    hands.type("M. Testurgent : rien d’utile")
    hands.press("Ctrl+Return")
    world.chosen["register"] = tmp_path / "registre.csv"
    hands.find("reviews.export").click()
    hands.wait()
    text = (tmp_path / "registre.csv").read_text("utf-8-sig")
    assert "rien d’utile" in text
    assert "TESTURGENT" not in text.upper()
    assert "sans nom" in window.pages.reviews.notice.text


def test_a_register_that_cannot_be_written_says_so(world, window, hands, after, tmp_path):
    hands.press("Ctrl+F9")
    hands.type("rien")
    hands.press("Ctrl+Return")
    world.chosen["register"] = tmp_path / "nowhere" / "registre.csv"
    hands.find("reviews.export").click()
    hands.wait()
    assert "n’a pas pu" in window.pages.reviews.notice.text
