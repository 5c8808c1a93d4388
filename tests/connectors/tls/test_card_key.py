"""Real handshakes with a key that OpenSSL never sees."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import ipaddress
import socket
import ssl
import threading
import weakref
from pathlib import Path

import pytest
from cryptography import x509

from connectors import errors
from connectors.soap.channel import Channel
from connectors.tls import card_key
from connectors.tls.card_key import CardContext
from connectors.tls.openssl import context_pointer
from connectors.tls.watched import handshake_problem
from demonstration import people
from demonstration.authority import KeyPair, TestAuthority, _issue, _name
from praticien.errors import EnvironmentProblem
from praticien.professional import CardKind
from tests.connectors.support import Answering, FakeServer, SoftwareSigner

OK = Answering(b"bien", content_type="text/plain")


class CardRemoved(EnvironmentProblem):
    code = "card.removed"


def post(channel: Channel, server: FakeServer, ca_file: Path) -> bytes:
    return channel.post(server.endpoint(ca_file).url("patients"), "text/plain", b"?").body


def test_the_server_sees_the_card_holder(channel: Channel, server: FakeServer, ca_file: Path) -> None:
    server.serve(lambda _: OK)
    assert post(channel, server, ca_file) == b"bien"
    assert server.received[0].peer == people.GP.national_id


def test_one_signature_serves_many_calls(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    server.serve(lambda _: OK)
    for _ in range(3):
        post(channel, server, ca_file)
    assert (signer.authentications, server.handshakes) == (1, [False])


def test_a_new_connection_resumes_the_session(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    closing = Answering(b"bien", content_type="text/plain", headers={"Connection": "close"})
    server.serve(lambda _: closing)
    post(channel, server, ca_file)
    post(channel, server, ca_file)
    assert (signer.authentications, server.handshakes) == (1, [False, True])


def test_what_the_card_raises_comes_out_as_it_is(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    signer.error = CardRemoved()
    with pytest.raises(CardRemoved) as caught:
        post(channel, server, ca_file)
    assert caught.value is signer.error
    signer.error = None
    server.serve(lambda _: OK)
    assert post(channel, server, ca_file) == b"bien"


def test_a_signature_of_another_key_is_refused(
    server: FakeServer, ca_file: Path, gp_pairs: tuple[KeyPair, KeyPair], server_pair: KeyPair
) -> None:
    class Wrong(SoftwareSigner):
        @property
        def authentication_certificate(self) -> bytes:
            return gp_pairs[1].certificate_der

    channel = Channel(server.endpoint(ca_file), Wrong(server_pair, server_pair))
    with pytest.raises(errors.WireProblem):
        post(channel, server, ca_file)
    assert server.received == []
    channel.close()


def test_two_cards_in_two_threads_do_not_mix(
    server: FakeServer, ca_file: Path, authority: TestAuthority, signer: SoftwareSigner
) -> None:
    server.serve(lambda _: OK)
    pair = authority.professional(people.EMERGENCY, CardKind.CPS, "Médecin", signature=False)
    channels = [Channel(server.endpoint(ca_file), s) for s in (signer, SoftwareSigner(pair, pair))]
    threads = [threading.Thread(target=post, args=(channel, server, ca_file)) for channel in channels * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    peers = sorted(r.peer for r in server.received)
    assert peers == sorted([people.GP.national_id, people.EMERGENCY.national_id] * 2)
    for channel in channels:
        channel.close()


def test_an_unknown_server_is_refused(
    server: FakeServer, tmp_path: Path, ca_file: Path, signer: SoftwareSigner
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(TestAuthority.create().bundle_pem)
    channel = Channel(server.endpoint(other), signer)
    with pytest.raises(errors.ServerCertificateUnknown):
        post(channel, server, ca_file)
    assert signer.authentications == 0
    channel.close()


@pytest.mark.parametrize(
    "wrong, expected", [("name", errors.ServerNameMismatch), ("date", errors.ServerCertificateExpired)]
)
def test_a_server_certificate_that_does_not_fit_is_refused(  # noqa: PLR0917
    wrong: str, expected: type, tmp_path: Path, authority: TestAuthority, ca_file: Path, signer: SoftwareSigner
) -> None:
    now = dt.datetime.now(dt.UTC)
    past = (now - dt.timedelta(days=9), now - dt.timedelta(days=1))
    names = {"name": x509.DNSName("ailleurs"), "date": x509.IPAddress(ipaddress.ip_address("127.0.0.1"))}
    pair = _issue(
        _name([], "ailleurs"),
        authority.organisations,
        extensions=[x509.SubjectAlternativeName([names[wrong]])],
        valid=past if wrong == "date" else None,
    )
    with FakeServer(tmp_path, pair, authority.bundle_pem) as server:
        channel = Channel(server.endpoint(ca_file), signer)
        with pytest.raises(expected):
            post(channel, server, ca_file)
        channel.close()


def test_our_expired_certificate_is_named(server: FakeServer, ca_file: Path, authority: TestAuthority) -> None:
    now = dt.datetime.now(dt.UTC)
    past = (now - dt.timedelta(days=9), now - dt.timedelta(days=1))
    pair = authority.professional(people.GP, CardKind.CPS, "Médecin", signature=False, valid=past)
    channel = Channel(server.endpoint(ca_file), SoftwareSigner(pair, pair))
    with pytest.raises(errors.OurCertificateExpired):
        post(channel, server, ca_file)
    channel.close()


def test_our_certificate_from_elsewhere_is_named(server: FakeServer, ca_file: Path) -> None:
    pair = TestAuthority.create().professional(people.GP, CardKind.CPS, "Médecin", signature=False)
    channel = Channel(server.endpoint(ca_file), SoftwareSigner(pair, pair))
    with pytest.raises(errors.OurCertificateRefused):
        post(channel, server, ca_file)
    channel.close()


@pytest.mark.parametrize("late", [True, False])
def test_a_server_that_hangs_up_on_our_certificate_without_an_alert(
    late: bool, server: FakeServer, ca_file: Path, authority: TestAuthority
) -> None:
    """What asyncio's servers do: the client sees the end of the connection just after the card signed."""
    now = dt.datetime.now(dt.UTC)
    past = (now - dt.timedelta(days=9), now - dt.timedelta(days=1))
    pair = authority.professional(people.GP, CardKind.CPS, "Médecin", signature=False, valid=past if late else None)
    signer = SoftwareSigner(pair, pair)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=hang_up_after_the_certificate, args=(listening, server.context))
        thread.start()
        channel = Channel(server.endpoint(ca_file), signer)
        with pytest.raises(errors.OurCertificateExpired if late else errors.OurCertificateRefused):
            channel.post(f"https://127.0.0.1:{listening.getsockname()[1]}/", "text/plain", b"?")
        thread.join()
        channel.close()
    assert signer.authentications == 1


