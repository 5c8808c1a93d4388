"""A virtual reader's keys: takes the structures of PC/SC part 10, waits for key presses, sends the command itself.

Written from part 10 alone, apart from ``card_reader.pin_pad``, so that the two check each other.
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from card_reader.pin_pad import FEATURE_REQUEST

VALIDATE, CANCEL, CORRECT = "V", "A", "C"
"""Keys beside the digits: green, red, yellow."""

_VERIFY, _MODIFY, _PROPERTIES = 0x42330006, 0x42330007, 0x42330012
_TIMEOUT, _CANCELLED, _DIFFERENT, _LENGTH, _BAD_STRUCTURE = 0x6400, 0x6401, 0x6402, 0x6403, 0x6B80
_POLL = 0.02
Exchange = Callable[[bytes | bytearray], bytes]


class _Stop(Exception):
    """Ends the entry with this status word."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


class _Verify(NamedTuple):
    """PIN_VERIFY_STRUCTURE without its data."""

    seconds: int
    seconds2: int
    format: int
    block: int
    length_format: int
    sizes: int
    condition: int
    messages: int
    language: int
    message: int
    size: int


class _Modify(NamedTuple):
    """PIN_MODIFY_STRUCTURE without its data."""

    seconds: int
    seconds2: int
    format: int
    block: int
    length_format: int
    old_at: int
    new_at: int
    sizes: int
    confirm: int
    condition: int
    messages: int
    language: int
    message1: int
    message2: int
    message3: int
    size: int


class VirtualPad:
    """``press`` is the user's finger, ``display`` the reader's screen. Without ``modify`` it only verifies."""

    def __init__(self, *, modify: bool = True, longest: int = 16, patience: float | None = None) -> None:
        self._modify, self._longest, self._patience = modify, longest, patience
        self._pressed: list[str] = []
        self._changed = threading.Condition()
        self._prompt = ""
        self._count = 0
        self.entries = 0
        """How many entries were asked for since the beginning."""

    # -- the user ------------------------------------------------------------------------------------------------

    @property
    def display(self) -> str:
        """What is asked, and a star a digit; empty while nothing is asked."""
        return f"{self._prompt} {'*' * self._count}".rstrip() if self._prompt else ""

    @property
    def is_waiting(self) -> bool:
        """Whether a code is asked for now."""
        return bool(self._prompt)

    def press(self, keys: str) -> None:
        """Press keys one after the other; they are lost while nothing is asked, as on a real reader."""
        with self._changed:
            if self._prompt:
                self._pressed += keys
                self._changed.notify_all()

    def wait_until_asked(self, seconds: float = 10.0) -> bool:
        """Until the reader asks for a code."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._prompt), seconds)

    # -- the computer --------------------------------------------------------------------------------------------

    def control(self, code: int, data: bytes, exchange: Exchange, is_gone: Callable[[], bool]) -> bytes | None:
        """A control request; None for one that this reader does not know. Sends commands through ``exchange``."""
        if code == FEATURE_REQUEST:
            return self._features()
        if code == _PROPERTIES:
            return bytes([6, 1, 0, 7, 1, self._longest])
        if code == _VERIFY or (code == _MODIFY and self._modify):
            try:
                return self._entry(code, data, exchange, is_gone)
            except _Stop as stop:
                return stop.sw.to_bytes(2, "big")
            finally:
                self._say("")
        return None

    def _features(self) -> bytes:
        codes = {0x06: _VERIFY, 0x12: _PROPERTIES} | ({0x07: _MODIFY} if self._modify else {})
        return b"".join(bytes([tag, 4]) + code.to_bytes(4, "big") for tag, code in codes.items())

    def _entry(self, code: int, data: bytes, exchange: Exchange, is_gone: Callable[[], bool]) -> bytes:
        self.entries += 1
        if code == _VERIFY:
            asked = _Verify(*_unpacked("=5BHBBHB3xI", data))
            codes = [(0, self._code("Code porteur :", asked, is_gone))]
        else:
            change = _Modify(*_unpacked("=7BH3BH3B3xI", data))
            asked, codes = _as_verify(change), self._change(change, is_gone)
        apdu = _filled(data[-asked.size :], asked.block, codes)
        try:
            return exchange(apdu)
        finally:
            for secret in (apdu, *(typed for _, typed in codes)):
                secret[:] = bytes(len(secret))

    def _change(self, asked: _Modify, is_gone: Callable[[], bool]) -> list[tuple[int, bytearray]]:
        one, codes = _as_verify(asked), []
        if asked.confirm & 0x02:
            codes.append((asked.old_at, self._code("Code actuel :", one, is_gone)))
        new = self._code("Nouveau code :", one, is_gone)
        if asked.confirm & 0x01 and self._code("Confirmez :", one, is_gone) != new:
            raise _Stop(_DIFFERENT)
        return [*codes, (asked.new_at, new)]

    def _code(self, prompt: str, asked: _Verify, is_gone: Callable[[], bool]) -> bytearray:
        """Digits until the green key."""
        self._say(prompt)
        digits, end = bytearray(), time.monotonic() + (self._patience or asked.seconds)
        while (key := self._key(end, is_gone)) != VALIDATE:
            if key == CANCEL:
                raise _Stop(_CANCELLED)
            digits = bytearray() if key == CORRECT else digits + key.encode()
            self._count = len(digits)
        if not asked.sizes >> 8 <= len(digits) <= asked.sizes & 0xFF:
            raise _Stop(_LENGTH)
        return digits

    def _key(self, end: float, is_gone: Callable[[], bool]) -> str:
        with self._changed:
            while not self._pressed:
                if is_gone() or time.monotonic() > end:
                    raise _Stop(_TIMEOUT)
                self._changed.wait(_POLL)
            return self._pressed.pop(0)

    def _say(self, prompt: str) -> None:
        with self._changed:
            if not prompt:
                self._pressed.clear()
            self._prompt, self._count = prompt, 0
            self._changed.notify_all()


def _unpacked(layout: str, data: bytes) -> tuple[int, ...]:
    """The fields, when the structure is as long as it says."""
    size = struct.calcsize(layout)
    if len(data) < size:
        raise _Stop(_BAD_STRUCTURE)
    fields = struct.unpack(layout, data[:size])
    if fields[-1] != len(data) - size or fields[-1] < 5 or fields[2] != 0x82:
        raise _Stop(_BAD_STRUCTURE)
    return fields


def _as_verify(asked: _Modify) -> _Verify:
    """What both structures say of one code."""
    return _Verify(*asked[:5], asked.sizes, asked.condition, asked.messages, asked.language, asked.message1, asked.size)


def _filled(template: bytes, block: int, codes: list[tuple[int, bytearray]]) -> bytearray:
    """The command with the codes in their places; without block size the only code is as long as it is."""
    apdu = bytearray(template)
    if not block:
        return apdu[:4] + bytes([len(codes[0][1])]) + codes[0][1]
    for place, digits in codes:
        apdu[5 + place : 5 + place + len(digits)] = digits
    return apdu
