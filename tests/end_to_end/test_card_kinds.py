"""Other generations and kinds of card through the real window, and over a real pcscd where they are read at all."""

from __future__ import annotations

import pytest

from demonstration.people import NORA, SOLO
from tests.end_to_end.bench import Key
from ui.pages import Page
from ui.session import Phase


@pytest.mark.parametrize(
    "card,code",
    [("cps-sans-contact", "card.contactless"), ("cps2ter", "card.retired"), ("cpa-autorisee", "card.no_rights")],
)
def test_a_card_that_opens_nothing_says_why_before_any_code(open_bench, readers, card, code):
    bench = open_bench(readers)
    bench.readers.insert(card)
    bench.wait_for(code)
    assert bench.window.phase is Phase.UNUSABLE
    assert not bench.practice.is_unlocked
    bench.readers.withdraw(card)
    bench.hand.wait("la demande de carte", lambda: bench.window.phase is Phase.NO_CARD)


def test_a_cps4_opens_the_session_and_reads(open_bench, readers):
    bench = open_bench(readers)
    bench.insert("cps4-medecin")
    bench.unlock()
    bench.open(NORA)


def test_a_card_in_training(bench):
    bench.insert("cpf-interne")
    assert "CPF" in bench.hand.read("pin_panel.who")
    bench.unlock("cpf-interne")
    assert "médecin en formation" in bench.hand.read().lower()


def test_a_card_without_a_name_is_called_by_its_structure(bench):
    bench.insert("cpe-sans-nom")
    assert "(carte sans nom)" in bench.hand.read("pin_panel.who")
    bench.unlock("cpe-sans-nom")
    assert bench.window.page is Page.WORK_LIST


def test_a_vitale_of_the_first_generation(open_bench, readers):
    bench = open_bench(readers)
    bench.arrive()
    bench.readers.insert("vitale-1")
    bench.hand.wait("le choix du bénéficiaire", lambda: bench.window.page is Page.BENEFICIARIES)
    bench.press(Key.Key_Return)
    bench.hand.wait_for_text(SOLO.traits.birth_name, "patient_banner.name")
