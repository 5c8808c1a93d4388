"""CDA R2 level 1: the complete CI-SIS header around a PDF.

Sources: CI-SIS "structuration minimale" 1.2.250.1.213.1.1.1.1, XDS-SD 1.3.6.1.4.1.19376.1.2.20, and for imaging the
accession number in urn:dicom-org:ps3-20. Element order is the schema's. The same document gives the same bytes.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, TypeAlias

from lxml import etree

from praticien.documents.cda_check import check_header, is_oid
from praticien.documents.model import ImagingStudy, NewDocument, Party
from praticien.documents.nomenclatures import (
    GENDER_SYSTEM,
    author_specialty,
    encounter_kind,
    facility_type,
    modality,
    practice_setting,
)
from praticien.identity import Patient, Sex, calendar_date
from praticien.metadata import Code, Confidentiality
from praticien.professional import OID_PS, OID_STRUCTURE

HL7 = "urn:hl7-org:v3"
PS3_20 = "urn:dicom-org:ps3-20"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES = {None: HL7, "xsi": XSI, "ps3-20": PS3_20}
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20")
_SYSTEM_NAMES = {"2.16.840.1.113883.6.1": "LOINC", "1.2.840.10008.2.16.4": "DCM"}

Element: TypeAlias = Any  # an lxml element; lxml has no types


def build(document: NewDocument, pdf: bytes) -> bytes:
    """The CDA R2 level 1 document carrying ``pdf``, in UTF-8.

    Raises HeaderProblem subclasses (``field`` names what is wrong) and UnqualifiedIdentity.
    """
    check_header(document)
    root = etree.Element(f"{{{HL7}}}ClinicalDocument", nsmap=_NAMESPACES)
    _identification(root, document)
    _record_target(root, document.patient)
    _people(root, document)
    _order(root, document.study)
    _service_event(root, document)
    _replaced(root, document)
    _encounter(root, document)
    _body(root, pdf)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def hl7_time(moment: datetime) -> str:
    """``20261122093000+0100``: date, time to the second and zone, as the header demands."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def birth_time(compact: str) -> str:
    """AAAAMMJJ as HL7 takes it. Of a lunar date, no TS, only the part that the calendar knows: ``1971`` or ``197102``.

    The whole date, digit for digit, travels in the metadata (PID-7) and in the PDF.
    """
    if calendar_date(compact):
        return compact
    return compact[:6] if "01" <= compact[4:6] <= "12" else compact[:4]


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    child = etree.SubElement(parent, f"{{{HL7}}}{tag}", attributes)
    if text:
        child.text = text
    return child


def _coded(parent: Element, tag: str, code: Code) -> Element:
    element = _add(parent, tag, code=code.code, displayName=code.display, codeSystem=code.system)
    if code.system in _SYSTEM_NAMES:
        element.set("codeSystemName", _SYSTEM_NAMES[code.system])
    return element


def _identification(root: Element, document: NewDocument) -> None:
    _add(root, "realmCode", code="FR")
    _add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in _TEMPLATES:
        _add(root, "templateId", root=template)
    _add(root, "id", root=document.unique_id)
    _coded(root, "code", document.kind.codes.type_code)
    _add(root, "title", document.title.strip())
    _add(root, "effectiveTime", value=hl7_time(document.created_at))
    _coded(root, "confidentialityCode", Confidentiality.NORMAL)
    _add(root, "languageCode", code="fr-FR")
    _add(root, "setId", root=document.set_id)
    _add(root, "versionNumber", value=str(document.version))


def _record_target(root: Element, patient: Patient) -> None:
    role = _add(_add(root, "recordTarget"), "patientRole")
    ins = patient.qualified_ins
    _add(role, "id", extension=ins.matricule, root=ins.oid)
    _add(role, "addr", nullFlavor="NASK")
    _add(role, "telecom", nullFlavor="NASK")
    person = _add(role, "patient", classCode="PSN")
    _patient_name(person, patient)
    female = patient.traits.sex is Sex.FEMALE
    sex = Code(patient.traits.sex.value, GENDER_SYSTEM, "Féminin" if female else "Masculin")
    _coded(person, "administrativeGenderCode", sex)
    _add(person, "birthTime", value=birth_time(patient.traits.birth_date))
    address = _add(_add(_add(person, "birthplace"), "place"), "addr")
    if patient.traits.birth_place:
        _add(address, "county", patient.traits.birth_place)
    else:  # the element is required beside an INS
        _add(address, "county", nullFlavor="UNK")


def _patient_name(person: Element, patient: Patient) -> None:
    name, traits = _add(person, "name"), patient.traits
    _add(name, "family", traits.birth_name, qualifier="BR")
    _add(name, "given", " ".join(traits.birth_first_names))
    _add(name, "given", traits.first_name, qualifier="BR")
    if patient.used_name:
        _add(name, "family", patient.used_name, qualifier="CL")
    if patient.used_first_name:
        _add(name, "given", patient.used_first_name, qualifier="CL")


