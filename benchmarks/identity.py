"""Identity and certificates of a CPS, read by us and by OpenSC's pkcs15-tool from the same card in the same pcscd.

Both read the serial number, the PIN rules, the key references and both certificates. pkcs15-tool is a program that
starts, reads and ends; we are compared with it in the same shape (a fresh process) and as the application does it (a
desk that is already watching). Its cache of card files is first empty, then full; so is ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks.figures import NotHere, Row, Section
from benchmarks.setting import PATIENCE, Setting, wait_for
from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from demonstration.people import CARDS
from praticien.ports import SlotState

TITLE = "Identity and certificates of the virtual CPS, beside OpenSC's pkcs15-tool"
CARD = "cps-medecin"
_TOOL = ("pkcs15-tool", "--list-info", "--list-pins", "--list-keys", "--list-certificates")
_TOOLS, _TOOLS_KNOWN = "pkcs15-tool, its cache empty", "pkcs15-tool, its cache full"
_OURS, _OURS_KNOWN = "we, in the application", "we, card known to the application"
_OURS_PROCESS = "we, as a program of its own"
_PAIRS = ((_OURS, _TOOLS), (_OURS_KNOWN, _TOOLS_KNOWN), (_OURS_PROCESS, _TOOLS))


class _Samples:
    """Milliseconds and commands of one way of reading."""

    def __init__(self, label: str, apdus: Callable[[], int]) -> None:
        self._label, self._apdus = label, apdus
        self._times: list[float] = []
        self._commands: list[int] = []

    def take(self, act: Callable[[], object]) -> None:
        """Once more."""
        before, start = self._apdus(), time.perf_counter()
        act()
        self._times.append((time.perf_counter() - start) * 1000)
        self._commands.append(self._apdus() - before)

    @property
    def time(self) -> Row:
        """The line of the times."""
        return Row(self._label, "ms", self._times, self._commands)

    @property
    def commands(self) -> Row:
        """The line of the commands."""
        return Row(self._label, "APDU", self._commands)


def measure(setting: Setting, runs: int) -> Section:
    """The ways in turn, so that a disturbance of the machine meets them all. Raises NotHere."""
    if not shutil.which(_TOOL[0]):
        raise NotHere("OpenSC is not installed (pkcs15-tool)")
    ways = {
        label: _Samples(label, setting.apdus) for label in (_OURS, _OURS_KNOWN, _OURS_PROCESS, _TOOLS, _TOOLS_KNOWN)
    }
    with setting.inserted(CARD, setting.cards.readers[0]):
        for _ in range(runs):
            _read_by_us(setting, ways)
            _read_by_tool(setting, ways)
    return Section(TITLE, (*_rows(ways, _PAIRS, "time"), *_rows(ways, _PAIRS[:2], "commands")))


def _rows(ways: Mapping[str, _Samples], pairs: Sequence[tuple[str, str]], what: str) -> list[Row]:
    found: dict[str, Row] = {label: getattr(way, what) for label, way in ways.items()}
    compared = [found[ours].beside(found[theirs]) for ours, theirs in pairs]
    return [*compared, found[_TOOLS], found[_TOOLS_KNOWN]]


def _read_by_us(setting: Setting, ways: Mapping[str, _Samples]) -> None:
    with setting.desk() as desk:
        reader = wait_for(desk, SlotState.PROFESSIONAL_CARD)
        ways[_OURS].take(lambda: read(desk, reader))
        ways[_OURS_KNOWN].take(lambda: read(desk, reader))
    ways[_OURS_PROCESS].take(lambda: run_ours(reader))


def _read_by_tool(setting: Setting, ways: Mapping[str, _Samples]) -> None:
    with tempfile.TemporaryDirectory(dir=setting.folder) as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache, "HOME": cache}
        ways[_TOOLS].take(lambda: run_tool(environment))
        ways[_TOOLS_KNOWN].take(lambda: run_tool(environment))


def read(desk: Desk, reader: str) -> OpenedCps:
    """What the application does when a card arrives, and the card let go. Raises AssertionError for another card."""
    card = desk.open_professional_card(reader)
    card.release()
    if card.holder.professional != CARDS[CARD].professional:
        raise AssertionError("another card")
    return card


def run_ours(reader: str) -> None:
    """The same in a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.read_once", reader], check=True, timeout=PATIENCE)


def run_tool(environment: Mapping[str, str]) -> None:
    """pkcs15-tool once. Raises AssertionError unless it read both certificates (it prints their serial numbers)."""
    done = subprocess.run(_TOOL, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE)
    if done.stdout.count("Encoded serial") != 2:
        raise AssertionError("pkcs15-tool did not read both certificates")
