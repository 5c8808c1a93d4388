"""The GP's card, opened over an in-process reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.virtual.faults import FaultyCard
from tests.cards_fixtures import CPS_READER


@pytest.fixture
def opened(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> Iterator[OpenedCps]:
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    yield card
    card.close()
