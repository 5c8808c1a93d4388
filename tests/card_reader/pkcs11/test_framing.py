"""Messages between us and the helper, whatever bytes come."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.errors import MalformedCard
from card_reader.pkcs11 import framing


class Trickle(io.RawIOBase):
    """A pipe that takes and gives a few bytes at a time."""

    def __init__(self, content: bytes = b"", step: int = 3) -> None:
        self.content, self._step = bytearray(content), step

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._step, len(self.content))
        buffer[:count] = self.content[:count]
        del self.content[:count]
        return count

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        self.content += data[: self._step]
        return min(len(data), self._step)


@given(st.lists(st.binary(max_size=300), max_size=6), st.integers(1, 50))
def test_what_is_written_is_read(fields: list[bytes], step: int) -> None:
    pipe = Trickle(step=step)
    framing.write(pipe, framing.pack(*fields))
    framing.write(pipe, framing.pack(b"next"))
    assert framing.read(pipe) == fields
    assert framing.read(pipe) == [b"next"]
    assert framing.read(pipe) is None


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_understood(body: bytes) -> None:
    try:
        fields = framing.unpack(body)
    except MalformedCard:
        return
    assert framing.pack(*fields)[4:] == body


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=4), st.data())
def test_a_message_cut_short_is_the_end(fields: list[bytes], data: st.DataObject) -> None:
    message = bytes(framing.pack(*fields))
    cut = data.draw(st.integers(0, len(message) - 1))
    assert framing.read(Trickle(message[:cut])) is None


def test_a_length_that_lies_is_refused_before_any_memory_is_taken() -> None:
    with pytest.raises(MalformedCard):
        framing.read(Trickle(b"\xff\xff\xff\xff"))
