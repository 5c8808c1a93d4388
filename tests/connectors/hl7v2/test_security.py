"""MLLP over TLS: a laboratory in Python's ssl and in OpenSSL's s_client; what is in clear, unknown or unusable."""

import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from connectors.hl7v2.errors import CannotSecure
from connectors.hl7v2.framing import framed
from connectors.hl7v2.listener import MllpLimits, MllpListener
from connectors.hl7v2.security import server_context
from demonstration import people
from demonstration.authority import TestAuthority
from demonstration.laboratory import blood_test
from praticien.listening import TlsFiles

MESSAGE = blood_test(people.SOLO, datetime(2026, 11, 20, 9, 30)).encode()
QUICK = MllpLimits(handshake_seconds=0.3)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """Our pair, a laboratory's, both of one authority; and the pair of a stranger."""
    folder, authority = tmp_path_factory.mktemp("pem"), TestAuthority.create()
    for name, issuer in (("mllp", authority), ("laboratory", authority), ("stranger", TestAuthority.create())):
        pair = issuer.server() if name == "mllp" else issuer.structure(people.LABORATOIRE, signature=False)
        (folder / f"{name}.pem").write_bytes(pair.certificate_pem)
        (folder / f"{name}.key").write_bytes(pair.key_pem)
        if name == "mllp":
            locked = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"TEST"))
            (folder / "locked.key").write_bytes(locked)
    (folder / "authorities.pem").write_bytes(authority.bundle_pem)
    return folder


@pytest.fixture
def listen(pem):
    made, kept = [], []

    def start(*, clients=False, **how):
        files = TlsFiles(pem / "mllp.pem", pem / "mllp.key", pem / "authorities.pem" if clients else None)
        keep = lambda content, _reports: kept.append(content)  # noqa: E731
        made.append(MllpListener("127.0.0.1", 0, keep, production=False, tls=server_context(files), **how))
        return made[-1], kept

    yield start
    for listener in made:
        listener.close()


def sender(pem, shown=""):
    context = ssl.create_default_context(cafile=pem / "authorities.pem")
    if shown:
        context.load_cert_chain(pem / f"{shown}.pem", pem / f"{shown}.key")
    return context


def answer(listener, context):
    """What comes back for one message; empty when the listener hangs up instead."""
    with socket.create_connection(listener.address, timeout=20) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as line:
                line.sendall(framed(MESSAGE))
                return line.recv(4096)
        except (ssl.SSLError, ConnectionError):
            return b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_message_is_kept_and_acknowledged(pem, listen, version):
    listener, kept = listen()
    context = sender(pem)
    context.minimum_version = context.maximum_version = version
    assert b"MSA|AA|MSG-TEST-2026-000123-F" in answer(listener, context)
    assert kept == [MESSAGE]


@pytest.mark.parametrize("shown, accepted", [("laboratory", True), ("stranger", False), ("", False)])
def test_who_may_send_when_authorities_are_named(pem, listen, shown, accepted):
    listener, kept = listen(clients=True)
    assert (b"MSA|AA" in answer(listener, sender(pem, shown))) is accepted
    assert len(kept) == accepted


def test_nothing_in_clear_is_read_and_the_next_one_is_served(pem, listen):
    listener, kept = listen(limits=QUICK)
    for noise in (framed(MESSAGE), b"", b"\x16\x03\x01"):  # a message in clear, silence, a handshake never ended
        with socket.create_connection(listener.address, timeout=20) as plain:
            plain.sendall(noise)
            with suppress(ConnectionResetError):
                assert b"MSA" not in plain.recv(4096)
    assert kept == []
    assert b"MSA|AA" in answer(listener, sender(pem))


def test_openssl_is_answered(pem, listen):
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    listener, kept = listen(clients=True)
    host, port = listener.address
    command = [openssl, "s_client", "-connect", f"{host}:{port}", "-quiet", "-verify_return_error", "-no_ign_eof"]
    files = ["-CAfile", pem / "authorities.pem", "-cert", pem / "laboratory.pem", "-key", pem / "laboratory.key"]
    with subprocess.Popen(
        [*command, *map(str, files)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as client:
        client.stdin.write(framed(MESSAGE))
        client.stdin.flush()
        received = b""
        while not received.endswith(b"\x1c\r") and (more := client.stdout.read1()):
            received += more
        client.kill()
    assert b"MSA|AA" in received
    assert kept == [MESSAGE]


@pytest.mark.parametrize(
    "certificate, key, clients",
    [
        ("mllp.pem", "laboratory.key", None),
        ("mllp.pem", "locked.key", None),
        ("mllp.pem", "nowhere.key", None),
        ("mllp.key", "mllp.key", None),
        ("mllp.pem", "mllp.key", "mllp.key"),
    ],
)
def test_unusable_files_are_one_error(pem, certificate, key, clients):
    with pytest.raises(CannotSecure):
        server_context(TlsFiles(pem / certificate, pem / key, clients and pem / clients))
