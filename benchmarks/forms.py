"""What a form holds when it is confirmed: the documents that are measured."""

from __future__ import annotations

from datetime import UTC, datetime

from praticien.deposit import new_oid
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import DocumentKind, NewDocument, Party, PdfFile, TypedText
from praticien.documents.prescription import Prescription
from praticien.documents.summary import MedicalSummary
from praticien.identity import IdentityStatus, Patient
from reference_server.seeds import DossierSeed

Body = TypedText | PdfFile | Prescription | LabReport | ImagingReport | MedicalSummary


def patient_of(seed: DossierSeed) -> Patient:
    """Somebody whose identity was checked."""
    return Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins)


def confirmed(kind: DocumentKind, title: str, body: Body, patient: Patient, party: Party) -> NewDocument:
    """Written now by ``party``, who answers for it."""
    now = datetime.now(UTC)
    return NewDocument(
        kind=kind,
        title=title,
        body=body,
        patient=patient,
        author=party,
        legal_authenticator=party,
        created_at=now,
        service_start=now,
        unique_id=new_oid(),
        set_id=new_oid(),
    )
