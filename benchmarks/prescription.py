"""A prescription by the keyboard alone: written with completion and a template, and renewed. Keys, program, person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Row, Section
from benchmarks.setting import PATIENCE, Setting

TITLE = "Prescription filled in by the keyboard: three drugs and a template of one, then renewed"
KEY_SECONDS = 0.28
"""A key, by a person who types without being a typist (keystroke-level model: Card, Moran and Newell, 1980)."""
MENTAL_SECONDS = 1.35
"""To decide what comes next, or to check what was understood (same model)."""
_WAYS = ("written", "renewed")
_FIGURES = (("keys", "keys"), ("spent_ms", "ms"), ("longest_ms", "ms"), ("prepared_ms", "ms"))
_LABELS = {"keys": "keys", "spent_ms": "the form, all keys", "longest_ms": "the form, its slowest key"}
_LABELS |= {"prepared_ms": "document checked and built"}


def measure(setting: Setting, runs: int) -> Section:  # noqa: ARG001  # neither cards nor server
    """Both ways, ``runs`` times in one window."""
    command = [sys.executable, "-m", "benchmarks.prescription_form", str(runs)]
    surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).parents[1]
    patience = PATIENCE * (runs + 2)
    done = subprocess.run(
        command, cwd=root, env=surroundings, capture_output=True, text=True, timeout=patience, check=True
    )
    found = json.loads(done.stdout)
    rows = [row for at, way in enumerate(_WAYS) for row in _rows(way, [costs[at] for costs in found])]
    notes = (
        f"the person is a model, nobody was timed: {KEY_SECONDS} s a key, {MENTAL_SECONDS} s a mental act",
        "mental acts: " + ", ".join(f"{way} {found[0][at]['mental']}" for at, way in enumerate(_WAYS)),
    )
    return Section(TITLE, tuple(rows), notes=notes)


def _rows(way: str, costs: list[dict[str, float]]) -> list[Row]:
    rows = [Row(f"{way}: {_LABELS[name]}", unit, [cost[name] for cost in costs]) for name, unit in _FIGURES]
    return [*rows, Row(f"{way}: a person, by the model", "s", [seconds(cost) for cost in costs])]


def seconds(cost: dict[str, float]) -> float:
    """What the keystroke-level model gives."""
    return cost["keys"] * KEY_SECONDS + cost["mental"] * MENTAL_SECONDS
