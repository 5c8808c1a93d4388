"""Command APDUs and the processors that carry them (ISO/IEC 7816-3 clause 12, 7816-4 clause 5).

Each processor decorates the next: command chaining, then GET RESPONSE on 61xx, then one resend on 6Cxx, then the
encoding for the card's protocol. Everything is counted by a Budget, so that no card can hang or flood us.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from card_reader.errors import CardRefusal, CardTimeout, MalformedCard
from card_reader.transport import Channel, Protocol7816

READ_CHUNK = 231
MAX_FILE = 32767
_SHORT_DATA = 255
_SECRET_INS = (0x20, 0x24, 0x2C)


@dataclass(frozen=True, slots=True, repr=False)
class Apdu:
    """A command. ``ne`` is the most bytes expected back: None for none, 256 for as many as a short answer holds."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes | bytearray = b""
    ne: int | None = None

    def __repr__(self) -> str:
        data = f"{len(self.data)} bytes" if self.ins in _SECRET_INS else bytes(self.data).hex()
        return f"Apdu({self.cla:02X} {self.ins:02X} {self.p1:02X} {self.p2:02X}, {data}, {self.ne})"

    def encode(self, protocol: Protocol7816) -> bytearray:
        """Short form; T=0 has no command with both data and Le, so Le is dropped there."""
        raw = bytearray((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            raw.append(len(self.data))
            raw += self.data
        if self.ne is not None and not (self.data and protocol is Protocol7816.T0):
            raw.append(self.ne & 0xFF)
        return raw


class Answer(NamedTuple):
    """Data and status word."""

    data: bytes
    sw: int


class Processor(Protocol):
    """Carries one command to the card and brings its answer."""

    def send(self, apdu: Apdu) -> Answer:
        """Raises transport errors, MalformedCard, CardTimeout."""


class Budget:
    """How much one operation may cost: commands, bytes received, seconds."""

    def __init__(
        self, *, commands: int = 600, size: int = 131_072, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = commands, size
        self._clock = clock
        self.start(float("inf"))

    def start(self, seconds: float) -> None:
        """A new operation begins."""
        self._commands, self._size = self._limits
        self._end = self._clock() + seconds

    def spend_command(self) -> None:
        """Raises CardTimeout after the deadline, MalformedCard when the card asks for command after command."""
        if self._clock() > self._end:
            raise CardTimeout
        self._commands -= 1
        if self._commands < 0:
            raise MalformedCard("too many commands")

    def spend_bytes(self, count: int) -> None:
        """Raises MalformedCard when the card floods us."""
        self._size -= count
        if self._size < 0:
            raise MalformedCard("too much data")


class Encoder:
    """The last processor: encodes, transmits, counts; overwrites what it encoded."""

    def __init__(self, channel: Channel, budget: Budget) -> None:
        self._channel, self._budget = channel, budget

    def send(self, apdu: Apdu) -> Answer:
        """One exchange."""
        self._budget.spend_command()
        raw = apdu.encode(self._channel.protocol)
        try:
            data, sw = self._channel.transmit(raw)
        finally:
            raw[:] = bytes(len(raw))
        self._budget.spend_bytes(len(data))
        return Answer(data, sw)


class CorrectLength:
    """6Cxx: the same command once more with the length the card wants. Never for a command that carries a PIN."""

    def __init__(self, inner: Processor) -> None:
        self._inner = inner

    def send(self, apdu: Apdu) -> Answer:
        """At most two exchanges."""
        answer = self._inner.send(apdu)
        if answer.sw >> 8 != 0x6C or apdu.ins in _SECRET_INS:
            return answer
        return self._inner.send(replace(apdu, ne=answer.sw & 0xFF or 256))


class GetResponse:
    """61xx: fetch what waits; the budget ends an endless card, an empty promise is refused at once."""

    def __init__(self, inner: Processor) -> None:
        self._inner = inner

    def send(self, apdu: Apdu) -> Answer:
        """One exchange and as many GET RESPONSE as the card announces."""
        answer = self._inner.send(apdu)
        data = bytearray(answer.data)
        while answer.sw >> 8 == 0x61:
            answer = self._inner.send(Apdu(apdu.cla & 0x03, 0xC0, 0, 0, ne=answer.sw & 0xFF or 256))
            if answer.sw >> 8 == 0x61 and not answer.data:
                raise MalformedCard("61xx without data")
            data += answer.data
        return Answer(bytes(data), answer.sw)


class Chaining:
    """More than 255 bytes of data: several commands, all but the last with CLA bit 10."""

    def __init__(self, inner: Processor) -> None:
        self._inner = inner

    def send(self, apdu: Apdu) -> Answer:
        """Stops at the first part that is refused."""
        data = apdu.data
        while len(data) > _SHORT_DATA:
            part, data = data[:_SHORT_DATA], data[_SHORT_DATA:]
            answer = self._inner.send(replace(apdu, cla=apdu.cla | 0x10, data=part, ne=None))
            if answer.sw != 0x9000:
                return answer
        return self._inner.send(replace(apdu, data=data))


class Wire:
    """The whole chain over one channel, and the few commands that every card knows."""

    def __init__(self, channel: Channel, budget: Budget | None = None, logical: int = 0) -> None:
        self.channel = channel
        self.budget = budget or Budget()
        self._logical = logical
        self._chain = Chaining(GetResponse(CorrectLength(Encoder(channel, self.budget))))

    def send(self, apdu: Apdu) -> Answer:
        """Send, whatever the answer."""
        return self._chain.send(replace(apdu, cla=apdu.cla | self._logical) if self._logical else apdu)

    def on_logical_channel(self, number: int) -> Wire:
        """The same connection and budget, on a logical channel of the card (1 to 3)."""
        return Wire(self.channel, self.budget, number)

    def expect(self, apdu: Apdu, what: str) -> bytes:
        """Send; the data of a 9000 answer. Raises CardRefusal naming ``what``."""
        answer = self.send(apdu)
        if answer.sw != 0x9000:
            raise CardRefusal(answer.sw, what)
        return answer.data

    def read_binary(self, size: int, start: int = 0) -> bytes:
        """Bytes ``start`` to ``size`` of the selected file, fewer when it ends before. Raises CardRefusal."""
        if size > MAX_FILE:
            raise MalformedCard("file larger than READ BINARY can address")
        content = bytearray()
        while start + len(content) < size:
            offset = start + len(content)
            wanted = min(READ_CHUNK, size - offset)
            answer = self.send(Apdu(0x00, 0xB0, offset >> 8, offset & 0xFF, ne=wanted))
            if answer.sw not in (0x9000, 0x6282, 0x6B00) or (answer.sw == 0x6B00 and not offset):
                raise CardRefusal(answer.sw, "READ BINARY")
            if len(answer.data) > wanted:
                raise MalformedCard("more data than asked for")
            content += answer.data
            if len(answer.data) < wanted:
                break
        return bytes(content)
