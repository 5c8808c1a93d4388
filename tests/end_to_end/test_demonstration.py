"""``main.py demo --offscreen``: the jobs on the real widgets, over the private pcscd and in-process cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from demonstration.people import (
    CALLED_FOR,
    EMERGENCY,
    GP,
    HOMONYM,
    IMAGERIE,
    LINA,
    NORA,
    OPPOSED,
    OPPOSED_TO_REGULATION,
    RADIOLOGIST,
    REGULATOR,
    SCANNED,
    SECRETARY,
    UNCONSCIOUS,
)
from praticien.documents.cda_reader import read
from reference_server.seeding import DossierSeed
from tests.end_to_end.programs import Played, patient_page, running, surroundings
from tests.validators import errors_of, judge, official

STEPS = 79
SEARCH = "Recherche du matricule INS par les traits"
JOBS = (
    "Médecin généraliste",
    "Médecin urgentiste",
    "Médecin régulateur (centre 15)",
    "Secrétaire de radiologie",
    "Documents structurés",
    "Suivi, synthèse et échange",
)
DEPOSITS = 8


@pytest.fixture(params=["in_process", pytest.param("over_pcscd", marks=pytest.mark.pcscd)])
def played(request: pytest.FixtureRequest) -> Played:
    """Each is played once, whatever the order of the tests."""
    found: Played = request.getfixturevalue(f"played_{request.param}")
    return found


def test_every_step_succeeds(played):
    assert played.process.returncode == 0, played.process.stderr
    assert played.process.stdout.strip() == str(played.left / "resume.html")
    assert "cartes virtuelles dans le logiciel" in played.summary or "sur cette machine" in played.summary


def test_pcscd_is_used_where_it_can_run(played, request):
    in_process = "cartes virtuelles dans le logiciel" in played.summary
    assert in_process == ("in_process" in request.node.callspec.id)


def test_a_picture_of_every_step_and_none_is_blank(played):
    pictures = sorted(played.left.glob("*.png"))
    assert len(pictures) == STEPS
    for picture in pictures:
        image = QImage(str(picture))
        assert image.width() > 300
        colours = {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 5)}
        assert len(colours) > 8, picture.name


def test_summary_lists_every_step_with_its_duration(played):
    rows = re.findall(r"<tr><td>([^<]+)</td><td>([^<]+)</td><td class=\"t\">(\d+\.\d\d) s</td>", played.summary)
    assert len(rows) == STEPS
    assert tuple(dict.fromkeys(job for job, _title, _seconds in rows)) == JOBS
    assert "Toutes les étapes ont réussi" in played.summary
    for picture in played.left.glob("*.png"):
        assert picture.name in played.summary


def test_documents_are_left_and_say_who_wrote_them(played):
    names = sorted(path.name for path in played.left.glob("depot-*"))
    assert [Path(name).suffix for name in names].count(".xml") == DEPOSITS
    assert {".xml", ".pdf", ".dcm"} == {Path(name).suffix for name in names}
    for pdf in played.left.glob("*.pdf"):
        assert pdf.read_bytes().startswith(b"%PDF")
    for image in played.left.glob("*.dcm"):
        assert image.read_bytes()[128:132] == b"DICM"
    prescription = read((played.left / "depot-1-prescription.xml").read_bytes()).header
    report = read((played.left / "depot-2-imaging_report.xml").read_bytes()).header
    assert prescription.patient.ins == LINA.ins
    assert report.patient.ins == SCANNED.ins
    assert [author.family_name for author in prescription.authors] == [GP.family_name]
    assert [author.family_name for author in report.authors] == [RADIOLOGIST.family_name]
    assert report.legal_authenticator.family_name == RADIOLOGIST.family_name
    assert SECRETARY.family_name not in report.legal_authenticator.family_name


@official
@pytest.mark.official
def test_documents_are_valid_for_the_official_validator(played, tmp_path):
    reports = judge(tmp_path, {path.name: path.read_bytes() for path in played.left.glob("*.xml")}).values()
    assert len(reports) == DEPOSITS
    assert [errors_of(report) for report in reports if not report["valid"]] == []
    assert {report["volet"] for report in reports} >= {
        "CI-SIS_EP-MED-DM_2024.01",
        "CI-SIS_BIO-CR-BIO_2024.01",
        "CI-SIS_IMG-CR-IMG_2024.01",
    }


def test_structured_documents_are_read_by_somebody_else(pages):
    page = pages(NORA)
    read_by_another = [
        title
        for line in page["history"]
        if line["actor"] == EMERGENCY.national_id and line["act"] == "Lecture de document"
        for title in line["titles"]
    ]
    assert {"Ordonnance structurée", "IRM du genou gauche", "Compte rendu d’examens biologiques"} <= set(
        read_by_another
    )


@pytest.fixture
def pages(played: Played, tmp_path: Path) -> Iterator[Callable[[DossierSeed], dict[str, Any]]]:
    """What each patient sees afterwards: the server again, on the database that the demonstration left."""
    with running("server", "--demo", "--data", str(played.data), env=surroundings(tmp_path)) as it:
        yield lambda seed: patient_page(it.ready["patient_url"], seed.ins.matricule)


def acts(page: dict[str, Any], **fixed: str) -> set[str]:
    """What was done, as the patient reads it, among the lines that are as ``fixed`` says."""
    return {line["act"] for line in page["history"] if all(line[name] == value for name, value in fixed.items())}


def test_consultation_is_traced_and_told(pages):
    page = pages(LINA)
    done = acts(page, actor=GP.national_id, mode_text="Accès normal", outcome_text="Autorisé")
    assert done == {
        "Recherche du matricule INS par la carte Vitale",
        "Existence du dossier et autorisation",
        "Lecture des données administratives",  # who represents a minor
        "Déclaration d’autorisation",
        "Liste des documents",
        "Lecture de document",
        "Dépôt de document",
    }
    assert acts(page, outcome_text="Refusé") == set()
    assert any("TESTMED" in told["text"] for told in page["notifications"])
    deposited = [title for line in page["history"] if line["act"] == "Dépôt de document" for title in line["titles"]]
    assert "Ordonnance de la démonstration" in deposited


def test_break_glass_is_traced_and_told_with_its_reason(pages):
    page = pages(UNCONSCIOUS)
    done = acts(page, actor=EMERGENCY.national_id, mode_text="Bris de glace", outcome_text="Autorisé")
    assert done == {"Liste des documents", "Lecture de document"}
    assert acts(page, mode_text="Accès normal") == {
        SEARCH,
        "Existence du dossier et autorisation",
        "Lecture des données administratives",  # did the patient refuse? asked before the act
    }
    told = [one["text"] for one in page["notifications"] if "bris de glace" in one["text"]]
    assert any("inconscient" in text for text in told)
    assert any("réanimation" in text for text in told)  # said anew to go on
    assert len(told) == len(set(told))  # list and documents are one access
    assert all("Motif indiqué" in text for text in told)


def test_regulation_is_traced_told_and_writes_no_authorisation(pages):
    page = pages(CALLED_FOR)
    done = acts(page, actor=REGULATOR.national_id, outcome_text="Autorisé")
    assert {"Liste des documents", "Lecture de document"} <= done
    assert not any("autorisation" in act and "Déclaration" in act for act in done)
    assert {line["outcome_text"] for line in page["history"]} == {"Autorisé"}
    told = [one["text"] for one in page["notifications"] if "régulation" in one["text"]]
    assert len(told) == 1
    assert "Appel 2026-0042" in told[0]


def test_nothing_is_asked_about_a_homonym_or_who_opposed(pages):
    for seed in (HOMONYM, OPPOSED_TO_REGULATION):
        assert not acts(pages(seed), actor=REGULATOR.national_id) & {"Liste des documents", "Lecture de document"}


def test_nothing_is_attempted_against_a_known_opposition(pages):
    page = pages(OPPOSED)
    assert any("administratives" in line["act"] for line in page["history"])
    assert not [line for line in page["history"] if line["mode_text"] == "Bris de glace"]


def test_secretary_deposits_in_the_structure_and_reads_nothing(pages):
    page = pages(SCANNED)
    done = acts(page, outcome_text="Autorisé")
    assert done == {SEARCH, "Existence du dossier et autorisation", "Dépôt de document par un secrétariat"}
    assert {line["structure"] for line in page["history"]} == {IMAGERIE.name}
