"""Bad input on the desk: files and identities that must not leave. Each gives one sentence; nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from demonstration.people import LINA, NORA, SCANNED, SOLO
from demonstration.study import write_report, write_study
from praticien.outbox import DeliveryState
from reference_server.seeding import DossierSeed
from tests.end_to_end.bench import CONTROL, SHIFT, Bench, Key
from tests.end_to_end.test_bad_network import assert_search_kept
from ui.messages import SENTENCES
from ui.pages import Page

TITLE = "IRM du genou gauche"


@pytest.fixture
def report_form(bench: Bench) -> Bench:
    """The secretary, before a form for the imaging report of ``SCANNED``, its title and author filled in."""
    bench.arrive("cpe-secretaire")
    bench.press(Key.Key_F2)
    bench.find(SCANNED)
    bench.press(Key.Key_I, CONTROL)
    bench.hand.wait_for_text("CPE", "work_list.why")
    bench.press(Key.Key_F8)
    bench.hand.wait("le formulaire", lambda: bench.window.page is Page.DEPOSIT)
    bench.hand.fill("deposit.title", TITLE)
    bench.hand.find("deposit.author").setFocus()
    bench.press(Key.Key_Down)
    return bench


def choose_pdf(bench: Bench, path: Path) -> None:
    bench.chosen.pdf = path
    bench.press(Key.Key_O, CONTROL)
    bench.rest()


def choose_study(bench: Bench, path: Path) -> None:
    bench.chosen.study = path
    bench.press(Key.Key_D, CONTROL | SHIFT)
    bench.rest()


def assert_form_kept(bench: Bench) -> None:
    """Title and author are as they were; nothing left."""
    draft = bench.window.pages.deposit.draft()
    assert bench.window.page is Page.DEPOSIT
    assert draft.title == TITLE
    assert draft.author.family_name == "TESTRADIO"
    assert bench.outbox.deliveries() == ()


BAD_PDFS = {
    "text": (b"Ceci est une lettre.", "pdf.not_pdf"),
    "empty": (b"", "pdf.empty"),
    "truncated": (b"%PDF-1.7\n1 0 obj <<", "pdf.not_pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "pdf.not_pdf"),
}


@pytest.mark.parametrize("content, code", BAD_PDFS.values(), ids=BAD_PDFS)
def test_pdf_that_is_none(report_form, tmp_path, content, code):
    good = write_report(tmp_path / "bon.pdf", SCANNED)
    choose_pdf(report_form, good)
    bad = tmp_path / "lettre.pdf"
    bad.write_bytes(content)
    choose_pdf(report_form, bad)
    report_form.wait_for(code)
    assert_form_kept(report_form)
    assert report_form.window.pages.deposit.draft().pdf.name == "bon.pdf"  # the one chosen before is still there


def test_pdf_that_vanished(report_form, tmp_path):
    choose_pdf(report_form, tmp_path / "absent.pdf")
    report_form.wait_for("file.unreadable")
    assert_form_kept(report_form)


def study_without_patient(folder: Path) -> Path:
    import pydicom

    write_study(folder, SCANNED, images=1)
    (path,) = folder.glob("*.dcm")
    data = pydicom.dcmread(path)
    data.PatientName, data.PatientID, data.PatientBirthDate = "", "", ""
    data.save_as(path)
    return folder


def not_a_study(folder: Path) -> Path:
    folder.mkdir()
    (folder / "notes.txt").write_text("rien", "utf-8")
    return folder


@pytest.mark.parametrize(
    "write, code",
    [(study_without_patient, "dicom.no_patient"), (not_a_study, "dicom.not_dicom")],
    ids=["no-patient", "no-image"],
)
def test_study_that_cannot_be_used(report_form, tmp_path, write, code):
    choose_study(report_form, write(tmp_path / "examen"))
    report_form.wait_for(code)
    assert_form_kept(report_form)


def test_study_of_another_patient(report_form, tmp_path):
    choose_pdf(report_form, write_report(tmp_path / "cr.pdf", SCANNED))
    choose_study(report_form, write_study(tmp_path / "autre", SOLO))
    assert "autre personne" in report_form.hand.read("deposit.study.whose.verdict")
    report_form.press(Key.Key_Return, CONTROL)
    report_form.wait_for("document.other_patient")
    assert "nom de naissance" in report_form.hand.read()
    assert_form_kept(report_form)
    choose_study(report_form, write_study(tmp_path / "bon", SCANNED))
    assert "concordent" in report_form.hand.read("deposit.study.whose.verdict")
    report_form.press(Key.Key_Return, CONTROL)
    report_form.hand.wait(
        "le départ", lambda: [d.state for d in report_form.outbox.deliveries()] == [DeliveryState.SENT]
    )


def test_text_of_another_patient_in_a_pdf(report_form, tmp_path):
    choose_pdf(report_form, write_report(tmp_path / "cr.pdf", SOLO))
    report_form.hand.click("deposit.pdf_only")  # no images, no act: as it is
    report_form.press(Key.Key_Return, CONTROL)
    report_form.wait_for("document.other_patient")
    assert report_form.hand.find("deposit.text_compared").isVisible()
    assert_form_kept(report_form)
    assert report_form.window.pages.deposit.draft().pdf.name == "cr.pdf"


def test_secretary_is_never_the_author(report_form, tmp_path):
    report_form.press(Key.Key_Up)  # back to "nobody chosen"
    choose_pdf(report_form, write_report(tmp_path / "cr.pdf", SCANNED))
    report_form.press(Key.Key_Return, CONTROL)
    report_form.rest()
    assert report_form.outbox.deliveries() == ()
    assert report_form.window.page is Page.DEPOSIT


# -- identities ------------------------------------------------------------------------------------------------------


def test_ins_with_a_wrong_key(bench):
    bench.arrive()
    bench.type_identity(NORA)
    wrong = NORA.ins.matricule[:-1] + str((int(NORA.ins.matricule[-1]) + 1) % 10)
    bench.hand.fill("patient_form.ins", wrong)
    bench.press(Key.Key_Return, CONTROL)
    bench.wait_for("ins.wrong_key")
    assert SENTENCES["ins.wrong_key"][0] in bench.window.pages.patient_form.field_error("ins").replace("\u202f", " ")
    assert bench.window.pages.patient_form.snapshot()["birth_name"] == NORA.traits.birth_name
    assert bench.practice.case is None
    bench.hand.fill("patient_form.ins", NORA.ins.matricule)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")


def test_ins_of_somebody_else(bench):
    bench.arrive()
    bench.type_identity(NORA)
    bench.hand.fill("patient_form.ins", LINA.ins.matricule)
    bench.press(Key.Key_Return, CONTROL)
    bench.wait_for("identity.mismatch")
    assert bench.window.pages.patient_form.snapshot()["ins"] == LINA.ins.matricule
    assert bench.practice.case is None


def test_nobody_of_these_traits(bench):
    bench.arrive()
    bench.type_identity(NORA)
    bench.hand.fill("patient_form.birth_name", "TESTPERSONNE")
    bench.press(Key.Key_Return, CONTROL)
    bench.wait_for("insi.none")
    bench.hand.fill("patient_form.birth_name", NORA.traits.birth_name)
    assert_search_kept(bench)


@pytest.mark.parametrize("typed", ["31/13/1984", "demain", "21/06/2984"])
def test_birth_date_that_is_none(bench, typed):
    bench.arrive()
    bench.type_identity(NORA)
    bench.hand.fill("patient_form.birth_date", typed)
    bench.press(Key.Key_Return, CONTROL)
    bench.wait_for("date.invalid")
    assert bench.window.pages.patient_form.snapshot()["birth_date"] == typed


def typed_about(seed: DossierSeed) -> str:
    born = seed.traits.birth_date
    return f"Madame {seed.traits.birth_name}, née le {born[6:]}/{born[4:6]}/{born[:4]} : repos, huit jours."


def test_typed_text_about_another_patient(bench):
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(typed_about(SOLO))
    bench.press(Key.Key_Return, CONTROL)
    bench.wait_for("document.other_patient")
    assert bench.window.pages.deposit.draft().text == typed_about(SOLO)
    assert bench.outbox.deliveries() == ()
