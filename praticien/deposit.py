"""From a filled form to a submission: checks, PDF, CDA, DocumentEntry, SubmissionSet.

Nothing here touches the network; the submission goes to the outbox, which sends it. Sources: facts of the DMP profile
(DocumentEntry 3.2, SubmissionSet 3.3), INS/va1.53 (a matricule leaves only when qualified).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import uuid4

from praticien.documents import attached, cda_writer, kos, pdf, said
from praticien.documents.cda_check import MAX_TITLE, check_header, is_oid
from praticien.documents.checks import refuse_other_patient
from praticien.documents.conformance.checking import require_conformity
from praticien.documents.errors import HeaderProblem, Unchanged
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import with_authority
from praticien.documents.model import AttachedFile, DocumentKind, NewDocument, Party, PdfFile
from praticien.documents.nomenclatures import (
    author_specialty,
    content_type,
    facility_type,
    practice_setting,
)
from praticien.documents.prescription import Prescription, number_for
from praticien.documents.registry_codes import event_codes, format_code, references
from praticien.identity import Patient
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


def new_oid() -> str:
    """A new OID under 2.25 (a random UUID as one decimal arc): at most 44 characters, valid for DICOM and HL7."""
    return f"2.25.{uuid4().int}"


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


def prepare(
    document: NewDocument,
    *,
    software_oid: str,
    text_compared: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Submission:
    """Everything the DMP is sent for one document. Called again, only the submission's own identifier changes.

    ``software_oid`` is the OID of this installation: source of the submission, authority of local identifiers.
    ``text_compared``: the user compared a text that seems to name somebody else, and it is this patient's.

    Raises HeaderProblem subclasses and UnqualifiedIdentity (fields of the form), InvalidPdf and UnusableFile subclasses
    (field "pdf"), EmptyText and UnprintableText (field "text"), PrescriptionProblem subclasses (field "lines.0.name"…),
    OtherPatient, Unchanged.
    """
    if not is_oid(software_oid):
        raise HeaderProblem("not an OID", field="software_oid")
    document = _with_number(_with_issuers(document, software_oid), software_oid)
    document = _with_lab_authorities(document, software_oid)
    check_header(document)
    content = _pdf_of(document)
    refuse_other_patient(document, text_compared=text_compared)
    cda = cda_writer.build(document, content)
    if document.replaces and document.replaces.digest and document.replaces.digest == said.digest(cda):
        raise Unchanged
    require_conformity(cda)
    submitted = SubmittedDocument(
        entry=_entry(document, cda, software_oid),
        content=cda,
        replaces=document.replaces.entry_uuid if document.replaces else "",
    )
    documents = (submitted, _manifest(document, submitted.entry)) if kos.is_wanted(document) else (submitted,)
    return Submission(_submission_set(document, software_oid, clock()), documents)


def _with_issuers(document: NewDocument, software_oid: str) -> NewDocument:
    """Accession and order numbers whose issuer is no OID are this installation's (our choice, see the assumptions)."""
    study, body = document.study, document.body
    if study and not is_oid(study.accession_issuer):
        document = replace(document, study=replace(study, accession_issuer=software_oid))
    if isinstance(body, ImagingReport) and not is_oid(body.order_authority):
        document = replace(document, body=replace(body, order_authority=software_oid))
    return document


def _with_number(document: NewDocument, software_oid: str) -> NewDocument:
    """A prescription with its number, this installation's unless it has one, and its validity as the act's own time."""
    body = document.body
    if not isinstance(body, Prescription):
        return document
    if not body.number:
        body = replace(body, number=number_for(document.set_id), number_authority=software_oid)
    last_second = datetime.combine(body.valid_until, time(23, 59, 59), document.service_start.tzinfo)
    return replace(document, body=body, service_stop=last_second)


def _with_lab_authorities(document: NewDocument, software_oid: str) -> NewDocument:
    """Numbers and local codes of a laboratory without an OID of its own are under this installation's."""
    body = document.body
    if not isinstance(body, LabReport):
        return document
    return replace(document, body=with_authority(body, software_oid))


