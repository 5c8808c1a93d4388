"""One thread that knows what every reader holds, and survives all that readers, cards and the service do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from card_reader.atr import Family, recognise
from card_reader.errors import CardError
from card_reader.transport import ReaderStatus, Transport
from praticien.ports import DeskState, Slot, SlotState

_LOG = logging.getLogger(__name__)
_WAIT = 10.0
_BACK_OFF = 0.3
_MOST_DOUBTS = 2
"""How often an insertion in which exchanges break counts as a new one: a bad contact must not be read for ever."""
_BY_FAMILY = {Family.PROFESSIONAL: SlotState.PROFESSIONAL_CARD, Family.VITALE: SlotState.VITALE}


@dataclass(frozen=True, slots=True)
class _Seen:
    status: ReaderStatus
    insertion: int


class Watcher:
    """Publishes a DeskState at each change. ``insertion`` numbers grow over all readers, restarts included."""

    def __init__(self, transport: Transport, publish: Callable[[DeskState], None]) -> None:
        self._transport, self._publish = transport, publish
        self._seen: dict[str, _Seen] = {}
        self._insertions = 0
        self._is_blind = True  # nothing was seen since the start, or since the service was lost
        self._doubted: set[str] = set()
        self._doubts: dict[str, tuple[int, int]] = {}  # reader -> the service's count of events, doubts since
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader watcher", daemon=True)

    def start(self) -> None:
        """Begin watching."""
        self._thread.start()

    def doubt(self, reader: str) -> None:
        """An exchange broke in ``reader`` though nobody saw its card leave: what is there now is a new insertion.

        The service looks at its readers a few times a second, and misses a card that goes and comes (or another that
        comes) in between. From any thread.
        """
        self._doubted.add(reader)
        for _ in range(20):
            self._transport.wake()  # may come before the wait it is meant for: so several times
            if reader not in self._doubted or self._stopping.wait(0.05):
                break

    def stop(self) -> None:
        """End the thread; never raises. Waits a moment for it."""
        self._stopping.set()
        for _ in range(20):
            self._transport.wake()  # may come before the wait it is meant for: so several times
            self._thread.join(0.1)
            if not self._thread.is_alive():
                break

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._forget_doubted()
            try:
                known = tuple(seen.status for seen in self._seen.values())
                statuses = self._transport.wait_for_change(known, 0 if self._is_blind else _WAIT)
            except CardError:
                self._seen, self._is_blind = {}, True
                self._tell(DeskState(service=False))
                self._stopping.wait(_BACK_OFF)
            else:
                self._is_blind = False
                self._tell(self._take(statuses))
        self._transport.close()

    def _forget_doubted(self) -> None:
        while self._doubted:
            seen = self._seen.get(self._doubted.pop())
            if seen is None or not seen.status.present:
                continue
            reader, events = seen.status.reader, seen.status.events
            since, count = self._doubts.get(reader, (events, 0))
            count = count if since == events else 0
            if count < _MOST_DOUBTS:
                self._doubts[reader] = events, count + 1
                del self._seen[reader]

    def _take(self, statuses: tuple[ReaderStatus, ...]) -> DeskState:
        self._seen = {status.reader: _Seen(status, self._insertion(status)) for status in statuses}
        return DeskState(True, tuple(_slot(seen) for seen in self._seen.values()))

    def _insertion(self, status: ReaderStatus) -> int:
        """The same number while it is the same card in the same insertion, a new one for a new insertion."""
        before = self._seen.get(status.reader)
        if not status.present:
            return before.insertion if before else 0
        if before and before.status.present and before.status.events == status.events and _same_atr(before, status):
            return before.insertion
        self._insertions += 1
        return self._insertions

    def _tell(self, state: DeskState) -> None:
        try:
            self._publish(state)
        except Exception as error:  # a listener's bug must not blind the desk; its words may name somebody
            _LOG.error("a listener of the card desk failed: %s", type(error).__name__)


def _same_atr(before: _Seen, status: ReaderStatus) -> bool:
    """An ATR may come a moment after the card."""
    return not before.status.atr or before.status.atr == status.atr


def _slot(seen: _Seen) -> Slot:
    status = seen.status
    return Slot(status.reader, _state(status), seen.insertion, status.atr.hex().upper())


def _state(status: ReaderStatus) -> SlotState:
    if not status.present:
        return SlotState.EMPTY
    if status.mute:
        return SlotState.MUTE
    if not status.atr:
        return SlotState.READING
    model = recognise(status.atr)
    return _BY_FAMILY[model.family] if model else SlotState.UNKNOWN_CARD
