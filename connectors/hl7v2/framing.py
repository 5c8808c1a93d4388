"""MLLP frames: VT, message, FS CR. Bytes come in pieces of any size; what is between frames is bounded."""

from __future__ import annotations

from connectors.hl7v2.er7 import MAX_BYTES
from connectors.hl7v2.errors import Hl7Problem, MessageTooBig

START, END = b"\x0b", b"\x1c\r"
_MAX_BETWEEN = 1024


class NotFramed(Hl7Problem):
    """Something else than MLLP is spoken on this connection."""

    code = "hl7.not_framed"
    condition = "100"


class Deframer:
    """Cuts a stream into messages. After an error nothing more can be understood: the connection ends."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._inside = False
        self._searched = 0

    @property
    def is_inside(self) -> bool:
        """A message has begun and is not whole yet."""
        return self._inside

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole now. Raises MessageTooBig, NotFramed."""
        self._buffer += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def _next(self) -> bytes | None:
        if not self._inside:
            self._begin()
        if not self._inside:
            return None
        end = self._buffer.find(END, max(self._searched - 1, 0))
        if end < 0:
            self._searched = len(self._buffer)
            if len(self._buffer) > self._limit:
                raise MessageTooBig("bytes")
            return None
        if end > self._limit:
            raise MessageTooBig("bytes")
        message = bytes(self._buffer[:end])
        del self._buffer[: end + len(END)]
        self._inside, self._searched = False, 0
        return message

    def _begin(self) -> None:
        start = self._buffer.find(START)
        between = len(self._buffer) if start < 0 else start
        if between > _MAX_BETWEEN or bytes(self._buffer[:between]).strip(b"\r\n \x1c\x00"):
            raise NotFramed("VT expected")
        del self._buffer[: between + (start >= 0)]
        self._inside = start >= 0


def framed(message: bytes) -> bytes:
    """A message ready to be sent."""
    return START + message + END
