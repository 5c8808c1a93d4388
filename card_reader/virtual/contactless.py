"""A virtual CPS3 on a contactless reader: T=1, its serial number, nothing behind a PIN and no PIN."""

from __future__ import annotations

from card_reader.contactless import APPLICATION_NAME
from card_reader.tlv import encode
from card_reader.virtual.card import Command, StatusWord, parse_command
from card_reader.virtual.files import ALWAYS, BY_NAME, BY_PATH, MASTER, NEVER, DedicatedFile, ElementaryFile, Selection
from card_reader.virtual.personalisation import CONTACTLESS_ATR

_CONTACT_APPLICATION, _CONTACT_FILE = 0x0001, 0x7001


class VirtualContactlessCps:
    """Knows SELECT and READ BINARY. ``serial`` is ten digits."""

    def __init__(self, serial: str) -> None:
        number = encode(0x5A, bytes.fromhex("8025000001" + serial))
        contact = DedicatedFile(_CONTACT_APPLICATION).add(ElementaryFile(_CONTACT_FILE, bytes(16), NEVER))
        application = DedicatedFile(0x0002, APPLICATION_NAME)
        self._master = DedicatedFile(MASTER).add(ElementaryFile(0xD003, number, sfi=0x1C), contact, application)
        self.reset()

    @property
    def atr(self) -> bytes:
        """As a contactless reader makes it up."""
        return CONTACTLESS_ATR

    def power_on(self) -> None:
        """Cold reset."""
        self.reset()

    def reset(self) -> None:
        """Warm reset."""
        self._selection = Selection(self._master)

    def renew(self) -> None:
        """Nothing of it ever changes."""

    def transmit(self, command: bytes) -> bytes:
        """T=1: the answer at once, as long as it is."""
        try:
            data, sw = self._execute(parse_command(command)), 0x9000
        except StatusWord as status:
            data, sw = b"", status.sw
        return data + sw.to_bytes(2, "big")

    def _execute(self, command: Command) -> bytes:
        if command.cla:
            raise StatusWord(0x6E00)
        if command.ins == 0xA4:
            return self._selection.select(command, BY_PATH | BY_NAME)
        if command.ins == 0xB0:
            return self._read(command)
        raise StatusWord(0x6D00)

    def _read(self, command: Command) -> bytes:
        file, offset = self._selection.addressed(command)
        if file.read != ALWAYS:
            raise StatusWord(0x6982)
        return file.slice(offset, command.le)
