"""Reads the headers of a DICOM file or folder."""

from __future__ import annotations

from pathlib import Path

from praticien.documents.model import ImagingStudy


def read_study(path: Path) -> ImagingStudy:
    """The one study in a file or folder (searched recursively). Raises InvalidDicom subclasses (field "dicom")."""
    raise NotImplementedError
