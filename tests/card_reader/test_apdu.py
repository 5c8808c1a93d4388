"""The chain of processors against channels that behave and channels that do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.apdu import Apdu, Budget, Wire
from card_reader.errors import CardError, CardRefusal, CardTimeout, MalformedCard
from card_reader.transport import Disposition, Protocol7816

T0, T1 = Protocol7816.T0, Protocol7816.T1


class Scripted:
    """A channel that answers by a function and remembers what it got."""

    def __init__(self, answer: Callable[[bytes], bytes], protocol: Protocol7816 = T0) -> None:
        self._answer = answer
        self.protocol = protocol
        self.atr = b""
        self.sent: list[bytes] = []

    def transmit(self, command: bytes | bytearray) -> tuple[bytes, int]:
        self.sent.append(bytes(command))
        answer = self._answer(bytes(command))
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def reset(self) -> None:
        raise NotImplementedError

    def close(self, disposition: Disposition) -> None:
        raise NotImplementedError


@pytest.mark.parametrize(
    "apdu, protocol, raw",
    [
        (Apdu(0, 0xA4, 0, 0), T0, "00A40000"),
        (Apdu(0, 0xB0, 1, 2, ne=256), T0, "00B0010200"),
        (Apdu(0, 0xB0, 1, 2, ne=231), T0, "00B00102E7"),
        (Apdu(0, 0xA4, 9, 4, b"\x3f\x00"), T0, "00A40904023F00"),
        (Apdu(0, 0xA4, 9, 4, b"\x3f\x00", ne=256), T0, "00A40904023F00"),
        (Apdu(0, 0xA4, 9, 4, b"\x3f\x00", ne=256), T1, "00A40904023F0000"),
    ],
)
def test_encoding(apdu: Apdu, protocol: Protocol7816, raw: str) -> None:
    assert apdu.encode(protocol) == bytes.fromhex(raw)


def test_waiting_data_is_fetched_in_pieces() -> None:
    answers = iter(["6100", "AA" * 256 + "6110", "BB" * 16 + "9000"])
    channel = Scripted(lambda _: bytes.fromhex(next(answers)))
    answer = Wire(channel).send(Apdu(0, 0xCB, 0x3F, 0xFF, b"\x4d\x00", ne=256))
    assert answer == (b"\xaa" * 256 + b"\xbb" * 16, 0x9000)
    assert channel.sent[1:] == [bytes.fromhex("00C0000000"), bytes.fromhex("00C0000010")]


def test_the_length_that_the_card_wants_is_used_once() -> None:
    channel = Scripted(lambda raw: b"\xaa" * 12 + b"\x90\x00" if raw[4] == 12 else b"\x6c\x0c")
    assert Wire(channel).send(Apdu(0, 0xB0, 0, 0, ne=231)).data == b"\xaa" * 12
    stubborn = Scripted(lambda _: b"\x6c\x0c")
    assert Wire(stubborn).send(Apdu(0, 0xB0, 0, 0, ne=231)).sw == 0x6C0C
    assert len(stubborn.sent) == 2


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x2C])
def test_a_command_with_a_pin_is_never_resent(ins: int) -> None:
    channel = Scripted(lambda _: b"\x6c\x04")
    Wire(channel).send(Apdu(0, ins, 0, 1, bytearray(b"1234")))
    assert len(channel.sent) == 1


def test_long_data_is_chained() -> None:
    channel = Scripted(lambda _: b"\x90\x00")
    Wire(channel).send(Apdu(0, 0x2A, 0x80, 0x86, bytes(600)))
    assert [(raw[0], raw[4]) for raw in channel.sent] == [(0x10, 255), (0x10, 255), (0x00, 90)]


def test_chaining_stops_where_the_card_refuses() -> None:
    channel = Scripted(lambda _: b"\x68\x84")
    assert Wire(channel).send(Apdu(0, 0x2A, 0x80, 0x86, bytes(600))).sw == 0x6884
    assert len(channel.sent) == 1


@pytest.mark.parametrize("answer", [b"\x61\x05", b"\x61\x00", b"A" * 5 + b"\x61\x05", b"A" * 256 + b"\x61\x00"])
def test_endless_waiting_data_ends(answer: bytes) -> None:
    channel = Scripted(lambda _: answer)
    with pytest.raises(MalformedCard):
        Wire(channel).send(Apdu(0, 0xA4, 9, 4, b"\x3f\x00"))
    assert len(channel.sent) <= 700


def test_the_deadline_ends_a_slow_card() -> None:
    now = [0.0]

    def answer(_: bytes) -> bytes:
        now[0] += 1.0
        return b"A\x61\x01"

    wire = Wire(Scripted(answer), Budget(clock=lambda: now[0]))
    wire.budget.start(10.0)
    with pytest.raises(CardTimeout):
        wire.send(Apdu(0, 0xA4, 9, 4, b"\x3f\x00"))
    assert now[0] == 11.0


def _file(content: bytes) -> Callable[[bytes], bytes]:
    def read(raw: bytes) -> bytes:
        offset, wanted = raw[2] << 8 | raw[3], raw[4] or 256
        if offset >= len(content):
            return b"\x6b\x00"
        left = len(content) - offset
        return content[offset : offset + wanted] + b"\x90\x00" if wanted <= left else bytes([0x6C, left])

    return read


@given(st.integers(1, 2000), st.integers(1, 2500))
def test_reading_a_file(length: int, asked: int) -> None:
    content = bytes(i % 251 for i in range(length))
    channel = Scripted(_file(content))
    assert Wire(channel).read_binary(asked) == content[:asked]
    assert all(len(raw) == 5 and raw[4] <= 231 for raw in channel.sent)


def test_a_card_that_gives_more_than_asked_is_refused() -> None:
    with pytest.raises(MalformedCard):
        Wire(Scripted(lambda _: b"A" * 250 + b"\x90\x00")).read_binary(100)


def test_a_refused_read_says_its_status_word() -> None:
    with pytest.raises(CardRefusal) as caught:
        Wire(Scripted(lambda _: b"\x69\x82")).read_binary(10)
    assert caught.value.sw == 0x6982


@given(st.lists(st.binary(min_size=2, max_size=300), min_size=1, max_size=20), st.integers(1, 32767))
def test_any_answers_end_in_data_or_a_typed_error(answers: list[bytes], size: int) -> None:
    turn = iter(range(10**6))
    channel = Scripted(lambda _: answers[next(turn) % len(answers)])
    try:
        data = Wire(channel).read_binary(size)
    except CardError:
        return
    assert len(data) <= size


def test_a_pin_shows_in_no_representation_and_is_overwritten_on_the_way() -> None:
    pin = bytearray(b"1234")
    apdu = Apdu(0, 0x20, 0, 1, pin)
    assert "31323334" not in repr(apdu)
    assert "1234" not in repr(apdu)
    kept: list[bytearray] = []

    class Keeping(Scripted):
        def transmit(self, command: bytes | bytearray) -> tuple[bytes, int]:
            assert isinstance(command, bytearray)
            kept.append(command)
            return super().transmit(command)

    Wire(Keeping(lambda _: b"\x90\x00")).send(apdu)
    assert kept == [bytearray(9)]
