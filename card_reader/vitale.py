"""The Vitale 2: what anyone may read of it natively, and its beneficiaries through the licensed reading module.

Source of the layout: public descriptions of the card: application "VITALE", EF 2001 POINTERS naming the
other files, holder in a 65 template; serial number in EF 2F02 of the master file. Most files are protected: they are
skipped, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from card_reader.apdu import Apdu, Wire
from card_reader.errors import CardRefusal, MalformedCard
from card_reader.reading_module import ReadingModule
from card_reader.tlv import Tlv, dig, find, find_optional, parse
from card_reader.vitale_xml import read_beneficiaries
from praticien.vitale import VitaleHolder, VitaleReading

AID_VITALE = bytes.fromhex("D250000002564954414C45")
AID_MASTER = bytes.fromhex("D2500000024D465F564954414C45")
EF_POINTERS, EF_PAN = 0x2001, 0x2F02
_POINTERS, _APPLICATIONS, _APPLICATION, _FILE = 0xE0, 0xA0, 0x82, 0x80
_HOLDER, _NIR, _NAME, _FIRST_NAME, _BIRTH = 0x65, 0x93, 0x80, 0x81, 0x82
_PROTECTED = (0x6982, 0x6985, 0x6A82, 0x6986)
_MOST_POINTERS, _LARGEST_FILE = 48, 4096


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a file is: the AID of its application and its identifier."""

    application: bytes
    fid: int


def read_vitale(wire: Wire, reader: str, module: ReadingModule, now: datetime) -> VitaleReading:
    """Holder natively, beneficiaries by ``module``; both of the same card or MalformedCard."""
    serial = read_serial(wire)
    holder = read_holder(wire)
    beneficiaries = read_beneficiaries(module.read(wire, reader))
    if beneficiaries and holder.nir[:13] != beneficiaries[0].nir[:13]:
        raise MalformedCard("the reading module speaks of another card")
    return VitaleReading(serial, now, holder, beneficiaries, is_test_card=module.reads_test_cards)


def read_serial(wire: Wire) -> str:
    """Decimal digits of EF PAN (tag 5A)."""
    _select_application(wire, AID_MASTER)
    number = dig(_read_file(wire, EF_PAN), 0x5A).value.hex().rstrip("f")
    if not number.isdigit():
        raise MalformedCard("serial number")
    return number


def read_holder(wire: Wire) -> VitaleHolder:
    """The 65 template of the first readable file that has one. Raises MalformedCard when none has."""
    for content in _readable_files(wire):
        template = find_optional(_parse_leniently(content), _HOLDER)
        if template is not None:
            return _holder(template)
    raise MalformedCard("no holder on the card")


def _holder(template: Tlv) -> VitaleHolder:
    parts = template.children()
    nir, name, first_name, birth = (
        find(parts, tag).value.decode("latin-1").strip() for tag in (_NIR, _NAME, _FIRST_NAME, _BIRTH)
    )
    if len(birth) != 8 or not birth.isdigit() or len(nir) not in (13, 15):
        raise MalformedCard("holder")
    return VitaleHolder(nir, name, first_name, birth)


def _parse_leniently(content: bytes) -> tuple[Tlv, ...]:
    """A file that is no TLV is none of ours: it has no element."""
    try:
        return parse(content, padded=True)
    except MalformedCard:
        return ()


def _readable_files(wire: Wire) -> Iterator[bytes]:
    current = b""
    for pointer in read_pointers(wire):
        try:
            if pointer.application != current:
                _select_application(wire, pointer.application)
                current = pointer.application
            yield _read_file(wire, pointer.fid)
        except CardRefusal as refusal:
            if refusal.sw not in _PROTECTED:
                raise


def read_pointers(wire: Wire) -> tuple[Pointer, ...]:
    """EF POINTERS: E0{A0{82: id, …, AID from byte 4}, 80: eight-character name, application id (2), file id (2)}."""
    _select_application(wire, AID_VITALE)
    content = dig(_read_file(wire, EF_POINTERS), _POINTERS).children()
    names: dict[int, bytes] = {}
    for element in find(content, _APPLICATIONS).children():
        if element.tag == _APPLICATION and len(element.value) > 4:
            names[int.from_bytes(element.value[:2], "big")] = element.value[4:]
    pointers = []
    for element in content:
        if element.tag == _FILE and len(element.value) == 12:
            application = names.get(int.from_bytes(element.value[8:10], "big"))
            if application:
                pointers.append(Pointer(application, int.from_bytes(element.value[10:12], "big")))
    return tuple(pointers[:_MOST_POINTERS])


def _select_application(wire: Wire, name: bytes) -> None:
    wire.expect(Apdu(0, 0xA4, 0x04, 0x0C, name), "SELECT application")


def _read_file(wire: Wire, fid: int) -> bytes:
    wire.expect(Apdu(0, 0xA4, 0x02, 0x0C, fid.to_bytes(2, "big")), "SELECT file")
    return wire.read_binary(_LARGEST_FILE)
