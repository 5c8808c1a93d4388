"""Servers that are slow, cut, huge, wrong: each a typed error, in bounded time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from connectors import errors
from connectors.server_clock import ServerClock
from connectors.soap.channel import Channel
from connectors.soap.envelope import Request
from connectors.soap.service import SoapService
from tests.connectors.support import (
    QUICK,
    WSA,
    Answering,
    FakeServer,
    Received,
    Responder,
    SoftwareSigner,
    envelope,
    fault,
    in_turn,
    soap,
)

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 1000\r\n\r\n"


def ask(channel: Channel, server: FakeServer, *, limits=QUICK) -> etree._Element:
    request = Request("urn:a", etree.Element("question"), etree.Element("vihf"))
    return SoapService(channel, server.endpoint(Path("ca"), limits).url("registry")).call(request).body


def raw(*pieces: bytes, pause: float = 0, then: Callable[[], object] = lambda: None) -> Responder:
    """Sends the pieces as they are, resting in between, then ``then`` before it closes."""

    def send(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        then()

    return lambda _: Answering(raw=send)


def test_the_answer(channel: Channel, server: FakeServer) -> None:
    server.serve(soap("<reponse>oui</reponse>"))
    assert ask(channel, server).text == "oui"


def test_answers_tell_the_time_of_the_server(server: FakeServer, ca_file: Path, signer: SoftwareSigner) -> None:
    server.serve(soap("<reponse>oui</reponse>"))
    clock = ServerClock()
    channel = Channel(server.endpoint(ca_file), signer, clock)
    ask(channel, server)
    channel.close()
    said = clock.time()
    assert said is not None
    assert abs(said - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "respond, expected",
    [
        (lambda r: Answering(envelope("<a/>", None)), errors.UnrelatedAnswer),
        (lambda r: Answering(envelope("<a/>", "urn:uuid:autre")), errors.UnrelatedAnswer),
        (soap("<a/><b/>"), errors.MalformedAnswer),
        (soap(""), errors.MalformedAnswer),
        (soap("<S:Fault/>"), errors.MalformedAnswer),
        (lambda r: Answering(b"<a/>"), errors.MalformedAnswer),
        (lambda r: Answering(b"<a>"), errors.MalformedAnswer),
        (lambda r: Answering(b""), errors.MalformedAnswer),
        (lambda r: Answering(b"<!DOCTYPE a><a/>"), errors.ForbiddenXml),
        (lambda r: Answering(envelope("<a>" + "x" * 250_000 + "</a>", r.message_id)), errors.AnswerTooLarge),
        (lambda r: Answering(b"x" * 500_000), errors.AnswerTooLarge),
        (lambda r: Answering(b"<html/>", content_type="text/html"), errors.MalformedAnswer),
        (lambda r: Answering(b"<a/>", content_type=""), errors.MalformedAnswer),
        (lambda r: Answering(b"x", headers={"Content-Encoding": "gzip"}), errors.MalformedAnswer),
        (lambda r: Answering(b"x", content_type="multipart/related; boundary=b"), errors.MalformedAnswer),
        (lambda r: Answering(b"<html/>", status=502, content_type="text/html"), errors.HttpRefused),
        (lambda r: Answering(status=503), errors.HttpRefused),
        (lambda r: Answering(status=302, headers={"Location": "https://127.0.0.1:9/"}), errors.HttpRefused),
        (lambda r: replace(soap("<a/>")(r), status=500), errors.HttpRefused),
        (fault("DMPClosed", status=500), errors.DossierClosed),
        (fault("DMPClosed", status=200), errors.DossierClosed),
        (lambda r: replace(fault("DMPClosed")(r), body=fault("DMPClosed")(replace_id(r)).body), errors.UnrelatedAnswer),
    ],
)
def test_wrong_answers(channel: Channel, server: FakeServer, respond: Responder, expected: type) -> None:
    server.serve(respond)
    with pytest.raises(expected) as caught:
        ask(channel, server)
    assert type(caught.value) is expected


def replace_id(received: Received) -> Received:
    return replace(received, body=received.body.replace(received.message_id.encode(), b"urn:uuid:autre"))


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"HTTP/1.1 200 OK\r\nContent-",),
        (HEADERS,),
        (HEADERS + b"x" * 999,),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcde\r\n0\r\n\r\n",),
        (b"rien du tout\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",),
    ],
)
def test_cut_or_nonsense(channel: Channel, server: FakeServer, pieces: tuple[bytes, ...]) -> None:
    server.serve(raw(*pieces))
    with pytest.raises(errors.AnswerCut) as caught:
        ask(channel, server)
    assert caught.value.uncertain


def test_a_silent_server(channel: Channel, server: FakeServer) -> None:
    server.serve(raw(HEADERS, then=lambda: server.released.wait(20)))
    with pytest.raises(errors.Timeout) as caught:
        ask(channel, server)
    assert caught.value.uncertain


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", HEADERS], ids=["headers", "body"])
def test_a_server_that_drips_is_given_up(
    server: FakeServer, ca_file: Path, signer: SoftwareSigner, start: bytes
) -> None:
    drip = raw(start, *[b"x"] * 200, pause=0.05)
    server.serve(drip)
    channel = Channel(server.endpoint(ca_file, QUICK), signer)
    with pytest.raises(errors.Timeout):
        ask(channel, server)
    channel.close()


def test_a_server_that_takes_the_connection_and_says_nothing(ca_file: Path, signer: SoftwareSigner, server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        channel = Channel(server.endpoint(ca_file), signer)
        with pytest.raises(errors.ConnectTimeout) as caught:
            channel.post(f"https://127.0.0.1:{mute.getsockname()[1]}/", "text/plain", b"?")
        assert not caught.value.uncertain
        channel.close()


def test_no_tls_over_there(ca_file: Path, signer: SoftwareSigner, server) -> None:
    def speak_plainly(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=speak_plainly, args=(listening,))
        thread.start()
        channel = Channel(server.endpoint(ca_file), signer)
        with pytest.raises(errors.TlsFailed):
            channel.post(f"https://127.0.0.1:{listening.getsockname()[1]}/", "text/plain", b"?")
        thread.join()
        channel.close()


@pytest.mark.parametrize("how", [Channel.close, Channel.cancel])
def test_given_up_from_another_thread(channel: Channel, server: FakeServer, how: Callable[[Channel], None]) -> None:
    arrived = threading.Event()
    server.serve(raw(HEADERS, then=lambda: (arrived.set(), server.released.wait(20))))
    giving_up = threading.Thread(target=lambda: (arrived.wait(5), how(channel)))
    giving_up.start()
    with pytest.raises(errors.Cancelled):
        ask(channel, server)
    giving_up.join()


def test_after_cancel_one_may_ask_again(channel: Channel, server: FakeServer) -> None:
    server.serve(soap("<a/>"))
    channel.cancel()
    assert ask(channel, server).tag == "a"


def test_a_connection_closed_while_idle_is_opened_again(channel: Channel, server: FakeServer) -> None:
    def answer_and_hang_up(received: Received) -> Answering:
        body = envelope("<a/>", received.message_id)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: %d\r\n\r\n" % len(body)
        return Answering(raw=lambda connection: connection.sendall(head + body))

    server.serve(answer_and_hang_up)
    for _ in range(2):
        assert ask(channel, server).tag == "a"
    assert len(server.handshakes) == 2


def hang_up_first() -> Responder:
    return in_turn(soap("<a/>"), raw(), soap("<a/>"))


def test_a_question_cut_before_the_answer_is_asked_again(channel: Channel, server: FakeServer) -> None:
    server.serve(hang_up_first())
    ask(channel, server)
    assert ask(channel, server).tag == "a"
    assert len(server.received) == 3


def test_what_leaves_once_is_not_sent_again(channel: Channel, server: FakeServer) -> None:
    server.serve(hang_up_first())
    url = server.endpoint(Path("ca")).url("repository")
    body = etree.tostring(etree.fromstring(f"<e xmlns:a='{WSA}'><a:MessageID>urn:uuid:1</a:MessageID></e>"))
    assert channel.post(url, "text/xml", body, once=True).status == 200
    with pytest.raises(errors.AnswerCut) as caught:
        channel.post(url, "text/xml", body, once=True)
    assert (caught.value.uncertain, len(server.received), len(server.handshakes)) == (True, 2, 2)


def test_nothing_is_remembered_between_calls(channel: Channel, server: FakeServer) -> None:
    server.serve(lambda r: replace(soap("<a/>")(r), headers={"Set-Cookie": "suivi=1; Path=/"}))
    ask(channel, server)
    assert not list(channel._session().cookies)


def test_closing_twice_is_quiet(channel: Channel) -> None:
    channel.close()
    channel.close()
