"""The desk and its readers over the private pcscd."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from card_reader.desk import Desk
from card_reader.pcsc import PcscTransport
from card_reader.virtual.host import HostProcess
from praticien.ports import SlotState
from tests.card_reader.test_desk import Seen


@pytest.fixture
def pcsc_desk(card_host: HostProcess) -> Iterator[Desk]:
    desk = Desk(PcscTransport())
    yield desk
    desk.close()


@pytest.fixture
def seen(pcsc_desk: Desk) -> Iterator[Seen]:
    seen = Seen(pcsc_desk)
    yield seen
    seen.stop()


@pytest.fixture
def cps_reader(card_host: HostProcess, seen: Seen) -> str:
    """The GP's card in the first reader."""
    card_host.insert("cps-medecin", card_host.readers[0])
    seen.wait_for(card_host.readers[0], SlotState.PROFESSIONAL_CARD)
    return card_host.readers[0]
