"""Cards coming and going: what is said, when it locks, what is forgotten."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from demonstration.people import NORA, SOLO, VITALES
from praticien.documents.model import DocumentKind
from praticien.outbox import DeliveryState
from praticien.ports import DeskState, Slot, SlotState
from tests.ui.fakes import Unreachable, sample
from ui.pages import Page
from ui.session import Phase

EMPTY = Slot("lecteur", SlotState.EMPTY)


@pytest.mark.parametrize(
    "state,phase,words",
    [
        (DeskState(False), Phase.NO_SERVICE, "arrêté"),
        (DeskState(True), Phase.NO_READER, "lecteur"),
        (DeskState(True, (EMPTY,)), Phase.NO_CARD, "Insérez"),
        (DeskState(True, (Slot("lecteur", SlotState.MUTE, 1),)), Phase.MUTE, "ne répond pas"),
        (DeskState(True, (Slot("lecteur", SlotState.UNKNOWN_CARD, 1),)), Phase.UNKNOWN, "ni une carte"),
        (DeskState(True, (Slot("lecteur", SlotState.READING, 1),)), Phase.READING, "Lecture"),
    ],
)
def test_empty_desk_says_what_is_missing(request, window, state, phase, words):
    world, hands = request.getfixturevalue("world"), request.getfixturevalue("hands")
    world.desk.become(state)
    hands.wait()
    assert window.phase is phase
    assert window.page is Page.WELCOME
    assert words in window.pages.welcome.text


def test_card_that_cannot_be_opened_is_told_and_tried_again(world, window, hands, monkeypatch):
    opened = world.desk.open_professional_card
    monkeypatch.setattr(world.desk, "open_professional_card", lambda _reader: (_ for _ in ()).throw(Unreachable()))
    hands.insert(world.desk, "cps-medecin")
    assert window.phase is Phase.UNUSABLE
    monkeypatch.setattr(world.desk, "open_professional_card", opened)
    hands.find("welcome.act").click()
    hands.wait()
    assert window.page is Page.PIN


# -- PIN -------------------------------------------------------------------------------------------------------------


def test_wrong_pin_says_what_is_left_and_is_never_repeated(world, window, hands):
    hands.insert(world.desk, "cps-medecin")
    hands.unlock("9999")
    assert window.page is Page.PIN
    assert "2\u00a0essais" in window.pages.pin.error
    assert "2\u00a0essais" in window.pages.pin.tries
    assert hands.find("pin_panel.field").length == 0
    hands.press("Return")
    assert world.desk.pins_seen == [4]


def test_last_try_asks_first(world, window, hands):
    world.desk.tries["cps-medecin"] = 1
    hands.insert(world.desk, "cps-medecin")
    assert hands.focus() == "pin_panel.last_try"
    assert not hands.find("pin_panel.field").isEnabled()
    hands.press("Space")
    assert hands.focus() == "pin_panel.field"
    hands.unlock()
    assert window.page is Page.STRUCTURE


def test_last_try_lost_says_blocked_and_takes_no_other(world, window, hands):
    world.desk.tries["cps-medecin"] = 1
    hands.insert(world.desk, "cps-medecin")
    hands.press("Space")
    hands.unlock("0000")
    assert "bloqu" in window.pages.pin.error
    assert hands.find("pin_panel.field").isHidden()
    assert hands.find("pin_panel.submit").isHidden()


def test_pin_is_handed_over_once_and_never_text(world, window, hands, monkeypatch):
    handed = []
    monkeypatch.setattr(world.practice, "unlock", lambda pin, **_more: handed.append(pin) or ())
    hands.insert(world.desk, "cps-medecin")
    field = hands.find("pin_panel.field")
    hands.type("12a4 5")
    assert field.text() == "••••"
    hands.press("Backspace")
    hands.type("6")
    hands.press("Return")
    assert isinstance(handed[0], bytearray)
    assert bytes(handed[0]) == b"1246"
    assert field.text() == ""
    assert field.length == 0


def test_pin_field_takes_no_paste(world, window, hands):
    hands.insert(world.desk, "cps-medecin")
    QApplication.clipboard().setText("1234")
    hands.press("Ctrl+V")
    assert hands.find("pin_panel.field").length == 0


# -- withdrawal ------------------------------------------------------------------------------------------------------


@pytest.fixture
def reading(world, window, hands, gp):
    """Nora's report on screen."""
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.LAB_RESULT, "Bilan de Nora", "Glycémie")]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I", "Return")
    assert window.pages.dossier.viewer.title == "Bilan de Nora"


def everything_said(window) -> str:
    """All text anywhere in the window, hidden widgets too."""
    said = [window.pages.dossier.viewer.text, *window.pages.dossier.documents.titles, *window.pages.beneficiaries.rows]
    for widget in window.findChildren(QWidget):
        if widget.window() is not window:  # the cards on the demonstration's table keep what is printed on them
            continue
        for method in ("text", "toPlainText", "accessibleName"):
            read = getattr(widget, method, None)
            if callable(read):
                said.append(str(read()))
    return "\n".join(said)


