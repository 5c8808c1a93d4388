"""TD3.2: ITI-43, documents by their uniqueId, as MTOM parts."""

from __future__ import annotations

import uuid

from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import Dossier
from reference_server.errors import Finding
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.mtom import Attachment
from reference_server.names import q
from reference_server.services import Handler
from reference_server.services.responses import element, registry_response
from reference_server.services.visibility import sight
from reference_server.storage import documents, traces
from reference_server.storage.tables import DocumentRow
from reference_server.xml import Element

ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
_UNKNOWN = Finding("DOC-UNKNOWN", "XDSDocumentUniqueIdError", "Aucun document de ce dossier ne porte cet identifiant.")
_REPOSITORY = Finding("REPOSITORY", "XDSUnknownRepositoryId", "L'entrepôt désigné n'est pas celui-ci.")


def answer(exchange: Exchange) -> Answer:
    """What was found, and an error for each that was not."""
    requests = xml.children(exchange.payload, q(names.XDSB, "DocumentRequest"))
    exchange.trace.documents = [_unique_id(request) for request in requests]
    dossier = exchange.require(Function.READ, None)
    found: list[DocumentRow] = []
    findings: list[Finding] = []
    for request in requests:
        _find(exchange, dossier, request, found, findings)
    if found:
        exchange.tell_of_consultation()
    else:
        exchange.trace.outcome = traces.REFUSED
    return _response(exchange, found, findings)


def _empty_response() -> Element:
    """An empty RetrieveDocumentSetResponse."""
    response = element(names.XDSB, "RetrieveDocumentSetResponse", "")
    del response.attrib["status"]
    return response


def _unique_id(request: Element) -> str:
    return xml.text_of(next(iter(xml.children(request, q(names.XDSB, "DocumentUniqueId"))), None))


def _find(
    exchange: Exchange, dossier: Dossier, request: Element, found: list[DocumentRow], findings: list[Finding]
) -> None:
    repository = xml.text_of(next(iter(xml.children(request, q(names.XDSB, "RepositoryUniqueId"))), None))
    if repository != names.REPOSITORY_ID:
        findings.append(_REPOSITORY)
        return
    row = documents.by_unique_id(exchange.session, _unique_id(request))
    patient = exchange.caller.patient
    if row is None or patient is None or not _may_see(exchange, dossier, row, patient):
        # A masked document is answered like an unknown one: that it exists is not told.
        findings.append(_UNKNOWN)
    else:
        found.append(row)


def _may_see(exchange: Exchange, dossier: Dossier, row: DocumentRow, patient: Ins) -> bool:
    if row.matricule != patient.matricule:
        return False
    verdict = sight(exchange, dossier, row)
    if not verdict.allowed:
        exchange.trace.rule = verdict.rule.value
    return verdict.allowed


def _response(exchange: Exchange, found: list[DocumentRow], findings: list[Finding]) -> Answer:
    status = names.STATUS_SUCCESS if not findings else names.STATUS_PARTIAL if found else names.STATUS_FAILURE
    response = _empty_response()
    response.append(registry_response(status, findings))
    attachments = []
    for row in found:
        content_id = f"{uuid.uuid4()}@reference-server"
        made = xml.add(response, q(names.XDSB, "DocumentResponse"))
        xml.add(made, q(names.XDSB, "RepositoryUniqueId"), names.REPOSITORY_ID)
        xml.add(made, q(names.XDSB, "DocumentUniqueId"), row.unique_id)
        xml.add(made, q(names.XDSB, "mimeType"), row.mime_type)
        xml.add(xml.add(made, q(names.XDSB, "Document")), q(names.XOP, "Include"), href=f"cid:{content_id}")
        attachments.append(Attachment(content_id, row.mime_type, documents.content(exchange.session, row)))
    return Answer(response, ACTION + "Response", tuple(attachments))


HANDLERS = {q(names.XDSB, "RetrieveDocumentSetRequest"): Handler(ACTION, answer)}
