"""MLLP as a laboratory speaks it: pieces, several messages, hostile peers; AA only for what is kept."""

import socket
import threading
from datetime import datetime

import pytest

from connectors.hl7v2.errors import CannotListen, Hl7Problem
from connectors.hl7v2.framing import Deframer, framed
from connectors.hl7v2.listener import MllpLimits, MllpListener
from demonstration import people
from demonstration.laboratory import blood_test, urine_culture
from praticien.errors import EnvironmentProblem

NOW = datetime(2026, 11, 20, 9, 30, 15)
FIRST = blood_test(people.SOLO, NOW).encode()
SECOND = urine_culture(people.LINA, NOW).encode("latin-1")


class DiskFull(EnvironmentProblem):
    """The fake inbox cannot write."""

    code = "inbox.unavailable"


class Box:
    """What was kept, in order; ``failing`` makes it refuse."""

    def __init__(self):
        self.kept, self.failing = [], None

    def keep(self, content, reports):
        if self.failing:
            raise self.failing
        self.kept.append((content, len(reports)))


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def listen(box):
    made = []

    def start(**how):
        made.append(MllpListener("127.0.0.1", 0, box.keep, **({"production": False} | how)))
        return made[-1]

    yield start
    for listener in made:
        listener.close()


class Peer:
    """A laboratory's side of one connection."""

    def __init__(self, listener):
        self.socket = socket.create_connection(listener.address, timeout=20)
        self._deframer, self._waiting = Deframer(), []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """The next acknowledgement as segments of fields; None when the listener hangs up."""
        while not self._waiting:
            try:
                data = self.socket.recv(4096)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self._waiting += self._deframer.feed(data)
        return [line.split("|") for line in self._waiting.pop(0).decode().strip().split("\r")]

    def verdict(self):
        answer = self.answer()
        return answer and answer[1][1]


def test_a_message_is_kept_then_acknowledged(box, listen):
    with Peer(listen()) as peer:
        peer.send(framed(FIRST))
        msh, msa = peer.answer()
    assert msa == ["MSA", "AA", "MSG-TEST-2026-000123-F"]
    assert msh[8] == "ACK^R01^ACK"
    assert msh[4] == "SIL-FICTIF"
    assert box.kept == [(FIRST, 1)]


def test_one_byte_at_a_time(box, listen):
    with Peer(listen()) as peer:
        for byte in framed(FIRST):
            peer.send(bytes([byte]))
        assert peer.verdict() == "AA"
    assert len(box.kept) == 1


def test_several_messages_in_one_packet_and_over_one_connection(box, listen):
    with Peer(listen()) as peer:
        peer.send(framed(FIRST) + b"\r\n" + framed(SECOND))
        assert [peer.answer()[1][2], peer.answer()[1][2]] == ["MSG-TEST-2026-000123-F", "MSG-TEST-2026-000124"]
        peer.send(framed(FIRST))
        assert peer.verdict() == "AA"
    assert len(box.kept) == 3


