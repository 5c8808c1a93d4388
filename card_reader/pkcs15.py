"""The object directories of a PKCS#15 application (ISO/IEC 7816-15): where certificates, keys and PIN are.

Pure functions from file contents to values; everything unexpected raises MalformedCard.
"""

from __future__ import annotations

from dataclasses import dataclass

from card_reader.errors import MalformedCard
from card_reader.tlv import Tlv, find_optional, parse

PRIVATE_KEYS, CERTIFICATES, DATA_OBJECTS, AUTHENTICATION_OBJECTS = 0xA0, 0xA4, 0xA7, 0xA8
UNBLOCKING_LENGTH = 8
"""The unblocking code: eight digits on the letter that came with the card."""
USUAL_UNBLOCKING = 2
"""Its reference as a security object of the CPS3 (dump of a real card in OpenSC's change 2217)."""
_UNBLOCKING_FLAGS = 0x03  # unblockingPin, soPin: bits 6 and 7 of PinAttributes.pinFlags
_SEQUENCE, _INTEGER, _BITS, _OCTETS = 0x30, 0x02, 0x03, 0x04
_TYPE_ATTRIBUTES, _LENGTH = 0xA1, 0x80


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A certificate: its identifier (CKA_ID), where it is (whole path from 3F00) and its length, 0 when not said."""

    identifier: bytes
    path: bytes
    length: int = 0


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A private key: its identifier and the reference that the card's commands take."""

    identifier: bytes
    reference: int


@dataclass(frozen=True, slots=True)
class PinEntry:
    """The holder's PIN: reference for VERIFY, lengths in characters, directory in which it is verified.

    ``unblocking`` is the reference of its unblocking code, where the card does not say the usual one.
    """

    reference: int
    min_length: int
    max_length: int
    path: bytes
    unblocking: int = USUAL_UNBLOCKING


def parse_odf(content: bytes) -> dict[int, bytes]:
    """Kind of directory (context tag) to the path of its file; the first one of each kind."""
    paths: dict[int, bytes] = {}
    for entry in parse(content, padded=True):
        paths.setdefault(entry.tag, _path(entry.child(_SEQUENCE)))
    return paths


def parse_certificates(content: bytes) -> tuple[CertificateEntry, ...]:
    """X.509 entries of a CDF, other kinds left out."""
    entries = [entry for entry in parse(content, padded=True) if entry.tag == _SEQUENCE]
    return tuple(_certificate(entry) for entry in entries)


def _certificate(entry: Tlv) -> CertificateEntry:
    place = _attributes(entry).child(_SEQUENCE)
    length = find_optional(place.children(), _LENGTH)
    return CertificateEntry(_identifier(entry), _path(place), _unsigned(length) if length else 0)


def parse_private_keys(content: bytes) -> tuple[KeyEntry, ...]:
    """RSA entries of a PrKDF that have a reference."""
    keys = []
    for entry in parse(content, padded=True):
        if entry.tag == _SEQUENCE:
            reference = find_optional(_class_attributes(entry).children(), _INTEGER)
            if reference is not None:
                keys.append(KeyEntry(_identifier(entry), _unsigned(reference) & 0xFF))
    return tuple(keys)


def parse_data_objects(content: bytes) -> tuple[bytes, ...]:
    """Paths of the files that the entries of a DODF name, kinds without a path left out."""
    entries = [entry for entry in parse(content, padded=True) if entry.tag == _SEQUENCE]
    places = (find_optional(entry.child(_TYPE_ATTRIBUTES).children(), _SEQUENCE) for entry in entries)
    return tuple(_path(place) for place in places if place and find_optional(place.children(), _OCTETS))


def parse_pin(content: bytes) -> PinEntry:
    """The first PIN of an AODF, and the reference of the code that unblocks it."""
    entries = [entry for entry in parse(content, padded=True) if entry.tag == _SEQUENCE]
    if not entries:
        raise MalformedCard("no PIN")
    attributes = _attributes(entries[0]).children()
    lengths = [_unsigned(element) for element in attributes if element.tag == _INTEGER]
    if len(lengths) < 2 or not 0 < lengths[0] <= max(lengths[1:]) <= 32:
        raise MalformedCard("lengths of the PIN")
    path = find_optional(attributes, _SEQUENCE)
    return PinEntry(
        reference=_reference(attributes, 1),
        min_length=lengths[0],
        max_length=max(lengths[1:]),
        path=_path(path) if path else b"",
        unblocking=_unblocking(entries[1:]),
    )


def _reference(attributes: tuple[Tlv, ...], usual: int) -> int:
    reference = find_optional(attributes, 0x80)
    return _unsigned(reference) & 0xFF if reference else usual


def _unblocking(entries: list[Tlv]) -> int:
    for entry in entries:
        attributes = _attributes(entry).children()
        flags = find_optional(attributes, _BITS)
        if flags is not None and len(flags.value) > 1 and flags.value[1] & _UNBLOCKING_FLAGS:
            return _reference(attributes, USUAL_UNBLOCKING)
    return USUAL_UNBLOCKING


def _sequences(entry: Tlv) -> list[Tlv]:
    return [child for child in entry.children() if child.tag == _SEQUENCE]


def _class_attributes(entry: Tlv) -> Tlv:
    """The second SEQUENCE of an object: identifier and what belongs to its class."""
    sequences = _sequences(entry)
    if len(sequences) < 2:
        raise MalformedCard("object without class attributes")
    return sequences[1]


def _identifier(entry: Tlv) -> bytes:
    return _class_attributes(entry).child(_OCTETS).value


def _attributes(entry: Tlv) -> Tlv:
    return entry.child(_TYPE_ATTRIBUTES).child(_SEQUENCE)


def _path(sequence: Tlv) -> bytes:
    path = sequence.child(_OCTETS).value
    if not 2 <= len(path) <= 16 or len(path) % 2:
        raise MalformedCard("path")
    return path


def _unsigned(element: Tlv) -> int:
    if not 1 <= len(element.value) <= 4:
        raise MalformedCard("integer")
    return int.from_bytes(element.value, "big")
