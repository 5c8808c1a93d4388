"""The T=0 manners of a contact card (ISO/IEC 7816-3 clause 12, 7816-4 clause 5).

An answer to a command without Le waits behind 61xx for GET RESPONSE; a wrong Le is refused with 6Cxx and the right
length; there is no extended length, and no command with both data and Le; command chaining (CLA 10) is collected.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

from card_reader.virtual.card import Command, StatusWord, parse_command

_GET_RESPONSE = 0xC0
_CHAINED = 0x10
_CHAIN_LIMIT = 2048


class T0Card(ABC):
    """Subclasses answer whole commands in ``execute``; this class does the transport.

    A card that offers T=1 as well (``speaks_t1_too``) also takes data and Le in one command: nobody tells it which
    protocol the reader chose.
    """

    speaks_t1_too: ClassVar[bool] = False

    def __init__(self, atr: bytes) -> None:
        self._atr = atr
        self._pending = b""
        self._chained = b""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    def power_on(self) -> None:
        """Cold reset."""
        self.reset()

    def reset(self) -> None:
        """Warm reset."""
        self._pending = self._chained = b""
        self.forget()

    @abstractmethod
    def forget(self) -> None:
        """Drop every state that a reset drops."""

    @abstractmethod
    def execute(self, command: Command) -> bytes:
        """Data of the answer (9000), or raise StatusWord. ``command.le`` is only a hint (READ BINARY)."""

    def transmit(self, command: bytes) -> bytes:
        """One TPDU in, data and status word out."""
        try:
            data, sw = self._answer(parse_command(command))
        except StatusWord as status:
            data, sw = b"", status.sw
        return data + sw.to_bytes(2, "big")

    def _answer(self, command: Command) -> tuple[bytes, int]:
        if command.data and command.le is not None and not self.speaks_t1_too:
            raise StatusWord(0x6700)  # T=0 has no case 4
        if command.ins == _GET_RESPONSE:
            return self._get_response(command)
        self._pending = b""
        if command.cla & _CHAINED:
            return self._collect(command)
        whole = replace(command, data=self._chained + command.data)
        self._chained = b""
        return self._deliver(self.execute(whole), command.le)

    def _collect(self, command: Command) -> tuple[bytes, int]:
        self._chained += command.data
        if len(self._chained) > _CHAIN_LIMIT:
            self._chained = b""
            raise StatusWord(0x6884)
        return b"", 0x9000

    def _get_response(self, command: Command) -> tuple[bytes, int]:
        if not self._pending:
            raise StatusWord(0x6985)
        wanted, available = command.le or 256, min(len(self._pending), 256)
        if wanted > available:
            raise StatusWord(0x6C00 | available & 0xFF)
        data, self._pending = self._pending[:wanted], self._pending[wanted:]
        return data, self._waiting()

    def _deliver(self, data: bytes, le: int | None) -> tuple[bytes, int]:
        if not data:
            return b"", 0x9000
        if le is None:
            self._pending = data
            return b"", self._waiting()
        if le > len(data):
            raise StatusWord(0x6C00 | len(data) & 0xFF)
        self._pending = data[le:]
        return data[:le], self._waiting()

    def _waiting(self) -> int:
        return 0x6100 | min(len(self._pending), 256) & 0xFF if self._pending else 0x9000