def _pdf_of(document: NewDocument) -> bytes:
    body = document.body
    if isinstance(body, LabReport | ImagingReport) and body.pdf:
        body = PdfFile(body.pdf)
    if isinstance(body, AttachedFile):
        return attached.recognised(body.content).content
    if isinstance(body, PdfFile):
        pdf.check_pdf(body.content)
        return body.content
    return pdf.render(document)


def _entry(document: NewDocument, cda: bytes, software_oid: str) -> DocumentEntry:
    patient, structure = document.patient, document.author.structure
    return DocumentEntry(
        entry_uuid="Document01",
        unique_id=document.unique_id,
        patient_id=patient.qualified_ins,
        title=document.title.strip(),
        mime_type="text/xml",
        class_code=document.codes.class_code,
        type_code=document.codes.type_code,
        format_code=format_code(document.body),
        facility_type=facility_type(structure.sector),
        practice_setting=practice_setting(structure.sector),
        confidentiality=_confidentiality(document),
        authors=(author_of(document.author),),
        legal_authenticator=_person(document.legal_authenticator),
        creation_time=_utc(document.created_at),
        service_start=_utc(document.service_start),
        service_stop=_utc(document.service_stop) if document.service_stop else None,
        source_patient_id=_source_patient_id(patient, software_oid),
        source_patient_info=_source_patient_info(patient),
        event_codes=event_codes(document),
        references=references(document),
        hash=hashlib.sha1(cda, usedforsecurity=False).hexdigest(),
        size=len(cda),
    )


def _manifest(document: NewDocument, report: DocumentEntry) -> SubmittedDocument:
    """The manifest of the study beside its report: same people, same dates, same visibility."""
    content = kos.build(document)
    entry = replace(
        report,
        entry_uuid="Document02",
        unique_id=kos.uid_of(document),
        title=f"Images : {report.title}"[:MAX_TITLE],
        mime_type=kos.MIME_TYPE,
        type_code=kos.TYPE,
        format_code=kos.FORMAT,
        hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        size=len(content),
    )
    return SubmittedDocument(entry, content)


def _submission_set(document: NewDocument, software_oid: str, now: datetime) -> SubmissionSet:
    depositor = document.entered_by or document.author
    return SubmissionSet(
        entry_uuid="SubmissionSet01",
        unique_id=new_oid(),
        source_id=software_oid,
        patient_id=document.patient.qualified_ins,
        submission_time=_utc(now),
        content_type=content_type(
            document.author.structure.sector, laboratory=document.kind is DocumentKind.LAB_RESULT
        ),
        author=author_of(depositor),
        title=document.title.strip(),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _person(party: Party) -> Person:
    who = party.professional
    return Person(who.national_id, who.family_name, who.given_name)


def author_of(party: Party) -> Author:
    """The author of a DocumentEntry or a SubmissionSet."""
    institution = Institution(party.structure.national_id, party.structure.name)
    return Author(_person(party), institution, author_specialty(party.professional))


def _confidentiality(document: NewDocument) -> tuple[Code, ...]:
    codes = [Confidentiality.NORMAL]
    if document.masked_to_professionals:
        codes.append(Confidentiality.MASKED)
    if document.invisible_to_patient:
        codes.append(Confidentiality.INVISIBLE_TO_PATIENT)
    if document.invisible_to_representatives:
        codes.append(Confidentiality.INVISIBLE_TO_REPRESENTATIVES)
    return tuple(codes)


def _source_patient_id(patient: Patient, software_oid: str) -> str:
    """The local identifier when there is one, else the INS."""
    return f"{patient.ipp}^^^&{software_oid}&ISO^PI" if patient.ipp else patient.qualified_ins.cx


def _source_patient_info(patient: Patient) -> SourcePatientInfo:
    traits = patient.traits
    return SourcePatientInfo(traits.birth_name, traits.first_name, traits.birth_date, traits.sex.value)
