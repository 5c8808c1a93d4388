"""TD3.2: one document from the repository (ITI-43), its hash checked."""

from __future__ import annotations

from lxml import etree

from connectors.dmp import registry_response
from connectors.dmp.lot_signature import sha1
from connectors.errors import HashMismatch, UnrelatedAnswer
from connectors.soap.parsing import Element, all_named, required, text
from connectors.soap.service import Answer
from praticien.metadata import DocumentEntry, RetrievedDocument

XDSB = "urn:ihe:iti:xds-b:2007"
ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
DMP_REPOSITORY = "1.2.250.1.213.4.1.1.1.2"


def request(entry: DocumentEntry) -> Element:
    """The request for one document."""
    root = etree.Element(f"{{{XDSB}}}RetrieveDocumentSetRequest", nsmap={"xdsb": XDSB})
    asked = etree.SubElement(root, f"{{{XDSB}}}DocumentRequest")
    etree.SubElement(asked, f"{{{XDSB}}}RepositoryUniqueId").text = entry.repository_id or DMP_REPOSITORY
    etree.SubElement(asked, f"{{{XDSB}}}DocumentUniqueId").text = entry.unique_id
    return root


def read(answer: Answer, entry: DocumentEntry) -> RetrievedDocument:
    """The document. Raises UnrelatedAnswer, HashMismatch (also when the entry has no hash to check), refusals."""
    registry_response.check(required(answer.body, "RegistryResponse"))
    responses = list(all_named(answer.body, "DocumentResponse"))
    if len(responses) != 1 or text(responses[0], "DocumentUniqueId") != entry.unique_id:
        raise UnrelatedAnswer("document")
    content = answer.binary(required(responses[0], "Document"))
    if sha1(content) != entry.hash.lower():
        raise HashMismatch("SHA-1")
    return RetrievedDocument(entry.unique_id, text(responses[0], "mimeType") or entry.mime_type, content)
