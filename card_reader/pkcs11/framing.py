"""Messages between us and the helper process: a four-byte length, then fields, each after its own four-byte length.

Fields are bytes and nothing else: no message makes the other side build an object or run anything. Buffers that may
hold a PIN are bytearrays that their owner overwrites.
"""

from __future__ import annotations

from typing import BinaryIO

from card_reader.errors import MalformedCard

LARGEST = 1 << 24
_SIZE = 4


def pack(*fields: bytes | bytearray) -> bytearray:
    """One message, in a buffer of its own that is never moved."""
    body = sum(_SIZE + len(field) for field in fields)
    message = bytearray(_SIZE + body)
    message[:_SIZE] = body.to_bytes(_SIZE, "big")
    position = _SIZE
    for field in fields:
        message[position : position + _SIZE] = len(field).to_bytes(_SIZE, "big")
        position += _SIZE
        message[position : position + len(field)] = field
        position += len(field)
    return message


def unpack(body: bytes | bytearray) -> list[bytearray]:
    """The fields of a message without its first length. Raises MalformedCard."""
    fields, position = [], 0
    while position < len(body):
        start = position + _SIZE
        end = start + int.from_bytes(body[position:start], "big")
        if start > len(body) or end > len(body):
            raise MalformedCard("message of the helper")
        fields.append(bytearray(memoryview(body)[start:end]))
        position = end
    return fields


def write(stream: BinaryIO, message: bytearray) -> None:
    """All of it, whatever the pipe takes at a time. Raises OSError. ``stream`` is unbuffered: no copy stays behind."""
    rest = memoryview(message)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def read(stream: BinaryIO) -> list[bytearray] | None:
    """The next message, None when the other side is gone. Raises MalformedCard. ``stream`` is unbuffered."""
    head = _exactly(stream, _SIZE)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    if length > LARGEST:
        raise MalformedCard("message of the helper")
    body = _exactly(stream, length)
    if body is None:
        return None
    fields = unpack(body)
    body[:] = bytes(len(body))
    return fields


def _exactly(stream: BinaryIO, length: int) -> bytearray | None:
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]  # unbuffered streams have it
        if not count:
            return None
        rest = rest[count:]
    return data
