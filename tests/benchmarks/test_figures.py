"""Rows, ratios, the table, and why a measurement is not there."""

from __future__ import annotations

import re
import shutil

import pytest

from benchmarks import identity
from benchmarks.__main__ import measured
from benchmarks.figures import Row, Section, conditions, table
from benchmarks.setting import Setting
from card_reader.virtual.pcscd import PcscdMissing

SLOW = Row("ours", "ms", [30.0, 10.0, 20.0], [7, 7, 9])
FAST = Row("theirs", "ms", [4.0])


def test_median_and_ratio() -> None:
    assert SLOW.median == 20
    assert SLOW.ratio is None
    assert SLOW.beside(FAST).ratio == 5


def test_the_table_says_everything_and_is_aligned() -> None:
    head, first, second, note = table([Section("Title", (SLOW.beside(FAST), FAST), notes=("why",))]).splitlines()[1:]
    assert first.split() == ["ours", "20", "10", "to", "30", "ms", "7", "5.00", "theirs"]
    assert second.split() == ["theirs", "4", "4", "ms"]
    assert note == "  (why)"
    assert head.index("median") + len("median") == first.index("20") + 2 == second.index("4") + 1
    assert head.index("APDUs") + 5 == first.index("7") + 1


def test_a_skipped_section_says_why() -> None:
    assert table([Section("Title", skipped="no reader")]) == "Title\n  skipped: no reader"


def test_conditions_name_no_machine() -> None:
    import platform

    line = conditions(3)
    assert "cores" in line
    assert re.search(r"OpenSSL \d", line)
    assert "3 runs" in line
    assert platform.node() not in line
    assert "/" not in line


def test_a_missing_tool_is_a_reason_not_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with Setting() as setting:
        section = measured("identity", setting, 1)
    assert section.title == identity.TITLE
    assert "pkcs15-tool" in section.skipped
    assert not section.rows


@pytest.mark.parametrize("name", ["journey", "deposit", "identity"])
def test_without_pcscd_what_needs_cards_is_skipped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PcscdMissing("pcscd is not installed")

    monkeypatch.setattr("benchmarks.setting.find_programs", missing)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    with Setting() as setting:
        assert "pcscd is not installed" in measured(name, setting, 1).skipped
