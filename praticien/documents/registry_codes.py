"""What the registry is told of a document beyond its kind: format, acts documented, what it shares with others."""

from __future__ import annotations

from praticien.documents.cda_check import is_oid
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import AttachedFile, NewDocument
from praticien.documents.nomenclatures import modality
from praticien.documents.prescription import Prescription
from praticien.documents.structured import lab_header
from praticien.documents.summary import MedicalSummary
from praticien.metadata import Code, Reference

_FORMATS = "1.3.6.1.4.1.19376.1.2.3"
PDF_LEVEL_1 = Code("urn:ihe:iti:xds-sd:pdf:2008", _FORMATS, "Document à corps non structuré en PDF")
FORMATS_LEVEL_1 = {
    "application/pdf": PDF_LEVEL_1,
    "text/plain": Code("urn:ihe:iti:xds-sd:text:2008", _FORMATS, "Document à corps non structuré en texte"),
    "application/rtf": Code("urn:ihe:iti-fr:xds-sd:rtf:2010", _FORMATS, "Document à corps non structuré en RTF"),
    "image/jpeg": Code("urn:ihe:iti-fr:xds-sd:jpeg:2010", _FORMATS, "Document à corps non structuré en JPEG"),
    "image/tiff": Code("urn:ihe:iti-fr:xds-sd:tiff:2010", _FORMATS, "Document à corps non structuré en TIFF"),
}
"""By media type (ASS_A12)."""
PRESCRIPTION = Code("urn:ihe:pharm:pre:2010", _FORMATS, "Prescription de produits de santé")
LAB_REPORT = Code("urn:ihe:lab:xd-lab:2008", _FORMATS, "Compte rendu d’examens biologiques")
IMAGING_REPORT = Code("urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013", _FORMATS, "Compte rendu d’imagerie")
SUMMARY = Code("urn:asip:ci-sis:vsm:2012", _FORMATS, "Volet de synthèse médicale")
_OF_BODIES: dict[type, Code] = {
    Prescription: PRESCRIPTION,
    LabReport: LAB_REPORT,
    ImagingReport: IMAGING_REPORT,
    MedicalSummary: SUMMARY,
}

ACCESSION = "urn:ihe:iti:xds:2013:accession"
ORDER = "urn:ihe:iti:xds:2013:order"
STUDY = "urn:ihe:iti:xds:2016:studyInstanceUID"


def format_code(body: object) -> Code:
    """Of a structured body its own, else that of the file inside the CDA."""
    if isinstance(body, AttachedFile):
        return FORMATS_LEVEL_1[body.mime_type]
    return _OF_BODIES.get(type(body), PDF_LEVEL_1)


def event_codes(document: NewDocument) -> tuple[Code, ...]:
    """Chapters of a laboratory report; modalities, then regions, of an imaging report."""
    body, study = document.body, document.study
    if isinstance(body, LabReport):
        return lab_header.event_codes(body)
    acts = body.acts if isinstance(body, ImagingReport) else ()
    names = [act.modality for act in acts] or ([study.modality] if study else [])
    modalities = [known for name in names if (known := modality(name))]
    return tuple(dict.fromkeys((*modalities, *(act.location.region.value for act in acts))))


def references(document: NewDocument) -> tuple[Reference, ...]:
    """Numbers that other documents of the same request or examination share with this one."""
    body, study, found = document.body, document.study, []
    if isinstance(body, LabReport) and body.order:
        found.append(Reference(body.order.value, body.order.authority, ORDER))
    if isinstance(body, LabReport) and body.request:
        found.append(Reference(body.request.value, body.request.authority, ACCESSION))
    if study and study.accession_number:
        found.append(Reference(study.accession_number, study.accession_issuer, ACCESSION))
    if isinstance(body, ImagingReport) and body.order_number and is_oid(body.order_authority):
        found.append(Reference(body.order_number, body.order_authority, ORDER))
    if study and study.study_uid:
        found.append(Reference(study.study_uid, "", STUDY))
    return tuple(found)
