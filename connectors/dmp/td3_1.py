"""TD3.1: questions to the registry (ITI-18), and what it answers.

FindDocuments, GetDocuments, FindSubmissionSets, GetAssociations, FindDocumentsByReferenceId (facts: protocol 2.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from connectors.dmp import ebxml, registry_response, rim
from connectors.dmp.hl7v2 import write_dtm, write_reference
from connectors.errors import UnrelatedAnswer
from connectors.soap.parsing import Element
from praticien.identity import Ins
from praticien.metadata import Association, Availability, DocumentEntry, Reference

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
_FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
_FIND_SETS = "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9"
_GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
_GET_ASSOCIATIONS = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
_FIND_BY_REFERENCE = "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492"
ACTIVE = (Availability.APPROVED,)
_LONGEST_VALUE = 256


def find_documents(patient: Ins, statuses: Iterable[Availability] = ACTIVE) -> Element:
    """FindDocuments, whole entries."""
    return _query(_FIND_DOCUMENTS, _of_patient(patient, statuses))


def find_by_reference(patient: Ins, references: Iterable[Reference]) -> Element:
    """FindDocumentsByReferenceId: active documents that bear any of these references, whole entries."""
    wanted = {"$XDSDocumentEntryReferenceIdList": _list(write_reference(one) for one in references)}
    return _query(_FIND_BY_REFERENCE, _of_patient(patient, ACTIVE) | wanted)


def _of_patient(patient: Ins, statuses: Iterable[Availability]) -> dict[str, list[str]]:
    return {
        "$XDSDocumentEntryPatientId": [_quoted(patient.cx)],
        "$XDSDocumentEntryStatus": _list(status.value for status in statuses),
    }


def get_documents(unique_ids: Iterable[str]) -> Element:
    """GetDocuments by uniqueId, whole entries."""
    return _query(_GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": _list(unique_ids)})


def get_technical_id(unique_id: str) -> Element:
    """TD3.1b, GetDocuments by uniqueId, identifiers alone."""
    return _query(_GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": _list([unique_id])}, "ObjectRef")


def get_entries(entry_uuids: Iterable[str]) -> Element:
    """GetDocuments by entryUUID, whole entries."""
    return _query(_GET_DOCUMENTS, {"$XDSDocumentEntryEntryUUID": _list(entry_uuids)})


def find_submission_sets(patient: Ins, since: datetime) -> Element:
    """FindSubmissionSets: what was submitted from that moment on, identifiers alone."""
    parameters = {
        "$XDSSubmissionSetPatientId": [_quoted(patient.cx)],
        "$XDSSubmissionSetStatus": _list(status.value for status in ACTIVE),
        "$XDSSubmissionSetSubmissionTimeFrom": [write_dtm(since)],
    }
    return _query(_FIND_SETS, parameters, "ObjectRef")


def get_associations(identifiers: Iterable[str]) -> Element:
    """GetAssociations of documents and submission sets, by entryUUID."""
    return _query(_GET_ASSOCIATIONS, {"$uuid": _list(identifiers)})


def _query(query_id: str, parameters: dict[str, list[str]], return_type: str = "LeafClass") -> Element:
    root = etree.Element(f"{{{QUERY}}}AdhocQueryRequest", nsmap={"query": QUERY, "rim": rim.RIM})
    option = {"returnComposedObjects": "true", "returnType": return_type}
    etree.SubElement(root, f"{{{QUERY}}}ResponseOption", option)
    query = rim.add(root, "AdhocQuery", id=query_id)
    for name, value in parameters.items():
        rim.add_slot(query, name, value)
    return root


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _list(values: Iterable[str]) -> list[str]:
    """Lists in parentheses, as many as it takes: one Value holds 256 characters (rim.xsd, LongName)."""
    lists: list[list[str]] = [[]]
    for quoted in map(_quoted, values):
        if lists[-1] and len(",".join([*lists[-1], quoted])) > _LONGEST_VALUE - 2:
            lists.append([])
        lists[-1].append(quoted)
    return [f"({','.join(one)})" for one in lists]


def read(answer: Element, patient: Ins) -> tuple[DocumentEntry, ...]:
    """The entries of an answer. Raises UnrelatedAnswer when one is of another patient, and typed refusals."""
    registry_response.check(answer)
    entries = tuple(ebxml.read_entry(stable) for stable in extrinsic_objects(answer))
    if any(entry.patient_id != patient for entry in entries):
        raise UnrelatedAnswer("patient")
    return entries


def extrinsic_objects(answer: Element) -> list[Element]:
    """The entries as the registry wrote them."""
    return list(answer.iter(f"{{{rim.RIM}}}ExtrinsicObject"))


def read_references(answer: Element) -> tuple[str, ...]:
    """The identifiers of an answer in ObjectRef. Raises typed refusals."""
    registry_response.check(answer)
    return tuple(str(one.get("id", "")) for one in answer.iter(f"{{{rim.RIM}}}ObjectRef"))


def read_associations(answer: Element) -> tuple[Association, ...]:
    """The associations of an answer that are of a known type. Raises typed refusals."""
    registry_response.check(answer)
    found = (ebxml.read_association(one) for one in answer.iter(f"{{{rim.RIM}}}Association"))
    return tuple(one for one in found if one)
