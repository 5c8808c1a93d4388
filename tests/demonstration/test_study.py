"""The fictitious study and report are what a modality and a RIS would give."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from demonstration.people import SCANNED
from demonstration.study import write_report, write_study


def test_one_study_one_series(tmp_path: Path):
    from pydicom import dcmread

    files = sorted(write_study(tmp_path / "study", SCANNED, images=2).iterdir())
    first, second = (dcmread(file) for file in files)
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.PatientBirthDate == SCANNED.traits.birth_date


@pytest.mark.skipif(not shutil.which("dcmdump"), reason="dcmtk is not installed")
def test_dcmtk_reads_it(tmp_path: Path):
    folder = write_study(tmp_path, SCANNED, images=1)
    done = subprocess.run(["dcmdump", str(folder / "IM0001.dcm")], capture_output=True, text=True, check=True)
    assert "[TEST2026001234]" in done.stdout
    assert "MRImageStorage" in done.stdout


def test_the_report_names_the_patient(tmp_path: Path):
    from praticien.documents import pdf

    content = write_report(tmp_path / "cr.pdf", SCANNED).read_bytes()
    assert SCANNED.traits.birth_name in pdf.text_of(content)
    assert "09/05/1971" in pdf.text_of(content)
