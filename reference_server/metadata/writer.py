"""ebXML of the documents that a database starts with. Deposits are never written here: they are kept as received."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from praticien.metadata import Author, Code, DocumentEntry, Institution, Person, Submission, SubmissionSet
from reference_server import names, xml
from reference_server.metadata.registration import slot_element
from reference_server.names import DocumentEntryId, SubmissionSetId, q
from reference_server.xml import Element

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Listed:
    """Registry objects of a submission."""

    package: Element
    entries: tuple[Element, ...]
    associations: tuple[Element, ...]


def registry_objects(submission: Submission) -> Listed:
    """All registry objects of a submission."""
    package = _package(submission.submission_set)
    entries = tuple(_extrinsic(one.entry) for one in submission.documents)
    associations = [
        _association(names.HAS_MEMBER, submission.submission_set.entry_uuid, one.entry.entry_uuid)
        for one in submission.documents
    ]
    associations += [
        _association(names.REPLACES, one.entry.entry_uuid, one.replaces) for one in submission.documents if one.replaces
    ]
    return Listed(package, entries, tuple(associations))


def _rim(name: str) -> str:
    return q(names.RIM, name)


def _object(name: str, **attributes: str) -> Element:
    return etree.Element(_rim(name), attributes, nsmap={"rim": names.RIM})


def _extrinsic(entry: DocumentEntry) -> Element:
    made = _object("ExtrinsicObject", id=entry.entry_uuid, mimeType=entry.mime_type, objectType=DocumentEntryId.NODE)
    for name, values in _entry_slots(entry).items():
        made.append(slot_element(name, *values))
    _localised(made, "Name", entry.title)
    if entry.comments:
        _localised(made, "Description", entry.comments)
    for author in entry.authors:
        _author(made, DocumentEntryId.AUTHOR, author)
    for scheme, code in _entry_codes(entry):
        _classify(made, scheme, code)
    _external(made, DocumentEntryId.PATIENT_ID, entry.patient_id.cx, "XDSDocumentEntry.patientId")
    _external(made, DocumentEntryId.UNIQUE_ID, entry.unique_id, "XDSDocumentEntry.uniqueId")
    return made


def _entry_slots(entry: DocumentEntry) -> dict[str, list[str]]:
    slots = {
        "creationTime": [_time(entry.creation_time)],
        "languageCode": [entry.language],
        "serviceStartTime": [_time(entry.service_start)] if entry.service_start else [],
        "serviceStopTime": [_time(entry.service_stop)] if entry.service_stop else [],
        "sourcePatientId": [entry.source_patient_id] if entry.source_patient_id else [],
        "legalAuthenticator": [_xcn(entry.legal_authenticator)] if entry.legal_authenticator else [],
        "urn:ihe:iti:xds:2013:referenceIdList": [
            f"{one.identifier}^^^&{one.authority}&ISO^{one.type}" for one in entry.references
        ],
    }
    if entry.source_patient_info:
        who = entry.source_patient_info
        slots["sourcePatientInfo"] = [
            f"PID-5|{who.family_name}^{who.given_name}^^^^^L",
            f"PID-7|{who.birth_date}",
            f"PID-8|{who.sex}",
        ]
    return {name: values for name, values in slots.items() if values}


def _entry_codes(entry: DocumentEntry) -> list[tuple[str, Code]]:
    codes = [(DocumentEntryId.CLASS, entry.class_code), (DocumentEntryId.TYPE, entry.type_code)]
    codes += [(DocumentEntryId.FORMAT, entry.format_code), (DocumentEntryId.FACILITY, entry.facility_type)]
    codes += [(DocumentEntryId.PRACTICE, entry.practice_setting)]
    codes += [(DocumentEntryId.CONFIDENTIALITY, code) for code in entry.confidentiality]
    return codes + [(DocumentEntryId.EVENT, code) for code in entry.event_codes]


def _package(submission_set: SubmissionSet) -> Element:
    made = _object("RegistryPackage", id=submission_set.entry_uuid)
    made.append(slot_element("submissionTime", _time(submission_set.submission_time)))
    if submission_set.title:
        _localised(made, "Name", submission_set.title)
    node = xml.add(made, _rim("Classification"), id=_next_id(), classifiedObject=submission_set.entry_uuid)
    node.set("classificationNode", SubmissionSetId.NODE)
    _author(made, SubmissionSetId.AUTHOR, submission_set.author)
    _classify(made, SubmissionSetId.CONTENT_TYPE, submission_set.content_type)
    _external(made, SubmissionSetId.PATIENT_ID, submission_set.patient_id.cx, "XDSSubmissionSet.patientId")
    _external(made, SubmissionSetId.SOURCE_ID, submission_set.source_id, "XDSSubmissionSet.sourceId")
    _external(made, SubmissionSetId.UNIQUE_ID, submission_set.unique_id, "XDSSubmissionSet.uniqueId")
    return made


def _association(kind: str, source: str, target: str) -> Element:
    made = _object("Association", id=_next_id(), associationType=kind, sourceObject=source, targetObject=target)
    if kind == names.HAS_MEMBER:
        made.append(slot_element("SubmissionSetStatus", "Original"))
    return made


def _next_id() -> str:
    return f"urn:praticien:seed:{next(_numbers)}"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


def _xcn(person: Person) -> str:
    head = f"{person.identifier}^{person.family_name}^{person.given_name}"
    return f"{head}^^^^^^&{person.authority}&ISO^D^^^{person.kind}"


def _xon(place: Institution) -> str:
    return f"{place.name}^^^^^&{place.authority}&ISO^IDNST^^^{place.identifier}"


def _localised(parent: Element, name: str, text: str) -> None:
    xml.add(xml.add(parent, _rim(name)), _rim("LocalizedString"), value=text)


def _classification(parent: Element, scheme: str, representation: str) -> Element:
    return xml.add(
        parent,
        _rim("Classification"),
        id=_next_id(),
        classificationScheme=scheme,
        classifiedObject=parent.get("id"),
        nodeRepresentation=representation,
    )


def _classify(parent: Element, scheme: str, code: Code) -> None:
    made = _classification(parent, scheme, code.code)
    made.append(slot_element("codingScheme", code.system))
    _localised(made, "Name", code.display or code.code)


def _author(parent: Element, scheme: str, author: Author) -> None:
    made = _classification(parent, scheme, "")
    made.append(slot_element("authorPerson", _xcn(author.person)))
    if author.institution:
        made.append(slot_element("authorInstitution", _xon(author.institution)))
    if author.specialty:
        one = author.specialty
        made.append(slot_element("authorSpecialty", f"{one.code}^{one.display}^{one.system}"))
    if author.role:
        made.append(slot_element("authorRole", author.role))


def _external(parent: Element, scheme: str, value: str, name: str) -> None:
    made = xml.add(
        parent,
        _rim("ExternalIdentifier"),
        id=_next_id(),
        registryObject=parent.get("id"),
        identificationScheme=scheme,
        value=value,
    )
    _localised(made, "Name", name)
