"""Where PKCS#11 libraries are, what they say of themselves, and which of their slots is the reader that we mean."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from card_reader.errors import NoCard, NoReader, UnknownCard
from card_reader.pkcs11.errors import LibraryCrashed, LibraryMissing
from card_reader.pkcs11.process import HelperProcess

START_SECONDS = 15.0
"""To start the helper and load the library."""

_DESCRIPTION = 64  # bytes that CK_SLOT_INFO has for a reader's name
_CANDIDATES = {
    "linux": ("/opt/santesocial/CPS/lib/libcps3_pkcs11_lux.so",),
    "darwin": ("/usr/local/lib/libcps3_pkcs11_osx.dylib",),
    "win32": (
        "C:/Windows/System32/cps3_pkcs11_w64.dll"
        if sys.maxsize > 1 << 32
        else "C:/Windows/System32/cps3_pkcs11_w32.dll",
    ),
}


def candidates(system: str = sys.platform) -> tuple[Path, ...]:
    """Where ANS installs the Cryptolib CPS on ``system`` (facts B4)."""
    return tuple(Path(path) for path in _CANDIDATES.get(system, ()))


def find_library(configured: Path | None = None, known: Sequence[Path] | None = None) -> Path:
    """The configured library, else the first that is installed at a known place. Raises LibraryMissing."""
    places = [configured] if configured else (candidates() if known is None else known)
    for place in places:
        if place.is_file():
            return place
    raise LibraryMissing


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """What a library says of itself (C_GetInfo); versions as "5.2"."""

    manufacturer: str
    description: str
    version: str
    cryptoki_version: str


@dataclass(frozen=True, slots=True)
class Token:
    """A card as the library lists it: ``slot`` is its number, ``reader`` the description of its slot."""

    slot: str
    reader: str
    serial: str
    state: str


def start(library: Path) -> tuple[HelperProcess, LibraryInfo]:
    """A helper with ``library`` loaded. Raises the Library… errors, CardTimeout."""
    if not library.is_file():
        raise LibraryMissing
    helper = HelperProcess()
    try:
        answer = _texts(helper.call(START_SECONDS, "load", str(library.resolve()).encode()), 4)
    except BaseException:
        helper.kill()
        raise
    return helper, LibraryInfo(*answer)


def probe(library: Path) -> LibraryInfo:
    """Load it once to see. Raises like ``start``."""
    helper, info = start(library)
    helper.close()
    return info


def token_in(helper: HelperProcess, reader: str, seconds: float) -> Token:
    """The card in ``reader``. Raises NoCard, NoReader, UnknownCard.

    Slots bear the name of their reader; a library that names them otherwise is followed while it shows one card only.
    """
    fields = _texts(helper.call(seconds, "tokens"))
    if len(fields) % 4:
        raise LibraryCrashed("answer")
    found = [Token(*fields[i : i + 4]) for i in range(0, len(fields), 4)]
    name = reader.encode()[:_DESCRIPTION].decode("utf-8", "replace").rstrip()
    here = [token for token in found if token.reader == name]
    cards = [token for token in here or found if token.state == "token"]
    if here and cards:
        return cards[0]
    if len(cards) == 1:
        return cards[0]
    if any(token.state == "unknown" for token in here):
        raise UnknownCard
    raise NoCard if here else NoReader


def _texts(fields: list[bytearray], count: int | None = None) -> list[str]:
    if count is not None and len(fields) != count:
        raise LibraryCrashed("answer")
    return [bytes(field).decode("utf-8", "replace").rstrip("\x00 ") for field in fields]