@pytest.mark.parametrize(
    "change, verdict, condition",
    [
        (lambda m: m.replace(b"ORU^R01", b"ADT^A01"), "AR", "200"),
        (lambda m: m.replace(b"UNICODE UTF-8", b"ASCII"), "AR", "102"),
        (lambda m: m.replace(b"|2.5|", b"|3.1|"), "AR", "200"),
        (lambda m: b"hello", "AR", "100"),
        (lambda m: b"", "AR", "100"),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_connection_goes_on(box, listen, change, verdict, condition):
    with Peer(listen()) as peer:
        peer.send(framed(change(FIRST)))
        _msh, msa, err = peer.answer()
        assert (msa[1], err[3].split("^")[0]) == (verdict, condition)
        peer.send(framed(FIRST))
        assert peer.verdict() == "AA"
    assert len(box.kept) == 1


def test_nothing_of_the_message_is_in_a_refusal(listen):
    with Peer(listen(production=True)) as peer:
        peer.send(framed(FIRST))
        said = str(peer.answer())
    assert "AR" in said
    assert "202" in said
    for word in ("TESTEXEMPLE", people.SOLO.ins.matricule, "ZO"):
        assert word not in said


def test_what_cannot_be_kept_is_not_acknowledged(box, listen):
    with Peer(listen()) as peer:
        box.failing = DiskFull("errno 28")
        peer.send(framed(FIRST))
        assert peer.verdict() == "AE"
        box.failing = RuntimeError("bug")
        peer.send(framed(FIRST))
        assert peer.verdict() == "AE"
        box.failing = None
        peer.send(framed(FIRST))
        assert peer.verdict() == "AA"
    assert len(box.kept) == 1


def test_enhanced_mode_is_answered_in_its_words(listen):
    with Peer(listen()) as peer:
        peer.send(framed(FIRST.replace(b"|2.5|||||FRA", b"|2.5|||AL|NE|FRA")))
        assert peer.verdict() == "CA"


def test_a_message_too_big_ends_the_connection(box, listen):
    with Peer(listen(limits=MllpLimits(message_bytes=10_000))) as peer:
        peer.send(b"\x0b" + b"x" * 20_000)
        assert peer.verdict() == "AR"
        assert peer.answer() is None
    assert box.kept == []


def test_another_protocol_ends_the_connection(listen):
    with Peer(listen()) as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert peer.verdict() == "AR"
        assert peer.answer() is None


def test_a_message_that_never_ends_is_given_up(listen):
    with Peer(listen(limits=MllpLimits(message_seconds=0.2))) as peer:
        peer.send(b"\x0bMSH|")
        assert peer.answer() is None


def test_a_silent_peer_is_given_up(listen):
    with Peer(listen(limits=MllpLimits(idle_seconds=0.2))) as peer:
        assert peer.answer() is None


def test_too_many_peers_are_cut_and_others_served(listen):
    listener = listen(limits=MllpLimits(connections=2))
    with Peer(listener) as one, Peer(listener) as two:
        for peer in (one, two):
            peer.send(framed(FIRST))
            assert peer.verdict() == "AA"
        with Peer(listener) as three:
            assert three.answer() is None
        two.send(framed(SECOND))
        assert two.verdict() == "AA"


def test_a_peer_that_may_not_speak_is_cut(listen):
    with Peer(listen(allowed=("192.0.2.0/24",))) as peer:
        assert peer.answer() is None
    with Peer(listen(allowed=("192.0.2.0/24", "127.0.0.1/32"))) as peer:
        peer.send(framed(FIRST))
        assert peer.verdict() == "AA"


def test_a_peer_that_hangs_up_in_the_middle_leaves_nothing(box, listen):
    listener = listen()
    with Peer(listener) as peer:
        peer.send(framed(FIRST)[:-2])
    with Peer(listener) as peer:
        peer.send(framed(SECOND))
        assert peer.verdict() == "AA"
    assert [content for content, _count in box.kept] == [SECOND]


def test_closing_ends_every_connection(listen):
    listener = listen()
    with Peer(listener) as peer:
        peer.send(framed(FIRST))
        assert peer.verdict() == "AA"
        listener.close()
        assert peer.answer() is None
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mllp")]


def test_an_address_already_taken_is_said(box, listen):
    host, port = listen().address
    with pytest.raises(CannotListen):
        MllpListener(host, port, box.keep)


def test_frames_do_not_depend_on_how_they_are_cut():
    whole = framed(FIRST) + framed(SECOND) + framed(b"")
    for size in (1, 2, 3, 7, 64, 1000, len(whole)):
        deframer, found = Deframer(), []
        for start in range(0, len(whole), size):
            found += deframer.feed(whole[start : start + size])
        assert found == [FIRST, SECOND, b""]


def test_a_huge_message_in_small_pieces():
    deframer = Deframer()
    deframer.feed(b"\x0b")
    for _ in range(200):
        deframer.feed(b"x" * 100_000)
    (message,) = deframer.feed(b"\x1c\r")
    assert len(message) == 20_000_000
    with pytest.raises(Hl7Problem):
        Deframer(100).feed(b"\x0b" + b"x" * 101)
