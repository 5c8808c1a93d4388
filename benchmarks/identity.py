"""Identity and certificates of a CPS, read by us and by OpenSC's pkcs15-tool from the same card in the same pcscd.

Both read the serial number and both certificates, then, in lines of their own, the PIN rules and key references too.
pkcs15-tool is a program that starts, reads and ends; we are compared with it as the application does it (a desk that
is already watching) and in the same shape (a fresh process). Both can remember a card: OpenSC with its file cache, off
by default, we always.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import NotHere, Row, Section
from benchmarks.laps import Laps
from benchmarks.setting import PATIENCE, Setting, wait_for
from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from demonstration.people import CARDS
from praticien.ports import SlotState

TITLE = "Identity and certificates of the virtual CPS, beside OpenSC's pkcs15-tool"
CARD = "cps-medecin"
CERTIFICATES_ONLY = ("pkcs15-tool", "--list-info", "--list-certificates")
_TOOL = (*CERTIFICATES_ONLY, "--list-pins", "--list-keys")
_CACHING = "app default { framework pkcs15 { use_file_caching = public; } }\n"
_OURS, _OURS_AGAIN = "we, in the application", "we, card seen before"
_OURS_WHOLE = "we, with PIN rules and key references"
_OURS_ALONE = "we, as a program of its own"
_THEIRS, _THEIRS_AGAIN = "pkcs15-tool", "pkcs15-tool, its cache full"
_THEIRS_WHOLE = "pkcs15-tool, with PIN rules and key references"
_PAIRS = (
    (_OURS, _THEIRS),
    (_OURS_WHOLE, _THEIRS_WHOLE),
    (_OURS_AGAIN, _THEIRS_AGAIN),
    (_OURS_ALONE, _THEIRS),
)


def measure(setting: Setting, runs: int) -> Section:
    """The ways in turn, so that a disturbance of the machine meets them all. Raises NotHere."""
    if not shutil.which(_TOOL[0]):
        raise NotHere("OpenSC is not installed (pkcs15-tool)")
    laps = Laps(setting.apdus)
    with setting.inserted(CARD, setting.cards.readers[0]), tempfile.TemporaryDirectory(dir=setting.folder) as cache:
        with setting.desk() as desk:
            reader = wait_for(desk, SlotState.PROFESSIONAL_CARD)
        remembering = _remembering(Path(cache))
        run_tool(remembering)  # fills the cache
        for _ in range(runs):
            _read_by_us(setting, reader, laps)
            with laps.lap(_THEIRS):
                run_tool(os.environ, CERTIFICATES_ONLY)
            with laps.lap(_THEIRS_WHOLE):
                run_tool(os.environ)
            with laps.lap(_THEIRS_AGAIN):
                run_tool(remembering, CERTIFICATES_ONLY)
    times = {row.label: row for row in laps.rows()}
    counts = {label: Row(label, "APDU", row.commands) for label, row in times.items()}
    times = {label: replace(row, commands=()) for label, row in times.items()}
    return Section(TITLE, (*_compared(times, _PAIRS), *_compared(counts, _PAIRS[:3])))


def _compared(rows: Mapping[str, Row], pairs: Sequence[tuple[str, str]]) -> list[Row]:
    ours = [rows[mine].beside(rows[theirs]) for mine, theirs in pairs]
    return [*ours, rows[_THEIRS], rows[_THEIRS_WHOLE], rows[_THEIRS_AGAIN]]


def _read_by_us(setting: Setting, reader: str, laps: Laps) -> None:
    with setting.desk() as desk:
        wait_for(desk, SlotState.PROFESSIONAL_CARD)
        with laps.lap(_OURS_WHOLE):
            with laps.lap(_OURS):
                card = read(desk, reader)
            card.access  # noqa: B018 - read at the first need
        card.release()
        with laps.lap(_OURS_AGAIN):
            card = read(desk, reader)
        card.release()
    with laps.lap(_OURS_ALONE):
        run_ours(reader)


def _remembering(folder: Path) -> Mapping[str, str]:
    """Surroundings in which OpenSC keeps what it read of a card."""
    configuration = folder / "opensc.conf"
    configuration.write_text(_CACHING, "utf-8")
    return os.environ | {"OPENSC_CONF": str(configuration), "XDG_CACHE_HOME": str(folder), "HOME": str(folder)}


def read(desk: Desk, reader: str) -> OpenedCps:
    """What the application does when a card arrives. Raises AssertionError for another card."""
    card = desk.open_native_card(reader)
    if card.holder.professional != CARDS[CARD].professional:
        raise AssertionError("another card")
    return card


def run_ours(reader: str) -> None:
    """The same in a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.read_once", reader], check=True, timeout=PATIENCE)


def run_tool(environment: Mapping[str, str], command: Sequence[str] = _TOOL) -> None:
    """pkcs15-tool once. Raises AssertionError unless it read both certificates (it prints their serial numbers)."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE)
    if done.stdout.count("Encoded serial") != 2:
        raise AssertionError("pkcs15-tool did not read both certificates")
