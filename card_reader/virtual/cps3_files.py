"""The files of a virtual CPS3: serial number, EF.ATR, EF.DIR and the PKCS#15 application (ISO/IEC 7816-15).

The identifiers D003, D010, D120-D12F, 2F00, 2F01, 5031, 5032 and the AID are the real card's; those of the object
directories and certificates are ours: a client must find them through ODF and CDF.
"""

from __future__ import annotations

from dataclasses import dataclass

from card_reader.tlv import encode
from card_reader.virtual.files import MASTER, NEVER, USER, DedicatedFile, ElementaryFile
from card_reader.virtual.personalisation import CpsPersonalisation
from praticien.professional import PracticeSituation

APPLICATION = bytes.fromhex("E828BD080F8025000001FF0010")
SIGNATURE_ID, AUTHENTICATION_ID, PIN_ID = b"\x10", b"\x20", b"\x01"
SIGNATURE_KEY, AUTHENTICATION_KEY, PIN_REFERENCE, UNBLOCKING_REFERENCE = 0x81, 0x82, 0x01, 0x02
PIN_MIN, PIN_MAX = 4, 4
FIRST_SITUATION = 0xD120

_ISSUER = bytes.fromhex("8025000001")
_APPLICATION_FID = 0x0001
_PRKDF, _CDF, _DODF, _AODF = 0x7001, 0x7002, 0x7003, 0x7004
_SIGNATURE_CERTIFICATE, _AUTHENTICATION_CERTIFICATE, _INFO = 0xB001, 0xB002, 0xD103


@dataclass(frozen=True, slots=True)
class Layout:
    """What differs between generations: key references, and whether the AODF tells of the unblocking code."""

    signature_key: int = SIGNATURE_KEY
    authentication_key: int = AUTHENTICATION_KEY
    tells_unblocking_code: bool = False


def file_system(card: CpsPersonalisation, layout: Layout) -> DedicatedFile:
    """The whole tree, master file first."""
    application = DedicatedFile(_APPLICATION_FID, APPLICATION)
    application.add(
        ElementaryFile(0x5031, _odf()),
        ElementaryFile(0x5032, _token_info(card)),
        ElementaryFile(_PRKDF, _private_keys(layout)),
        ElementaryFile(_CDF, _certificates(card)),
        ElementaryFile(_DODF, _data_objects(card)),
        ElementaryFile(_AODF, _authentication_objects(layout)),
        ElementaryFile(_SIGNATURE_CERTIFICATE, card.signature.certificate),
        ElementaryFile(_AUTHENTICATION_CERTIFICATE, card.authentication.certificate),
        ElementaryFile(_INFO, card.info.encode("latin-1")),
        *(_situation(situation) for situation in card.situations),
    )
    serial = encode(0x5A, _ISSUER + bytes.fromhex(card.serial))
    update = [] if card.last_update is None else [ElementaryFile(0xD010, card.last_update)]
    return DedicatedFile(MASTER).add(
        *update,
        ElementaryFile(0x2F00, _dir()),
        ElementaryFile(0x2F01, _atr_file(), sfi=0x1D),
        ElementaryFile(0xD003, serial, sfi=0x1C),
        application,
    )


def _atr_file() -> bytes:
    """EF.ATR: category byte 80, then issuer, pre-issuing and buffer sizes (256 bytes each way)."""
    sizes = bytes.fromhex("02020100") * 4
    return b"\x80" + b"".join(
        [
            encode(0x43, b"\xb8"),
            encode(0x46, bytes.fromhex("040004B0")),
            encode(0x47, bytes.fromhex("941180")),
            encode(0xE0, sizes),
            encode(0x82, b"\x90\x00"),
        ]
    )


def _dir() -> bytes:
    return encode(0x61, encode(0x4F, APPLICATION), encode(0x50, b"CPS"), encode(0x51, _path_bytes()))


def _path_bytes(fid: int | None = None) -> bytes:
    tail = fid.to_bytes(2, "big") if fid is not None else b""
    return MASTER.to_bytes(2, "big") + _APPLICATION_FID.to_bytes(2, "big") + tail


def _path(fid: int | None = None) -> bytes:
    return _sequence(_octets(_path_bytes(fid)))


def _sequence(*values: bytes) -> bytes:
    return encode(0x30, *values)


def _octets(value: bytes) -> bytes:
    return encode(0x04, value)


