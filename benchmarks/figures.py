"""What a measurement gives, and how it is printed."""

from __future__ import annotations

import os
import platform
import ssl
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


class NotHere(Exception):
    """The measurement needs something that this machine lacks; the message says what, in one sentence."""


@dataclass(frozen=True)
class Peer:
    """What a row is compared with: its name, and its own median measured in the same run."""

    name: str
    median: float


@dataclass(frozen=True)
class Row:
    """One line: the same thing measured several times. ``unit`` is ms, s, req/s, MB, APDU or keys.

    ``commands``: how many commands the cards received meanwhile, where that matters.
    """

    label: str
    unit: str
    samples: Sequence[float]
    commands: Sequence[int] = ()
    peer: Peer | None = None

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def ratio(self) -> float | None:
        """How many times the peer's median, None without a peer."""
        return self.median / self.peer.median if self.peer and self.peer.median else None

    def beside(self, other: Row) -> Row:
        """This row, compared with ``other``."""
        return replace(self, peer=Peer(other.label, other.median))


@dataclass(frozen=True)
class Section:
    """One measurement: its rows, or why there are none."""

    title: str
    rows: tuple[Row, ...] = ()
    skipped: str = ""
    notes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def conditions(runs: int) -> str:
    """The machine in one line, without its name: what the figures depend on."""
    parts = [
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        ssl.OPENSSL_VERSION.rsplit(" ", 3)[0],
        f"{runs} runs",
    ]
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f} at the start")
    return ", ".join(parts)


_HEAD = ("", "median", "min to max", "", "APDUs", "ratio", "of")
_LEFT = frozenset({0, 3, 6})
"""Columns of words."""


def table(sections: Iterable[Section]) -> str:
    """All sections as aligned plain text."""
    sections = tuple(sections)
    lines = [_HEAD, *(_cells(row) for section in sections for row in section.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n\n".join(_section(section, widths) for section in sections)


def _section(section: Section, widths: Sequence[int]) -> str:
    if section.skipped:
        return f"{section.title}\n  skipped: {section.skipped}"
    lines = [section.title, *(_line(cells, widths) for cells in (_HEAD, *map(_cells, section.rows)))]
    return "\n".join(lines + [f"  ({note})" for note in section.notes])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = (
        cell.ljust(width) if column in _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  " + "  ".join(placed).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    low, high = min(row.samples), max(row.samples)
    spread = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    commands = _number(statistics.median(row.commands)) if row.commands else ""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return row.label, _number(row.median), spread, row.unit, commands, ratio, row.peer.name if row.peer else ""


def _number(value: float) -> str:
    """Three figures are more than a loaded machine deserves."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
