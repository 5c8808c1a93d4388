"""The CPS4 (ChipDoc applet): where its commands differ from the CPS3's.

Source: ANS dops-cryptolib (applet AID, PIN counter by VERIFY without data, signature by MSE 91 and PSO CDS over a ready
hash, authentication by PSO DECIPHER over data padded here). Guessed, no public source: the same file tree and PKCS#15
directories as the CPS3, the content of the MSE before PSO DECIPHER, the use of the basic logical channel.
"""

from __future__ import annotations

import hashlib

from card_reader.apdu import Apdu
from card_reader.cps3 import Cps3, raise_pin_error
from card_reader.errors import CardRefusal, MalformedCard, UnsupportedCard
from card_reader.pkcs15 import PinEntry
from card_reader.tlv import encode

APPLET = bytes.fromhex("8025000001FF0100")
MAX_TRIES = 3
_PKCS1_SHA256, _DECIPHER = 0x28, 0x1A
_KEY_BYTES = 256
_SERIAL = b"\x3f\x00\xd0\x03"


class Cps4(Cps3):
    """Commands over one wire. Each operation selects the applet first: another program may have left it."""

    def read_serial(self) -> str:
        """EF.SN by its path."""
        self._select_applet()
        return self._serial(self.read_file(_SERIAL))

    def enter(self) -> None:
        """Select the applet: another program may have left it."""
        self._select_applet()

    def tries_left(self, reference: int) -> int:
        """VERIFY without data: 63Cx, 6983 when blocked, 9000 when verified already (then all are left)."""
        self._select_applet()
        sw = self._wire.send(Apdu(0, 0x20, 0, reference)).sw
        if sw == 0x9000:
            return MAX_TRIES
        if sw == 0x6983:
            return 0
        if sw & 0xFFF0 != 0x63C0:
            raise CardRefusal(sw, "VERIFY")
        return sw & 0x0F

    def unblocking_tries_left(self) -> int:
        """No public source says under which reference the unblocking code is."""
        raise UnsupportedCard("CPS4 unblocking")

    def change(self, pin: bytearray, new: bytearray, entry: PinEntry) -> None:
        """VERIFY, then CHANGE REFERENCE DATA with the new PIN alone."""
        self.verify(pin, entry)
        raise_pin_error(self._wire.send(Apdu(0, 0x24, 0x01, entry.reference, new)).sw)

    def unblock(self, code: bytearray, new: bytearray, entry: PinEntry) -> None:  # noqa: ARG002
        """No public source says how a new PIN follows RESET RETRY COUNTER on this card."""
        raise UnsupportedCard("CPS4 unblocking")

    def sign(self, message: bytes, key: int) -> bytes:
        """Signature key over the hash made here."""
        self._select_applet()
        self._operate(Apdu(0, 0x22, 0x81, 0xB6, encode(0x91, bytes([_PKCS1_SHA256, key | 0x80]))), "MSE SET")
        return self._operate(Apdu(0, 0x2A, 0x9E, 0x9A, hashlib.sha256(message).digest(), ne=256), "PSO CDS")

    def authenticate(self, digest_info: bytes, key: int) -> bytes:
        """Authentication key: the card's raw private operation over PKCS#1 v1.5 padding made here."""
        self._select_applet()
        self._prepare(0xB8, encode(0x84, bytes([key | 0x80])) + encode(0x80, bytes([_DECIPHER])))
        padded = b"\x00\x01" + b"\xff" * (_KEY_BYTES - 3 - len(digest_info)) + b"\x00" + digest_info
        signature = self._operate(Apdu(0, 0x2A, 0x80, 0x86, padded, ne=256), "PSO DECIPHER")
        if len(signature) != _KEY_BYTES:
            raise MalformedCard("length of the signature")
        return signature

    def _select(self, path: bytes) -> None:  # noqa: ARG002 - the PIN belongs to the applet, not to a directory
        self._select_applet()

    def _select_applet(self) -> None:
        self._wire.expect(Apdu(0, 0xA4, 0x04, 0x0C, APPLET), "SELECT applet")
