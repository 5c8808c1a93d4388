"""Virtual cards of older generations: CPS2ter (recognised only), Vitale 1 (read by the licensed module alone)."""

from __future__ import annotations

from card_reader.reading_module import AID_VIRTUAL_READING, EF_READING
from card_reader.virtual.card import Command, StatusWord
from card_reader.virtual.files import MASTER, DedicatedFile, ElementaryFile, Selection
from card_reader.virtual.personalisation import CPS2TER_ATR, VITALE1_ATR
from card_reader.virtual.t0 import T0Card


class VirtualCps2ter(T0Card):
    """Its commands have another class; in ours it knows nothing. 9404 is its "file not found"."""

    def __init__(self, atr: bytes = CPS2TER_ATR) -> None:
        super().__init__(atr)

    def renew(self) -> None:
        """Nothing of it ever changes."""

    def forget(self) -> None:
        """Nothing to forget."""

    def execute(self, command: Command) -> bytes:
        """SELECT of the older class finds no file here; everything else has the wrong class."""
        raise StatusWord(0x9404 if command.cla == 0xBC else 0x6E00)


class VirtualVitale1(T0Card):
    """One card of one fictitious family; ``reading`` is what the licensed reading module would say of it."""

    def __init__(self, reading: bytes, atr: bytes = VITALE1_ATR) -> None:
        super().__init__(atr)
        self._master = DedicatedFile(MASTER).add(
            DedicatedFile(0x0002, AID_VIRTUAL_READING).add(ElementaryFile(EF_READING, reading))
        )
        self.forget()

    def renew(self) -> None:
        """Nothing of it ever changes."""

    def forget(self) -> None:
        """A reset drops the selection."""
        self._selection = Selection(self._master)

    def execute(self, command: Command) -> bytes:
        """Nothing but our own application (see ``card_reader.reading_module``) answers the class of later cards."""
        if command.cla:
            raise StatusWord(0x6E00)
        if command.ins == 0xA4 and command.p1 == 0x04:
            self._selection.select_name(command.data)
            return b""
        if command.ins == 0xA4 and len(command.data) == 2 and self._selection.directory is not self._master:
            self._selection.select_fid(int.from_bytes(command.data, "big"))
            return b""
        if command.ins == 0xB0 and self._selection.file:
            return self._selection.file.slice(command.p1p2, command.le)
        raise StatusWord(0x6D00)
