"""The door for the licensed reading module of GIE SESAM-Vitale ("API de lecture Vitale").

The beneficiaries of a real card are protected: only that module (a C library under licence, with a CPx beside the
Vitale) may read them. An adapter for it implements ``ReadingModule`` and returns its published XML
(``t_AsnDonneesVitale``). Bundled here is one implementation, for virtual cards only.
"""

from __future__ import annotations

from typing import Protocol

from card_reader.apdu import Apdu, Wire
from card_reader.errors import CardRefusal, NoReadingModule

AID_VIRTUAL_READING = bytes.fromhex("F0") + b"PRATICIEN"
"""A proprietary unregistered application (ISO/IEC 7816-5, first byte F0) that only our virtual cards have."""
EF_READING = 0x0001
_LARGEST_READING = 30_000


class ReadingModule(Protocol):
    """What reads the protected part of a Vitale."""

    @property
    def reads_test_cards(self) -> bool:
        """True when what it reads are test or virtual cards."""

    def read(self, wire: Wire, reader: str) -> bytes:
        """XML of the card in ``reader``; ``wire`` is our connection to it. Raises NoReadingModule, CardError."""


class VirtualReadingModule:
    """Plays the module for virtual cards: they carry its XML in a file of their own, EF 0001 of F0 "PRATICIEN"."""

    reads_test_cards = True

    def read(self, wire: Wire, reader: str) -> bytes:  # noqa: ARG002 - a real module opens the reader by its name
        """See ReadingModule."""
        try:
            wire.expect(Apdu(0, 0xA4, 0x04, 0x0C, AID_VIRTUAL_READING), "SELECT virtual reading")
        except CardRefusal as refusal:
            raise NoReadingModule from refusal
        wire.expect(Apdu(0, 0xA4, 0x02, 0x0C, EF_READING.to_bytes(2, "big")), "SELECT reading")
        return wire.read_binary(_LARGEST_READING)
