"""TLS 1.3 with a card that has PSS: the virtual CPS4's authentication key, which OpenSSL never sees."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from connectors import errors
from connectors.soap.channel import Channel
from connectors.tls.card_key import CardContext
from demonstration import people
from demonstration.authority import TestAuthority
from praticien.professional import CardKind
from tests.connectors.support import Answering, FakeServer, SoftwareSigner

CLOSING = Answering(b"bien", content_type="text/plain", headers={"Connection": "close"})


class PssSigner(SoftwareSigner):
    """A card with PSS."""

    supports_pss = True


@pytest.fixture
def signer(signer: SoftwareSigner) -> SoftwareSigner:
    return PssSigner(signer._authentication, signer._signature)


def _post(channel: Channel, server: FakeServer, ca_file: Path) -> bytes:
    return channel.post(server.endpoint(ca_file).url("patients"), "text/plain", b"?").body


def test_one_signature_for_tls_1_3_then_its_session(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    server.serve(lambda _: CLOSING)
    for _ in range(3):
        assert _post(channel, server, ca_file) == b"bien"
    assert server.versions == ["TLSv1.3"] * 3
    assert server.received[0].peer == people.GP.national_id
    assert (signer.authentications, server.handshakes) == (1, [False, True, True])


def test_an_older_server_gets_tls_1_2(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    server.context.maximum_version = ssl.TLSVersion.TLSv1_2
    server.serve(lambda _: CLOSING)
    assert _post(channel, server, ca_file) == b"bien"
    assert (server.versions, signer.authentications) == (["TLSv1.2"], 1)


def test_what_the_card_raises_comes_out_as_it_is(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    signer.error = errors.Cancelled("card removed")
    with pytest.raises(errors.Cancelled):
        _post(channel, server, ca_file)


def test_a_card_without_pss_stays_with_tls_1_2(ca_file: Path, signer: SoftwareSigner) -> None:
    plain = SoftwareSigner(signer._authentication, signer._signature)
    assert CardContext(plain, ca_file).maximum_version is ssl.TLSVersion.TLSv1_2
    assert CardContext(signer, ca_file).maximum_version is ssl.TLSVersion.TLSv1_3


def test_our_certificate_from_elsewhere_is_named(server: FakeServer, ca_file: Path) -> None:
    """Under TLS 1.3 the server says so after the handshake."""
    pair = TestAuthority.create().professional(people.GP, CardKind.CPS, "Médecin", signature=False)
    channel = Channel(server.endpoint(ca_file), PssSigner(pair, pair))
    with pytest.raises(errors.OurCertificateRefused):
        _post(channel, server, ca_file)
    channel.close()
