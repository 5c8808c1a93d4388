"""What a CPx card says of itself: certificates, PIN rules, keys and situations, in as few commands as can be.

On a real card each command costs some ten milliseconds and each byte about one, either way. So:

* a directory is selected without its file control parameters and read at the length that it usually has. Too long a
  guess is corrected by the card (6Cxx), too short a one is read on only when something is missing: a wrong guess costs
  one command more than asking for the parameters, and is remembered for the next card;
* key references and PIN rules are read when the PIN is first asked for, not to tell who holds the card;
* situations are those that the card's directory of data objects lists.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from card_reader.certificates import CardCertificate, read_certificate
from card_reader.cps3 import ALL_SITUATIONS, FIRST_SITUATION, ODF, Cps3
from card_reader.errors import CardRefusal, MalformedCard, NoCertificate
from card_reader.pkcs15 import (
    AUTHENTICATION_OBJECTS,
    CERTIFICATES,
    DATA_OBJECTS,
    PRIVATE_KEYS,
    CertificateEntry,
    KeyEntry,
    PinEntry,
    parse_certificates,
    parse_data_objects,
    parse_odf,
    parse_pin,
    parse_private_keys,
)
from praticien.professional import PracticeSituation

_T = TypeVar("_T")
_OBJECTS = 0
_USUAL_LENGTHS = {_OBJECTS: 48, CERTIFICATES: 88, PRIVATE_KEYS: 117, AUTHENTICATION_OBJECTS: 59}
"""Bytes of each directory on the cards known here, the virtual ones; those of real cards are not public."""
_SIGNATURE_IDS, _AUTHENTICATION_IDS = (0x10, 0x01), (0x20, 0x02)
"""Last byte of CKA_ID: as the Cryptolib shows it, and as one published dump of a real card's PrKDF has it."""
_WRONG_LENGTH = 0x6700


