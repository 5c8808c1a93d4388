"""Who agrees, to whom, and what is said to them; nothing is ever ticked by itself."""

import pytest
from PySide6.QtWidgets import QCheckBox

from demonstration.people import LINA, NORA, PROTECTED, SOLO, YANN
from praticien.access import Rule
from praticien.consents import Consent, Giver
from tests.ui.fakes import Unreachable
from ui.messages import Message
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
    assert "À dire à NORA TESTFAMILLE (mère) ou à YANN TESTCONJOINT (père) :" in words(hands, "told")
    assert "NORA TESTFAMILLE (mère), 0199000001" in words(hands, "representatives")
    assert not hands.find("consent.giver.patient").isVisible()
    hands.press("Space", "Return")
    assert latest(world, LINA).giver is Giver.PARENT


def test_the_dmp_names_who_protects_an_adult_once_they_are_to_agree(world, hands, asked):
    asked(PROTECTED)
    assert not hands.find("consent.representatives").isVisible()
    assert [name for name, *_ in world.dmp.calls] == ["status"]
    hands.find("consent.giver.guardian").setFocus()
    hands.press("Space")
    assert "BERNARD TESTTUTELLE (personne responsable)" in words(hands, "representatives")
    assert "À dire à BERNARD TESTTUTELLE (personne responsable) :" in words(hands, "told")
    asked(SOLO)
    assert "TESTTUTELLE" not in words(hands, "told") + words(hands, "representatives")


def test_what_was_said_stays_when_the_names_come_late(qtbot, hands, window):
    panel = window.pages.dossier.consent
    panel.ask(Message("Pourquoi"), Rule.CONSENT_NEEDED, 10, None)
    panel.findChild(QCheckBox, "consent.box").setChecked(True)
    panel.show_representatives(LINA.representatives)
    assert "À dire au parent" in words(hands, "told")
    assert "NORA TESTFAMILLE (mère)" in words(hands, "representatives")


@pytest.mark.parametrize("read", [True, False])
def test_nobody_named_is_said(world, hands, asked, read):
    asked(SOLO)
    world.dmp.failing = None if read else Unreachable()
    hands.find("consent.giver.guardian").setFocus()
    hands.press("Space")
    assert ("ne nomme aucun" if read else "n’a pas pu dire") in words(hands, "representatives")
    assert "À dire à la personne chargée" in words(hands, "told")


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
