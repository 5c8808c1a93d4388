"""Why one cannot: every refusal has its rule and whoever can change it, and the window says so beforehand."""

import pytest

from demonstration.people import BLOCKING, CLOSED, LINA, NORA, TOM, YANN
from praticien.access import Rule
from ui.messages import SENTENCES, for_code, sentence
from ui.messages.why import WHY, basis_of
from ui.pages import Page

OPEN_DOORS = {Rule.READ_ALLOWED, Rule.READ_EMERGENCY, Rule.REGULATION_ALLOWED}


def test_every_rule_that_shuts_a_door_is_in_the_table():
    assert {rule.value for rule in set(Rule) - OPEN_DOORS} <= set(WHY)


@pytest.mark.parametrize("code", sorted(WHY))
def test_sentence_rule_and_who(code):
    assert code in SENTENCES
    rule, who = WHY[code]
    assert rule
    assert who
    assert basis_of(code) == for_code(code).basis
    assert basis_of(code).endswith(".")
    assert "'" not in basis_of(code)


def test_twenty_distinct_refusals_at_least():
    assert len({SENTENCES[code][0] for code in WHY}) >= 20


def test_what_is_no_refusal_has_no_rule():
    assert for_code("server.timeout").basis == ""
    assert sentence(ValueError()).basis == ""


@pytest.mark.parametrize(
    "seed,words",
    [
        (TOM, ("pas de dossier", "L. 1111-14")),
        (CLOSED, ("fermé", "L. 1111-14")),
        (BLOCKING, ("bloqué votre accès", "R. 1111-46", "Mon espace santé")),
        (LINA, ("L. 1110-4", "en vous disant son accord")),
        (YANN, ("arrivée à son terme", "L. 1110-4")),
        (NORA, ("Le bris de glace est inutile", "n’est pas déclarée comme centre")),
    ],
)
@pytest.mark.usefixtures("gp")
def test_the_page_says_it_before_any_act(world, window, hands, seed, words):
    hands.search(seed)
    hands.press("Ctrl+I")
    asked = len(world.dmp.calls)
    hands.press("Shift+F1")
    assert window.page is Page.WHY
    for word in words:
        assert word in window.pages.why.text.replace("\u00a0", " ")
    assert len(world.dmp.calls) == asked  # nothing is asked of anybody
    hands.press("Esc")
    assert window.page is Page.DOSSIER


@pytest.mark.usefixtures("gp")
def test_identity_not_qualified(window, hands):
    hands.search(NORA)
    hands.press("Shift+F1")
    assert window.pages.why.text.count("INS/va1.53") >= 2


def test_nothing_of_it_stays_when_the_card_goes(world, window, hands, gp):
    hands.search(BLOCKING)
    hands.press("Ctrl+I", "Shift+F1")
    hands.withdraw(world.desk, "cps-medecin")
    assert window.pages.why.text == ""


def test_a_refusal_in_a_notice_says_its_rule(window, hands, gp):
    hands.search(BLOCKING)
    hands.press("Ctrl+I", "F9")
    assert "R. 1111-46" in hands.find("notice.basis").text().replace("\u00a0", " ")