@dataclass(frozen=True, slots=True)
class Profile:
    """Who holds a card: serial number (ten digits), both certificates; and where its other directories are."""

    serial: str
    signature: CardCertificate
    authentication: CardCertificate
    directories: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to use the card: PIN rules, and the references of the two keys."""

    pin: PinEntry
    signature_key: int
    authentication_key: int


class ProfileReader:
    """Reads one card. ``lengths`` (path to bytes) is what was learned of the directories of others."""

    def __init__(self, card: Cps3, lengths: dict[bytes, int]) -> None:
        self._card, self._lengths = card, lengths

    def profile(self, serial: str) -> Profile:
        """Through ODF and CDF. Raises NoCertificate, MalformedCard."""
        directories = self._directory(ODF, _OBJECTS, _directories)
        first, second = self._directory(directories[CERTIFICATES], CERTIFICATES, _both)
        signature, authentication = self._certificate(first), self._certificate(second)
        if not signature.for_signature or not authentication.for_authentication:
            raise NoCertificate("key usage")
        return Profile(serial, signature, authentication, directories)

    def access(self, profile: Profile) -> Access:
        """Through AODF and PrKDF. Raises NoCertificate, MalformedCard."""

        def keys(content: bytes) -> tuple[int, int]:
            found = parse_private_keys(content)
            return _key(found, profile.signature), _key(found, profile.authentication)

        pin = self._directory(profile.directories[AUTHENTICATION_OBJECTS], AUTHENTICATION_OBJECTS, parse_pin)
        return Access(pin, *self._directory(profile.directories[PRIVATE_KEYS], PRIVATE_KEYS, keys))

    def situations(self, profile: Profile) -> tuple[PracticeSituation, ...]:
        """Those listed; all sixteen places are tried when none is listed, or none of the listed is there.

        Needs the PIN: raises PinNeeded.
        """
        listed = self._listed_situations(profile)
        found = self._card.read_situations(listed) if listed else ()
        return found or self._card.read_situations(ALL_SITUATIONS)

    def _listed_situations(self, profile: Profile) -> tuple[int, ...]:
        path = profile.directories.get(DATA_OBJECTS)
        if path is None:
            return ()
        places = (int.from_bytes(entry[-2:], "big") - FIRST_SITUATION for entry in self._data_objects(path))
        return tuple(sorted({place for place in places if place in ALL_SITUATIONS}))

    def _data_objects(self, path: bytes) -> tuple[bytes, ...]:
        """Paths; nothing where the directory cannot be read: it only spares commands."""
        try:
            return parse_data_objects(self._card.read_file(path))
        except (CardRefusal, MalformedCard):
            return ()

    def _directory(self, path: bytes, kind: int, parse: Callable[[bytes], _T]) -> _T:
        """What ``parse`` wants of a directory; it raises while something is missing."""
        usual = self._lengths.get(path, _USUAL_LENGTHS[kind])
        try:
            content = self._card.read_file(path, usual)
        except CardRefusal as refusal:
            if refusal.sw != _WRONG_LENGTH:
                raise
            content = self._card.read_file(path)
        else:
            if len(content) == usual:
                try:
                    return parse(content)
                except (MalformedCard, NoCertificate):
                    content += self._card.read_on(usual)
        self._lengths[path] = len(content)
        return parse(content)

    def _certificate(self, entry: CertificateEntry) -> CardCertificate:
        return read_certificate(entry.identifier, self._card.read_file(entry.path, entry.length))


class ProfileCache:
    """Cards seen lately, in memory: one known by serial number and last update is not read again. Thread-safe."""

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._profiles: OrderedDict[tuple[str, bytes], Profile] = OrderedDict()
        self._access: dict[str, Access] = {}  # by serial number, as the next
        self._situations: dict[str, tuple[int, ...]] = {}
        self._lengths: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def profile(self, card: Cps3) -> Profile:
        """Known or read now. Raises CardOutOfUse, NoCertificate, MalformedCard."""
        serial = card.read_serial()
        key = serial, card.read_last_update()
        with self._lock:
            known = self._profiles.get(key)
        if known is None:
            known = self._reader(card).profile(serial)
            with self._lock:
                self._forget(serial)  # a card updated since may have other situations
                self._profiles[key] = known
                while len(self._profiles) > self._size:
                    self._forget(self._profiles.popitem(last=False)[1].serial)
        return known

    def access(self, card: Cps3, profile: Profile) -> Access:
        """Known or read now. Raises NoCertificate, MalformedCard."""
        with self._lock:
            known = self._access.get(profile.serial)
        if known is None:
            card.enter()
            known = self._reader(card).access(profile)
            with self._lock:
                self._access[profile.serial] = known
        return known

    def situations(self, card: Cps3, profile: Profile) -> tuple[PracticeSituation, ...]:
        """Read now; a card seen before is asked for the files that it had. Raises PinNeeded."""
        with self._lock:
            known = self._situations.get(profile.serial)
        card.enter()
        found = self._reader(card).situations(profile) if known is None else card.read_situations(known)
        with self._lock:
            self._situations[profile.serial] = tuple(situation.index - 1 for situation in found)
        return found

    def _reader(self, card: Cps3) -> ProfileReader:
        return ProfileReader(card, self._lengths)

    def _forget(self, serial: str) -> None:
        self._access.pop(serial, None)
        self._situations.pop(serial, None)


def _directories(content: bytes) -> dict[int, bytes]:
    found = parse_odf(content)
    for needed in (PRIVATE_KEYS, CERTIFICATES, AUTHENTICATION_OBJECTS):
        if needed not in found:
            raise MalformedCard("object directory missing")
    return found


def _both(content: bytes) -> tuple[CertificateEntry, CertificateEntry]:
    entries = parse_certificates(content)
    return _entry(entries, _SIGNATURE_IDS), _entry(entries, _AUTHENTICATION_IDS)


def _entry(entries: tuple[CertificateEntry, ...], last_bytes: tuple[int, ...]) -> CertificateEntry:
    for entry in entries:
        if entry.identifier[-1:] and entry.identifier[-1] in last_bytes:
            return entry
    raise NoCertificate(f"identifier {last_bytes[0]:02X}")


def _key(keys: tuple[KeyEntry, ...], certificate: CardCertificate) -> int:
    """The reference of the key with the certificate's identifier."""
    for key in keys:
        if key.identifier == certificate.identifier:
            return key.reference
    raise NoCertificate("no key for the certificate")
