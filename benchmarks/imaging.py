"""An imaging report and its manifest: built, checked as before each sending, read and drawn; no card, no network."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.figures import Section
from benchmarks.forms import confirmed, patient_of
from benchmarks.laps import Laps
from benchmarks.setting import SOFTWARE_OID, Setting
from demonstration.people import IMAGERIE, RADIOLOGIST, SCANNED
from demonstration.study import write_study
from praticien.deposit import prepare
from praticien.documents import cda_reader, manifest
from praticien.documents.dicom import read_study
from praticien.documents.imaging import ImagingReport, ReportSections
from praticien.documents.imaging_acts import load, proposed
from praticien.documents.model import DocumentKind, ImagingStudy, NewDocument, Party
from praticien.documents.pdf import check_pdf

TITLE = "Imaging report with a study of 300 images"
IMAGES = 300
_SECTIONS = ReportSections(
    indication="Gonalgie mécanique.",
    technique="T1 sagittal, T2 dans les trois plans.",
    findings="Fissure horizontale de la corne postérieure du ménisque médial.\n" * 12,
    conclusion="Méniscopathie dégénérative médiale.",
)


def measure(setting: Setting, runs: int) -> Section:
    """Each part ``runs`` times, on the same study."""
    folder = write_study(setting.folder / "study", SCANNED, images=IMAGES)
    laps = Laps(setting.apdus)
    for _ in range(runs):
        with laps.lap("1. study read: 300 headers"):
            study = replace(read_study(folder), retrieve_url="https://images.test.invalid/wado-rs")
        document = form(study)
        with laps.lap("2. prepared: checks, PDF, CDA, manifest, metadata"):
            report, images = prepare(document, software_oid=SOFTWARE_OID).documents
        with laps.lap("3. report read back"):
            body = cda_reader.read(report.content).body
        with laps.lap("4. its PDF opened"):
            check_pdf(body.attachments[0].content)  # type: ignore[union-attr]
        with laps.lap("5. manifest read back"):
            found = manifest.read(images.content)
    if found.objects != IMAGES:
        raise AssertionError("objects lost")
    sizes = f"report {len(report.content) // 1000} kB, manifest {len(images.content) // 1000} kB"
    return Section(TITLE, laps.rows(), notes=(sizes,))


def form(study: ImagingStudy) -> NewDocument:
    """What the form holds when it is confirmed."""
    act = proposed(study, load())
    assert act is not None
    body, party = ImagingReport((act,), _SECTIONS), Party(RADIOLOGIST, IMAGERIE)
    document = confirmed(DocumentKind.IMAGING_REPORT, "IRM du genou gauche", body, patient_of(SCANNED), party)
    return replace(document, study=study)
