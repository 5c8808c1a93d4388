"""TD2.1 and TD2.2: deposit (ITI-41 with MTOM), the lot signature included. The card's kind alone tells them apart."""

from __future__ import annotations

from uuid import uuid4

from lxml import etree

from connectors.dmp import ebxml, lot_signature, registry_response
from connectors.dmp.sender import Sender
from connectors.soap import mtom
from connectors.soap.mtom import Attachment
from connectors.soap.parsing import Element
from praticien.metadata import Association, AssociationType, Submission, SubmittedDocument

XDSB = "urn:ihe:iti:xds-b:2007"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"


def request(submission: Submission, sender: Sender) -> tuple[Element, list[Attachment]]:
    """The body and its attachments: each document, then the lot signature. Raises what the card raises."""
    content = lot_signature.build(submission, sender)
    signature = SubmittedDocument(lot_signature.describe(submission, sender, content), content)
    documents = (*submission.documents, signature)
    root = etree.Element(f"{{{XDSB}}}ProvideAndRegisterDocumentSetRequest", nsmap={"xdsb": XDSB})
    submit = etree.SubElement(root, f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM})
    submit.append(_objects(submission, documents, signature))
    attachments = [Attachment(f"{uuid4()}@praticien", d.content, d.entry.mime_type) for d in documents]
    for document, attachment in zip(documents, attachments, strict=True):
        place = etree.SubElement(root, f"{{{XDSB}}}Document", id=document.entry.entry_uuid)
        place.append(mtom.include(attachment.content_id))
    return root, attachments


def _objects(submission: Submission, documents: tuple[SubmittedDocument, ...], signature: SubmittedDocument) -> Element:
    objects, of = ebxml.registry_objects(), submission.submission_set
    for document in documents:
        ebxml.add_entry(objects, document.entry)
    ebxml.add_submission_set(objects, of)
    for document in documents:
        member = Association(AssociationType.HAS_MEMBER, of.entry_uuid, document.entry.entry_uuid)
        ebxml.add_association(objects, member)
        if document.replaces:
            replaced = Association(AssociationType.REPLACE, document.entry.entry_uuid, document.replaces)
            ebxml.add_association(objects, replaced)
    ebxml.add_association(objects, Association(AssociationType.SIGNS, signature.entry.entry_uuid, of.entry_uuid))
    return objects


check = registry_response.check
