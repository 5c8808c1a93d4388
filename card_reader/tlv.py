"""BER-TLV, read strictly and within bounds (ISO/IEC 7816-4 annex E, X.690): a card is input like any other.

Tags of one to three bytes, definite lengths of one to four bytes, at most ``MAX_ELEMENTS`` a level. Anything else
raises MalformedCard; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from card_reader.errors import MalformedCard

MAX_ELEMENTS = 512
_PADDING = (0x00, 0xFF)


@dataclass(frozen=True, slots=True, repr=False)
class Tlv:
    """One element: ``tag`` as the big-endian number of its bytes (0x5A, 0x7F41, 0xBF8101) and its value."""

    tag: int
    value: bytes

    def __repr__(self) -> str:  # values may hold a name or a NIR
        return f"Tlv({self.tag:X}, {len(self.value)} bytes)"

    @property
    def is_constructed(self) -> bool:
        """Bit 6 of the first tag byte."""
        first = self.tag >> (8 * ((self.tag.bit_length() + 7) // 8 - 1)) if self.tag else 0
        return bool(first & 0x20)

    def children(self) -> tuple[Tlv, ...]:
        """The elements inside. Raises MalformedCard when the tag is primitive or the content is no TLV."""
        if not self.is_constructed:
            raise MalformedCard("primitive element where a constructed one was expected")
        return parse(self.value)

    def child(self, tag: int) -> Tlv:
        """The first element inside with ``tag``. Raises MalformedCard."""
        return find(self.children(), tag)


def parse(data: bytes, *, padded: bool = False) -> tuple[Tlv, ...]:
    """All elements of ``data``; ``padded`` lets 00 or FF bytes fill the end (files longer than their content)."""
    return tuple(_walk(bytes(data), padded))


def find(elements: tuple[Tlv, ...], tag: int) -> Tlv:
    """The first element with ``tag``. Raises MalformedCard when there is none."""
    found = find_optional(elements, tag)
    if found is None:
        raise MalformedCard(f"element {tag:X} missing")
    return found


def find_optional(elements: tuple[Tlv, ...], tag: int) -> Tlv | None:
    """The first element with ``tag``, or None."""
    return next((element for element in elements if element.tag == tag), None)


def dig(data: bytes, *tags: int) -> Tlv:
    """Follow ``tags`` from the top level of ``data`` downwards. Raises MalformedCard."""
    element = find(parse(data, padded=True), tags[0])
    for tag in tags[1:]:
        element = element.child(tag)
    return element


def encode(tag: int, *values: bytes) -> bytes:
    """One element holding ``values`` one after the other; shortest form of the length."""
    value = b"".join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + _encode_length(len(value)) + value


def _encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 | size]) + length.to_bytes(size, "big")


def _walk(data: bytes, padded: bool) -> Iterator[Tlv]:
    position, count = 0, 0
    while position < len(data):
        if padded and _only_padding(data, position):
            return
        tag, position = _read_tag(data, position)
        length, position = _read_length(data, position)
        if position + length > len(data):
            raise MalformedCard("length goes beyond the data")
        count += 1
        if count > MAX_ELEMENTS:
            raise MalformedCard("too many elements")
        yield Tlv(tag, data[position : position + length])
        position += length


def _only_padding(data: bytes, position: int) -> bool:
    return data[position] in _PADDING and data.count(data[position], position) == len(data) - position


def _read_tag(data: bytes, position: int) -> tuple[int, int]:
    start = position
    more = data[position] & 0x1F == 0x1F
    position += 1
    while more:
        if position >= len(data) or position - start > 2:
            raise MalformedCard("tag cut short or longer than three bytes")
        more = bool(data[position] & 0x80)
        position += 1
    tag = int.from_bytes(data[start:position], "big")
    if tag in _PADDING:
        raise MalformedCard("padding where an element was expected")
    return tag, position


def _read_length(data: bytes, position: int) -> tuple[int, int]:
    if position >= len(data):
        raise MalformedCard("length missing")
    first = data[position]
    position += 1
    if first < 0x80:
        return first, position
    size = first & 0x7F
    if not 1 <= size <= 4 or position + size > len(data):
        raise MalformedCard("length form not allowed or cut short")
    return int.from_bytes(data[position : position + size], "big"), position + size
