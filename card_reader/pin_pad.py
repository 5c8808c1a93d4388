"""Codes typed on the reader's own keys (PC/SC part 10): what a reader offers, and one entry for one command.

The code goes from the keys to the card inside the reader: no byte of it passes here. Structures are in the byte order
of this machine, as part 10 and the CCID drivers want them. A code is digits in ASCII without padding.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass

from card_reader.errors import PadCancelled, PadEntriesDiffer, PadFailed, PadLength, PadTimeout
from card_reader.transport import Channel
from praticien.errors import PraticienError

FEATURE_REQUEST = 0x31 << 16 | 3400 << 2 if sys.platform == "win32" else 0x42000000 + 3400
"""Control code CM_IOCTL_GET_FEATURE_REQUEST, the only one that is the same for every reader."""

VERIFY_DIRECT, MODIFY_DIRECT, TLV_PROPERTIES = 0x06, 0x07, 0x12
_MIN_SIZE, _MAX_SIZE = 6, 7  # TLV properties
ENTRY_SECONDS = 30
"""How long the reader waits for a key before it gives up (status 6400)."""

_ASCII_FROM_THE_LEFT = 0x82  # lengths in bytes, position 0 in the data, left justified, ASCII
_ON_THE_KEY = 0x02  # the entry ends with the "validate" key
_FRENCH = 0x040C
_ERRORS: dict[int, type[PraticienError]] = {
    0x6400: PadTimeout,
    0x6401: PadCancelled,
    0x6402: PadEntriesDiffer,
    0x6403: PadLength,
    0x6B80: PadFailed,
}


@dataclass(frozen=True, slots=True)
class PinPad:
    """A reader's control codes (``modify`` is 0 where it has none) and the lengths of code that its keys take."""

    verify: int
    modify: int = 0
    shortest: int = 0
    longest: int = 255

    def takes(self, shortest: int, longest: int) -> bool:
        """Whether codes of these lengths can be typed on it."""
        return self.shortest <= shortest and longest <= self.longest

    def takes_change(self, shortest: int, longest: int) -> bool:
        """The same for two codes in one command: part 10 puts the second at a fixed place, so of one length only."""
        return bool(self.modify) and shortest == longest and self.takes(shortest, longest)


def find_pad(channel: Channel) -> PinPad | None:
    """The reader's pad, None when it has none or does not say. Raises CardRemoved, CardReset, NoService…"""
    features = _features(_asked(channel, FEATURE_REQUEST))
    verify = features.get(VERIFY_DIRECT, 0)
    if not verify:
        return None
    code = features.get(TLV_PROPERTIES, 0)
    sizes = _properties(_asked(channel, code)) if code else {}
    return PinPad(verify, features.get(MODIFY_DIRECT, 0), sizes.get(_MIN_SIZE, 0), sizes.get(_MAX_SIZE) or 255)


def enter(channel: Channel, pad: PinPad, header: bytes, shortest: int, longest: int) -> int:
    """One code typed and sent behind ``header`` (CLA INS P1 P2); the card's status word.

    Raises PadTimeout, PadCancelled, PadLength, PadFailed (nothing was sent to the card), transport errors.
    """
    return _status(channel, pad.verify, verify_structure(header, shortest, longest))


def enter_change(channel: Channel, pad: PinPad, header: bytes, length: int, *, with_present: bool) -> int:
    """The present code (unless not ``with_present``) and the new one twice, sent together behind ``header``.

    Raises as ``enter``, and PadEntriesDiffer.
    """
    return _status(channel, pad.modify, modify_structure(header, length, with_present=with_present))


def verify_structure(header: bytes, shortest: int, longest: int) -> bytes:
    """PIN_VERIFY_STRUCTURE. The block has a size when only one length is possible, else the reader counts the keys."""
    block = longest if shortest == longest else 0
    apdu = header + bytes([block]) + b"\xff" * block
    fields = (ENTRY_SECONDS, ENTRY_SECONDS, _ASCII_FROM_THE_LEFT, block, 0)
    start = struct.pack("=5BHBBHB3xI", *fields, shortest << 8 | longest, _ON_THE_KEY, 1, _FRENCH, 0, len(apdu))
    return start + apdu


def modify_structure(header: bytes, length: int, *, with_present: bool) -> bytes:
    """PIN_MODIFY_STRUCTURE for two codes of ``length``, or for the new one alone."""
    new_at = length if with_present else 0
    apdu = header + bytes([new_at + length]) + b"\xff" * (new_at + length)
    fields = (ENTRY_SECONDS, ENTRY_SECONDS, _ASCII_FROM_THE_LEFT, length, 0, 0, new_at)
    confirm = 0x03 if with_present else 0x01  # the new code twice, the present one first
    messages = (0, 1, 2)
    return (
        struct.pack("=7BH3BH3B3xI", *fields, length << 8 | length, confirm, _ON_THE_KEY, 3 if with_present else 2,
                    _FRENCH, *messages, len(apdu))
        + apdu
    )  # fmt: skip


def _status(channel: Channel, code: int, structure: bytes) -> int:
    answer = channel.control(code, structure)
    if len(answer) != 2:
        raise PadFailed("answer without status word")
    sw = int.from_bytes(answer, "big")
    if sw in _ERRORS:
        raise _ERRORS[sw](f"{sw:04X}")
    return sw


def _asked(channel: Channel, code: int) -> bytes:
    """What the reader says of itself; nothing when it does not know the question."""
    try:
        return channel.control(code, b"")
    except PadFailed:
        return b""


def _features(answer: bytes) -> dict[int, int]:
    """Control codes by feature: tag, length 4, code in network order. What is not so shaped ends the list."""
    return {tag: int.from_bytes(value, "big") for tag, value in _pairs(answer) if len(value) == 4}


def _properties(answer: bytes) -> dict[int, int]:
    """Numbers by property, in little-endian order as part 10 writes them."""
    return {tag: int.from_bytes(value, "little") for tag, value in _pairs(answer)}


def _pairs(answer: bytes) -> list[tuple[int, bytes]]:
    pairs, position = [], 0
    while position + 2 <= len(answer):
        tag, length = answer[position], answer[position + 1]
        value = answer[position + 2 : position + 2 + length]
        if len(value) < length:
            break
        pairs.append((tag, value))
        position += 2 + length
    return pairs
