"""Memory of the watching of readers over many insertions: it must stay flat.

Cards come and go in this process (no pcscd: its own memory is not the question), each seen, opened and let go by a
desk as the application's. Counted are the objects that Python allocated and the memory that the system gave.
"""

from __future__ import annotations

import gc
import threading
import tracemalloc
from pathlib import Path

from benchmarks.figures import Row, Section
from benchmarks.setting import PATIENCE, Setting
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.virtual.card import VirtualCard
from demonstration.cards import bundled_cards
from praticien.ports import DeskState, SlotState

TITLE = "Memory of the watcher, cards put in and taken out again"
PARTS = 5
_READER, _CARD = "Lecteur", "cps-medecin"
_PAGE_KB = 4


def measure(setting: Setting, runs: int) -> Section:  # noqa: ARG001 - one long run says more than several short ones
    """After each part of the insertions, what is allocated more than after the first hundred."""
    count = setting.insertions
    card = bundled_cards(setting.folder)[_CARD]
    python, system = watched(card, count)
    rows = (
        Row(f"allocated by Python, {count} insertions, in {PARTS} parts", "kB", python),
        Row("given by the system meanwhile", "kB", system),
    )
    return Section(TITLE, rows, notes=("kB more than before; in order: " + ", ".join(f"{kb:.0f}" for kb in python),))


def watched(card: VirtualCard, count: int) -> tuple[list[float], list[float]]:
    """Kilobytes more than at the start (Python's, the system's), after each fifth of ``count`` insertions."""
    transport = DirectTransport((_READER,))
    desk = Desk(transport)
    hand = _Hand(desk, transport, card)
    tracemalloc.start()
    try:
        hand.repeat(min(count, 100))  # caches and threads are there from then on
        start, resident = _allocated(), _resident()
        python, system = [], []
        for _ in range(PARTS):
            hand.repeat(count // PARTS)
            python.append(_allocated() - start)
            system.append(_resident() - resident)
        return python, system
    finally:
        tracemalloc.stop()
        hand.stop()
        desk.close()


class _Hand:
    """Puts a card in and takes it out, waiting each time until the desk has told of it."""

    def __init__(self, desk: Desk, transport: DirectTransport, card: VirtualCard) -> None:
        self._desk, self._transport, self._card = desk, transport, card
        self._told = {True: threading.Event(), False: threading.Event()}
        self.stop = desk.subscribe(self._tell)

    def repeat(self, times: int) -> None:
        """Raises TimeoutError."""
        for number in range(times):
            self._transport.insert(_READER, self._card)
            self._wait(present=True)
            if number % 10 == 0:
                self._desk.open_native_card(_READER).close()
            self._transport.withdraw(_READER)
            self._wait(present=False)

    def _tell(self, state: DeskState) -> None:
        self._told[state.first(SlotState.PROFESSIONAL_CARD) is not None].set()

    def _wait(self, *, present: bool) -> None:
        if not self._told[present].wait(PATIENCE):
            raise TimeoutError
        self._told[present].clear()


def _allocated() -> float:
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 1024


def _resident() -> float:
    """Kilobytes of this process in memory (Linux), else 0."""
    file = Path("/proc/self/statm")
    return float(file.read_text("ascii").split()[1]) * _PAGE_KB if file.exists() else 0.0
