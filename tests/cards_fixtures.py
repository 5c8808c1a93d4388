"""Fixtures for tests that need cards: in this process, or in a private pcscd (one a test worker).

Import the names wanted into a ``conftest.py``. libpcsclite remembers the address of the service for the life of a
process, hence one pcscd a worker and ``card_host`` as the only way to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.virtual.host import HostProcess
from card_reader.virtual.pcscd import PcscdMissing, find_programs
from demonstration.cards_command import command

CPS_READER, VITALE_READER = "Lecteur CPS virtuel", "Lecteur Vitale virtuel"


@pytest.fixture(scope="session")
def cards_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this worker keeps the TEST authority and the keys of the virtual cards: one, whoever imports this."""
    folder = tmp_path_factory.getbasetemp() / "cards"
    folder.mkdir(exist_ok=True)
    return folder


_running: list[HostProcess] = []


@pytest.fixture(scope="session")
def card_service(cards_folder: Path) -> Iterator[HostProcess]:
    """The worker's private pcscd, its two readers empty.

    Imported into several conftests it is several fixtures: the first one asked starts the service, and ends it last.
    """
    if _running:
        yield _running[0]
        return
    try:
        find_programs()
    except PcscdMissing as missing:
        pytest.skip(f"private pcscd impossible: {missing}")
    host = HostProcess(command(cards_folder), patience=60.0)
    host.use()
    _running.append(host)
    yield host
    _running.clear()
    host.close()


@pytest.fixture
def card_host(card_service: HostProcess) -> Iterator[HostProcess]:
    """The private pcscd for one test: running, readers emptied and cards as new afterwards."""
    yield card_service
    card_service.send("start-service")
    for name in card_service.inserted().values():
        card_service.withdraw(name)
    for name in card_service.cards:
        card_service.send(f"heal {name}")
        card_service.send(f"renew {name}")


@pytest.fixture
def readers() -> DirectTransport:
    """Two empty readers in this process."""
    return DirectTransport((CPS_READER, VITALE_READER))


@pytest.fixture
def desk(readers: DirectTransport) -> Iterator[Desk]:
    """A desk over ``readers``."""
    desk = Desk(readers)
    yield desk
    desk.close()