def hang_up_after_the_certificate(listening: socket.socket, context: ssl.SSLContext) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server_side = context.wrap_bio(incoming, outgoing, server_side=True)
    connection, _ = listening.accept()
    with connection:
        incoming.write(connection.recv(65536))
        with contextlib.suppress(ssl.SSLWantReadError):
            server_side.do_handshake()
        connection.sendall(outgoing.read())
        connection.recv(65536)


def test_nobody_listening(ca_file: Path, signer: SoftwareSigner, server: FakeServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    channel = Channel(server.endpoint(ca_file), signer)
    with pytest.raises(errors.ServerUnreachable):
        channel.post(f"https://127.0.0.1:{port}/patients", "text/plain", b"?")
    channel.close()


def test_plain_http_is_never_spoken(channel: Channel) -> None:
    with pytest.raises(errors.ServerUnreachable):
        channel.post("http://127.0.0.1:9/patients", "text/plain", b"?")


def test_unreadable_authorities(server: FakeServer, tmp_path: Path, ca_file: Path, signer: SoftwareSigner) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("rien")
    for path in (broken, tmp_path / "absent.pem"):
        channel = Channel(server.endpoint(path), signer)
        with pytest.raises(errors.TlsUnavailable):
            post(channel, server, ca_file)


def test_a_certificate_that_is_none(ca_file: Path, signer: SoftwareSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SoftwareSigner, "authentication_certificate", b"rien")
    with pytest.raises(errors.TlsUnavailable):
        CardContext(signer, ca_file)


def test_a_closed_or_collected_context_forgets_its_card(ca_file: Path, signer: SoftwareSigner) -> None:
    gc.collect()  # contexts of other tests
    before = dict(card_key._signers)
    context = CardContext(signer, ca_file)
    assert len(card_key._signers) == len(before) + 1
    context.close()
    context.close()
    assert card_key._signers == before
    collected = CardContext(signer, ca_file)
    gone = weakref.ref(collected)
    del collected
    gc.collect()
    assert gone() is None
    assert card_key._signers == before


def test_after_close_the_card_is_not_asked(
    channel: Channel, server: FakeServer, ca_file: Path, signer: SoftwareSigner
) -> None:
    server.serve(lambda _: OK)
    post(channel, server, ca_file)
    channel.close()
    with pytest.raises(errors.Cancelled):
        post(channel, server, ca_file)
    assert signer.authentications == 1


def test_the_context_pointer_is_the_context(ca_file: Path, signer: SoftwareSigner) -> None:
    context = CardContext(signer, ca_file)
    assert context_pointer(context) != context_pointer(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert context.maximum_version is ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_connection_lost_in_the_handshake_is_no_certificate_problem() -> None:
    assert type(handshake_problem(ConnectionResetError())) is errors.ServerUnreachable
    assert type(handshake_problem(ssl.SSLEOFError())) is errors.ServerUnreachable
    assert type(handshake_problem(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"))) is errors.TlsFailed
