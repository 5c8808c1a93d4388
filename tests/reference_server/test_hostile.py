"""Bombs and sieges: refused early, in bounded memory, while others are served."""

import base64
import contextlib
import gzip
import io
import resource
import socket
import ssl
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from demonstration import people
from reference_server import application, listening, mtom, xml
from reference_server.errors import BadRequest, MalformedXml
from tests.reference_server.client import Client
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_network import raw
from tests.reference_server.test_processes import launch, url, workers_of

__all__ = ["launch", "url"]

INS = people.NORA.ins
MEGABYTE = 1024 * 1024


def cost(attempt, error):
    """Memory that Python took at most (octets) for an attempt that is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(error):
            attempt()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# -- XML --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" + b"<b/>" * 500_000 + b"</a>",
        b"<a " + b" ".join(b'b%d=""' % number for number in range(500_000)) + b"/>",
        b"<a>" + b"<b x='1'/>" * 450_000 + b"</a>",
        b"<a>" + b"<!-- -->" * 450_000 + b"</a>",
        b"<a>" + b"<?p?>" * 450_000 + b"</a>",
        ("<a>" + "<b/>" * 450_000 + "</a>").encode("utf-16"),
    ],
    ids=["tags", "attributes", "both", "comments", "instructions", "utf-16"],
)
def test_markup_bomb_is_refused_before_any_tree(data):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(MalformedXml, match="markup"):
        xml.parse(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024, "a tree was built"


def test_as_much_markup_as_any_document_has_is_read():
    assert len(xml.parse(b"<a>" + b"<b>1</b>" * 150_000 + b"</a>")) == 150_000


@pytest.mark.parametrize("encoding", ["utf-7", "ibm037", "UTF-32", "iso-2022-jp", "x-unknown"])
def test_encodings_in_which_a_doctype_could_hide(encoding):
    with pytest.raises(MalformedXml):
        xml.parse(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "iso-8859-1", "windows-1252"])
def test_usual_encodings(encoding):
    assert xml.parse(f'<?xml version="1.0" encoding="{encoding}"?><a>é</a>'.encode(encoding)).text == "é"


def test_doctype_hidden_in_an_encoding():
    hidden = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    for data in (hidden.encode("utf-16"), hidden.encode("utf-16-be"), hidden.encode("utf-32"), hidden.encode("cp037")):
        with pytest.raises(MalformedXml):
            xml.parse(data)


# -- MIME -------------------------------------------------------------------------------------------------------------

KIND = 'multipart/related; boundary="b"'
PART = b"--b\r\nContent-ID: <%d>\r\n\r\n1\r\n"


@pytest.mark.parametrize(
    "kind,body",
    [
        (KIND, b"".join(PART % number for number in range(201)) + b"--b--"),
        (KIND, b"--b\r\n" * 2_000_000 + b"--b--"),
        ("multipart/related; boundary=-", b"\r\n---" * 1_000_000),
        (KIND, b"--b\r\n" + b"a:\r\n" * 1_000_000 + b"\r\n1\r\n--b--"),
        (KIND, b"--b\r\nContent-ID: <" + b"x" * 8192 + b">\r\n\r\n1\r\n--b--"),
        (f'multipart/related; boundary="{"b" * 71}"', b"--" + b"b" * 71 + b"\r\n\r\n1\r\n--" + b"b" * 71 + b"--"),
    ],
    ids=["parts", "empty parts", "one-letter boundary", "headers", "long header", "long boundary"],
)
def test_mime_bomb(kind, body):
    assert cost(lambda: mtom.read(kind, body), BadRequest) < 3 * len(body) + MEGABYTE


def test_nested_parts_stay_octets():
    inner = b"--c\r\n\r\n1\r\n" * 100_000 + b"--c--"
    body = b"--b\r\n\r\n<a/>\r\n--b\r\nContent-ID: <1>\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + inner
    assert mtom.read(KIND, body + b"\r\n--b--").parts == {"1": inner}


# -- archives and compression ------------------------------------------------------------------------------------------


def zip_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("IHE_XDM/SUBSET01/DOC0001.XML", b" " * 50 * MEGABYTE)
    return out.getvalue()


def test_archives_are_no_documents_and_are_not_opened(desk, gp):
    deposit = Deposit(INS, content=zip_bomb())
    assert send(desk.client(gp), deposit).rules == ["CDA-XML"]


def test_compressed_requests_are_refused_unopened(world, gp):
    bomb = gzip.compress(b" " * 50 * MEGABYTE)
    client = world.client(gp)
    kind = {"Content-Type": "application/soap+xml", "Content-Encoding": "gzip"}
    answer = client.session.post(f"{world.server.base_url}/patients", data=bomb, headers=kind, timeout=10)
    assert answer.status_code == 415
    assert "RequestRefused" in answer.text


# -- HTTP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        b"POST /" + b"p" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /patients HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 10_000 + b"\r\n\r\n",
        b"POST /patients HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    ],
    ids=["path", "header", "headers"],
)
def test_huge_heads(world, gp, head, caplog):
    with raw(world, gp) as connection:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.0 400")
    assert "pppp" not in caplog.text
    assert "yyyy" not in caplog.text


def test_head_that_comes_letter_by_letter(world, gp, monkeypatch):
    monkeypatch.setattr(application, "HEAD_PATIENCE", 0.3)
    ends(raw(world, gp), b"POST /patients HTTP/1.1\r\nX: ")


def test_second_head_that_comes_letter_by_letter(world, gp, monkeypatch):
    monkeypatch.setattr(application, "NEXT_HEAD_PATIENCE", 0.3)
    connection = raw(world, gp)
    connection.sendall(b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
    assert connection.recv(65536).startswith(b"HTTP/1.1 415")
    ends(connection, b"POST /patients HTTP/1.1\r\nX: ")


def ends(connection, start):
    """A peer that never stops saying a little is left, however often it speaks."""
    with connection:
        connection.settimeout(0.02)
        connection.sendall(start)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while True:
                with contextlib.suppress(TimeoutError):
                    if not connection.recv(100):
                        return
                connection.sendall(b"y")


def test_body_that_comes_letter_by_letter(world, gp, monkeypatch):
    monkeypatch.setattr(application, "BODY_PATIENCE", 0.3)
    with raw(world, gp) as connection:
        connection.sendall(b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        connection.settimeout(0.02)
        while True:
            with contextlib.suppress(TimeoutError):
                assert connection.recv(100).startswith(b"HTTP/1.1 408")
                return
            connection.sendall(b"y")


def test_one_connection_too_many_is_closed(keys, tmp_path, gp, monkeypatch):
    monkeypatch.setattr(listening, "MAX_CONNECTIONS", 3)
    few = start(keys, tmp_path / "few")
    host, port = few.server.base_url.removeprefix("https://").split(":")
    held = [socket.create_connection((host, int(port)), timeout=10) for _ in range(3)]
    try:
        with socket.create_connection((host, int(port)), timeout=10) as another:
            assert another.recv(1) == b""
        for one in held:
            one.close()
        while True:  # once the server saw that they left, there is room again
            with contextlib.suppress(OSError), raw(few, gp) as connection:
                assert connection.version()
                break
    finally:
        for one in held:
            one.close()
        few.close()


def test_bodies_held_at_once_are_bounded(keys, tmp_path, gp, monkeypatch):
    monkeypatch.setattr(application, "MAX_HELD", 2 * MEGABYTE)
    small = start(keys, tmp_path / "small")
    head = b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\nContent-Length: %d\r\n\r\n"
    try:
        with raw(small, gp) as first:
            first.sendall(head % (2 * MEGABYTE) + b" " * (2 * MEGABYTE - 1000))
            first.settimeout(0.02)
            answers = b""
            while b"HTTP/1.1 503" not in answers:  # whoever comes with the octet too many
                answers += small_answer(small, gp, head)
                with contextlib.suppress(TimeoutError):
                    answers += first.recv(65536)
        assert small.client(gp).status(INS).status == 200
    finally:
        small.close()


def small_answer(world, bearer, head):
    with raw(world, bearer) as connection:
        connection.sendall(head % 50_000 + b" " * 50_000)
        return connection.recv(65536)[:12]


# -- memory of a whole server -----------------------------------------------------------------------------------------


def peak(process):
    """Most memory that it ever held, in octets."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_siege_does_not_fill_the_memory(launch, gp, tmp_path, world):
    """Forty connections with ten megabytes each of what is worst to read; somebody honest is served throughout."""
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc to read the memory from")
    ((process, base_url),) = launch(1)
    workers_of(process)
    honest = Client(base_url, tmp_path / "ca.pem", gp)
    assert honest.status(INS).status == 200
    calm = peak(process.pid)
    bombs = [
        (b"application/soap+xml", b"<a>" + b"<b/>" * (10 * MEGABYTE // 4)),
        (b"application/soap+xml", b"<a>" + b"<b>" * 99 + b"y" * 9 * MEGABYTE),
        (KIND.encode(), b"--b\r\n" + b"a:\r\n" * (10 * MEGABYTE // 4)),
        (KIND.encode(), PART * 500_000),
        (KIND.encode(), b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(bytes(7 * MEGABYTE))),
    ]
    for _ in range(4):
        for kind, body in bombs:
            held = [besieging(base_url, tmp_path, gp, kind, body) for _ in range(2)]
            assert honest.status(INS).status == 200
            for connection in held:
                connection.close()
    honest.close()
    assert peak(process.pid) - calm < 200 * MEGABYTE


def besieging(base_url, folder, bearer, kind, body):
    """A connection on which everything but the last octet was sent, or all of it and nothing read."""
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.load_cert_chain(*bearer.tls)
    host, port = base_url.removeprefix("https://").split(":")
    connection = context.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname=host)
    head = b"POST /repository HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % (kind, len(body)) + body)
    return connection
