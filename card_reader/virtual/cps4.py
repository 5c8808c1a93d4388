"""A virtual CPS4: the files of the virtual CPS3 behind the ChipDoc applet, with the CPS4's own PIN and key commands.

What is guessed of the real card is listed in ``card_reader.cps4``.
"""

from __future__ import annotations

from card_reader.tlv import find, parse
from card_reader.virtual.card import Command, StatusWord
from card_reader.virtual.cps3 import DIGEST_INFO_SHA256, VirtualCps3
from card_reader.virtual.cps3_files import AUTHENTICATION_KEY, PIN_REFERENCE, SIGNATURE_KEY
from card_reader.virtual.files import USER
from card_reader.virtual.rsa import raw_private, sign_digest_info

APPLET = bytes.fromhex("8025000001FF0100")


class VirtualCps4(VirtualCps3):
    """Personalise with a CPS4's ATR."""

    def forget(self) -> None:
        """A reset drops the applet and what it prepared as well."""
        super().forget()
        self._in_applet = False
        self._prepared: tuple[int, bytes] = (0, b"")  # template of the last MSE SET and its content

    def execute(self, command: Command) -> bytes:
        """Nothing but SELECT outside the applet; no CPS3 security objects inside."""
        if command.ins == 0xA4 and command.p1 == 0x04 and command.data == APPLET:
            self._in_applet = True
            return b""
        if not self._in_applet:
            raise StatusWord(0x6985)
        if command.ins in (0xCB, 0x88) or (command.ins == 0xB0 and command.p1 & 0x80):
            raise StatusWord(0x6D00)
        return super().execute(command)

    def _change(self, command: Command) -> bytes:
        if command.p1 != 0x01 or command.p2 & 0x7F != PIN_REFERENCE:
            raise StatusWord(0x6A86)
        self._require(USER)
        self._code(command).replace(command.data)
        return b""

    def _unblock(self, command: Command) -> bytes:  # noqa: ARG002
        raise StatusWord(0x6D00)

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
            return self._decipher(find(parse(content), 0x84).value, command.data)
        raise StatusWord(0x6985)

    def _sign_hash(self, reference: bytes, digest: bytes) -> bytes:
        if reference != bytes([0x28, SIGNATURE_KEY]) or len(digest) != 32:
            raise StatusWord(0x6A80)
        self._require(USER)
        return sign_digest_info(self._keys[SIGNATURE_KEY], DIGEST_INFO_SHA256 + digest)

    def _decipher(self, reference: bytes, data: bytes) -> bytes:
        key = self._keys[AUTHENTICATION_KEY]
        if reference != bytes([AUTHENTICATION_KEY]) or len(data) != key.key_size // 8:
            raise StatusWord(0x6A80)
        self._require(USER)
        return raw_private(key, data)