def _integer(value: int) -> bytes:
    return encode(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(text: str) -> bytes:
    """BIT STRING of "0110…", first bit first."""
    unused = -len(text) % 8
    return encode(0x03, bytes([unused]) + int(text + "0" * unused, 2).to_bytes((len(text) + unused) // 8, "big"))


def _label(text: str, flags: str = "", pin: bytes = b"") -> bytes:
    """CommonObjectAttributes."""
    parts = [encode(0x0C, text.encode())]
    parts += [_bits(flags)] if flags else []
    parts += [_octets(pin)] if pin else []
    return _sequence(*parts)


def _odf() -> bytes:
    pairs = ((0xA0, _PRKDF), (0xA4, _CDF), (0xA7, _DODF), (0xA8, _AODF))
    return b"".join(encode(tag, _path(fid)) for tag, fid in pairs)


def _token_info(card: CpsPersonalisation) -> bytes:
    algorithms = [  # reference, PKCS#11 mechanism, operations (bit string), algorithm reference on the card
        (0x220, "0000001", 0x10),
        (0x250, "0000001", 0x40),
        (0x006, "01", 0x12),
        (0x040, "01", 0x42),
        (0x001, "01", 0x02),
        (0x001, "00001", 0x1A),
    ]
    supported = [
        _sequence(_integer(n), _integer(mechanism), encode(0x05), _bits(bits), encode(0x06, _RSA), _integer(reference))
        for n, (mechanism, bits, reference) in enumerate(algorithms, 1)
    ]
    return _sequence(
        _integer(0),
        _octets(bytes.fromhex(card.serial)),
        encode(0x0C, b"TEST PRATICIEN FICTIF"),
        encode(0x80, b"CPS FICTIVE"),
        _bits("0000010"),
        encode(0xA2, *supported),
    )


_RSA = bytes.fromhex("2A864886F70D010101")


def _private_keys(layout: Layout) -> bytes:
    rows = (
        ("CPS_PRIV_SIG", SIGNATURE_ID, "0000000001", layout.signature_key),
        ("CPS_PRIV_AUT", AUTHENTICATION_ID, "001", layout.authentication_key),
    )
    return b"".join(_private_key(*row) for row in rows)


def _private_key(label: str, key_id: bytes, usage: str, reference: int) -> bytes:
    attributes = _sequence(_octets(key_id), _bits(usage), _bits("10111"), _integer(reference))
    rsa = encode(0xA1, _sequence(_path(), _integer(2048)))
    return _sequence(_label(label, "1", PIN_ID), attributes, rsa)


def _certificates(card: CpsPersonalisation) -> bytes:
    rows = (
        ("CPS_CERT_SIG", SIGNATURE_ID, _SIGNATURE_CERTIFICATE, card.signature.certificate),
        ("CPS_CERT_AUT", AUTHENTICATION_ID, _AUTHENTICATION_CERTIFICATE, card.authentication.certificate),
    )
    return b"".join(_certificate(*row) for row in rows)


def _certificate(label: str, key_id: bytes, fid: int, der: bytes) -> bytes:
    path = _sequence(_octets(_path_bytes(fid)), _integer(0), encode(0x80, len(der).to_bytes(2, "big")))
    return _sequence(_label(label), _sequence(_octets(key_id)), encode(0xA1, _sequence(path)))


def _data_objects(card: CpsPersonalisation) -> bytes:
    objects = [_data_object("CPS_INFO_PS", _INFO, "")]
    objects += [_data_object(f"CPS_ACTIVITY_{s.index:02d}_PS", _situation_fid(s), "1") for s in card.situations]
    return b"".join(objects)


def _data_object(label: str, fid: int, flags: str) -> bytes:
    pin = PIN_ID if flags else b""
    return _sequence(_label(label, flags, pin), _sequence(encode(0x0C, b"CPS")), encode(0xA1, _path(fid)))


def _authentication_objects(layout: Layout) -> bytes:
    pin = _code("Code porteur", PIN_ID, "01001100001", (PIN_MIN, PIN_MAX), PIN_REFERENCE)
    if not layout.tells_unblocking_code:
        return pin
    return pin + _code("Code de déblocage", b"\x02", "01001010001", (8, 8), UNBLOCKING_REFERENCE)


def _code(label: str, identifier: bytes, flags: str, lengths: tuple[int, int], reference: int) -> bytes:
    """Flags: local, initialised, needs no padding or is an unblocking PIN, exchangeable."""
    shortest, longest = lengths
    code = _sequence(
        _bits(flags),
        encode(0x0A, b"\x01"),  # ascii-numeric
        _integer(shortest),
        _integer(longest),
        _integer(longest),
        encode(0x80, bytes([reference])),
        _path(),
    )
    return _sequence(_label(label, "11"), _sequence(_octets(identifier)), encode(0xA1, code))


def _situation_fid(situation: PracticeSituation) -> int:
    return FIRST_SITUATION + situation.index - 1


def _situation(situation: PracticeSituation) -> ElementaryFile:
    structure = situation.structure
    content = encode(
        0xEE,
        encode(0x84, structure.name.encode("latin-1")),
        encode(0x85, structure.national_id.encode("latin-1")),
        encode(0x86, structure.sector.encode("latin-1")),
    )
    return ElementaryFile(_situation_fid(situation), content, read=USER, update=NEVER)
