"""The CPS3 (contact): its commands, one method each. Blocking, in the thread of its reader, inside a transaction.

Sources: the commands that ANS dops-cryptolib and OpenSC send (IAS-ECC): SELECT by path P1=09, EF.SN by short identifier
1C, GET DATA of the PIN object, MSE SET, PSO HASH with the last round on the card, PSO CDS, INTERNAL AUTHENTICATE over a
DigestInfo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from card_reader.apdu import Apdu, Wire
from card_reader.errors import CardOutOfUse, CardRefusal, MalformedCard, PadFailed, PinBlocked, PinNeeded, WrongPin
from card_reader.pin_pad import PinPad, enter, enter_change
from card_reader.pkcs15 import PinEntry
from card_reader.sha256 import split
from card_reader.tlv import dig, encode, find, find_optional, parse
from praticien.errors import InvalidInput
from praticien.ports import PadAct
from praticien.professional import PracticeSituation, Structure

MASTER = b"\x3f\x00"
APPLICATION = MASTER + b"\x00\x01"
_ACTUA = MASTER + b"\xd0\x10"
_LARGEST_ACTUA = 64
ODF = APPLICATION + b"\x50\x31"
FIRST_SITUATION = 0xD120
ALL_SITUATIONS = tuple(range(16))
_ISSUER = bytes.fromhex("8025000001")
_HASH_SHA256, _SIGN_SHA256, _AUTHENTICATE = 0x40, 0x42, 0x02
_FILE_NOT_FOUND, _NOT_ALLOWED, _BLOCKED = 0x6A82, 0x6982, 0x6983
_LARGEST_FILE = 8192


class Cps3:
    """Commands over one wire; nothing is remembered between two calls."""

    supports_pss: ClassVar[bool] = False
    _cla: ClassVar[int] = 0x00

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    # -- reading -------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Make the files reachable: nothing to do on this card."""

    def read_serial(self) -> str:
        """EF.SN: ten digits after the issuer. Raises MalformedCard when the issuer is another."""
        return self._serial(self._wire.expect(Apdu(0, 0xB0, 0x80 | 0x1C, 0, ne=12), "EF.SN"))

    @staticmethod
    def _serial(content: bytes) -> str:
        number = dig(content, 0x5A).value
        if number[:5] != _ISSUER or len(number) != 10:
            raise MalformedCard("serial number")
        return number[5:].hex()

    def read_last_update(self) -> bytes:
        """EF_ACTUA as it is, empty when the card was never updated. Raises CardOutOfUse after an unfinished update."""
        answer = self._wire.send(Apdu(0, 0xA4, 0x09, 0x0C, _ACTUA))
        if answer.sw == _FILE_NOT_FOUND:
            return b""
        if answer.sw != 0x9000:
            raise CardRefusal(answer.sw, "EF_ACTUA")
        content = self._wire.read_binary(_LARGEST_ACTUA)
        try:
            dates = dig(content, 0xEC).children()
            complete = all(any(find(dates, tag).value) for tag in (0x81, 0x82))
        except MalformedCard:
            complete = False
        if not complete:
            raise CardOutOfUse
        return content

    def read_situations(self, numbers: Sequence[int]) -> tuple[PracticeSituation, ...]:
        """Those of D120 to D12F with these ``numbers`` (from 0), absent ones skipped.

        Needs the PIN: raises PinNeeded.
        """
        found = []
        for number in numbers:
            path = APPLICATION + (FIRST_SITUATION + number).to_bytes(2, "big")
            try:
                content = self.read_file(path)
            except CardRefusal as refusal:
                if refusal.sw != _FILE_NOT_FOUND:
                    raise
                continue
            if content.strip(b"\x00\xff"):
                found.append(situation(number + 1, content))
        return tuple(found)

    def read_file(self, path: bytes, size: int = 0) -> bytes:
        """A transparent file by its path; its first ``size`` bytes when a size is given (saves asking for it).

        Raises CardRefusal, PinNeeded, MalformedCard.
        """
        path = _absolute(path)
        if size:
            self._wire.expect(Apdu(0, 0xA4, 0x09, 0x0C, path), "SELECT")
        else:
            template = self._wire.expect(Apdu(0, 0xA4, 0x09, 0x04, path, ne=256), "SELECT")
            size = int.from_bytes(dig(template, 0x62, 0x80).value, "big")
        if size > _LARGEST_FILE:
            raise MalformedCard("file too large")
        try:
            return self._wire.read_binary(size)
        except CardRefusal as refusal:
            raise (PinNeeded() if refusal.sw == _NOT_ALLOWED else refusal) from None

    def read_on(self, offset: int) -> bytes:
        """What lies behind ``offset`` in the file read last. Raises CardRefusal."""
        return self._wire.read_binary(_LARGEST_FILE, offset)

    # -- PIN -----------------------------------------------------------------------------------------------

    def tries_left(self, reference: int) -> int:
        """GET DATA of the PIN object, costing no try: 9B tries left, 0 when no use is left (9D)."""
        self._select(MASTER)
        wanted = encode(0x4D, encode(0x70, encode(0xBF8100 | reference, b"\xa0\x80")))
        answer = self._wire.expect(Apdu(0, 0xCB, 0x3F, 0xFF, wanted, ne=256), "PIN object")
        counters = dig(answer, 0x70, 0xBF8100 | reference, 0xA0).children()
        uses = find_optional(counters, 0x9D)
        if uses is not None and not any(uses.value):
            return 0
        left = find(counters, 0x9B).value
        if len(left) != 1 or left[0] > 15:
            raise MalformedCard("PIN counter")
        return left[0]

    def unblocking_tries_left(self, entry: PinEntry) -> int:
        """The same for the unblocking code."""
        return self.tries_left(entry.unblocking)

    def verify(self, pin: bytearray, entry: PinEntry) -> None:
        """One VERIFY, whatever happens. Raises WrongPin, PinBlocked, CardRefusal."""
        self._try_code(0x20, pin, entry)

    def change(self, pin: bytearray, new: bytearray, entry: PinEntry) -> None:
        """One CHANGE REFERENCE DATA. Raises WrongPin, PinBlocked, CardRefusal (the card does not want ``new``)."""
        self._try_codes(0x24, pin, new, entry)

    def unblock(self, code: bytearray, new: bytearray, entry: PinEntry) -> None:
        """One RESET RETRY COUNTER. Raises WrongPin, PinBlocked: both speak of the unblocking code."""
        self._try_codes(0x2C, code, new, entry)

    @classmethod
    def acts_on(cls, pad: PinPad, entry: PinEntry) -> frozenset[PadAct]:
        """What of this card's PIN can be typed on ``pad``. Not unblocking: its two codes differ in length, and part 10
        has one length for both."""
        lengths = entry.min_length, entry.max_length
        if not pad.takes(*lengths):
            return frozenset()
        return frozenset({PadAct.VERIFY, PadAct.CHANGE} if pad.takes_change(*lengths) else {PadAct.VERIFY})

    def verify_on_pad(self, pad: PinPad, entry: PinEntry) -> None:
        """One VERIFY, the PIN typed on the reader. Raises as ``verify``, PadTimeout, PadCancelled, PadLength…"""
        self._select(entry.path or APPLICATION)
        header = bytes((self._cla, 0x20, 0, entry.reference))
        raise_pin_error(enter(self._wire.channel, pad, header, entry.min_length, entry.max_length))

    def change_on_pad(self, pad: PinPad, entry: PinEntry) -> None:
        """One CHANGE REFERENCE DATA, both codes typed on the reader. Raises as ``change``, PadEntriesDiffer…"""
        self._select(entry.path or APPLICATION)
        header = bytes((self._cla, 0x24, 0, entry.reference))
        raise_pin_error(enter_change(self._wire.channel, pad, header, entry.max_length, with_present=True))

    def unblock_on_pad(self, pad: PinPad, entry: PinEntry) -> None:  # noqa: ARG002
        """See ``acts_on``: on this generation the two codes are typed in the window."""
        raise PadFailed("two codes of different lengths")

    def _try_codes(self, ins: int, first: bytearray, second: bytearray, entry: PinEntry) -> None:
        both = first + second
        try:
            self._try_code(ins, both, entry)
        finally:
            both[:] = bytes(len(both))

    def _try_code(self, ins: int, data: bytearray, entry: PinEntry) -> None:
        self._select(entry.path or APPLICATION)
        raise_pin_error(self._wire.send(Apdu(0, ins, 0, entry.reference, data)).sw)

    def _select(self, path: bytes) -> None:
        answer = self._wire.send(Apdu(0, 0xA4, 0x09, 0x0C, path))
        if answer.sw != 0x9000:
            raise CardRefusal(answer.sw, "SELECT")

    # -- keys ----------------------------------------------------------------------------------------------

    def sign(self, message: bytes, key: int) -> bytes:
        """Signature key: hash all but the last block here, the last round and the signature on the card."""
        last = split(message)
        start = b"" if last.is_first else last.state + last.hashed_bits.to_bytes(8, "big")
        self._select(APPLICATION)
        self._prepare(0xAA, encode(0x80, bytes([_HASH_SHA256])))
        self._operate(Apdu(0, 0x2A, 0x90, 0xA0, encode(0x90, start) + encode(0x80, last.rest)), "PSO HASH")
        self._prepare(0xB6, encode(0x84, bytes([key])) + encode(0x80, bytes([_SIGN_SHA256])))
        return self._operate(Apdu(0, 0x2A, 0x9E, 0x9A, ne=256), "PSO CDS")

    def authenticate(self, digest_info: bytes, key: int) -> bytes:
        """Authentication key: PKCS#1 v1.5 over a ready DigestInfo."""
        self._select(APPLICATION)
        self._prepare(0xA4, encode(0x84, bytes([key])) + encode(0x80, bytes([_AUTHENTICATE])))
        return self._operate(Apdu(0, 0x88, 0, 0, digest_info, ne=256), "INTERNAL AUTHENTICATE")

    def authenticate_encoded(self, encoded: bytes, key: int) -> bytes:  # noqa: ARG002
        """A raw private operation: this generation has none."""
        raise InvalidInput("no PSS")

    def _prepare(self, template: int, content: bytes) -> None:
        self._operate(Apdu(0, 0x22, 0x41, template, content), "MSE SET")

    def _operate(self, apdu: Apdu, what: str) -> bytes:
        answer = self._wire.send(apdu)
        if answer.sw == _NOT_ALLOWED:
            raise PinNeeded
        if answer.sw != 0x9000:
            raise CardRefusal(answer.sw, what)
        return answer.data


def raise_pin_error(sw: int) -> None:
    """The meaning of a status word after VERIFY (or CHANGE, RESET RETRY); returns on 9000."""
    if sw == 0x9000:
        return
    if sw in (_BLOCKED, 0x63C0):
        raise PinBlocked
    if sw & 0xFFF0 == 0x63C0:
        raise WrongPin(sw & 0x0F)
    raise CardRefusal(sw, "VERIFY")


def _absolute(path: bytes) -> bytes:
    """Paths of PKCS#15 may begin at the master file or at the application."""
    return path if path.startswith(MASTER) else APPLICATION + path


def situation(index: int, content: bytes) -> PracticeSituation:
    """From D120-D12F or CPS_ACTIVITY_nn_PS: EE { 84 name, 85 Struct_IdNat, 86 sector }. Raises MalformedCard."""
    parts = parse(dig(content, 0xEE).value)
    name, identifier, sector = (_text(find(parts, tag).value) for tag in (0x84, 0x85, 0x86))
    return PracticeSituation(index, Structure(identifier, name, sector))


def _text(value: bytes) -> str:
    """UTF-8, else Latin-1 (no public source says which)."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return text.rstrip(" \x00")
