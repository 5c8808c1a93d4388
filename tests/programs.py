"""Programs of others that serve as witnesses: their tests are skipped with the reason where they are not installed."""

from __future__ import annotations

import shutil

import pytest

_PACKAGES = {
    "dciodvfy": "dicom3tools",
    "dsrdump": "dcmtk",
    "storescu": "dcmtk",
    "echoscu": "dcmtk",
    "Orthanc": "orthanc",
}


def needs(program: str) -> pytest.MarkDecorator:
    """Skips where ``program`` is absent."""
    reason = f"{program} is not installed (package {_PACKAGES[program]})"
    return pytest.mark.skipif(shutil.which(program) is None, reason=reason)
