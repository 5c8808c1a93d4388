"""What could be sent, and what leaves by itself (EX_GEN-1060, EX_2.1-1190)."""

from datetime import datetime

import pytest

from demonstration.laboratory import blood_test
from demonstration.people import NORA, SOLO, TOM
from praticien.outbox import DeliveryState
from tests.ui.test_laboratory import arrive
from ui.pages import Page

NOW = datetime(2026, 11, 20, 9, 30, 15)
RULE = "sending.automatic"


def open_solo(world, hands):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")


@pytest.fixture
def automatic(world, gp):
    world.settings.set("sending.lab_result", "automatic")


@pytest.fixture
def pending(hands):
    return hands.find("deposit_bar.pending")


def test_reports_and_drafts_are_counted_listed_and_opened(world, window, hands, gp, pending):
    assert pending.isHidden()
    arrive(world, hands, blood_test(SOLO, NOW))
    said = pending.text().replace("\u00a0", " ")
    assert said in ("À envoyer (Ctrl+F10) : 1", "À envoyer : 1")  # the key is left out where the bar is short
    open_solo(world, hands)
    hands.press("F6")
    hands.find("deposit.text").setPlainText("Ordonnance fictive")
    hands.press("Esc", "Ctrl+F10")
    assert window.page is Page.SENDING
    assert [row.split(" — ")[0] for row in window.pages.sending.rows] == [
        "Résultats de biologie",
        "Brouillon\u00a0: Ordonnance",
    ]
    assert "patient ouvert" in window.pages.sending.rows[1]
    assert ": 2" in pending.text().replace("\u00a0", " ")
    hands.press("Down", "Return")
    assert window.page is Page.DEPOSIT
    assert hands.find("deposit.text").toPlainText() == "Ordonnance fictive"
    hands.press("Ctrl+Return", "Ctrl+F10", "Return")
    assert window.page is Page.LAB_INBOX
    assert len(world.outbox.deliveries()) == 1


def test_a_draft_of_another_patient_is_said_and_not_shown(world, window, hands, gp, pending):
    open_solo(world, hands)
    hands.press("F6")
    hands.find("deposit.text").setPlainText("Ordonnance fictive")
    hands.press("Esc", "F2", "F2")
    hands.search(NORA)
    hands.press("Ctrl+I", "Ctrl+F10")
    (row,) = window.pages.sending.rows
    assert "autre patient" in row
    assert SOLO.traits.birth_name not in row
    hands.press("Return")
    assert window.page is Page.SENDING


def test_nothing_leaves_by_itself_unless_somebody_chose_so(world, window, hands, gp):
    arrive(world, hands, blood_test(SOLO, NOW))
    open_solo(world, hands)
    assert world.outbox.deliveries() == ()
    hands.press("Ctrl+F10")
    assert not hands.find(RULE).isChecked()
    hands.find(RULE).click()
    hands.wait()
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT
    assert window.pages.sending.rows == ()
    assert world.settings.get("sending.lab_result") == "automatic"


@pytest.mark.usefixtures("automatic")
def test_a_complete_report_leaves_once_its_patient_is_qualified(world, window, hands):
    arrive(world, hands, blood_test(SOLO, NOW))
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    assert world.outbox.deliveries() == ()  # the identity is not checked
    hands.press("Ctrl+I")
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT
    entry = world.documents[SOLO.ins.matricule][0][0]
    assert entry.patient_id == SOLO.ins
    (line,) = world.inbox.reports()
    assert (line.document_id, line.version) == (entry.unique_id, 1)
    arrive(world, hands, blood_test(SOLO, NOW, status="C"))  # and its correction replaces it
    assert world.dmp.submitted[-1].documents[0].replaces == f"urn:uuid:{entry.unique_id}"
    assert len(world.outbox.deliveries()) == 2


@pytest.mark.parametrize("text", [blood_test(NORA, NOW), blood_test(SOLO, NOW, status="P")], ids=["other", "partial"])
@pytest.mark.usefixtures("automatic")
def test_another_patients_or_an_incomplete_one_waits(world, window, hands, pending, text):
    arrive(world, hands, text)
    open_solo(world, hands)
    assert world.outbox.deliveries() == ()
    assert not pending.isHidden()


@pytest.mark.usefixtures("automatic")
def test_one_is_held_back_and_let_go(world, window, hands):
    arrive(world, hands, blood_test(SOLO, NOW))
    hands.press("Ctrl+F10")
    hands.press("R")
    assert "retenu" in window.pages.sending.rows[0]
    assert world.inbox.reports()[0].held
    hands.press("Esc")
    open_solo(world, hands)
    assert world.outbox.deliveries() == ()
    hands.press("Ctrl+F10", "R")
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT


@pytest.mark.usefixtures("automatic")
def test_nothing_leaves_without_a_dossier_or_over_a_form(world, window, hands):
    arrive(world, hands, blood_test(TOM, NOW))
    hands.search(TOM)
    hands.press("Ctrl+I")
    assert world.outbox.deliveries() == ()  # no dossier
    hands.press("F2")
    hands.search(SOLO)
    hands.press("Ctrl+I", "F6")
    arrive(world, hands, blood_test(SOLO, NOW))
    assert world.outbox.deliveries() == ()  # a form is in hand
    hands.press("Esc", "F5")
    assert len(world.outbox.deliveries()) == 1


def test_the_page_of_a_locked_window_names_nobody(world, window, hands, gp, pending):
    arrive(world, hands, blood_test(SOLO, NOW))
    hands.press("Ctrl+F10")
    assert SOLO.traits.birth_name in window.pages.sending.rows[0]
    hands.press("Ctrl+L")
    assert window.pages.sending.rows == ()
    assert pending.isHidden()
