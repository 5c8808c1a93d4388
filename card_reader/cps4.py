"""The CPS4 (ChipDoc applet): where its commands differ from the CPS3's.

Source: ANS dops-cryptolib, card-cps4.c: everything on logical channel 1; the applet is selected when it is not yet (a
new selection could forget the PIN), by way of two other applications where that is refused; PIN counters by VERIFY
without data; signature by MSE 91 and PSO CDS over a ready hash; authentication by MSE 83 and PSO DECIPHER, the card's
raw operation over data padded here; CHANGE with the new PIN alone after VERIFY; unblocking by RESET RETRY COUNTER
without data, then CHANGE. Guessed: the same file tree and PKCS#15 directories as the CPS3; the unblocking code verified
like a PIN, under the reference that the AODF gives.
"""

from __future__ import annotations

import hashlib
from typing import ClassVar

from card_reader.apdu import Apdu, Wire
from card_reader.cps3 import Cps3, raise_pin_error
from card_reader.errors import CardRefusal, MalformedCard
from card_reader.pin_pad import PinPad, enter, enter_change
from card_reader.pkcs15 import UNBLOCKING_LENGTH, PinEntry
from card_reader.tlv import encode
from praticien.ports import PadAct

APPLET = bytes.fromhex("8025000001FF0100")
CPS2TER_APPLET = bytes.fromhex("8025000001FF0002")
CARD_MANAGER = bytes.fromhex("A0000001510000")
MAX_TRIES, MAX_UNBLOCKING_TRIES = 3, 10
_CHANNEL = 1
_PKCS1_SHA256 = 0x28
_KEY_BYTES = 256
_SERIAL = b"\x3f\x00\xd0\x03"
_HOLDER_PIN = 0x01


