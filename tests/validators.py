"""Where the official schemas and schematrons are, when somebody put them beside the project. Never copied into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(os.environ.get("PRATICIEN_VALIDATORS", Path(__file__).parents[2] / "shared" / "validators"))

official = pytest.mark.skipif(
    not ROOT.is_dir(), reason="official schemas not beside the project (PRATICIEN_VALIDATORS)"
)


def judge(folder: Path, contents: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """The official verdict on each CDA document, by one process: its rules take seconds to compile.

    A verdict has ``valid``, ``volet`` (the model it was held to) and ``layers``: errors, and rules that fired.
    """
    files = {name: folder / f"{number:02d}.xml" for number, name in enumerate(contents)}
    for name, file in files.items():
        file.write_bytes(contents[name])
    command = [sys.executable, str(ROOT / "cda" / "cda_validate.py"), "--json", *map(str, files.values())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode in (0, 1), done.stderr
    by_file = {verdict["file"]: verdict for verdict in json.loads(done.stdout)["reports"]}
    return {name: by_file[str(file)] for name, file in files.items()}


def errors_of(verdict: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Only the layers that refuse."""
    return {layer: rules["errors"] for layer, rules in verdict["layers"].items() if rules["errors"]}
