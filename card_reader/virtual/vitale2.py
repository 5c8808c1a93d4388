"""A virtual Vitale 2: pointers, holder and serial number that anyone may read, protected files, and our own reading.

The application with AID F0 "PRATICIEN" exists on virtual cards only; it stands for what the licensed reading module
would return (see ``card_reader.reading_module``).
"""

from __future__ import annotations

from card_reader.reading_module import AID_VIRTUAL_READING, EF_READING
from card_reader.tlv import encode
from card_reader.virtual.card import Command, StatusWord
from card_reader.virtual.files import ALWAYS, BY_FID, BY_NAME, MASTER, NEVER, DedicatedFile, ElementaryFile, Selection
from card_reader.virtual.personalisation import VitalePersonalisation
from card_reader.virtual.t0 import T0Card
from card_reader.vitale import AID_MASTER, AID_VITALE, EF_PAN, EF_POINTERS

_VITALE_ID = 0x0001
_FILES = {"DONBENEF": 0x2002, "DONHOLDR": 0x2003, "DONDROIT": 0x2004}  # names and numbers are ours
_HOLDER_FILE = "DONHOLDR"


class VirtualVitale2(T0Card):
    """One card of one fictitious family."""

    def __init__(self, personalisation: VitalePersonalisation) -> None:
        super().__init__(personalisation.atr)
        self.personalisation = personalisation
        self._master = _file_system(personalisation)
        self.forget()

    def renew(self) -> None:
        """Nothing of it ever changes."""

    def forget(self) -> None:
        """A reset drops the selection."""
        self._selection = Selection(self._master)

    def execute(self, command: Command) -> bytes:
        """SELECT and READ BINARY; nothing else is free on a Vitale."""
        if command.cla:
            raise StatusWord(0x6E00)
        if command.ins == 0xA4:
            return self._selection.select(command, BY_NAME | BY_FID)
        if command.ins == 0xB0:
            return self._read_binary(command)
        raise StatusWord(0x6D00)

    def _read_binary(self, command: Command) -> bytes:
        file = self._selection.file
        if file is None or command.p1 & 0x80:
            raise StatusWord(0x6986)
        if file.read != ALWAYS:
            raise StatusWord(0x6982)
        return file.slice(command.p1p2, command.le)


def _file_system(card: VitalePersonalisation) -> DedicatedFile:
    holder = card.holder
    template = encode(
        0x65,
        encode(0x90, card.nationality.encode()),
        encode(0x93, holder.nir.encode()),
        encode(0x80, holder.family_name.encode("latin-1")),
        encode(0x81, holder.first_name.encode("latin-1")),
        encode(0x82, holder.birth_date.encode()),
    )
    vitale = DedicatedFile(_VITALE_ID, AID_VITALE).add(
        ElementaryFile(EF_POINTERS, _pointers()),
        *(
            ElementaryFile(fid, template, ALWAYS) if name == _HOLDER_FILE else ElementaryFile(fid, bytes(16), NEVER)
            for name, fid in _FILES.items()
        ),
    )
    reading = DedicatedFile(0x0002, AID_VIRTUAL_READING).add(ElementaryFile(EF_READING, card.reading))
    serial = encode(0x5A, bytes.fromhex(card.serial))
    return DedicatedFile(MASTER, AID_MASTER).add(ElementaryFile(EF_PAN, serial), vitale, reading)


def _pointers() -> bytes:
    application = encode(0x82, _VITALE_ID.to_bytes(2, "big") + b"\x00\x00" + AID_VITALE)
    files = [
        encode(0x80, name.encode() + _VITALE_ID.to_bytes(2, "big") + fid.to_bytes(2, "big"))
        for name, fid in _FILES.items()
    ]
    return encode(0xE0, encode(0xA0, application), *files)
