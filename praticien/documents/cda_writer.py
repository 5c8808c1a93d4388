"""CDA R2: the complete CI-SIS header around a PDF (level 1) or around structured sections (level 3).

Sources: CI-SIS "structuration minimale" 1.2.250.1.213.1.1.1.1, XDS-SD 1.3.6.1.4.1.19376.1.2.20, and for imaging the
accession number in urn:dicom-org:ps3-20. Element order is the schema's. The same document gives the same bytes.
"""

from __future__ import annotations

import base64

from lxml import etree

from praticien.documents.cda_check import check_header, is_oid
from praticien.documents.cda_elements import HL7, XSI, Element, add, coded, hl7_time
from praticien.documents.imaging import ImagingAct, ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import AttachedFile, ImagingStudy, NewDocument, Party
from praticien.documents.nomenclatures import (
    GENDER_SYSTEM,
    author_specialty,
    encounter_kind,
    facility_type,
    modality,
    practice_setting,
)
from praticien.documents.prescription import Prescription
from praticien.documents.structured import imaging_writer, lab_header, lab_writer, prescription_writer, summary_writer
from praticien.documents.summary import MedicalSummary
from praticien.identity import Patient, Sex, calendar_date
from praticien.metadata import Code, Confidentiality
from praticien.professional import OID_PS, OID_STRUCTURE

PS3_20 = "urn:dicom-org:ps3-20"
_NAMESPACES = {None: HL7, "xsi": XSI, "ps3-20": PS3_20}
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
_XDS_SD = "1.3.6.1.4.1.19376.1.2.20"


def build(document: NewDocument, pdf: bytes) -> bytes:
    """The CDA R2 document carrying ``pdf``, in UTF-8: as its body, or as the copy of its structured body.

    Of an AttachedFile ``pdf`` is its content, whatever its type.

    Raises HeaderProblem subclasses (``field`` names what is wrong) and UnqualifiedIdentity.
    """
    check_header(document)
    root = etree.Element(f"{{{HL7}}}ClinicalDocument", nsmap=_NAMESPACES)
    _identification(root, document)
    _record_target(root, document.patient, "UNK" if isinstance(document.body, LabReport) else "NASK")
    _people(root, document)
    if isinstance(document.body, ImagingReport):
        imaging_writer.add_requester(root, document.body)
    _order(root, document)
    if isinstance(document.body, LabReport):
        lab_header.add_acts(root, document, document.body)
    else:
        _acts(root, document)
    if isinstance(document.body, Prescription):
        prescription_writer.add_information_events(root, document.body)
    _replaced(root, document)
    _encounter(root, document)
    if isinstance(document.body, Prescription):
        prescription_writer.add_body(root, document, document.body, pdf)
    elif isinstance(document.body, LabReport):
        lab_writer.add_body(root, document, document.body, pdf)
    elif isinstance(document.body, ImagingReport):
        imaging_writer.add_body(root, document, document.body, pdf)
    elif isinstance(document.body, MedicalSummary):
        summary_writer.add_body(root, document, document.body, pdf)
    else:
        _body(root, pdf, document.body.mime_type if isinstance(document.body, AttachedFile) else "application/pdf")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def birth_time(compact: str) -> str:
    """AAAAMMJJ as HL7 takes it. Of a lunar date, no TS, only the part that the calendar knows: ``1971`` or ``197102``.

    The whole date, digit for digit, travels in the metadata (PID-7) and in the PDF.
    """
    if calendar_date(compact):
        return compact
    return compact[:6] if "01" <= compact[4:6] <= "12" else compact[:4]


def _identification(root: Element, document: NewDocument) -> None:
    add(root, "realmCode", code="FR")
    add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in _TEMPLATES:
        add(root, "templateId", root=template)
    if isinstance(document.body, Prescription):
        prescription_writer.add_templates(root)
    elif isinstance(document.body, LabReport):
        lab_header.add_templates(root)
    elif isinstance(document.body, ImagingReport):
        imaging_writer.add_templates(root)
    elif isinstance(document.body, MedicalSummary):
        summary_writer.add_templates(root)
    else:
        add(root, "templateId", root=_XDS_SD)
    add(root, "id", root=document.unique_id)
    coded(root, "code", document.codes.type_code)
    add(root, "title", lab_header.TITLE if isinstance(document.body, LabReport) else document.title.strip())
    add(root, "effectiveTime", value=hl7_time(document.created_at))
    coded(root, "confidentialityCode", Confidentiality.NORMAL)
    add(root, "languageCode", code="fr-FR")
    add(root, "setId", root=document.set_id)
    add(root, "versionNumber", value=str(document.version))


def _record_target(root: Element, patient: Patient, unknown: str) -> None:
    """``unknown`` is the nullFlavor of address and telecom, which no document of ours knows."""
    role = add(add(root, "recordTarget"), "patientRole")
    ins = patient.qualified_ins
    add(role, "id", extension=ins.matricule, root=ins.oid)
    add(role, "addr", nullFlavor=unknown)
    add(role, "telecom", nullFlavor=unknown)
    person = add(role, "patient", classCode="PSN")
    _patient_name(person, patient)
    female = patient.traits.sex is Sex.FEMALE
    sex = Code(patient.traits.sex.value, GENDER_SYSTEM, "Féminin" if female else "Masculin")
    coded(person, "administrativeGenderCode", sex)
    add(person, "birthTime", value=birth_time(patient.traits.birth_date))
    address = add(add(add(person, "birthplace"), "place"), "addr")
    if patient.traits.birth_place:
        add(address, "county", patient.traits.birth_place)
    else:  # the element is required beside an INS
        add(address, "county", nullFlavor="UNK")


