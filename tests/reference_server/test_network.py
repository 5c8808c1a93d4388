"""The network side: mutual TLS, bounds of size and time, other programs' clients, stopping."""

import datetime as dt
import socket
import ssl
import subprocess
import threading
from dataclasses import replace

import pytest
import requests

from demonstration import people
from demonstration.authority import TestAuthority, write_pair
from praticien.professional import CardKind
from reference_server import application
from reference_server.errors import CannotStart
from reference_server.running import ServerConfig, ServerThread
from tests.reference_server.client import Client, Words, envelope, signed_assertion, status_request
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send

INS = people.NORA.ins
SOAP_TYPE = "application/soap+xml"


def client_context(world, bearer):
    context = ssl.create_default_context(cafile=str(world.ca_file))
    context.load_cert_chain(*bearer.tls)
    return context


def raw(world, bearer, context=None, **options):
    """A TLS connection with the bearer's certificate."""
    context = context or client_context(world, bearer)
    for name, value in options.items():
        setattr(context, name, value)
    host, port = world.server.base_url.removeprefix("https://").split(":")
    plain = socket.create_connection((host, int(port)), timeout=10)
    return context.wrap_socket(plain, server_hostname=host)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_12_and_13(world, gp, version):
    with raw(world, gp, maximum_version=version, minimum_version=version) as connection:
        assert connection.version() == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version]


def test_no_client_certificate(world):
    with requests.Session() as session, pytest.raises(requests.exceptions.ConnectionError):
        session.post(f"{world.server.base_url}/patients", data=b"x", verify=str(world.ca_file), timeout=10)


def unwelcome(world, bearer):
    with pytest.raises(requests.exceptions.ConnectionError):
        world.client(bearer).status(INS)


def test_client_certificate_of_another_authority(world, gp, keys):
    pair = TestAuthority.create().professional(people.GP, CardKind.CPS, "", signature=False)
    unwelcome(world, replace(gp, tls=keys.files("stranger", pair)))


def test_expired_client_certificate(world, gp, keys, authority):
    now = dt.datetime.now(dt.UTC)
    past = (now - dt.timedelta(days=9), now - dt.timedelta(days=1))
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=False, valid=past)
    unwelcome(world, replace(gp, tls=keys.files("expired", pair)))


def test_signature_certificate_does_not_open_a_connection(world, gp, keys):
    unwelcome(world, replace(gp, tls=keys.files("signing", gp.signing)))


def test_announced_body_above_the_bound_is_refused_at_once(world, gp):
    with raw(world, gp) as connection:
        connection.sendall(
            b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\n"
            b"Content-Length: 67108865\r\n\r\n"
        )
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"RequestRefused" in answer


