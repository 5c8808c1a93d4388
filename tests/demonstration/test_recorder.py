"""The recorder of the offscreen demonstration tells the truth, failures included."""

from __future__ import annotations

from pathlib import Path

import pytest

from demonstration.recorder import Recorder, StepFailed


class Grabbed:
    def __init__(self, works: bool = True) -> None:
        self.works = works

    def save(self, path: str) -> bool:
        if self.works:
            Path(path).write_bytes(b"png")
        return self.works


def test_each_step_leaves_its_picture(tmp_path: Path):
    recorder = Recorder(tmp_path, Grabbed, job="GP")
    with recorder.step("Insérer la CPS"):
        pass
    assert (tmp_path / "01-inserer-la-cps.png").exists()
    assert not recorder.failed


def test_a_failed_step_is_told_and_raised(tmp_path: Path):
    recorder = Recorder(tmp_path, Grabbed, job="GP")
    with pytest.raises(StepFailed, match="reader lost"), recorder.step("Lire"):
        raise RuntimeError("reader lost")
    assert recorder.failed
    page = recorder.write_summary("Ici.").read_text("utf-8")
    assert "Une étape a échoué." in page
    assert "reader lost" in page
    assert "01-lire.png" in page


def test_the_summary_escapes_what_it_shows(tmp_path: Path):
    recorder = Recorder(tmp_path, Grabbed, job="<b>")
    with recorder.step("a & b"):
        pass
    recorder.keep("1.xml", b"<x/>")
    page = recorder.write_summary("").read_text("utf-8")
    assert "&lt;b&gt;" in page
    assert "a &amp; b" in page
    assert (tmp_path / "1.xml").read_bytes() == b"<x/>"


def test_a_picture_that_cannot_be_written_is_an_error(tmp_path: Path):
    recorder = Recorder(tmp_path, lambda: Grabbed(works=False))
    with pytest.raises(OSError, match="picture"), recorder.step("x"):
        pass
