"""What a core dump of the process would hold: the memory of a program that verified a PIN, searched for its digits."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.virtual.host import HostProcess
from praticien.ports import ChangeablePin
from tests.card_reader.on_pcscd import cps_reader, pcsc_desk, seen

__all__ = ["cps_reader", "pcsc_desk", "seen"]

pytestmark = [
    pytest.mark.pcscd,
    pytest.mark.timeout(60),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads another process's memory through /proc"),
]

PINS = (b"7391", b"8264")
"""Four digits may stand somewhere by chance: those of both never do."""
PROGRAM = """
import os, sys
from card_reader.desk import Desk
from card_reader.pcsc import PcscTransport

desk = Desk(PcscTransport())
card = desk.open_professional_card(sys.argv[1])
pin = bytearray()
for _ in range(4):
    pin += os.read(0, 1)
kept = bytearray(b"kept") + pin if sys.argv[2] == "careless" else None
card.verify_pin(pin)
card.signer.sign(b"x" * 100)
print("unlocked", flush=True)
os.read(0, 1)
"""


def memory_of(process: int) -> Iterator[bytes]:
    """Every readable and writable region."""
    regions = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw.. .*?$", Path(f"/proc/{process}/maps").read_text(), re.M)
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for start, end in regions:
            memory.seek(int(start, 16))
            try:
                yield memory.read(int(end, 16) - int(start, 16))
            except OSError:  # a guard page
                continue


def places_of(pin: bytes, reader: str, manner: str) -> int:
    """Runs the program up to a signature, its PIN given digit by digit, and counts the PIN in its memory."""
    command = [sys.executable, "-c", PROGRAM, reader, manner]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for digit in pin:
            program.stdin.write(bytes([digit]))
            program.stdin.flush()
        assert program.stdout.readline() == b"unlocked\n"
        try:
            found = sum(region.count(pin) for region in memory_of(program.pid))
        except PermissionError:
            pytest.skip("this system lets nobody read a child's memory")
        finally:
            program.communicate(b"\n")
        return found


@pytest.fixture
def places(card_host: HostProcess, pcsc_desk: Desk, cps_reader: str) -> Callable[[str], int]:
    """How often the PIN is found, at least, whichever it is."""

    def counted(manner: str) -> int:
        found, former = [], b"1234"
        for pin in PINS:
            card = pcsc_desk.open_professional_card(cps_reader)
            assert isinstance(card, ChangeablePin)
            card.change_pin(bytearray(former), bytearray(pin))
            card.close()
            found.append(places_of(pin, cps_reader, manner))
            former = pin
        return min(found)

    return counted


def test_the_search_finds_a_pin_that_was_kept(places: Callable[[str], int]) -> None:
    assert places("careless") > 0


def test_nothing_of_the_pin_stays_in_memory(places: Callable[[str], int]) -> None:
    assert places("careful") == 0
