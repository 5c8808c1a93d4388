"""A submission as ``praticien`` makes one, small and fictitious."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from demonstration import people
from praticien.documents.model import DocumentKind
from praticien.metadata import (
    Author,
    Code,
    Confidentiality,
    DocumentEntry,
    Institution,
    Person,
    SourcePatientInfo,
    Submission,
    SubmissionSet,
    SubmittedDocument,
)

CONTENT = b"<ClinicalDocument xmlns='urn:hl7-org:v3'>document fictif</ClinicalDocument>"
PATIENT = people.NORA.ins
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_GP = Person(people.GP.national_id, people.GP.family_name, people.GP.given_name)
_AUTHOR = Author(
    _GP,
    Institution(people.LILAS.national_id, people.LILAS.name),
    Code("G15_10/SM54", "1.2.250.1.213.1.1.4.5", "Médecin - Médecine générale (SM)"),
    "Prescripteur",
)


def entry(content: bytes = CONTENT, unique_id: str = "2.25.1001") -> DocumentEntry:
    codes = DocumentKind.PRESCRIPTION.codes
    return DocumentEntry(
        entry_uuid="urn:uuid:00000000-0000-4000-8000-000000000001",
        unique_id=unique_id,
        patient_id=PATIENT,
        title="Ordonnance fictive",
        mime_type="text/xml",
        class_code=codes.class_code,
        type_code=codes.type_code,
        format_code=Code("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3", "PDF"),
        facility_type=Code("SA07", "1.2.250.1.71.4.2.4", "Cabinet individuel"),
        practice_setting=Code("AMBULATOIRE", "1.2.250.1.213.1.1.4.9", "Ambulatoire"),
        confidentiality=(Confidentiality.NORMAL,),
        authors=(_AUTHOR,),
        legal_authenticator=_GP,
        creation_time=MOMENT,
        service_start=MOMENT,
        source_patient_id=PATIENT.cx,
        source_patient_info=SourcePatientInfo("TESTFAMILLE", "NORA", "19840621", "F"),
        hash=hashlib.sha1(content).hexdigest(),
        size=len(content),
    )


def registered(of: DocumentEntry) -> DocumentEntry:
    """The same entry as a registry gives it."""
    return replace(of, logical_id=of.entry_uuid, repository_id="1.2.250.1.213.4.1.1.1.2")


def submission(content: bytes = CONTENT) -> Submission:
    of = SubmissionSet(
        entry_uuid="urn:uuid:00000000-0000-4000-8000-0000000000ff",
        unique_id="2.25.2001",
        source_id="2.25.1234567890",
        patient_id=PATIENT,
        submission_time=MOMENT,
        content_type=Code("07", "1.2.250.1.213.2.2", "Consultations externes"),
        author=_AUTHOR,
    )
    return Submission(of, (SubmittedDocument(entry(content), content),))
