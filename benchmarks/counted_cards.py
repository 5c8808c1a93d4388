"""The demonstration's virtual cards in a private pcscd, each command they receive counted.

The count is taken at the card, beyond pcscd and driver, so that it is the same for our program and for other people's.
What is kept of a command is its header (CLA INS P1 P2), never its data.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from card_reader.virtual.card import VirtualCard
from card_reader.virtual.host import serve
from demonstration.cards import bundled_cards

_HEADER = 4


class CountedCard:
    """A card that notes the header of each command before it answers."""

    def __init__(self, card: VirtualCard, note: Callable[[bytes], object]) -> None:
        self._card, self._note = card, note

    @property
    def atr(self) -> bytes:
        """See VirtualCard."""
        return self._card.atr

    def power_on(self) -> None:
        """See VirtualCard."""
        self._card.power_on()

    def reset(self) -> None:
        """See VirtualCard."""
        self._card.reset()

    def renew(self) -> None:
        """See VirtualCard."""
        self._card.renew()

    def transmit(self, command: bytes) -> bytes:
        """See VirtualCard."""
        self._note(command[:_HEADER].ljust(_HEADER, b"\0"))
        return self._card.transmit(command)


def apdus(headers: Path) -> int:
    """How many commands the cards have received so far."""
    return headers.stat().st_size // _HEADER if headers.exists() else 0


def command(folder: Path, headers: Path) -> list[str]:
    """What ``card_reader.virtual.host.HostProcess`` starts."""
    return [sys.executable, "-m", "benchmarks.counted_cards", str(folder), str(headers)]


def main(folder: Path, headers: Path) -> int:
    """Serve until standard input closes; each header is appended to the file ``headers``."""
    file = os.open(headers, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    cards = {
        name: CountedCard(card, lambda header: os.write(file, header)) for name, card in bundled_cards(folder).items()
    }
    return serve(cards, with_parent=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
