"""XDS metadata <-> ebXML RIM 3.0: submissions written, entries written and read.

Source: IHE ITI TF-3 4.2; French formats: facts protocol 3.2, 3.3, 3.5.
"""

from __future__ import annotations

from lxml import etree

from connectors.dmp import hl7v2, rim
from connectors.dmp.rim import EntryScheme, SetScheme
from connectors.errors import MalformedAnswer
from connectors.soap.parsing import Element
from praticien.errors import InvalidInput
from praticien.identity import Ins
from praticien.metadata import (
    Association,
    AssociationType,
    Author,
    Availability,
    Code,
    DocumentEntry,
    Person,
    SubmissionSet,
)

_REFERENCES = "urn:ihe:iti:xds:2013:referenceIdList"
_NO_CODE = Code("", "")


def registry_objects() -> Element:
    """An empty RegistryObjectList."""
    return etree.Element(f"{{{rim.RIM}}}RegistryObjectList", nsmap={"rim": rim.RIM})


# -- written -------------------------------------------------------------------------------------------------------


def add_entry(parent: Element, entry: DocumentEntry) -> Element:
    """The ExtrinsicObject of a DocumentEntry."""
    stable = rim.add(parent, "ExtrinsicObject", id=entry.entry_uuid, mimeType=entry.mime_type)
    stable.set("objectType", rim.DOCUMENT_ENTRY)
    _add_registry_part(stable, entry)
    _add_entry_slots(stable, entry)
    rim.add_localized(stable, "Name", entry.title)
    rim.add_localized(stable, "Description", entry.comments)
    if entry.logical_id:
        rim.add(stable, "VersionInfo", versionName=entry.version)
    for author in entry.authors:
        _add_author(stable, EntryScheme.AUTHOR, author)
    for scheme, codes in _entry_codes(entry):
        for code in codes:
            rim.add_code(stable, scheme, code)
    rim.add_identifier(stable, EntryScheme.PATIENT_ID, "XDSDocumentEntry.patientId", entry.patient_id.cx)
    rim.add_identifier(stable, EntryScheme.UNIQUE_ID, "XDSDocumentEntry.uniqueId", entry.unique_id)
    return stable


def _add_registry_part(stable: Element, entry: DocumentEntry) -> None:
    """What a registry has set: present only in an entry that comes from one."""
    if entry.logical_id:
        stable.set("lid", entry.logical_id)
        stable.set("status", entry.availability.value)


def _add_entry_slots(stable: Element, entry: DocumentEntry) -> None:
    info = entry.source_patient_info
    legal = entry.legal_authenticator
    rim.add_slot(stable, "creationTime", [hl7v2.write_dtm(entry.creation_time)])
    rim.add_slot(stable, "languageCode", [entry.language])
    rim.add_slot(stable, "legalAuthenticator", [hl7v2.write_xcn(legal)] if legal else [])
    rim.add_slot(stable, "serviceStartTime", [hl7v2.write_dtm(t) for t in (entry.service_start,) if t])
    rim.add_slot(stable, "serviceStopTime", [hl7v2.write_dtm(t) for t in (entry.service_stop,) if t])
    rim.add_slot(stable, "sourcePatientId", [entry.source_patient_id])
    rim.add_slot(stable, "sourcePatientInfo", hl7v2.write_pid(info) if info else [])
    rim.add_slot(stable, "hash", [entry.hash])
    rim.add_slot(stable, "size", [str(entry.size)] if entry.size else [])
    rim.add_slot(stable, "repositoryUniqueId", [entry.repository_id])
    rim.add_slot(stable, _REFERENCES, [hl7v2.write_reference(r) for r in entry.references])


def _entry_codes(entry: DocumentEntry) -> list[tuple[str, tuple[Code, ...]]]:
    return [
        (EntryScheme.CLASS, (entry.class_code,)),
        (EntryScheme.CONFIDENTIALITY, entry.confidentiality),
        (EntryScheme.EVENT, entry.event_codes),
        (EntryScheme.FORMAT, (entry.format_code,)),
        (EntryScheme.FACILITY_TYPE, (entry.facility_type,)),
        (EntryScheme.PRACTICE_SETTING, (entry.practice_setting,)),
        (EntryScheme.TYPE, (entry.type_code,)),
    ]


def _add_author(parent: Element, scheme: str, author: Author) -> None:
    classification = rim.add(
        parent,
        "Classification",
        id=rim.new_id(),
        classificationScheme=scheme,
        classifiedObject=parent.get("id"),
        nodeRepresentation="",
    )
    institution, specialty = author.institution, author.specialty
    rim.add_slot(classification, "authorInstitution", [hl7v2.write_xon(institution)] if institution else [])
    rim.add_slot(classification, "authorPerson", [hl7v2.write_xcn(author.person)])
    rim.add_slot(classification, "authorRole", [author.role])
    rim.add_slot(classification, "authorSpecialty", [hl7v2.write_specialty(specialty)] if specialty else [])


