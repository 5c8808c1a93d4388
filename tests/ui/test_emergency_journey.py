"""Break-glass, by the keyboard alone."""

import pytest

from demonstration.people import BLOCKING, CLOSED, OPPOSED, UNCONSCIOUS
from praticien.access import AccessMode
from praticien.documents.model import DocumentKind
from praticien.notices import access_notice
from tests.ui.fakes import sample
from ui.pages import Page

SAMPLE = "Traitement anticoagulant"


@pytest.fixture
def found(world, window, hands, emergency):
    """The unconscious patient, found by traits, identity checked."""
    for seed in (UNCONSCIOUS, OPPOSED, BLOCKING):
        world.documents[seed.ins.matricule] = [sample(seed, DocumentKind.PRESCRIPTION, SAMPLE, "Apixaban")]
    hands.search(UNCONSCIOUS)
    hands.press("Ctrl+I")


def test_whole_emergency(world, window, hands, found):
    assert "accès non autorisé" in window.banner.words
    assert window.pages.dossier.view == "consent"
    hands.press("F9")
    assert window.page is Page.EMERGENCY
    hands.press("1")
    hands.type("Trouvé au sol")
    told = access_notice(
        "Dr Karim TESTURGENCE",
        "HOPITAL FICTIF DE TESTVILLE",
        AccessMode.BREAK_GLASS,
        "Patient inconscient – Trouvé au sol",
    )
    assert window.pages.emergency.told == told
    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert window.pages.dossier.documents.titles == (SAMPLE,)
    for words in ("BRIS DE GLACE", "Dr Karim TESTURGENCE", "Trouvé au sol", "depuis"):
        assert words in window.band.text
    hands.press("Return")
    assert window.pages.dossier.viewer.title == SAMPLE
    assert world.dmp.calls[-1][2] is AccessMode.BREAK_GLASS
    hands.press("F1")
    assert window.band.text  # in sight on every page
    hands.press("Esc", "Shift+F9")
    assert window.band.text == ""
    assert window.pages.dossier.documents.titles == ()
    assert window.pages.dossier.viewer.title == ""


@pytest.mark.parametrize(
    "keys,place", [(("Ctrl+Return",), "emergency.reason"), (("3", "Ctrl+Return"), "emergency.words")]
)
@pytest.mark.usefixtures("found")
def test_reason_and_words_are_both_needed(world, window, hands, keys, place):
    hands.press("F9", *keys)
    assert window.page is Page.EMERGENCY
    assert hands.find(f"{place}.field").error
    assert not [call for call in world.dmp.calls if call[2] is AccessMode.BREAK_GLASS]


def test_opposed_patient_shows_nothing(world, window, hands, found):
    hands.press("F2")
    hands.search(OPPOSED)
    hands.press("Ctrl+I", "F9", "1")
    hands.type("Chute")
    hands.press("Ctrl+Return")
    assert window.page is Page.EMERGENCY
    assert window.pages.emergency.notice.text
    assert window.band.text == ""
    assert world.practice.case.access.mode is AccessMode.NORMAL
    assert world.practice.case.documents == ()
    hands.press("Esc")
    assert window.page is Page.DOSSIER
    assert window.pages.dossier.documents.titles == ()


@pytest.mark.parametrize("seed,words", [(BLOCKING, "bloqué"), (CLOSED, "fermé")])
@pytest.mark.usefixtures("emergency")
def test_no_emergency_door_where_it_is_of_no_use(world, window, hands, seed, words):
    hands.search(seed)
    hands.press("Ctrl+I", "F9")
    assert window.page is Page.DOSSIER
    assert words in window.pages.dossier.state.text
    assert words in window.notice.text
    assert not [call for call in world.dmp.calls if call[2] is AccessMode.BREAK_GLASS]


def test_mode_ends_with_the_patient(world, window, hands, found):
    hands.press("F9", "1")
    hands.type("Chute")
    hands.press("Ctrl+Return", "F2")
    hands.search(OPPOSED)
    assert window.band.text == ""
    assert world.practice.case.access.mode is AccessMode.NORMAL


def test_f9_without_patient_says_why(window, hands, emergency):
    hands.press("F9")
    assert "identité" in window.notice.text


def test_what_was_stated_comes_back_for_the_same_patient_alone(world, window, hands, found):
    hands.press("F9", "2")
    hands.type("Trouvé au sol")
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()
    hands.search(BLOCKING)
    hands.press("Ctrl+I")
    assert window.pages.emergency.begun is None
    hands.press("F2")
    hands.search(UNCONSCIOUS)
    hands.press("Ctrl+I", "F9")
    assert "Danger immédiat pour la vie – Trouvé au sol" in window.pages.emergency.told
