"""Who agrees, to whom, and what is said to them; nothing is ever ticked by itself."""

import pytest

from demonstration.people import LINA, NORA, SOLO, YANN
from praticien.consents import Consent, Giver
from ui.pages import Page


def words(hands, name):
    return hands.find(f"consent.{name}").text().replace("\u00a0", " ")


@pytest.fixture
def asked(window, hands, gp):
    def ask(seed):
        if window.page is not Page.PATIENT:
            hands.press("F2")
        hands.search(seed)
        hands.press("Ctrl+I")
        assert window.pages.dossier.view == "consent"

    return ask


def latest(world, seed):
    return world.practice.consents.latest(world.practice.holder.professional.national_id, seed.ins).consent


def test_an_adult_agrees(world, window, hands, asked):
    asked(SOLO)
    assert "À dire au patient" in words(hands, "told")
    assert not hands.find("consent.giver.parent").isVisible()
    assert not hands.find("consent.box").isChecked()
    hands.press("Space", "Return")
    assert window.pages.dossier.view == "documents"
    assert latest(world, SOLO) == Consent()


def test_a_parent_agrees_for_a_minor(world, window, hands, asked):
    asked(LINA)
    assert "votre enfant" in words(hands, "told")
    assert "autorité parentale" in words(hands, "box")
    assert not hands.find("consent.giver.patient").isVisible()
    hands.press("Space", "Return")
    assert latest(world, LINA).giver is Giver.PARENT


def test_who_protects_an_adult_agrees(world, window, hands, asked):
    asked(SOLO)
    hands.press("Space")
    hands.find("consent.giver.guardian").setFocus()
    hands.press("Space")
    assert not hands.find("consent.box").isChecked()  # what had been ticked was something else
    assert "représentez" in words(hands, "told")
    hands.find("consent.box").setFocus()
    hands.press("Space", "Return")
    assert latest(world, SOLO).giver is Giver.GUARDIAN


def test_outside_the_care_team_it_is_asked_again_at_the_next_opening(world, window, hands, asked):
    asked(SOLO)
    hands.find("consent.team.out").setFocus()
    hands.press("Space")
    assert "pour cette consultation" in words(hands, "box")
    hands.find("consent.box").setFocus()
    hands.press("Space", "Return")
    assert window.pages.dossier.view == "documents"
    listed = len(world.dmp.calls)
    asked(SOLO)
    assert "chaque consultation" in words(hands, "why")
    assert "Accord déclaré sur ce poste le" in words(hands, "before")
    assert hands.find("consent.team.out").isChecked()
    assert [name for name, *_ in world.dmp.calls[listed:]] == ["status"]  # nothing is listed before


def test_an_expired_agreement_says_what_is_known_of_its_date(world, window, hands, asked):
    asked(YANN)
    assert "n’en dit pas la date" in words(hands, "before")
    world.practice.consents.record(
        world.practice.holder.professional.national_id, YANN.ins, Consent(), world.practice.now()
    )
    asked(YANN)
    assert "arrivé à son terme" in words(hands, "before")


def test_nothing_is_asked_where_it_was_given(window, hands, gp):
    hands.search(NORA)
    hands.press("Ctrl+I")
    assert window.pages.dossier.view == "documents"
