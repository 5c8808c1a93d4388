"""The watcher forgets what is over: fewer insertions than the bench makes, the same hand."""

from __future__ import annotations

from pathlib import Path

from benchmarks.watching import PARTS, watched
from card_reader.virtual.cps3 import VirtualCps3
from demonstration import cards
from demonstration.people import CARDS


def test_a_thousand_insertions_leave_nothing(tmp_path: Path) -> None:
    python, _ = watched(VirtualCps3(cards.cps(tmp_path, CARDS["cps-medecin"])), 1000)
    assert len(python) == PARTS
    assert python[-1] - python[0] < 30, "more than 40 bytes an insertion stay behind"
