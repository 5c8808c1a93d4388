"""Break-glass, by the keyboard alone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demonstration.people import BLOCKING, CLOSED, NORA, OPPOSED, UNCONSCIOUS
from praticien.access import AccessMode
from praticien.documents.model import DocumentKind
from praticien.notices import access_notice
from tests.ui.fakes import Unreachable, sample
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


def test_two_keys_from_the_patient_to_the_list(world, window, hands, found):
    hands.press("F9")
    assert "[le motif choisi ci-dessus]" in window.pages.emergency.told
    hands.press("Ctrl+2")
    assert window.page is Page.DOSSIER
    assert window.pages.dossier.documents.titles == (SAMPLE,)
    assert "Danger immédiat pour la vie" in window.band.text


def test_the_sixth_reason_waits_for_words_also_with_control(world, window, hands, found):
    hands.press("F9", "Ctrl+6")
    assert hands.find("emergency.words.field").error
    assert hands.focus() == "emergency.words"
    assert not [call for call in world.dmp.calls if call[2] is AccessMode.BREAK_GLASS]


def test_the_key_beside_1_on_a_french_keyboard_does_nothing(window, hands, found):
    hands.press("F9")
    hands.type("²")
    assert "[le motif choisi ci-dessus]" in window.pages.emergency.told
    hands.type("&")
    assert "Patient inconscient" in window.pages.emergency.told


@pytest.mark.parametrize(
    "keys,place", [(("Ctrl+Return",), "emergency.reason"), (("6", "Ctrl+Return"), "emergency.words")]
)
@pytest.mark.usefixtures("found")
def test_a_reason_is_needed_and_words_where_it_says_nothing(world, window, hands, keys, place):
    hands.press("F9", *keys)
    assert window.page is Page.EMERGENCY
    assert hands.find(f"{place}.field").error
    assert not [call for call in world.dmp.calls if call[2] is AccessMode.BREAK_GLASS]


def test_an_opposition_is_told_before_anything_is_attempted(world, window, hands, found):
    hands.press("F2")
    hands.search(OPPOSED)
    hands.press("Ctrl+I", "F9")
    assert "R. 1111-48" in window.pages.emergency.notice.text.replace("\u00a0", " ")
    hands.press("Ctrl+Return")
    assert window.page is Page.EMERGENCY
    assert not [call for call in world.dmp.calls if call[2] is AccessMode.BREAK_GLASS]  # known: nothing is attempted
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


# -- beforehand, the time that runs, and going on ----------------------------------------------------------------


def test_two_acts_are_enough(world, window, hands, found):
    hands.press("F9")
    for words in ("Nécessaire", "ne s’est pas opposé"):
        assert words in hands.find("emergency.check").text()
    hands.press("1", "Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert "Patient inconscient," in window.band.text


def test_opposition_that_cannot_be_known_does_not_shut_the_door(world, window, hands, found):
    world.dmp.failing = Unreachable()
    hands.press("F9")
    assert "pas pu être vérifiée" in hands.find("emergency.check").text()
    world.dmp.failing = None
    hands.press("1", "Ctrl+Return")
    assert window.band.text


def test_break_glass_is_not_offered_where_it_is_of_no_use(window, hands, gp):
    hands.search(NORA)
    hands.press("Ctrl+I", "F9")
    assert "inutile" in window.notice.text
    assert window.page is Page.DOSSIER


@pytest.fixture
def broken(world, window, hands, found):
    """Break-glass open since a known moment, a document on screen."""
    world.now.append(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    hands.press("F9", "1", "Ctrl+Return", "Return")
    assert window.pages.dossier.viewer.title == SAMPLE


def later(world, window, **parts):
    world.now.append(world.now[-1] + timedelta(**parts))
    window.conductor.emergency.tick()


def said(band):
    return band.text.replace("\u00a0", " ")


def test_the_band_counts_down_in_every_window(world, window, broken):
    other = window.bands.new()
    assert "reste 1 h 00" in said(other)
    later(world, window, minutes=2)
    for band in (window.band, other):
        assert "reste 0 h 58" in said(band)
    later(world, window, minutes=53, seconds=30)
    assert "reste 4 min 30 s" in said(other)


def test_the_end_closes_the_views_and_says_so(world, window, hands, broken):
    later(world, window, minutes=60)
    assert window.band.text == ""
    assert window.pages.dossier.viewer.title == ""
    assert window.pages.dossier.documents.titles == ()
    assert world.practice.case.documents == ()
    assert "terme" in window.notice.text
    assert "TESTURGENT" in window.banner.words  # the patient stays: F9 may be needed again


def test_a_document_on_its_way_at_the_end_is_not_shown(world, window, hands, broken):
    world.dmp.gate = threading.Event()
    hands.find("documents.table").setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    later(world, window, minutes=60)
    world.dmp.gate.set()
    hands.wait()
    assert window.pages.dossier.viewer.title == ""


def test_going_on_asks_why_anew(world, window, hands, broken):
    later(world, window, minutes=58)
    hands.press("F9")
    assert "Prolonger" in hands.find("emergency.title").text()
    assert window.pages.emergency.begun is None
    hands.press("Ctrl+Return")
    assert window.page is Page.EMERGENCY  # the former reason does not serve again
    hands.press("2", "Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert "reste 1 h 00" in said(window.band)
    assert "Danger immédiat" in window.band.text


def test_a_sheet_open_at_the_end_begins_a_new_access(world, window, hands, broken):
    later(world, window, minutes=59)
    hands.press("F9", "2")
    later(world, window, minutes=1)
    assert window.page is Page.EMERGENCY
    assert window.band.text == ""
    hands.press("Ctrl+Return")
    assert window.band.text


def test_the_clock_of_the_window_is_the_one_that_ticks(window, broken):
    timer = window.conductor.emergency.findChild(QTimer)
    assert timer.isActive()
    window.conductor.emergency.end()
    assert not timer.isActive()
