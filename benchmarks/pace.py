"""The same card at the pace of a real one: what counts is commands and bytes, and how often a key is used.

The virtual card waits 8 ms a command, 1 ms a byte either way and 500 ms a private key's operation. The first two are
what a published trace of a real CPS shows (OpenSC's issue 2223: 20 ms for a SELECT, 46 for 39 bytes, 72 for 57: the
9600 bauds of its ATR); another reader took 100 ms for any command (issue 2275). The last is public hearsay.
"""

from __future__ import annotations

import hashlib
import os
import shutil

from benchmarks.figures import NotHere, Section
from benchmarks.identity import CARD, CERTIFICATES_ONLY, run_tool
from benchmarks.laps import Laps
from benchmarks.setting import Setting, wait_for
from demonstration.people import CARDS
from praticien.ports import SlotState

TITLE = "The virtual CPS at the pace of a real one (8 ms a command, 1 ms a byte, 500 ms a key)"
FIGURES = "0.008,0.001,0.5"
_FIRST, _AGAIN, _THEIRS = "1. who holds it: both certificates", "   card seen before", "   pkcs15-tool, the same"


def measure(setting: Setting, runs: int) -> Section:
    """A session's work with the card, each time with a program that never saw it. Raises NotHere."""
    if not shutil.which("pkcs15-tool"):
        raise NotHere("OpenSC is not installed (pkcs15-tool)")
    laps = Laps(setting.apdus)
    with setting.inserted(CARD, setting.cards.readers[0]):
        setting.cards.send(f"pace {CARD} {FIGURES}")
        try:
            for _ in range(min(runs, 3)):  # nothing here depends on chance
                _work(setting, laps)
                with laps.lap(_THEIRS):
                    run_tool(os.environ, CERTIFICATES_ONLY)
        finally:
            setting.cards.send(f"heal {CARD}")
    rows = {row.label: row for row in laps.rows()}
    theirs = rows.pop(_THEIRS)
    first = rows.pop(_FIRST).beside(theirs)
    return Section(TITLE, (first, theirs, *rows.values()))


def _work(setting: Setting, laps: Laps) -> None:
    with setting.desk() as desk:
        reader = wait_for(desk, SlotState.PROFESSIONAL_CARD)
        with laps.lap(_FIRST):
            card = desk.open_native_card(reader)
        card.release()
        with laps.lap(_AGAIN):
            card = desk.open_native_card(reader)
        with laps.lap("2. PIN rules, key references, tries left"):
            card.tries_left()
        with laps.lap("3. PIN verified, situations read"):
            card.verify_pin(bytearray(CARDS[CARD].pin.encode()))
        with laps.lap("4. a VIHF or lot signature"):
            card.signer.sign(b"x" * 2000)
        with laps.lap("5. a TLS signature"):
            card.signer.authenticate(hashlib.sha256(b"x").digest(), "sha256")
        card.close()
