"""Virtual cards in this process, behind the same interface as PC/SC and with the same errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from card_reader.errors import (
    CardBusy,
    CardRemoved,
    CardReset,
    MuteCard,
    NoCard,
    NoReader,
    NoService,
    PadFailed,
    TransportFailed,
)
from card_reader.transport import Disposition, Protocol7816, ReaderStatus
from card_reader.virtual.card import VirtualCard, Withdrawn
from card_reader.virtual.pad import VirtualPad


@dataclass(slots=True)
class _Slot:
    """One reader. ``insertion`` and ``resets`` let a channel notice another insertion and resets it did not make.

    ``connections`` counts cards that came without the service noticing: older channels are broken.
    """

    card: VirtualCard | None = None
    events: int = 0
    insertion: int = 0
    resets: int = 0
    connections: int = 0
    exclusive: bool = False
    pad: VirtualPad | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)


class DirectTransport:
    """Readers named at the start, more can be plugged; ``insert`` and ``withdraw`` are the user's hand."""

    def __init__(self, reader_names: tuple[str, ...] | list[str]) -> None:
        self._slots = {name: _Slot() for name in reader_names}
        self._running = True
        self._changed = threading.Condition()

    # -- the user's hand -----------------------------------------------------------------------------------

    def insert(self, reader: str, card: VirtualCard) -> None:
        """Put ``card`` in; the card that was there leaves first."""
        slot = self._slots[reader]
        card.power_on()
        with self._changed:
            slot.events += 2 if slot.card else 1
            slot.card = card
            slot.insertion += 1
            self._changed.notify_all()

    def swap_unnoticed(self, reader: str, card: VirtualCard) -> None:
        """Another card (or the same) takes the place of the one that is in before the service looks."""
        slot = self._slots[reader]
        with slot.lock:
            card.power_on()
            slot.card, slot.connections = card, slot.connections + 1

    def withdraw(self, reader: str) -> None:
        """Take the card out; nothing happens when there is none."""
        with self._changed:
            self._take_out(self._slots[reader])

    def holds(self, reader: str) -> bool:
        """Whether a card is in; a card that vanished by itself is not."""
        return self._slots[reader].card is not None

    def plug(self, reader: str) -> None:
        """Connect a reader."""
        with self._changed:
            self._slots.setdefault(reader, _Slot())
            self._changed.notify_all()

    def unplug(self, reader: str) -> None:
        """Disconnect a reader, with the card in it."""
        with self._changed:
            self._take_out(self._slots.pop(reader))

    def give_pad(self, reader: str, pad: VirtualPad) -> None:
        """From now on ``reader`` has keys of its own."""
        self._slots[reader].pad = pad

    def set_service(self, *, running: bool) -> None:
        """Stop or restart the service; a restart begins counting events anew."""
        with self._changed:
            self._running = running
            for slot in self._slots.values():
                slot.events, slot.insertion = (1 if slot.card else 0), slot.insertion + 1
            self._changed.notify_all()

    def reset_by_other(self, reader: str) -> None:
        """Another program resets the card."""
        slot = self._slots[reader]
        with slot.lock:
            if slot.card:
                slot.card.reset()
            slot.resets += 1

    def hold_exclusively(self, reader: str, *, held: bool) -> None:
        """Another program takes the card for itself, or lets it go."""
        self._slots[reader].exclusive = held

    def _take_out(self, slot: _Slot) -> None:
        if slot.card is not None:
            slot.card, slot.events = None, slot.events + 1
        self._changed.notify_all()

    # -- the transport ---------------------------------------------------------------------------------------

    def wait_for_change(self, known: tuple[ReaderStatus, ...], seconds: float) -> tuple[ReaderStatus, ...]:
        """See Transport."""
        with self._changed:
            self._require_service()
            if self._statuses() == known:
                self._changed.wait(seconds)
            self._require_service()
            return self._statuses()

    def wake(self) -> None:
        """See Transport."""
        with self._changed:
            self._changed.notify_all()

    def connect(self, reader: str) -> DirectChannel:
        """See Transport."""
        self._require_service()
        slot = self._slots.get(reader)
        if slot is None:
            raise NoReader
        if slot.card is None:
            raise NoCard
        if not slot.card.atr:
            raise MuteCard
        if slot.exclusive:
            raise CardBusy
        return DirectChannel(self, slot, slot.card)

    def close(self) -> None:
        """See Transport."""
        self.wake()

    def _statuses(self) -> tuple[ReaderStatus, ...]:
        return tuple(_status(name, slot) for name, slot in self._slots.items())

    def _require_service(self) -> None:
        if not self._running:
            raise NoService

    def check(self, slot: _Slot, insertion: int) -> None:
        """Raises NoService or CardRemoved unless the card of that insertion is still in ``slot``."""
        self._require_service()
        if slot.card is None or slot.insertion != insertion:
            raise CardRemoved

    def vanished(self, slot: _Slot) -> None:
        """The card withdrew itself."""
        with self._changed:
            self._take_out(slot)


