"""Where the official schemas and schematrons are, when somebody put them beside the project. Never copied into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("PRATICIEN_VALIDATORS", Path(__file__).parents[2] / "shared" / "validators"))

official = pytest.mark.skipif(
    not ROOT.is_dir(), reason="official schemas not beside the project (PRATICIEN_VALIDATORS)"
)