def _patient_name(person: Element, patient: Patient) -> None:
    name, traits = add(person, "name"), patient.traits
    add(name, "family", traits.birth_name, qualifier="BR")
    add(name, "given", " ".join(traits.birth_first_names))
    add(name, "given", traits.first_name, qualifier="BR")
    if patient.used_name:
        add(name, "family", patient.used_name, qualifier="CL")
    if patient.used_first_name:
        add(name, "given", patient.used_first_name, qualifier="CL")


def _people(root: Element, document: NewDocument) -> None:
    when = hl7_time(document.created_at)
    author = add(root, "author")
    add(author, "time", value=when)
    _party(add(author, "assignedAuthor"), document.author)
    if document.entered_by:
        enterer = add(root, "dataEnterer")
        add(enterer, "time", value=when)
        _party(add(enterer, "assignedEntity"), document.entered_by)
    _custodian(root, document.author)
    signer = add(root, "legalAuthenticator")
    add(signer, "time", value=when)
    add(signer, "signatureCode", code="S")
    _party(add(signer, "assignedEntity"), document.legal_authenticator)


def _party(entity: Element, party: Party) -> None:
    """Content shared by assignedAuthor and assignedEntity."""
    who = party.professional
    add(entity, "id", root=OID_PS, extension=who.national_id)
    coded(entity, "code", author_specialty(who))
    add(entity, "addr", nullFlavor="NASK")
    add(entity, "telecom", nullFlavor="NASK")
    name = add(add(entity, "assignedPerson"), "name")
    add(name, "given", who.given_name)
    add(name, "family", who.family_name)
    organisation = add(entity, "representedOrganization")
    add(organisation, "id", root=OID_STRUCTURE, extension=party.structure.national_id)
    add(organisation, "name", party.structure.name)
    coded(organisation, "standardIndustryClassCode", practice_setting(party.structure.sector))


def _custodian(root: Element, author: Party) -> None:
    assigned = add(add(root, "custodian"), "assignedCustodian")
    organisation = add(assigned, "representedCustodianOrganization")
    add(organisation, "id", root=OID_STRUCTURE, extension=author.structure.national_id)
    add(organisation, "name", author.structure.name)
    add(organisation, "telecom", nullFlavor="NASK")
    add(organisation, "addr", nullFlavor="NASK")


def _order(root: Element, document: NewDocument) -> None:
    """The accession number and the requester's, when their issuers are known: else they identify nothing."""
    study, report = document.study, document.body
    if study is None or not study.accession_number or not is_oid(study.accession_issuer):
        return
    order = add(add(root, "inFulfillmentOf"), "order")
    accession = {"root": study.accession_issuer, "extension": study.accession_number}
    asked = accession
    if isinstance(report, ImagingReport) and report.order_number and is_oid(report.order_authority):
        asked = {"root": report.order_authority, "extension": report.order_number}
    add(order, "id", **asked)
    etree.SubElement(order, f"{{{PS3_20}}}accessionNumber", accession)


def _acts(root: Element, document: NewDocument) -> None:
    for act in document.body.acts if isinstance(document.body, ImagingReport) else (None,):
        _service_event(root, document, act)


def _service_event(root: Element, document: NewDocument, act: ImagingAct | None) -> None:
    event = add(add(root, "documentationOf"), "serviceEvent")
    study = document.study
    if study and study.study_uid:
        event.set("classCode", "ACT")
        add(event, "id", root=study.study_uid)
    if act:
        imaging_writer.fill_event(event, act)
    elif study:
        _modality(event, study)
    if isinstance(document.body, Prescription):
        prescription_writer.fill_event(event, document.body)
    if isinstance(document.body, MedicalSummary):
        summary_writer.fill_event(event)
    _interval(event, document)
    performer = add(event, "performer", typeCode="PRF")
    _party(add(performer, "assignedEntity"), document.author)


def _modality(event: Element, study: ImagingStudy) -> None:
    """The act has no code of its own here (nobody chose one: OTH); its modality travels as a translation."""
    known = modality(study.modality)
    if known is None:
        return
    translation = coded(add(event, "code", nullFlavor="OTH"), "translation", known)
    coded(add(translation, "qualifier"), "name", Code("121139", "1.2.840.10008.2.16.4", "Modalité d'imagerie"))


def _interval(parent: Element, document: NewDocument) -> None:
    interval = add(parent, "effectiveTime")
    low = hl7_time(document.service_start)
    high = hl7_time(document.service_stop) if document.service_stop else low
    add(interval, "low", value=low)
    if high != low:  # HL7 refuses an interval whose bounds are equal
        add(interval, "high", value=high)


def _replaced(root: Element, document: NewDocument) -> None:
    if document.replaces:
        parent = add(add(root, "relatedDocument", typeCode="RPLC"), "parentDocument")
        add(parent, "id", root=document.replaces.unique_id)


def _encounter(root: Element, document: NewDocument) -> None:
    structure = document.author.structure
    encounter = add(add(root, "componentOf"), "encompassingEncounter")
    coded(encounter, "code", encounter_kind(structure.sector))
    if isinstance(document.body, Prescription):  # the prescription outlives the encounter
        add(add(encounter, "effectiveTime"), "low", value=hl7_time(document.service_start))
    else:
        _interval(encounter, document)
    if isinstance(document.body, LabReport):
        lab_header.add_responsible(encounter, document)
    facility = add(add(encounter, "location"), "healthCareFacility")
    add(facility, "id", root=OID_STRUCTURE, extension=structure.national_id)
    coded(facility, "code", facility_type(structure.sector))
    add(add(facility, "location"), "name", structure.name)


def _body(root: Element, content: bytes, mime_type: str) -> None:
    body = add(add(root, "component"), "nonXMLBody")
    text = base64.b64encode(content).decode("ascii")
    add(body, "text", text, mediaType=mime_type, representation="B64")
