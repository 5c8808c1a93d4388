"""The documents that can be deposited, before they become CDA: kinds, sources, header parties.

Codes: JDV_J07 (type), JDV_J57 (class), JDV_J60 (format).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from praticien.documents.imaging import Exposure, ImagingReport, ImagingSeries
from praticien.documents.lab_report import LabReport
from praticien.documents.prescription import Prescription
from praticien.documents.summary import MedicalSummary
from praticien.identity import Patient
from praticien.metadata import Code
from praticien.professional import Professional, Structure

LOINC = "2.16.840.1.113883.6.1"
TYPE_SYSTEM = "1.2.250.1.213.1.1.4.12"
CLASS_SYSTEM = "1.2.250.1.213.1.1.4.1"


@dataclass(frozen=True, slots=True)
class KindCodes:
    """XDS codes of a kind of document."""

    type_code: Code
    class_code: Code


class DocumentKind(Enum):
    """The three documents of the main job, the medical synthesis, and any other of the list of types."""

    PRESCRIPTION = "prescription"
    LAB_RESULT = "lab_result"
    IMAGING_REPORT = "imaging_report"
    SUMMARY = "summary"
    OTHER = "other"

    @property
    def codes(self) -> KindCodes:
        """Type and class codes for the DMP. Of OTHER they are chosen (``NewDocument.chosen``); here a consultation."""
        return _CODES[self]


_CODES = {
    DocumentKind.PRESCRIPTION: KindCodes(
        Code("57833-6", LOINC, "Prescription de produits de santé"), Code("42", CLASS_SYSTEM, "Prescription")
    ),
    DocumentKind.LAB_RESULT: KindCodes(
        Code("11502-2", LOINC, "CR d'examens biologiques"), Code("10", CLASS_SYSTEM, "Compte rendu")
    ),
    DocumentKind.IMAGING_REPORT: KindCodes(
        Code("18748-4", LOINC, "CR d'imagerie médicale"), Code("31", CLASS_SYSTEM, "Imagerie médicale")
    ),
    DocumentKind.SUMMARY: KindCodes(Code("SYNTH", TYPE_SYSTEM, "Synthèse"), Code("11", CLASS_SYSTEM, "Synthèse")),
    DocumentKind.OTHER: KindCodes(
        Code("11488-4", LOINC, "CR ou fiche de consultation ou de visite"), Code("10", CLASS_SYSTEM, "Compte rendu")
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class TypedText:
    """What the user typed; paragraphs separated by blank lines. Rendered to PDF before the CDA is built."""

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class PdfFile:
    """A PDF chosen from disk, already read; ``name`` is the file's own name and ``title`` what its properties say of
    it, for the screen and the wrong-patient check alone.
    """

    content: bytes
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class AttachedFile:
    """Another file chosen from disk, sent as it is: text, RTF, JPEG or TIFF (``praticien.documents.attached``)."""

    content: bytes
    mime_type: str
    name: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ImagingStudy:
    """What a DICOM file or folder says. Dates AAAAMMJJ, empty strings when absent.

    ``patient_*`` fields serve the wrong-patient check and never fill the patient by themselves. ``body_part`` and
    ``laterality`` are DICOM's terms. ``retrieve_url`` is the WADO-RS root where the images can be asked for: with it
    the deposit carries a manifest (KOS).
    """

    study_uid: str
    study_date: str
    modality: str
    accession_number: str
    accession_issuer: str = ""
    study_time: str = ""
    description: str = ""
    patient_id: str = ""
    patient_id_issuer: str = ""
    patient_family_name: str = ""
    patient_given_name: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    files: int = 0
    study_id: str = ""
    body_part: str = ""
    laterality: str = ""
    requester: str = ""
    order_number: str = ""
    order_issuer: str = ""
    series: tuple[ImagingSeries, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    retrieve_url: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A professional acting within a structure: author, legal authenticator, performer."""

    professional: Professional
    structure: Structure


@dataclass(frozen=True, slots=True)
class ReplacedVersion:
    """The version a new one replaces: its unique id (for the CDA) and its entryUUID (for the registry).

    ``digest`` is what it said (``praticien.documents.said``), empty when that is not known.
    """

    unique_id: str
    entry_uuid: str
    digest: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class NewDocument:
    """Everything needed to build one document and its DocumentEntry.

    ``author`` and ``legal_authenticator`` are never the secretary; ``entered_by`` is (CDA dataEnterer), when a CPE
    deposits. ``created_at`` and ``service_start`` are aware datetimes. ``unique_id`` and ``set_id`` are OIDs made once,
    when the form is confirmed, so that building again gives the same document. ``replaces`` goes with version > 1,
    ``chosen`` with the kind OTHER alone.
    """

    kind: DocumentKind
    title: str
    body: TypedText | PdfFile | AttachedFile | Prescription | LabReport | ImagingReport | MedicalSummary
    patient: Patient
    author: Party
    legal_authenticator: Party
    created_at: datetime
    service_start: datetime
    unique_id: str
    set_id: str
    version: int = 1
    service_stop: datetime | None = None
    entered_by: Party | None = None
    study: ImagingStudy | None = None
    masked_to_professionals: bool = False
    invisible_to_patient: bool = False
    invisible_to_representatives: bool = False
    replaces: ReplacedVersion | None = None
    chosen: KindCodes | None = None

    @property
    def codes(self) -> KindCodes:
        """Type and class: those of the kind, unless others were chosen."""
        return self.chosen or self.kind.codes
