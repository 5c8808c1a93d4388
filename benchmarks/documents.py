"""A document of each type: built, checked, read and drawn, and the memory it takes; no card, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Row, Section
from benchmarks.setting import PATIENCE, Setting

TITLE = "A document of each type, from its form to the viewer (offscreen)"


def measure(setting: Setting, runs: int) -> Section:
    """Each part ``runs`` times, in a program of its own. Raises AssertionError when that fails."""
    folder = setting.folder / "documents"
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.documents_once", str(folder), str(runs)],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=8 * PATIENCE,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    rows = [Row(label, "ms", samples) for label, samples in found["ms"].items()]
    rows += [Row(label, "MB", [value]) for label, value in found["MB"].items()]
    return Section(TITLE, tuple(sorted(rows, key=lambda row: row.label.split(":")[0])))
