"""A virtual CPS4: the files of the virtual CPS3 behind the ChipDoc applet, with the CPS4's own PIN and key commands.

Strict where a real card could be: it answers on logical channel 1 alone, and a new selection of the applet forgets the
verified PIN. What is guessed of the real card is listed in ``card_reader.cps4``.
"""

from __future__ import annotations

from dataclasses import replace

from card_reader.tlv import find, parse
from card_reader.virtual.card import Command, StatusWord
from card_reader.virtual.cps3 import DIGEST_INFO_SHA256, VirtualCps3
from card_reader.virtual.cps3_files import PIN_REFERENCE, UNBLOCKING_REFERENCE, Layout
from card_reader.virtual.files import USER
from card_reader.virtual.pin import SecretCode
from card_reader.virtual.rsa import raw_private, sign_digest_info

APPLET = bytes.fromhex("8025000001FF0100")
NEIGHBOURS = (bytes.fromhex("A0000001510000"), bytes.fromhex("8025000001FF0002"))
"""Card manager and CPS2ter application: they can be selected, and the applet is left then."""
_LAST_UPDATE = b"\x3f\x00\xd0\x10"


class VirtualCps4(VirtualCps3):
    """Personalise with a CPS4's ATR."""

    speaks_t1_too = True
    layout = Layout(signature_key=0x10, authentication_key=0x20, tells_unblocking_code=True)

    def forget(self) -> None:
        """A reset drops the applet and what it prepared as well."""
        super().forget()
        self._leave()

    def _leave(self) -> None:
        self._in_applet = self._verified = self._unblocking_verified = False
        self._prepared: tuple[int, bytes] = (0, b"")  # template of the last MSE SET and its content

    def execute(self, command: Command) -> bytes:
        """Nothing but SELECT outside the applet; no CPS3 security objects inside."""
        if command.ins == 0xA4 and command.p1 == 0x04:
            return self._select_application(command)
        if command.cla & 0x03 != 1:
            raise StatusWord(0x6E00)
        if not self._in_applet:
            raise StatusWord(0x6985)
        by_identifier = command.ins == 0xB0 and command.p1 & 0x80
        if command.ins in (0xCB, 0x88) or by_identifier:
            raise StatusWord(0x6D00)
        return super().execute(replace(command, cla=command.cla & ~0x03))

    def _select_application(self, command: Command) -> bytes:
        if command.data not in (APPLET, *NEIGHBOURS) or (command.data == APPLET and command.cla & 0x03 != 1):
            raise StatusWord(0x6A82)
        self._leave()
        self._in_applet = command.data == APPLET
        return b""

    def _select(self, command: Command) -> bytes:
        if command.data == _LAST_UPDATE:
            raise StatusWord(0x6982)
        return super()._select(command)

    # -- secret codes ----------------------------------------------------------------------------------------

    def _code(self, command: Command) -> SecretCode:
        code = self._codes.get(command.p2 & 0x7F)
        if command.p1 not in (0, 1, 3) or code is None:
            raise StatusWord(0x6A88)
        return code

    def _verify(self, command: Command) -> bytes:
        if command.p2 & 0x7F != UNBLOCKING_REFERENCE:
            return super()._verify(command)
        code = self._code(command)
        if command.data:
            self._unblocking_verified = False
            code.check(command.data)
            self._unblocking_verified = True
        else:
            code.status(verified=self._unblocking_verified)
        return b""

    def _change(self, command: Command) -> bytes:
        if command.p1 != 0x01 or command.p2 & 0x7F != PIN_REFERENCE:
            raise StatusWord(0x6A86)
        if not (self._verified or self._unblocking_verified):
            raise StatusWord(0x6982)
        self._code(command).replace(command.data)
        return b""

    def _unblock(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x03, PIN_REFERENCE | 0x80) or command.data:
            raise StatusWord(0x6A86)
        if not self._unblocking_verified:
            raise StatusWord(0x6982)
        self._code(command).refill()
        return b""

    # -- keys ------------------------------------------------------------------------------------------------

    def _manage_environment(self, command: Command) -> bytes:
        if (command.p1, command.p2) not in ((0x81, 0xB6), (0x41, 0xB8)):
            raise StatusWord(0x6A86)
        self._prepared = command.p2, command.data
        return b""

    def _perform_operation(self, command: Command) -> bytes:
        template, content = self._prepared
        if command.p1p2 == 0x9E9A and template == 0xB6:
            return self._sign_hash(find(parse(content), 0x91).value, command.data)
        if command.p1p2 == 0x8086 and template == 0xB8:
            return self._decipher(find(parse(content), 0x83).value, command.data)
        raise StatusWord(0x6985)

    def _sign_hash(self, reference: bytes, digest: bytes) -> bytes:
        if reference != bytes([0x28, self.layout.signature_key | 0x80]) or len(digest) != 32:
            raise StatusWord(0x6A80)
        self._require(USER)
        return sign_digest_info(self._keys[self.layout.signature_key], DIGEST_INFO_SHA256 + digest)

    def _decipher(self, reference: bytes, data: bytes) -> bytes:
        key = self._keys[self.layout.authentication_key]
        if reference != bytes([self.layout.authentication_key]) or len(data) != key.key_size // 8:
            raise StatusWord(0x6A80)
        self._require(USER)
        return raw_private(key, data)
