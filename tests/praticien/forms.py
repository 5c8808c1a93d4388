"""Filled forms about fictitious people: the three documents of the main job."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from demonstration import people
from demonstration.people import DossierSeed
from praticien.documents.model import DocumentKind, ImagingStudy, NewDocument, Party, PdfFile, TypedText
from praticien.documents.pdf import render
from praticien.identity import IdentityStatus, Patient

PARIS_WINTER = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 20, 9, 30, 15, tzinfo=PARIS_WINTER)
SOFTWARE_OID = "1.2.250.1.999.99"

GP = Party(people.GP, people.LILAS)
EMERGENCY = Party(people.EMERGENCY, people.HOPITAL)
RADIOLOGIST = Party(people.RADIOLOGIST, people.IMAGERIE)
SECRETARY = Party(people.SECRETARY, people.IMAGERIE)

STUDY = ImagingStudy(
    study_uid="2.25.111111111111111111",
    study_date="20261119",
    modality="MR",
    accession_number="TEST2026001234",
    accession_issuer="1.2.250.1.999.7",
    patient_id="IPP-TEST-0042",
    patient_family_name="TESTIMAGE",
    patient_given_name="HELENE",
    patient_birth_date="19710509",
    patient_sex="F",
    files=3,
)


def patient(seed: DossierSeed, **changes: Any) -> Patient:
    """The qualified identity of a fictitious person; ``changes`` touch the traits."""
    return Patient(replace(seed.traits, **changes), IdentityStatus.QUALIFIED, seed.ins)


def prescription(**changes: Any) -> NewDocument:
    """A GP's prescription, typed."""
    document = NewDocument(
        kind=DocumentKind.PRESCRIPTION,
        title="Ordonnance du 20 novembre",
        body=TypedText("Paracétamol 1 g : 1 comprimé matin, midi et soir pendant 5 jours.\n\nÀ revoir si fièvre."),
        patient=patient(people.SOLO),
        author=GP,
        legal_authenticator=GP,
        created_at=NOW,
        service_start=NOW - timedelta(minutes=10),
        unique_id="2.25.1001",
        set_id="2.25.1000",
    )
    return replace(document, **changes)


def lab_result(**changes: Any) -> NewDocument:
    """A hospital's lab result for a minor."""
    form = {
        "kind": DocumentKind.LAB_RESULT,
        "title": "Résultats d'analyses : ionogramme",
        "patient": patient(people.LINA),
        "author": EMERGENCY,
        "legal_authenticator": EMERGENCY,
        "service_stop": NOW,
        "unique_id": "2.25.2001",
        "set_id": "2.25.2000",
    }
    return prescription(**(form | changes))


def imaging_report(**changes: Any) -> NewDocument:
    """A radiologist's report entered by the secretary: PDF and DICOM study."""
    form = {
        "kind": DocumentKind.IMAGING_REPORT,
        "title": "IRM du genou gauche",
        "body": PdfFile(report_pdf(), "compte-rendu.pdf"),
        "patient": patient(people.SCANNED),
        "author": RADIOLOGIST,
        "legal_authenticator": RADIOLOGIST,
        "entered_by": SECRETARY,
        "study": STUDY,
        "unique_id": "2.25.3001",
        "set_id": "2.25.3000",
    }
    return prescription(**(form | changes))


@cache
def report_pdf() -> bytes:
    """A report as the dictation system prints it, naming the patient of ``imaging_report``."""
    document = prescription(title="IRM du genou", patient=patient(people.SCANNED), body=TypedText("Pas de lésion."))
    return render(document)


def pdf_saying(text: str) -> PdfFile:
    """A PDF whose only text is ``text``."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, line in enumerate(text.split("\n")):
        canvas.drawString(50, 780 - 14 * number, line)
    canvas.save()
    return PdfFile(out.getvalue(), "dicte.pdf")


FORMS = {"prescription": prescription, "lab_result": lab_result, "imaging_report": imaging_report}
