"""Cards and readers for the tests of the card layer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.cps4 import VirtualCps4
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CPS4_ATR, CpsPersonalisation
from card_reader.virtual.vitale2 import VirtualVitale2
from demonstration import cards
from demonstration.people import CARDS, VITALES
from tests.cards_fixtures import card_host, card_service, cards_folder, desk, readers

__all__ = ["card_host", "card_service", "cards_folder", "desk", "readers"]


@pytest.fixture(scope="session")
def personalisation(cards_folder: Path) -> CpsPersonalisation:
    """The GP's card."""
    return cards.cps(cards_folder, CARDS["cps-medecin"])


@pytest.fixture
def gp_card(personalisation: CpsPersonalisation) -> FaultyCard:
    """A fresh card of the GP: PIN 1234, three tries."""
    return FaultyCard(VirtualCps3(personalisation))


@pytest.fixture
def cps4_card(personalisation: CpsPersonalisation) -> FaultyCard:
    """A fresh CPS4 of the GP."""
    return FaultyCard(VirtualCps4(replace(personalisation, atr=CPS4_ATR)))


@pytest.fixture
def family_card() -> FaultyCard:
    """A fresh Vitale with four beneficiaries."""
    return FaultyCard(VirtualVitale2(cards.vitale(VITALES["vitale-famille"])))