@pytest.mark.parametrize("how", ["withdrawn", "service stopped", "mute", "swapped", "Ctrl+L"])
@pytest.mark.usefixtures("reading")
def test_losing_the_card_locks_and_forgets_the_patient_everywhere(world, window, hands, how):
    state = world.desk.state()
    card = state.first(SlotState.PROFESSIONAL_CARD)
    others = tuple(s for s in state.slots if s is not card)
    changes = {
        "service stopped": DeskState(False),
        "mute": replace(state, slots=(replace(card, state=SlotState.MUTE), *others)),
        "swapped": replace(state, slots=(replace(card, insertion=card.insertion + 90), *others)),
    }
    if how == "withdrawn":
        world.desk.withdraw("cps-medecin")
    elif how == "Ctrl+L":
        hands.press("Ctrl+L")
    else:
        world.desk.become(changes[how])
    QApplication.processEvents()
    assert window.phase is not Phase.READY
    assert world.practice.case is None
    assert NORA.traits.birth_name not in everything_said(window)
    assert NORA.ins.matricule not in everything_said(window)
    assert "Bilan" not in everything_said(window)
    hands.wait()
    assert not world.practice.is_unlocked
    assert world.connections[0].closed


@pytest.mark.usefixtures("reading")
def test_what_was_typed_survives_the_card(world, window, hands):
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type("Traitement à ne pas perdre")
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    assert "ne pas perdre" not in everything_said(window)
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    hands.press("1", "Return", "Ctrl+I", "F6")
    assert window.pages.deposit.draft().text == "Traitement à ne pas perdre"


def test_a_search_survives_the_card_for_its_author_alone(world, window, hands, gp):
    hands.find("patient_form.birth_name").setFocus()
    hands.type("TESTEXEMPLE")
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    assert "TESTEXEMPLE" not in everything_said(window)
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()
    assert "TESTEXEMPLE" not in everything_said(window)
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.wait()


def test_a_draft_is_never_shown_to_another_professional(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I", "F6")
    hands.find("deposit.text").setFocus()
    hands.type("Secret du médecin")
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()
    hands.press("Return", "Ctrl+I", "F6")
    assert world.practice.case.patient.ins == SOLO.ins
    assert window.pages.deposit.draft().text == ""


# -- late answers ----------------------------------------------------------------------------------------------------


def test_answer_for_a_patient_gone_is_dropped(qtbot, world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.LAB_RESULT, "Bilan de Nora", "Glycémie")]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return")
    gate = world.dmp.gate = threading.Event()
    QApplication.focusWidget().click()  # "Identité contrôlée": TD0.2 is asked and does not come back
    qtbot.waitUntil(lambda: bool(world.dmp.calls))
    world.dmp.gate = None
    window.conductor.change_patient()
    qtbot.waitUntil(lambda: window.page is Page.BENEFICIARIES)
    hands_free = window.pages.beneficiaries
    hands_free.chosen.emit(hands_free._reading, hands_free._reading.beneficiaries[1])
    qtbot.waitUntil(lambda: "YANN" in window.banner.words)
    gate.set()
    hands.wait()
    assert "NORA" not in window.banner.words
    assert window.pages.dossier.documents.titles == ()
    assert world.practice.case.patient.traits.first_name == "YANN"
    assert world.practice.case.status is None


