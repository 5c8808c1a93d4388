"""One TEST authority and its certificates for the whole run: keys take time to make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.dmp.client import DmpClient
from connectors.dmp.sender import Sender
from connectors.insi.client import InsiClient
from connectors.soap.channel import Channel
from demonstration import people
from demonstration.authority import KeyPair, TestAuthority
from praticien.professional import CardHolder
from tests.connectors.support import SOFTWARE, FakeServer, SoftwareSigner


@pytest.fixture(scope="session")
def authority() -> TestAuthority:
    return TestAuthority.create()


@pytest.fixture(scope="session")
def server_pair(authority: TestAuthority) -> KeyPair:
    return authority.server()


@pytest.fixture(scope="session")
def gp_pairs(authority: TestAuthority) -> tuple[KeyPair, KeyPair]:
    card = people.CARDS["cps-medecin"]
    return tuple(
        authority.professional(card.professional, card.card_kind, card.title, signature=signature)
        for signature in (False, True)
    )


@pytest.fixture
def signer(gp_pairs: tuple[KeyPair, KeyPair]) -> SoftwareSigner:
    return SoftwareSigner(*gp_pairs)


def sender_of(name: str, signer: SoftwareSigner) -> Sender:
    card = people.CARDS[name]
    holder = CardHolder(card.card_kind, card.serial, card.professional, card.situations)
    return Sender(signer, holder, card.situations[0], SOFTWARE, datetime(2026, 11, 22, 8, tzinfo=UTC))


@pytest.fixture
def sender(signer: SoftwareSigner) -> Sender:
    return sender_of("cps-medecin", signer)


@pytest.fixture
def ca_file(tmp_path: Path, authority: TestAuthority) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.bundle_pem)
    return path


@pytest.fixture
def server(tmp_path: Path, authority: TestAuthority, server_pair: KeyPair) -> Iterator[FakeServer]:
    with FakeServer(tmp_path, server_pair, authority.bundle_pem) as running:
        yield running


@pytest.fixture
def channel(server: FakeServer, ca_file: Path, signer: SoftwareSigner) -> Iterator[Channel]:
    opened = Channel(server.endpoint(ca_file), signer)
    yield opened
    opened.close()


@pytest.fixture
def dmp(channel: Channel, server: FakeServer, ca_file: Path, sender: Sender) -> DmpClient:
    return DmpClient(channel, server.endpoint(ca_file), sender)


@pytest.fixture
def insi(channel: Channel, server: FakeServer, ca_file: Path, sender: Sender) -> InsiClient:
    return InsiClient(channel, server.endpoint(ca_file), sender)