def test_body_that_grows_above_the_bound(keys, tmp_path, gp, monkeypatch):
    monkeypatch.setattr(application, "MAX_BODY", 10_000)
    small = start(keys, tmp_path / "small")
    try:
        with raw(small, gp) as connection:
            connection.sendall(b"POST /patients HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
            answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413")
        assert b"RequestRefused" in answer
    finally:
        small.close()


def test_large_document_passes(world, gp):
    client = world.client(gp)
    deposit = Deposit(INS)
    cda = deposit.cda()
    deposit.content = cda.replace(b"<d:title>essai", b"<d:title>" + b"x" * 9_000_000)
    assert send(client, deposit).succeeded
    assert list(client.retrieve(INS, deposit.unique_id).parts.values()) == [deposit.content]


def test_slow_body_is_given_up(world, gp, monkeypatch):
    monkeypatch.setattr(application, "BODY_PATIENCE", 0.2)
    with raw(world, gp) as connection:
        connection.sendall(
            b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\nContent-Length: 100\r\n\r\n<a"
        )
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("said", [b"", b"POST /pat"])
def test_mute_connection_is_closed(world, gp, monkeypatch, said):
    monkeypatch.setattr(application, "HEAD_PATIENCE", 0.2)
    with raw(world, gp) as connection:
        connection.sendall(said)
        assert connection.recv(100) == b""


def test_unknown_path_and_method(world, gp):
    client = world.client(gp)
    for method, path, status in (("GET", "patients", 405), ("POST", "ailleurs", 404), ("GET", "", 404)):
        assert client.session.request(method, f"{world.server.base_url}/{path}", timeout=10).status_code == status


def test_curl(world, structure_bearer, tmp_path):
    """A program of another family, with a structure's certificate."""
    ins = people.UNCONSCIOUS.ins
    message = envelope(*status_request(ins), signed_assertion(structure_bearer, Words(ins)))
    (tmp_path / "request.xml").write_bytes(message)
    certificate, key = structure_bearer.tls
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", str(world.ca_file)]
    command += ["--cert", certificate, "--key", key, "-H", f"Content-Type: {SOAP_TYPE}"]
    command += ["--data-binary", f"@{tmp_path / 'request.xml'}", f"{world.server.base_url}/patients"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except FileNotFoundError:
        pytest.skip("curl is not installed")
    assert "PRPA_IN201308UV02" in done.stdout
    assert people.UNCONSCIOUS.traits.birth_name in done.stdout


def test_many_at_once(world, gp, emergency):
    """Interleaved callers and patients: nobody gets another's answer, and the chain of traces holds."""
    from reference_server.storage import traces
    from reference_server.storage.database import Database

    wrong = []

    def work(bearer, ins):
        client = Client(world.server.base_url, world.ca_file, bearer)
        for _ in range(8):
            answer = client.status(ins)
            if f'extension="{ins.matricule}"'.encode() not in _serialised(answer.body):
                wrong.append(ins)
        client.close()

    seeds = (people.SOLO, people.NORA, people.LINA, people.YANN)
    pairs = zip((gp, emergency, gp, emergency), seeds, strict=True)
    threads = [threading.Thread(target=work, args=(bearer, seed.ins)) for bearer, seed in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    database = Database(world.data / "dmp")
    with database.reading() as session:
        assert traces.first_broken_link(session) is None
    database.close()


def _serialised(element):
    from lxml import etree

    return etree.tostring(element)


def test_data_survive_a_restart(keys, tmp_path, gp):
    world = start(keys, tmp_path / "one")
    deposit = Deposit(INS)
    assert send(world.client(gp), deposit).succeeded
    world.close()
    world.close()
    again = start(keys, tmp_path / "one")
    try:
        assert list(again.client(gp).retrieve(INS, deposit.unique_id).parts.values()) == [deposit.cda()]
    finally:
        again.close()


def config(keys, folder, **changes):
    folder.mkdir(exist_ok=True)
    (folder / "ca.pem").write_bytes(keys.authority.bundle_pem)
    write_pair(folder, "server", keys.authority.server())
    settings = {
        "data": folder / "dmp",
        "ca_bundle": folder / "ca.pem",
        "server_certificate": folder / "server.pem",
        "server_key": folder / "server.key",
    }
    return ServerConfig(**(settings | changes))


def test_port_already_taken(keys, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotStart, match="port"):
            ServerThread(config(keys, tmp_path / "p", port=taken.getsockname()[1]))


@pytest.mark.parametrize("name", ["ca_bundle", "server_certificate", "server_key", "schema_dir"])
def test_unreadable_files(keys, tmp_path, name):
    with pytest.raises(CannotStart):
        ServerThread(config(keys, tmp_path / "u", **{name: tmp_path / "absent"}))


def test_damaged_database(keys, tmp_path):
    folder = tmp_path / "d"
    (folder / "dmp").mkdir(parents=True)
    (folder / "dmp" / "server.sqlite").write_bytes(b"pas une base" * 1000)
    with pytest.raises(CannotStart, match="database"):
        ServerThread(config(keys, folder))