class DirectChannel:
    """One connection to one virtual card."""

    def __init__(self, transport: DirectTransport, slot: _Slot, card: VirtualCard) -> None:
        self._transport, self._slot, self._card = transport, slot, card
        self._insertion, self._resets, self._connection = slot.insertion, slot.resets, slot.connections

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._card.atr

    @property
    def protocol(self) -> Protocol7816:
        """From the ATR, as a reader would choose."""
        return Protocol7816.T1 if first_protocol(self._card.atr) == 1 else Protocol7816.T0

    def transmit(self, command: bytes | bytearray) -> tuple[bytes, int]:
        """See Channel."""
        with self._slot.lock:
            self._check()
            answer = self._exchange(command)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def control(self, code: int, data: bytes) -> bytes:
        """See Channel."""
        pad = self._slot.pad
        with self._slot.lock:
            self._check()
            answer = pad.control(code, data, self._exchange, self._is_gone) if pad else None
            self._transport.check(self._slot, self._insertion)
        if answer is None:
            raise PadFailed
        return answer

    def _exchange(self, command: bytes | bytearray) -> bytes:
        try:
            answer = self._card.transmit(bytes(command))
        except Withdrawn:
            self._transport.vanished(self._slot)
            raise CardRemoved from None
        self._transport.check(self._slot, self._insertion)
        return answer

    def _is_gone(self) -> bool:
        try:
            self._transport.check(self._slot, self._insertion)
        except (CardRemoved, NoService):
            return True
        return False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See Channel."""
        with self._slot.lock:
            self._check()
            yield

    def reset(self) -> None:
        """See Channel."""
        with self._slot.lock:
            self._transport.check(self._slot, self._insertion)
            self._card.reset()
            self._slot.resets += 1
            self._resets = self._slot.resets

    def close(self, disposition: Disposition) -> None:
        """See Channel."""
        with self._slot.lock:
            same = self._slot.card is self._card and self._slot.insertion == self._insertion
            same = same and self._slot.connections == self._connection
            if same and disposition is not Disposition.LEAVE:
                self._card.reset()
                self._slot.resets += 1

    def _check(self) -> None:
        self._transport.check(self._slot, self._insertion)
        if self._connection != self._slot.connections:
            raise TransportFailed
        if self._resets != self._slot.resets:
            self._resets = self._slot.resets
            raise CardReset


def _status(name: str, slot: _Slot) -> ReaderStatus:
    if slot.card is None:
        return ReaderStatus(name, events=slot.events)
    return ReaderStatus(name, True, not slot.card.atr, slot.events, slot.card.atr)


def first_protocol(atr: bytes) -> int:
    """The protocol offered first (ISO/IEC 7816-3: low nibble of TD1, T=0 when there is none)."""
    if len(atr) < 2:
        return 0
    position = 2 + sum(bool(atr[1] & bit) for bit in (0x10, 0x20, 0x40))
    return atr[position] & 0x0F if atr[1] & 0x80 and position < len(atr) else 0