def test_insi_answer_after_withdrawal_opens_nobody(qtbot, world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    gate = world.insi.gate = threading.Event()
    window.pages.beneficiaries.chosen.emit(
        window.pages.beneficiaries._reading, window.pages.beneficiaries._reading.beneficiaries[0]
    )
    qtbot.wait(30)
    world.desk.withdraw("cps-medecin")
    QApplication.processEvents()
    gate.set()
    hands.wait()
    assert world.practice.case is None
    assert "TESTEXEMPLE" not in window.banner.words


def test_waiting_is_said_and_can_be_cancelled(qtbot, world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    gate = world.dmp.gate = threading.Event()
    window.conductor.confirm_identity()
    qtbot.waitUntil(lambda: "Recherche du dossier" in window.progress.text, timeout=3000)
    hands_target = QApplication.focusWidget() or window
    qtbot.keyClick(hands_target, Qt.Key.Key_Escape)
    assert window.progress.text == ""
    assert "n’a pas pu" in window.pages.dossier.state.text
    gate.set()
    qtbot.wait(50)
    assert world.practice.case.status is None
    world.dmp.gate = None
    hands.press("F5")
    assert window.pages.dossier.view == "consent"


def test_cancelled_break_glass_never_enters_later(qtbot, world, window, hands, emergency):
    hands.search(SOLO)
    hands.press("Ctrl+I", "F9", "1")
    hands.type("Chute")
    gate = world.dmp.gate = threading.Event()
    window.pages.emergency.confirm()
    qtbot.waitUntil(lambda: window.progress.text != "", timeout=3000)
    window.conductor.back()
    gate.set()
    qtbot.wait(80)
    assert window.band.text == ""
    assert world.practice.case.access.mode.value == "normal"


# -- what leaves -----------------------------------------------------------------------------------------------------


def test_server_down_keeps_the_document_and_says_so(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")
    world.dmp.failing = Unreachable()
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type("Repos")
    hands.press("Ctrl+Return")
    (delivery,) = world.outbox.deliveries()
    assert delivery.state.is_waiting or delivery.state.is_refused
    assert "1 en attente" in window.deposit_bar.outbox_words.replace("\u00a0", " ")
    assert "attend" in window.notice.text
    world.dmp.failing = None
    hands.press("F10")
    assert window.page is Page.OUTBOX
    hands.press("R")
    assert "reçu par le DMP" in window.pages.outbox.rows[0]


def test_waiting_documents_leave_when_their_owner_unlocks(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")
    world.dmp.failing = Unreachable()
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type("Repos")
    hands.press("Ctrl+Return", "Ctrl+L")
    hands.unlock()
    assert [d.state for d in world.outbox.deliveries()] == [DeliveryState.SENT]


def test_discarding_what_has_not_arrived_is_asked_twice(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")
    world.dmp.failing = Unreachable()
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type("Repos")
    hands.press("Ctrl+Return", "F10", "Delete")
    assert len(world.outbox.deliveries()) == 1
    hands.press("Delete")
    assert world.outbox.deliveries() == ()


def test_refused_look_offers_to_try_again(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    world.dmp.failing = Unreachable()
    hands.press("Ctrl+I")
    assert window.notice.text
    world.dmp.failing = None
    hands.find("notice.act").click()
    hands.wait()
    assert window.pages.dossier.view == "consent"


def test_stale_vitale_reading_opens_nobody(world, window, hands, gp):
    from datetime import UTC, datetime, timedelta

    world.desk.read_at = datetime.now(UTC) - timedelta(minutes=21)
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    assert window.page is Page.BENEFICIARIES
    assert "vingt minutes" in window.pages.beneficiaries.notice.text
    assert world.practice.case is None


def test_vitale_swapped_under_the_choice_opens_nobody(world, window, hands, gp):
    hands.insert(world.desk, "vitale-famille")
    assert window.page is Page.BENEFICIARIES
    world.desk.become_holder_of("vitale-famille", "vitale-seule")
    hands.press("1", "Return")
    assert world.practice.case is None
    assert "n’est plus celle" in window.pages.beneficiaries.notice.text


def test_test_card_in_production_is_told(qtbot, world):
    from praticien.practice import Practice
    from tests.ui.conftest import Hands
    from ui.main_window import MainWindow

    practice = Practice(lambda *_: None, production=True)
    window = MainWindow(world.dependencies(practice=practice))
    qtbot.addWidget(window)
    window.start()
    Hands(qtbot, window).insert(world.desk, "cps-medecin")
    assert window.phase is Phase.UNUSABLE
    assert "carte de test" in window.pages.welcome.text


def test_card_without_structure_says_so(world, window, hands, monkeypatch):
    monkeypatch.setattr(world.practice, "unlock", lambda pin, **_more: ())
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    assert window.phase is Phase.UNUSABLE
    assert "situation d’exercice" in window.pages.welcome.text


@pytest.mark.parametrize(
    "state,words", [(SlotState.MUTE, "ne répond pas"), (SlotState.UNKNOWN_CARD, "pas une carte Vitale")]
)
def test_bad_card_in_the_other_reader_is_told_without_locking(request, window, state, words):
    world, hands = request.getfixturevalue("world"), request.getfixturevalue("hands")
    request.getfixturevalue("gp")
    world.desk.put("lecteur 2", state)
    hands.wait()
    assert window.phase is Phase.READY
    assert words in window.notice.text


def test_a_missing_century_is_asked_and_both_are_offered(world, window, hands, gp, monkeypatch):
    person = replace(VITALES["vitale-seule"].beneficiaries[0], birth_date="??120312")
    lone = replace(VITALES["vitale-seule"], beneficiaries=(person,))
    monkeypatch.setitem(VITALES, "vitale-seule", lone)
    chosen = []
    window.pages.beneficiaries.chosen.connect(lambda _reading, who: chosen.append(who.birth_date))
    hands.insert(world.desk, "vitale-seule")
    assert window.page is Page.BENEFICIARIES
    hands.press("Return")
    assert chosen == []
    assert "siècle" in hands.find("beneficiaries.century").text()
    assert [hands.find(f"beneficiaries.year{n}").text() for n in (0, 1)] == ["2012", "1912"]
    hands.press("Return")
    assert (chosen, hands.focus()) == ([], "beneficiaries.list")
    hands.press("Tab")
    assert hands.focus() == "beneficiaries.year0"
    hands.press("Tab", "Return")
    assert chosen == ["19120312"]


def test_traits_read_from_a_card_are_in_no_field(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    assert SOLO.traits.birth_name in hands.find("patient_banner.name").text()
    editors = [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]
    texts = [e.text() if isinstance(e, QLineEdit) else e.toPlainText() for e in editors]
    assert editors
    assert not any(SOLO.traits.birth_name in text or SOLO.ins.matricule in text for text in texts)
