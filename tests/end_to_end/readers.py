"""The user's hand on the readers: the same gestures on cards in this process and on a private pcscd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from card_reader.direct import DirectTransport
from card_reader.transport import Transport
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.host import HostProcess

NAMES = ("Lecteur bi-fente virtuel 00 00", "Lecteur bi-fente virtuel 00 01")


class WatchedCard(FaultyCard):
    """Counts the PINs that reached it; a VERIFY without data only asks for the tries left."""

    def heal(self) -> None:
        super().heal()
        self.pins_received = 0

    def transmit(self, command: bytes) -> bytes:
        self.pins_received += command[1] == 0x20 and len(command) > 5
        return super().transmit(command)


class Readers(Protocol):
    """What a test does to cards and readers."""

    transport: Transport

    def insert(self, name: str) -> None: ...

    def withdraw(self, name: str) -> None: ...

    def swap(self, name: str, other: str) -> None:
        """``name`` leaves and ``other`` takes its place before the service looks."""

    def leave_at(self, name: str, number: int) -> None:
        """The card vanishes at the numberth command from now."""

    def stop_service(self) -> None: ...

    def start_service(self) -> None: ...


class InProcessReaders:
    """Two readers in this process; ``cards`` by name, of which a test may ask more."""

    def __init__(self, cards: Mapping[str, VirtualCard], names: tuple[str, ...] = NAMES) -> None:
        self.transport = DirectTransport(names)
        self.cards = {name: WatchedCard(card) for name, card in cards.items()}
        self._where: dict[str, str] = {}
        for card in self.cards.values():
            card.renew()

    def insert(self, name: str) -> None:
        free = [reader for reader in NAMES if not self.transport.holds(reader)]
        self._where[name] = free[0]
        self.transport.insert(free[0], self.cards[name])

    def withdraw(self, name: str) -> None:
        self.transport.withdraw(self._where[name])

    def swap(self, name: str, other: str) -> None:
        reader = self._where.pop(name)
        self._where[other] = reader
        self.transport.swap_unnoticed(reader, self.cards[other])

    def inserted(self) -> set[str]:
        """Those that are in a reader; a card may leave by itself."""
        return {name for name, reader in self._where.items() if self.transport.holds(reader)}

    def plug(self) -> None:
        """Connect the two readers."""
        for name in NAMES:
            self.transport.plug(name)

    def unplug(self) -> None:
        """Disconnect them, with what they hold."""
        for name in NAMES:
            self.transport.unplug(name)
        self._where.clear()

    def leave_at(self, name: str, number: int) -> None:
        self.cards[name].leaves_at = number

    def stop_service(self) -> None:
        self.transport.set_service(running=False)

    def start_service(self) -> None:
        self.transport.set_service(running=True)


class PcscdReaders:
    """The worker's private pcscd."""

    def __init__(self, host: HostProcess) -> None:
        from card_reader.pcsc import PcscTransport

        self._host = host
        self.transport = PcscTransport()

    def insert(self, name: str) -> None:
        self._host.insert(name)

    def withdraw(self, name: str) -> None:
        self._host.withdraw(name)

    def swap(self, name: str, other: str) -> None:
        self._host.send(f"swap {name} {other}")

    def leave_at(self, name: str, number: int) -> None:
        self._host.send(f"withdraw-at {name} {number}")

    def stop_service(self) -> None:
        self._host.send("stop-service")

    def start_service(self) -> None:
        self._host.send("start-service")
