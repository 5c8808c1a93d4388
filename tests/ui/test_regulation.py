"""The regulation centre, by the keyboard alone: search, homonyms, minimum view, the rest, the end."""

from datetime import UTC, datetime, timedelta

import pytest

from demonstration.people import CALLED_FOR, OPPOSED_TO_REGULATION
from praticien.access import AccessMode
from praticien.documents.model import DocumentKind
from praticien.errors import Refused
from praticien.notices import access_notice
from tests.ui.fakes import Opposed, Unreachable, sample
from ui.pages import Page


class RegulationOpposed(Opposed):
    code = "dmp.regulation_opposed"


@pytest.fixture
def regulator(world, hands):
    world.now.append(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    world.documents[CALLED_FOR.ins.matricule] = [
        sample(CALLED_FOR, DocumentKind.PRESCRIPTION, "Ordonnance de cardiologie", "Apixaban", days=41),
        sample(CALLED_FOR, DocumentKind.LAB_RESULT, "Ionogramme", "Sodium"),
    ]
    hands.insert(world.desk, "cps-regulateur")
    hands.unlock()


@pytest.fixture
def found(window, hands, regulator):
    hands.type("testhomonyme")
    hands.press("Return")


def asked(world):
    return [(name, mode) for name, _ins, mode in world.dmp.calls]


def verdict(hands):
    return hands.find("regulation.verdict").text().replace("\u00a0", " ")


def rows(hands):
    found = hands.find("regulation.found")
    return [found.item(number).text() for number in range(found.count())]


def open_one(hands, *digits):
    hands.press(*digits, "Return")


def test_search_form_comes_first_for_a_regulator(window, hands, regulator):
    assert window.page is Page.REGULATION
    assert hands.focus() == "regulation.family_name"


def test_what_the_patient_will_be_told_is_shown_before(window, hands, found):
    hands.find("regulation.words").setText("Appel 42")
    told = access_notice(
        "Dr Salomé TESTREGUL",
        "SAMU CENTRE 15 FICTIF DE TESTVILLE",
        AccessMode.REGULATION,
        "Appel traité par la régulation médicale – Appel 42",
    )
    assert told in hands.find("regulation.told").text()


def test_homonyms_are_listed_and_nobody_is_opened(world, window, hands, found):
    listed = rows(hands)
    assert len(listed) == 3
    assert any("OPPOSÉ" in row for row in listed)
    assert world.practice.case is None
    hands.press("Return")
    assert world.practice.case is None


def test_three_traits_and_those_that_tell_homonyms_apart(world, window, hands, found):
    for digits, words in ((("1",), "Trois traits"), (("4", "5"), "homonyme")):
        hands.press(*digits, "Return")
        assert words in verdict(hands)
        assert world.practice.case is None
    assert ("search", AccessMode.REGULATION) in asked(world)
    assert len(asked(world)) == 1  # nothing was asked about anybody
    hands.press("3", "Return")
    assert window.page is Page.MINIMUM
    assert "TESTHOMONYME PAUL LUC" in window.banner.words


def test_who_opposed_cannot_be_opened(world, window, hands, found):
    number = next(n for n, row in enumerate(rows(hands)) if "OPPOSÉ" in row)
    hands.press(*["Down"] * number, "1", "2", "3", "Return")
    assert "R. 1111-48" in verdict(hands)
    assert not hands.find("regulation.open").isVisible()
    assert OPPOSED_TO_REGULATION.ins.matricule not in {ins for _n, ins, _m in world.dmp.calls}


def test_minimum_view_then_the_rest_then_the_end(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    said = window.pages.minimum.text
    assert "Ordonnance de cardiologie" in said
    assert "41\u00a0jours" in said
    for absent in ("aucune allergie", "aucun implant", "Aucun document", "Personne"):
        assert absent in said
    assert "Ionogramme" not in said
    assert "1\u00a0autre document" in said
    assert "CENTRE 15" in window.band.text
    assert "Dr Salomé TESTREGUL" in window.band.text
    assert {mode for _name, mode in asked(world)} == {AccessMode.REGULATION}
    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert "Ionogramme" in window.pages.dossier.documents.titles
    hands.press("Shift+F9")
    assert window.page is Page.REGULATION
    assert world.practice.case is None
    assert window.band.text == ""
    assert window.pages.minimum.text.strip() == ""
    assert rows(hands) == []


def test_neither_identity_check_nor_deposit_by_telephone(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    hands.press("Ctrl+I", "F6")
    assert window.page is Page.MINIMUM
    assert not hands.find("patient_banner.check").isVisible()
    assert window.notice.text
    assert {name for name, _mode in asked(world)} == {"search", "status", "list", "retrieve"}


def test_the_time_runs_out_and_nobody_is_open_any_more(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    world.now.append(world.now[-1] + timedelta(hours=1))
    window.conductor.emergency.tick()
    assert world.practice.case is None
    assert "terme" in window.notice.text
    assert window.pages.minimum.text.strip() == ""


def test_going_on_is_asked_of_the_server_with_its_reason(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    world.now.append(world.now[-1] + timedelta(minutes=58))
    hands.press("F9")
    assert "centre 15" in hands.find("emergency.title").text()
    hands.type("Second appel")
    hands.press("Ctrl+Return")
    assert window.page is Page.MINIMUM
    assert "reste 1 h 00" in window.band.text.replace("\u00a0", " ")
    assert "Second appel" in window.band.text


@pytest.mark.parametrize("error", [RegulationOpposed(), Unreachable(), Refused()])
def test_refused_by_the_server_nobody_is_open_and_the_search_stays(world, window, hands, found, error):
    world.dmp.failing = error
    open_one(hands, "1", "2", "3")
    assert window.page is Page.REGULATION
    assert hands.find("regulation.notice.text").text()
    assert world.practice.case is None
    assert hands.find("regulation.family_name").text() == "testhomonyme"
    assert rows(hands)


def test_it_is_to_be_looked_back_upon(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    hands.press("Shift+F9", "Ctrl+F9")
    assert "Centre 15" in hands.find("reviews.access").text()


@pytest.mark.parametrize("typed", ["t", ""])
def test_a_name_of_two_letters(world, hands, regulator, typed):
    hands.type(typed)
    hands.press("Return")
    assert hands.find("regulation.family_name.field").error
    assert asked(world) == []


def test_a_wrong_date_is_said_next_to_it(world, window, hands, regulator):
    hands.type("test")
    hands.find("regulation.birth_date").setText("32132020")
    hands.press("Return")
    assert hands.find("regulation.birth_date.field").error
    assert asked(world) == []


def test_nobody_found_says_so(window, hands, regulator):
    hands.type("TESTPERSONNE")
    hands.press("Return")
    assert "Personne ne correspond" in hands.find("regulation.count").text()


@pytest.mark.usefixtures("emergency")
def test_elsewhere_the_reason_why_not(window, hands):
    hands.press("Ctrl+F2")
    assert window.page is Page.PATIENT
    assert "centre de régulation" in window.notice.text


def test_card_withdrawn_leaves_nothing(world, window, hands, found):
    open_one(hands, "1", "2", "3")
    hands.withdraw(world.desk, "cps-regulateur")
    assert window.pages.minimum.text.strip() == ""
    assert hands.find("regulation.family_name").text() == ""
    assert rows(hands) == []
