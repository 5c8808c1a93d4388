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

from benchmarks.deposit import SIZE, scanned_page
from praticien.documents.pdf import check_pdf

ROOT = Path(__file__).parents[2]
SHORT = [
    "--runs",
    "1",
    "--seconds",
    "0.02",
    "--documents",
    "30",
    "--endurance",
    "0.5",
    "--insertions",
    "200",
    "--reports",
    "3",
]


def bench(*arguments: str, **environment: str) -> str:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    surroundings = os.environ | environment
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=surroundings, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.pcscd
@pytest.mark.timeout(300)
def test_every_measurement_runs_and_says_what_it_should() -> None:
    """One test, because the whole bench runs once."""
    checks = (
        check_journey,
        check_deposit,
        check_start,
        check_identity,
        check_imaging,
        check_recognition,
        check_break_glass,
        check_pace,
        check_watching,
        check_lab_report,
        check_prescription,
        check_conformity,
        check_documents,
        check_lab_values,
        check_throughput,
        check_stages,
        check_capacity,
        check_endurance,
    )
    sections = json.loads(bench(*SHORT, "--json"))
    skipped = [section["skipped"] for section in sections if section["skipped"]]
    for check, section in zip(checks, sections, strict=True):
        if not section["skipped"]:
            assert all(sample >= 0 for row in section["rows"] for sample in row["samples"])
            check(section["rows"])
    if skipped:
        pytest.skip(f"the others passed: {skipped}")


Rows = list[dict[str, Any]]


def check_prescription(rows: Rows) -> None:
    figures = {row["label"]: row["samples"][0] for row in rows}
    assert len(rows) == 10
    assert figures["renewed: keys"] < figures["written: keys"]
    assert figures["written: keys"] == int(figures["written: keys"])
    assert figures["written: a person, by the model"] < 60  # counted from the keys, not timed


def check_documents(rows: Rows) -> None:
    """Five types, each built, checked, read, drawn, weighed."""
    assert len({row["label"].split(":")[0] for row in rows}) == 5
    assert [row["unit"] for row in rows] == (["ms"] * 4 + ["MB"]) * 5


def check_lab_values(rows: Rows) -> None:
    assert [row["unit"] for row in rows] == ["ms", "ms", "M"]


def one(rows: Rows, start: str) -> dict[str, Any]:
    (found,) = (row for row in rows if row["label"].startswith(start))
    return found


def check_journey(rows: Rows) -> None:
    phases = [one(rows, f"{number}. ") for number in range(1, 8)]
    after = one(rows, "2 to 7, card new")
    assert sum(row["samples"][0] for row in phases) <= one(rows, "1 to 7")["samples"][0]
    assert after["commands"][0] == sum(row["commands"][0] for row in phases if row["commands"])
    assert one(rows, "2 to 7 again")["commands"] < after["commands"], "a card seen before is read again"
    assert not phases[6]["commands"], "the list of documents asked for another signature"
    assert len(one(rows, "   of which one TLS")["samples"]) == 1, "one TLS signature for three exchanges"
    assert len(one(rows, "   of which one VIHF")["samples"]) == 2, "one VIHF for INSi, one for the DMP"


def check_deposit(rows: Rows) -> None:
    steps = [one(rows, f"{number}. ") for number in range(1, 4)]
    assert sum(row["samples"][0] for row in steps) <= one(rows, "all")["samples"][0]
    assert [bool(row["commands"]) for row in steps] == [False, False, True]


def check_conformity(rows: Rows) -> None:
    kinds = ["level 1", "prescription of three drugs", "laboratory report of 80 results", "imaging report"]
    kinds.append("synthesis of twenty lines")
    assert [row["label"] for row in rows] == kinds


def check_imaging(rows: Rows) -> None:
    assert [row["label"][:2] for row in rows] == ["1.", "2.", "3.", "4.", "5."]
    assert not any(row["commands"] for row in rows)


def check_start(rows: Rows) -> None:
    assert one(rows, "Praticien")["peer"]["name"] == "a program with an empty QMainWindow"


def check_identity(rows: Rows) -> None:
    counts = [row for row in rows if row["unit"] == "APDU"]
    ours = ["we, in the application", "we, with PIN rules and key references", "we, card seen before"]
    assert [row["label"] for row in counts if row["peer"]] == ours
    assert counts[0]["samples"][0] <= counts[0]["peer"]["median"] / 2
    assert all(sample == int(sample) for row in counts for sample in row["samples"])
    assert sum(row["unit"] == "ms" for row in rows) == 7


def check_recognition(rows: Rows) -> None:
    labels = [row["label"] for row in rows if not row["label"].startswith(" ")]
    assert [label[:2] for label in labels] == ["1.", "2.", "3."]
    assert one(rows, "2. ")["commands"] < one(rows, "1. ")["commands"], "a card seen before is read again"
    for whole, after in zip(rows[::2], rows[1::2], strict=True):
        assert all(part <= all_ for part, all_ in zip(after["samples"], whole["samples"], strict=True))


def check_break_glass(rows: Rows) -> None:
    assert [(row["label"].strip().split()[0], row["unit"]) for row in rows] == [("F9,", "ms"), ("keys", "keys")] * 2
    assert [row["samples"][0] for row in rows[1::2]] == [2, 3]


def check_pace(rows: Rows) -> None:
    assert one(rows, "1. ")["peer"]["median"] > one(rows, "1. ")["samples"][0]
    assert one(rows, "4. ")["samples"][0] > 500, "the key took no time"


def check_lab_report(rows: Rows) -> None:
    steps = [one(rows, f"{number}. ") for number in range(1, 5)]
    assert sum(row["samples"][0] for row in steps) <= one(rows, "all, message")["samples"][0]
    assert len(one(rows, "read: coded")["samples"]) == 1


def check_watching(rows: Rows) -> None:
    assert [len(row["samples"]) for row in rows] == [5, 5]


def check_throughput(rows: Rows) -> None:
    assert len({row["label"] for row in rows}) == len(rows) == 12
    for row in rows:
        assert row["unit"] == "req/s"
        assert (row["peer"] is None) == row["label"].endswith("bare handler")


def check_stages(rows: Rows) -> None:
    assert {row["unit"] for row in rows} == {"ms"}
    assert [row["label"] for row in rows if not row["label"].startswith(" ")] == [
        "one submission (TD2.1)", "one query (TD3.1)"
    ]  # fmt: skip
    assert len(rows) == 14 + 10


def check_capacity(rows: Rows) -> None:
    assert [row["unit"] for row in rows] == ["req/s", "ms"] * 6 + ["ms"]


def check_endurance(rows: Rows) -> None:
    assert [row["unit"] for row in rows] == ["MB", "MB"]


def test_the_deposited_pdf_weighs_what_it_should() -> None:
    info = check_pdf(scanned_page())
    assert info.pages == 1
    assert 0.98 * SIZE < info.size < 1.02 * SIZE


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
