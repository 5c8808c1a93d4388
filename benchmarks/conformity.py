"""A document of each type through our own validator, beside the official one where it is there.

The official time is that of a program that has already compiled its rules and validates the same file again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import deposit, imaging, lab_report
from benchmarks.figures import Peer, Row, Section
from benchmarks.forms import confirmed, patient_of
from benchmarks.setting import PATIENCE, SOFTWARE_OID, Setting
from connectors.hl7v2.oru import read_reports
from demonstration.people import GP, LILAS, SCANNED, SOLO
from demonstration.study import write_study
from praticien.deposit import prepare
from praticien.documents.conformance.checking import check
from praticien.documents.dicom import read_study
from praticien.documents.model import DocumentKind, NewDocument, Party
from praticien.documents.prescription import Prescription, PrescriptionLine
from praticien.documents.prescription_posology import parse
from praticien.documents.summary import Condition, LongTreatment, MedicalSummary
from praticien.identity import Patient

TITLE = "Our validator, a document of each type"
OFFICIAL = "official schema and schematrons, rules compiled before"
_VALIDATORS = Path(os.environ.get("PRATICIEN_VALIDATORS", Path(__file__).parents[2] / "shared" / "validators"))


def measure(setting: Setting, runs: int) -> Section:
    """Each document ``runs`` times. Raises AssertionError when a verdict is a refusal."""
    written = documents(setting.folder)
    peers = judged(written, setting.folder, runs)
    rows = [_row(name, content, runs, peers.get(name)) for name, content in written.items()]
    sizes = ", ".join(f"{name} {len(content) // 1000} kB" for name, content in written.items())
    return Section(TITLE, tuple(rows), notes=(sizes,))


def documents(folder: Path) -> dict[str, bytes]:
    """One CDA of each type that is written."""
    return {name: prepare(form, software_oid=SOFTWARE_OID).documents[0].content for name, form in forms(folder).items()}


def forms(folder: Path) -> dict[str, NewDocument]:
    """What the form holds, for one document of each type."""
    patient, party = patient_of(SOLO), Party(GP, LILAS)
    study = read_study(write_study(folder / "validated", SCANNED, images=12))
    (report,) = read_reports(lab_report.message(), production=False)
    return {
        "level 1": deposit.form(patient, party, deposit.scanned_page()),
        "prescription of three drugs": _prescription(patient, party),
        f"laboratory report of {lab_report.RESULTS} results": lab_report.form(report),
        "imaging report": imaging.form(study),
        "synthesis of twenty lines": _synthesis(patient, party),
    }


def _prescription(patient: Patient, party: Party) -> NewDocument:
    typed = ("1 matin midi soir, 5 jours", "1 coucher, 1 mois", "1 toutes les 6 h si douleur")
    lines = tuple(PrescriptionLine(f"TESTOL {number}", parse(words)) for number, words in enumerate(typed, 1))
    body = Prescription(lines, datetime.now(UTC).date() + timedelta(days=90))
    return confirmed(DocumentKind.PRESCRIPTION, "Ordonnance", body, patient, party)


def _synthesis(patient: Patient, party: Party) -> NewDocument:
    body = MedicalSummary(
        problems=tuple(Condition(f"Maladie fictive {number}", since="2012") for number in range(10)),
        treatments=tuple(LongTreatment(f"TESTOL {number}", parse("1 matin")) for number in range(10)),
        no_known_allergy=True,
    )
    return confirmed(DocumentKind.SUMMARY, "Synthèse médicale", body, patient, party)


def _row(name: str, content: bytes, runs: int, official: float | None) -> Row:
    samples = []
    for _ in range(runs):
        start = time.perf_counter()
        problems = check(content)
        samples.append((time.perf_counter() - start) * 1000)
        if problems:
            raise AssertionError(f"{name}: {problems[0].code}")
    return Row(name, "ms", samples, peer=None if official is None else Peer(OFFICIAL, official))


def judged(written: dict[str, bytes], folder: Path, runs: int) -> dict[str, float]:
    """The official milliseconds of each document; nothing where the official validator is not beside the project."""
    if not _VALIDATORS.is_dir():
        return {}
    files = {name: folder / f"validated{number}.xml" for number, name in enumerate(written)}
    for name, file in files.items():
        file.write_bytes(written[name])
    tool = str(_VALIDATORS / "cda" / "cda_validate.py")
    command = [sys.executable, tool, "--json", "--time", str(runs), *map(str, files.values())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=8 * PATIENCE, check=False)
    reports = json.loads(done.stdout)["reports"]
    if not all(report["valid"] for report in reports):
        raise AssertionError("the official rules refuse a document")
    return {name: report["repeat_s"] * 1000 for name, report in zip(files, reports, strict=True)}