def _people(root: Element, document: NewDocument) -> None:
    when = hl7_time(document.created_at)
    author = _add(root, "author")
    _add(author, "time", value=when)
    _party(_add(author, "assignedAuthor"), document.author)
    if document.entered_by:
        enterer = _add(root, "dataEnterer")
        _add(enterer, "time", value=when)
        _party(_add(enterer, "assignedEntity"), document.entered_by)
    _custodian(root, document.author)
    signer = _add(root, "legalAuthenticator")
    _add(signer, "time", value=when)
    _add(signer, "signatureCode", code="S")
    _party(_add(signer, "assignedEntity"), document.legal_authenticator)


def _party(entity: Element, party: Party) -> None:
    """Content shared by assignedAuthor and assignedEntity."""
    who = party.professional
    _add(entity, "id", root=OID_PS, extension=who.national_id)
    _coded(entity, "code", author_specialty(who))
    _add(entity, "addr", nullFlavor="NASK")
    _add(entity, "telecom", nullFlavor="NASK")
    name = _add(_add(entity, "assignedPerson"), "name")
    _add(name, "given", who.given_name)
    _add(name, "family", who.family_name)
    organisation = _add(entity, "representedOrganization")
    _add(organisation, "id", root=OID_STRUCTURE, extension=party.structure.national_id)
    _add(organisation, "name", party.structure.name)
    _coded(organisation, "standardIndustryClassCode", practice_setting(party.structure.sector))


def _custodian(root: Element, author: Party) -> None:
    assigned = _add(_add(root, "custodian"), "assignedCustodian")
    organisation = _add(assigned, "representedCustodianOrganization")
    _add(organisation, "id", root=OID_STRUCTURE, extension=author.structure.national_id)
    _add(organisation, "name", author.structure.name)
    _add(organisation, "telecom", nullFlavor="NASK")
    _add(organisation, "addr", nullFlavor="NASK")


def _order(root: Element, study: ImagingStudy | None) -> None:
    """The accession number, when its issuer is known (an identifier without issuer identifies nothing)."""
    if study is None or not study.accession_number or not is_oid(study.accession_issuer):
        return
    order = _add(_add(root, "inFulfillmentOf"), "order")
    where = {"root": study.accession_issuer, "extension": study.accession_number}
    _add(order, "id", **where)
    etree.SubElement(order, f"{{{PS3_20}}}accessionNumber", where)


def _service_event(root: Element, document: NewDocument) -> None:
    event = _add(_add(root, "documentationOf"), "serviceEvent")
    study = document.study
    if study and study.study_uid:
        event.set("classCode", "ACT")
        _add(event, "id", root=study.study_uid)
    if study:
        _modality(event, study)
    _interval(event, document)
    performer = _add(event, "performer", typeCode="PRF")
    _party(_add(performer, "assignedEntity"), document.author)


def _modality(event: Element, study: ImagingStudy) -> None:
    """The act has no code of its own here (nobody chose one: OTH); its modality travels as a translation."""
    known = modality(study.modality)
    if known is None:
        return
    translation = _coded(_add(event, "code", nullFlavor="OTH"), "translation", known)
    _coded(_add(translation, "qualifier"), "name", Code("121139", "1.2.840.10008.2.16.4", "Modalité d'imagerie"))


def _interval(parent: Element, document: NewDocument) -> None:
    interval = _add(parent, "effectiveTime")
    low = hl7_time(document.service_start)
    high = hl7_time(document.service_stop) if document.service_stop else low
    _add(interval, "low", value=low)
    if high != low:  # HL7 refuses an interval whose bounds are equal
        _add(interval, "high", value=high)


def _replaced(root: Element, document: NewDocument) -> None:
    if document.replaces:
        parent = _add(_add(root, "relatedDocument", typeCode="RPLC"), "parentDocument")
        _add(parent, "id", root=document.replaces.unique_id)


def _encounter(root: Element, document: NewDocument) -> None:
    structure = document.author.structure
    encounter = _add(_add(root, "componentOf"), "encompassingEncounter")
    _coded(encounter, "code", encounter_kind(structure.sector))
    _interval(encounter, document)
    facility = _add(_add(encounter, "location"), "healthCareFacility")
    _add(facility, "id", root=OID_STRUCTURE, extension=structure.national_id)
    _coded(facility, "code", facility_type(structure.sector))
    _add(_add(facility, "location"), "name", structure.name)


def _body(root: Element, pdf: bytes) -> None:
    body = _add(_add(root, "component"), "nonXMLBody")
    text = base64.b64encode(pdf).decode("ascii")
    _add(body, "text", text, mediaType="application/pdf", representation="B64")
