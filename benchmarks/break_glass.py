"""Break-glass: from the last key to the list of documents; how many keys since the patient was on screen.

The real window (offscreen), the real reference server, the card in the window's own process; all it gets is keys.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

from benchmarks.figures import NotHere, Row, Section
from benchmarks.setting import Setting

TITLE = "Break-glass: last key to the list of documents on screen (offscreen)"


def measure(setting: Setting, runs: int) -> Section:
    """One row a way, then one for its keys. Raises NotHere."""
    if importlib.util.find_spec("PySide6") is None:
        raise NotHere("PySide6 is not installed")
    command = [sys.executable, "-m", "benchmarks.break_glass_window", str(setting.folder), str(runs)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    rows = []
    for way in dict.fromkeys(one["way"] for one in said):
        mine = [one for one in said if one["way"] == way]
        rows.append(Row(way, "ms", [one["ms"] for one in mine]))
        rows.append(Row("   keys pressed since the patient is on screen", "keys", [one["keys"] for one in mine]))
    return Section(TITLE, tuple(rows))
