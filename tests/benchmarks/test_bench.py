"""The whole bench once, as a command, as short as it goes: every measurement runs and says what it should.

A process of its own, because libpcsclite remembers one pcscd for the life of a process. No figure is judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("journey", "deposit", "start", "identity", "throughput")
pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("benchmarks")]


def bench(*arguments: str, **environment: str) -> str:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    surroundings = os.environ | environment
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=surroundings, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sections() -> dict[str, Any]:
    """All sections of one short run, by name."""
    return dict(zip(NAMES, json.loads(bench("--runs", "1", "--seconds", "0.02", "--json")), strict=True))


def rows(section: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if section["skipped"]:
        pytest.skip(section["skipped"])
    found = {(row["label"], row["unit"]): row for row in section["rows"]}
    assert len(found) == len(section["rows"]), "two rows of the same name"
    assert all(sample > 0 for row in found.values() for sample in row["samples"])
    return {label: row for (label, _), row in reversed(found.items())}


def one(section: dict[str, Any], start: str) -> dict[str, Any]:
    return next(row for label, row in rows(section).items() if label.startswith(start))


@pytest.mark.pcscd
def test_the_journey_by_phase(sections: dict[str, Any]) -> None:
    journey = sections["journey"]
    phases = [one(journey, f"{number}. ") for number in range(1, 8)]
    whole, after = one(journey, "1 to 7"), one(journey, "2 to 7, card new")
    assert sum(row["samples"][0] for row in phases) <= whole["samples"][0]
    assert after["commands"][0] == sum(row["commands"][0] for row in phases if row["commands"])
    assert one(journey, "2 to 7 again")["commands"] < after["commands"], "a card seen before is read again"
    assert not phases[6]["commands"], "the list of documents asked for another signature"


@pytest.mark.pcscd
def test_a_deposit(sections: dict[str, Any]) -> None:
    deposit = sections["deposit"]
    steps = [one(deposit, f"{number}. ") for number in range(1, 4)]
    assert sum(row["samples"][0] for row in steps) <= one(deposit, "all")["samples"][0]
    assert [bool(row["commands"]) for row in steps] == [False, False, True]


def test_the_deposited_pdf_weighs_what_it_should() -> None:
    from benchmarks.deposit import SIZE, scanned_page
    from praticien.documents.pdf import check_pdf

    info = check_pdf(scanned_page())
    assert info.pages == 1
    assert 0.98 * SIZE < info.size < 1.02 * SIZE


def test_start_beside_an_empty_window(sections: dict[str, Any]) -> None:
    assert rows(sections["start"])["Praticien"]["peer"]["name"] == "a program with an empty QMainWindow"


@pytest.mark.pcscd
def test_identity_beside_pkcs15_tool(sections: dict[str, Any]) -> None:
    found = [row for row in sections["identity"]["rows"] if row["unit"] == "APDU"]
    rows(sections["identity"])
    assert [row["label"] for row in found if row["peer"]] == ["we, in the application", "we, card seen before"]
    assert all(sample == int(sample) for row in found for sample in row["samples"])


def test_requests_per_second_beside_a_bare_handler(sections: dict[str, Any]) -> None:
    found = rows(sections["throughput"])
    assert len(found) == 12
    for label, row in found.items():
        assert row["unit"] == "req/s"
        assert (row["peer"] is None) == label.endswith("bare handler")


def test_the_command_prints_a_table_also_of_what_is_missing() -> None:
    printed = bench("--runs", "1", "identity", PATH="")
    assert printed.startswith("Praticien, measured on: ")
    assert "skipped: OpenSC is not installed" in printed


def test_an_unknown_name_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "nothing" in done.stderr
