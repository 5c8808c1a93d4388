"""TD3.1: questions to the registry (ITI-18): the documents of a patient, or given documents by unique id."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from connectors.dmp import ebxml, registry_response, rim
from connectors.errors import UnrelatedAnswer
from connectors.soap.parsing import Element
from praticien.identity import Ins
from praticien.metadata import Availability, DocumentEntry

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
_FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
_GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"


def find_documents(patient: Ins, statuses: Iterable[Availability] = (Availability.APPROVED,)) -> Element:
    """FindDocuments, whole entries."""
    parameters = {
        "$XDSDocumentEntryPatientId": _quoted(patient.cx),
        "$XDSDocumentEntryStatus": _list(status.value for status in statuses),
    }
    return _query(_FIND_DOCUMENTS, parameters)


def get_documents(unique_ids: Iterable[str]) -> Element:
    """GetDocuments by uniqueId, whole entries."""
    return _query(_GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": _list(unique_ids)})


def _query(query_id: str, parameters: dict[str, str]) -> Element:
    root = etree.Element(f"{{{QUERY}}}AdhocQueryRequest", nsmap={"query": QUERY, "rim": rim.RIM})
    option = {"returnComposedObjects": "true", "returnType": "LeafClass"}
    etree.SubElement(root, f"{{{QUERY}}}ResponseOption", option)
    query = rim.add(root, "AdhocQuery", id=query_id)
    for name, value in parameters.items():
        rim.add_slot(query, name, [value])
    return root


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _list(values: Iterable[str]) -> str:
    return "(" + ",".join(_quoted(value) for value in values) + ")"


def read(answer: Element, patient: Ins) -> tuple[DocumentEntry, ...]:
    """The entries of an answer. Raises UnrelatedAnswer when one is of another patient, and typed refusals."""
    registry_response.check(answer)
    entries = tuple(ebxml.read_entry(stable) for stable in answer.iter(f"{{{rim.RIM}}}ExtrinsicObject"))
    if any(entry.patient_id != patient for entry in entries):
        raise UnrelatedAnswer("patient")
    return entries