def add_submission_set(parent: Element, submission: SubmissionSet) -> None:
    """The RegistryPackage of a SubmissionSet, and what marks it as one."""
    package = rim.add(parent, "RegistryPackage", id=submission.entry_uuid)
    rim.add_slot(package, "submissionTime", [hl7v2.write_dtm(submission.submission_time)])
    rim.add_localized(package, "Name", submission.title)
    rim.add_localized(package, "Description", submission.comments)
    _add_author(package, SetScheme.AUTHOR, submission.author)
    rim.add_code(package, SetScheme.CONTENT_TYPE, submission.content_type)
    rim.add_identifier(package, SetScheme.PATIENT_ID, "XDSSubmissionSet.patientId", submission.patient_id.cx)
    rim.add_identifier(package, SetScheme.SOURCE_ID, "XDSSubmissionSet.sourceId", submission.source_id)
    rim.add_identifier(package, SetScheme.UNIQUE_ID, "XDSSubmissionSet.uniqueId", submission.unique_id)
    rim.add(
        parent,
        "Classification",
        id=rim.new_id(),
        classifiedObject=submission.entry_uuid,
        classificationNode=rim.SUBMISSION_SET,
    )


def add_association(parent: Element, association: Association) -> Element:
    """An Association; a HasMember says that its document is new in this submission."""
    element = rim.add(
        parent,
        "Association",
        id=rim.new_id(),
        associationType=association.type.value,
        sourceObject=association.source,
        targetObject=association.target,
    )
    if association.type is AssociationType.HAS_MEMBER:
        rim.add_slot(element, "SubmissionSetStatus", ["Original"])
        rim.add_slot(element, "PreviousVersion", [association.previous_version])
    return element


# -- read ----------------------------------------------------------------------------------------------------------


def read_entry(stable: Element) -> DocumentEntry:
    """The DocumentEntry of an ExtrinsicObject; a missing code reads as an empty one. Raises MalformedAnswer."""
    try:
        return _read_entry(stable)
    except (InvalidInput, ValueError) as error:
        raise MalformedAnswer(f"DocumentEntry: {type(error).__name__}") from None


def _read_entry(stable: Element) -> DocumentEntry:
    times = {name: rim.one(stable, name) for name in ("creationTime", "serviceStartTime", "serviceStopTime")}
    moments = {name: hl7v2.read_dtm(value) for name, value in times.items() if value}
    legal = rim.one(stable, "legalAuthenticator")
    version = stable.find(f"{{{rim.RIM}}}VersionInfo")
    return DocumentEntry(
        entry_uuid=str(stable.get("id", "")),
        unique_id=rim.identifier(stable, EntryScheme.UNIQUE_ID),
        patient_id=Ins.from_cx(rim.identifier(stable, EntryScheme.PATIENT_ID)),
        title=rim.localized(stable, "Name"),
        mime_type=str(stable.get("mimeType", "")),
        class_code=_one_code(stable, EntryScheme.CLASS),
        type_code=_one_code(stable, EntryScheme.TYPE),
        format_code=_one_code(stable, EntryScheme.FORMAT),
        facility_type=_one_code(stable, EntryScheme.FACILITY_TYPE),
        practice_setting=_one_code(stable, EntryScheme.PRACTICE_SETTING),
        confidentiality=rim.codes(stable, EntryScheme.CONFIDENTIALITY),
        authors=tuple(_read_author(c) for c in rim.classifications(stable, EntryScheme.AUTHOR)),
        legal_authenticator=hl7v2.read_xcn(legal) if legal else None,
        creation_time=moments["creationTime"] if "creationTime" in moments else hl7v2.read_dtm(""),
        service_start=moments.get("serviceStartTime"),
        service_stop=moments.get("serviceStopTime"),
        source_patient_id=rim.one(stable, "sourcePatientId"),
        source_patient_info=hl7v2.read_pid(rim.slot(stable, "sourcePatientInfo")),
        language=rim.one(stable, "languageCode"),
        comments=rim.localized(stable, "Description"),
        event_codes=rim.codes(stable, EntryScheme.EVENT),
        references=tuple(hl7v2.read_reference(value) for value in rim.slot(stable, _REFERENCES)),
        hash=rim.one(stable, "hash").lower(),
        size=int(rim.one(stable, "size") or 0),
        repository_id=rim.one(stable, "repositoryUniqueId"),
        availability=Availability(stable.get("status", Availability.APPROVED.value)),
        logical_id=str(stable.get("lid", "")),
        version=str(version.get("versionName", "1")) if version is not None else "1",
    )


def _one_code(stable: Element, scheme: str) -> Code:
    return next(iter(rim.codes(stable, scheme)), _NO_CODE)


def _read_author(classification: Element) -> Author:
    institution = rim.one(classification, "authorInstitution")
    specialty = rim.one(classification, "authorSpecialty")
    person = rim.one(classification, "authorPerson")
    return Author(
        person=hl7v2.read_xcn(person) if person else Person("", "", ""),
        institution=hl7v2.read_xon(institution) if institution else None,
        specialty=hl7v2.read_specialty(specialty) if specialty else None,
        role=rim.one(classification, "authorRole"),
    )


def read_association(element: Element) -> Association | None:
    """An Association; None when it is of a type that is not used here."""
    try:
        kind = AssociationType(element.get("associationType", ""))
    except ValueError:
        return None
    ends = (str(element.get("sourceObject", "")), str(element.get("targetObject", "")))
    return Association(kind, *ends, previous_version=rim.one(element, "PreviousVersion"))