class Cps4(Cps3):
    """Commands over one wire. Each operation begins with ``enter``: another program may have left the applet."""

    supports_pss: ClassVar[bool] = True
    _cla: ClassVar[int] = _CHANNEL

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire.on_logical_channel(_CHANNEL))
        self._basic = wire

    def enter(self) -> None:
        """Have the applet selected. The PIN's counter answers inside it only, and asking costs no try."""
        if _is_counter(self._wire.send(Apdu(0, 0x20, 0, _HOLDER_PIN)).sw):
            return
        if self._selects(self._wire, APPLET):
            return
        self._selects(self._wire, CARD_MANAGER)
        self._selects(self._basic, CPS2TER_APPLET)
        self._wire.expect(Apdu(0, 0xA4, 0x04, 0x0C, APPLET), "SELECT applet")

    @staticmethod
    def _selects(wire: Wire, name: bytes) -> bool:
        return wire.send(Apdu(0, 0xA4, 0x04, 0x0C, name)).sw == 0x9000

    def read_serial(self) -> str:
        """EF.SN by its path."""
        self.enter()
        return self._serial(self.read_file(_SERIAL))

    def read_last_update(self) -> bytes:
        """EF_ACTUA where the card lets it be read; the Cryptolib does not ask this generation for it."""
        try:
            return super().read_last_update()
        except CardRefusal:
            return b""

    # -- PIN -----------------------------------------------------------------------------------------------

    def tries_left(self, reference: int) -> int:
        """VERIFY without data: 63Cx, 6983 when blocked, 9000 when verified already (then all are left)."""
        return self._left(reference, MAX_TRIES)

    def _left(self, reference: int, all_tries: int) -> int:
        self.enter()
        sw = self._wire.send(Apdu(0, 0x20, 0, reference)).sw
        if not _is_counter(sw):
            raise CardRefusal(sw, "VERIFY")
        return {0x9000: all_tries, 0x6983: 0}.get(sw, sw & 0x0F)

    def unblocking_tries_left(self, entry: PinEntry) -> int:
        """The same for the unblocking code."""
        return self._left(entry.unblocking, MAX_UNBLOCKING_TRIES)

    def change(self, pin: bytearray, new: bytearray, entry: PinEntry) -> None:
        """VERIFY, then CHANGE REFERENCE DATA with the new PIN alone."""
        self.verify(pin, entry)
        self._accepted(self._wire.send(Apdu(0, 0x24, 0x01, entry.reference, new)).sw, "CHANGE")

    def unblock(self, code: bytearray, new: bytearray, entry: PinEntry) -> None:
        """VERIFY of the unblocking code, RESET RETRY COUNTER without data, CHANGE with the new PIN alone.

        Raises WrongPin, PinBlocked (both of the unblocking code), CardRefusal: the counter may be full again then, with
        the former PIN.
        """
        self.enter()
        raise_pin_error(self._wire.send(Apdu(0, 0x20, 0, entry.unblocking, code)).sw)
        self._reset_counter(entry)
        self._accepted(self._wire.send(Apdu(0, 0x24, 0x01, entry.reference, new)).sw, "CHANGE")

    def _reset_counter(self, entry: PinEntry) -> None:
        self._accepted(self._wire.send(Apdu(0, 0x2C, 0x03, entry.reference | 0x80)).sw, "RESET RETRY COUNTER")

    @staticmethod
    def _accepted(sw: int, what: str) -> None:
        """After a code was verified nothing speaks of codes any more: 63Cx would not mean a wrong one."""
        if sw != 0x9000:
            raise CardRefusal(sw, what)

    @classmethod
    def acts_on(cls, pad: PinPad, entry: PinEntry) -> frozenset[PadAct]:
        """As on the CPS3; unblocking too, because its codes travel in commands of their own."""
        acts = super().acts_on(pad, entry)
        both = PadAct.CHANGE in acts and pad.takes(UNBLOCKING_LENGTH, UNBLOCKING_LENGTH)
        return acts | {PadAct.UNBLOCK} if both else acts

    def change_on_pad(self, pad: PinPad, entry: PinEntry) -> None:
        """As ``change``, each code typed on the reader."""
        self.verify_on_pad(pad, entry)
        self._new_on_pad(pad, entry)

    def unblock_on_pad(self, pad: PinPad, entry: PinEntry) -> None:
        """As ``unblock``, each code typed on the reader."""
        self.enter()
        header = bytes((self._cla, 0x20, 0, entry.unblocking))
        raise_pin_error(enter(self._wire.channel, pad, header, UNBLOCKING_LENGTH, UNBLOCKING_LENGTH))
        self._reset_counter(entry)
        self._new_on_pad(pad, entry)

    def _new_on_pad(self, pad: PinPad, entry: PinEntry) -> None:
        header = bytes((self._cla, 0x24, 0x01, entry.reference))
        sw = enter_change(self._wire.channel, pad, header, entry.max_length, with_present=False)
        self._accepted(sw, "CHANGE")

    # -- keys ----------------------------------------------------------------------------------------------

    def sign(self, message: bytes, key: int) -> bytes:
        """Signature key over the hash made here."""
        self.enter()
        self._operate(Apdu(0, 0x22, 0x81, 0xB6, encode(0x91, bytes([_PKCS1_SHA256, key | 0x80]))), "MSE SET")
        return self._operate(Apdu(0, 0x2A, 0x9E, 0x9A, hashlib.sha256(message).digest(), ne=256), "PSO CDS")

    def authenticate(self, digest_info: bytes, key: int) -> bytes:
        """Authentication key: the card's raw private operation over PKCS#1 v1.5 padding made here."""
        return self.authenticate_encoded(
            b"\x00\x01" + b"\xff" * (_KEY_BYTES - 3 - len(digest_info)) + b"\x00" + digest_info, key
        )

    def authenticate_encoded(self, encoded: bytes, key: int) -> bytes:
        """Authentication key: the raw private operation over an encoding as long as the key."""
        self.enter()
        self._prepare(0xB8, encode(0x83, bytes([key])))
        signature = self._operate(Apdu(0, 0x2A, 0x80, 0x86, encoded, ne=256), "PSO DECIPHER")
        if len(signature) != _KEY_BYTES:
            raise MalformedCard("length of the signature")
        return signature

    def _select(self, path: bytes) -> None:  # noqa: ARG002 - the PIN belongs to the applet, not to a directory
        self.enter()


def _is_counter(sw: int) -> bool:
    """What VERIFY without data says of a code: verified, blocked, or its tries left."""
    return sw in (0x9000, 0x6983) or sw & 0xFFF0 == 0x63C0
