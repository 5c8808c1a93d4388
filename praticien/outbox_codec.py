"""A submission as bytes and back: explicit, versioned JSON followed by the documents' contents.

Layout: four-byte length, JSON in UTF-8, then the contents one after another. Only the value types named here exist in
it; anything else raises CodecError. No pickle: bytes from a disk never become code.
"""

from __future__ import annotations

import json
import struct
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

VERSION = 1
_LENGTH = struct.Struct(">I")

T = TypeVar("T")


class CodecError(ValueError):
    """The bytes are not what this version writes. The text never quotes a value."""


def pack(value: Any) -> bytes:
    """A dataclass tree (str, int, bool, datetime, Enum, tuple, bytes, nested) as bytes."""
    contents: list[bytes] = []
    plain = {"version": VERSION, "value": _plain(value, contents), "sizes": [len(c) for c in contents]}
    head = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(head)), head, *contents])


def unpack(kind: type[T], data: bytes) -> T:
    """The value of type ``kind`` that ``pack`` wrote. Raises CodecError."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        head = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        if head["version"] != VERSION:
            raise CodecError("unknown version")
        contents = _cut(data, _LENGTH.size + length, head["sizes"])
        value: T = _typed(kind, head["value"], contents)
    except (struct.error, KeyError, TypeError, IndexError, ValueError, RecursionError) as error:
        raise CodecError(type(error).__name__) from None
    return value


def _cut(data: bytes, start: int, sizes: list[int]) -> list[bytes]:
    contents = []
    for size in sizes:
        contents.append(data[start : start + size])
        start += size
    if start != len(data) or any(size < 0 for size in sizes):
        raise CodecError("sizes do not add up")
    return contents


def _plain(value: Any, contents: list[bytes]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name), contents) for field in fields(value)}
    if isinstance(value, bytes):
        contents.append(value)
        return len(contents) - 1
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item, contents) for item in value]
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"no form for {type(value).__name__}")


def _typed(kind: Any, plain: Any, contents: list[bytes]) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return None if plain is None else _typed(_without_none(kind), plain, contents)
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], item, contents) for item in _expect(list, plain))
    if is_dataclass(kind):
        return _dataclass(kind, _expect(dict, plain), contents)
    return contents[_expect(int, plain)] if kind is bytes else _scalar(kind, plain)


def _scalar(kind: Any, plain: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(_expect(str, plain))
    return kind(plain) if issubclass(kind, Enum) else _expect(kind, plain)


def _dataclass(kind: Any, plain: dict[str, Any], contents: list[bytes]) -> Any:
    """A field that is absent takes its default (an older version of the type); an unknown one is an error."""
    hints = _hints(kind)
    if not plain.keys() <= hints.keys():
        raise CodecError("unknown field")
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    if not required <= plain.keys():
        raise CodecError("missing field")
    return kind(**{name: _typed(hints[name], value, contents) for name, value in plain.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _without_none(kind: Any) -> Any:
    (only,) = [arm for arm in get_args(kind) if arm is not type(None)]
    return only


def _expect(kind: type[T], plain: Any) -> T:
    if type(plain) is not kind:
        raise CodecError("wrong type")
    return plain
