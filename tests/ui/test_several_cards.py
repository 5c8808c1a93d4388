"""Two cards of a kind at once: the window asks which, by name, and guesses nothing."""

import pytest

from demonstration.people import NORA, SOLO
from praticien.ports import DeskState, Slot, SlotState
from tests.ui.fakes import Unreachable
from ui.pages import Page
from ui.session import Phase


@pytest.fixture
def two(world, window, hands):
    """The GP's card and the emergency physician's, both found at once."""
    world.desk._names.update({"lecteur 1": "cps-medecin", "lecteur 2": "cps-urgentiste"})
    world.desk.become(
        DeskState(
            True,
            (
                Slot("lecteur 1", SlotState.PROFESSIONAL_CARD, 7),
                Slot("lecteur 2", SlotState.PROFESSIONAL_CARD, 8),
            ),
        )
    )
    hands.wait()


@pytest.mark.usefixtures("two")
def test_two_professional_cards_ask_which(world, window, hands):
    assert (window.phase, window.page) == (Phase.SEVERAL, Page.CARDS)
    rows = window.pages.cards.rows
    assert ["TESTMED" in rows[0], "lecteur 1" in rows[0], "lecteur 2" in rows[1]] == [True] * 3
    assert world.practice.holder is None
    hands.press("Down", "Return")
    assert window.page is Page.PIN
    assert world.practice.holder.card_serial
    hands.unlock()
    assert window.phase is Phase.READY
    assert window.pages.cards.rows == ()


@pytest.mark.usefixtures("two")
def test_one_taken_out_leaves_the_other(world, window, hands):
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    assert window.page is Page.PIN
    hands.insert(world.desk, "cps-medecin")
    assert window.page is Page.PIN  # the card in use is kept


@pytest.mark.usefixtures("two")
def test_a_card_gone_at_the_choice_is_not_opened(world, window, hands):
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    window.session.use_card(Slot("lecteur 1", SlotState.PROFESSIONAL_CARD, 7))
    hands.wait()
    assert "URG" in world.practice.holder.professional.family_name


@pytest.mark.usefixtures("two")
def test_locking_asks_again(window, hands):
    hands.press("Return")
    hands.unlock()
    hands.press("Return", "Ctrl+L")
    assert window.page is Page.CARDS


@pytest.mark.usefixtures("two")
def test_a_page_seen_meanwhile_leads_back_to_the_question(window, hands):
    hands.press("?")
    assert window.page is Page.KEYS
    hands.press("Esc")
    assert window.page is Page.CARDS
    assert len(window.pages.cards.rows) == 2


def test_a_card_that_cannot_be_read_can_still_be_told_apart(request, world, monkeypatch):
    def refuse(_reader):
        raise Unreachable

    monkeypatch.setattr(world.desk, "open_professional_card", refuse)
    window = request.getfixturevalue("window")
    request.getfixturevalue("two")
    assert all("ne peut pas être lue" in row for row in window.pages.cards.rows)


@pytest.fixture
def two_vitales(world, window, hands, gp):
    """Nora's family and Solo's, one after the other."""
    world.desk.add_reader("lecteur 3")
    hands.insert(world.desk, "vitale-famille")
    hands.press("Esc")
    hands.insert(world.desk, "vitale-seule")


@pytest.mark.usefixtures("two_vitales")
def test_two_vitale_cards_ask_which(world, window, hands):
    assert window.page is Page.CARDS
    assert "lecteur 3" in window.pages.cards.rows[1]
    hands.press("Down", "Return")
    assert window.page is Page.BENEFICIARIES
    hands.press("Return")
    assert world.practice.case.patient.ins == SOLO.ins


@pytest.mark.usefixtures("two_vitales")
def test_f2_asks_again_then_by_traits(window, hands):
    hands.press("Esc", "F2")
    assert window.page is Page.PATIENT
    hands.press("Esc")
    window.conductor._pages.go(Page.DOSSIER)
    hands.press("F2")
    assert window.page is Page.CARDS
    hands.press("F2")
    assert window.page is Page.PATIENT


@pytest.mark.usefixtures("two_vitales")
def test_vitale_taken_out_at_the_question(world, window, hands):
    hands.withdraw(world.desk, "vitale-famille")
    hands.wait()
    assert window.page is not Page.CARDS
    assert window.pages.cards.rows == ()


def test_second_vitale_while_a_patient_is_open_changes_nobody(world, window, hands, gp):
    world.desk.add_reader("lecteur 3")
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return")
    assert world.practice.case.patient.ins == NORA.ins
    hands.insert(world.desk, "vitale-seule")
    assert world.practice.case.patient.ins == NORA.ins
    assert "Plusieurs cartes Vitale" in window.notice.text
    hands.find("notice.act").click()
    hands.wait()
    assert window.page is Page.CARDS
