"""The trace as a file that proves itself: chain of hashes, a signature a row, a signed end. Knows no database.

One JSON object a line, in canonical form: a header, then every row of the log in order, then the end. A row that was
not asked for shows its hash alone, so an extract is verified as the whole log is. Patients, reasons and whatever is
not a plain identifier travel as keyed hashes (``storage.seal``). Source: facts protocol 7, EX_AIR-120.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from praticien.errors import InvalidInput

FORMAT = "praticien-trace/2"
FORMER_FORMAT = "praticien-trace/1"
"""Rows did not say the hash of the row before; what links them is computed, so that files of that time still verify."""
GENESIS = "0" * 64
_MAX_LINE = 1024 * 1024
Line = dict[str, Any]


class TraceFileUnreadable(InvalidInput):
    """No exported trace: absent, or without a readable header."""

    code = "server.trace_unreadable"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found. ``altered`` is the number of the first row that does not hold, None when all do.

    ``fingerprint`` (SHA-256 of the public key, hex) says who signed: compare it with the server's own.
    """

    count: int
    shown: int
    fingerprint: str
    altered: int | None = None
    why: str = ""


class _Altered(Exception):
    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number, self.why = number, why


def canonical(value: object) -> bytes:
    """The one way to write a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_digest(row: Line) -> str:
    """Hash of what a row says (hex)."""
    return hashlib.sha256(canonical(row)).hexdigest()


def link(number: int, previous: str, content: str) -> str:
    """Hash of a row with its place and all rows before it (hex)."""
    return hashlib.sha256(canonical([number, previous, content])).hexdigest()


def fingerprint(public_key: bytes) -> str:
    """How a signing key is named."""
    return hashlib.sha256(public_key).hexdigest()


def write(header: Line, rows: Iterable[Line], sign: Callable[[bytes], str]) -> Iterator[bytes]:
    """Lines of a file: ``rows`` have number, previous, content, digest, signature, and ``row`` when they are shown."""
    header = {"format": FORMAT, **header}
    yield canonical(header) + b"\n"
    count, head, shown = 0, GENESIS, list[int]()
    for row in rows:
        count, head = row["number"], row["digest"]
        shown += [count] if "row" in row else []
        yield canonical(row) + b"\n"
    end: Line = {"count": count, "head": head, "shown": shown}
    yield canonical({**end, "signature": sign(canonical([header, end]))}) + b"\n"


def verify(path: Path) -> Report:
    """Read a whole file, in bounded memory a line. Raises TraceFileUnreadable."""
    try:
        with path.open("rb") as file:
            header = _line(file) or {}
            key = _key(header)
            return _verified(file, header, key)
    except OSError as error:
        raise TraceFileUnreadable("no such file") from error


def _key(header: Line) -> Ed25519PublicKey:
    try:
        if header["format"] not in (FORMAT, FORMER_FORMAT):
            raise TraceFileUnreadable("format")
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(header["public_key"], validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise TraceFileUnreadable("header") from error


def _line(file: BinaryIO) -> Line | None:
    """The next line; None when it is absent, too long, or not written in the one way."""
    octets = file.readline(_MAX_LINE)
    try:
        value = json.loads(octets)
        return value if isinstance(value, dict) and canonical(value) + b"\n" == octets else None
    except (ValueError, RecursionError):
        return None


def _verified(file: BinaryIO, header: Line, key: Ed25519PublicKey) -> Report:
    name = fingerprint(key.public_bytes_raw())
    count, shown, head = 0, list[int](), GENESIS
    try:
        while True:
            line = _line(file)
            if line is None:
                raise _Altered(count + 1, "ligne absente, coupée ou illisible")
            if "count" in line:
                break
            head = _row(line, count + 1, head, key, linked=header["format"] != FORMER_FORMAT)
            count += 1
            shown += [count] if "row" in line else []
        _end(line, header, key, (count, head, shown))
        if file.read(1):
            raise _Altered(count + 1, "des lignes suivent la fin signée")
    except _Altered as broken:
        return Report(count, len(shown), name, broken.number, broken.why)
    return Report(count, len(shown), name)


def _row(line: Line, number: int, previous: str, key: Ed25519PublicKey, *, linked: bool) -> str:
    if line.get("number") != number:
        raise _Altered(number, "ligne retirée, ajoutée ou déplacée")
    if linked and line.get("previous") != previous:
        raise _Altered(number, "lien avec la ligne précédente modifié")
    if "row" in line and content_digest(line["row"]) != line.get("content"):
        raise _Altered(number, "contenu modifié")
    digest = link(number, previous, str(line.get("content")))
    if line.get("digest") != digest or not _signed(key, line.get("signature"), digest.encode()):
        raise _Altered(number, "empreinte ou signature fausse")
    return digest


def _end(line: Line, header: Line, key: Ed25519PublicKey, found: tuple[int, str, list[int]]) -> None:
    count, head, shown = found
    end: Line = {name: line.get(name) for name in ("count", "head", "shown")}
    if not _signed(key, line.get("signature"), canonical([header, end])):
        raise _Altered(count + 1, "en-tête ou fin modifiés")
    if (end["count"], end["head"]) != (count, head):
        raise _Altered(count + 1, "lignes retirées à la fin")
    if end["shown"] != shown:
        raise _Altered(min(set(shown) ^ set(end["shown"])), "contenu retiré de l’extrait")


def _signed(key: Ed25519PublicKey, signature: object, octets: bytes) -> bool:
    try:
        key.verify(base64.b64decode(str(signature), validate=True), octets)
    except (InvalidSignature, ValueError):
        return False
    return True
