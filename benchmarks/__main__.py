"""``python -m benchmarks [NAME...]``: measure, print one table."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Protocol

from benchmarks import (
    break_glass,
    capacity,
    conformity,
    deposit,
    documents,
    endurance,
    identity,
    imaging,
    journey,
    lab_report,
    lab_values,
    pace,
    prescription,
    recognition,
    stages,
    start,
    throughput,
    watching,
)
from benchmarks.figures import NotHere, Section, conditions, table
from benchmarks.setting import Setting


class Measurement(Protocol):
    """What each measuring module offers."""

    TITLE: str

    def measure(self, setting: Setting, runs: int) -> Section:
        """Raises NotHere."""


MEASUREMENTS: dict[str, Measurement] = {
    "journey": journey,
    "deposit": deposit,
    "start": start,
    "identity": identity,
    "imaging": imaging,
    "recognition": recognition,
    "break_glass": break_glass,
    "pace": pace,
    "watching": watching,
    "lab_report": lab_report,
    "prescription": prescription,
    "conformity": conformity,
    "documents": documents,
    "lab_values": lab_values,
    "throughput": throughput,
    "stages": stages,
    "capacity": capacity,
    "endurance": endurance,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, also when a measurement was skipped."""
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    start, head = time.monotonic(), conditions(options.runs)
    lengths = {name: getattr(options, name) for name in ("documents", "endurance", "insertions", "reports")}
    with Setting(options.seconds, **lengths) as setting:
        sections = [measured(name, setting, options.runs) for name in options.names or MEASUREMENTS]
    if options.json:
        print(json.dumps([section.as_data() for section in sections]))
        return 0
    print(f"Praticien, measured on: {head}\n\n{table(sections)}\n\nWhole bench: {time.monotonic() - start:.0f} s")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measures the real parts on this machine and prints one table."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(MEASUREMENTS)} (all)")
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="how many times each (9)")
    parser.add_argument(
        "--seconds",
        type=float,
        default=0.5,
        metavar="S",
        help="how long each sample of requests per second lasts (0.5)",
    )
    parser.add_argument(
        "--documents", type=int, default=100_000, metavar="N", help="documents in the database of capacity (100000)"
    )
    parser.add_argument(
        "--endurance", type=float, default=20.0, metavar="S", help="how long endurance watches the memory (20; ask 600)"
    )
    parser.add_argument(
        "--insertions", type=int, default=10_000, metavar="N", help="how often watching puts a card in (10000)"
    )
    parser.add_argument(
        "--reports", type=int, default=2_000, metavar="N", help="how many reports lab_values reads (2000)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON array instead of the table")
    return parser


def measured(name: str, setting: Setting, runs: int) -> Section:
    """One measurement, or the reason why there is none."""
    module = MEASUREMENTS[name]
    print(f"measuring {name}…", file=sys.stderr, flush=True)
    try:
        return module.measure(setting, runs)
    except NotHere as reason:
        return Section(module.TITLE, skipped=str(reason))


if __name__ == "__main__":
    sys.exit(main())
