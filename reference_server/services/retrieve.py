"""TD3.2: ITI-43, documents by their uniqueId, as MTOM parts."""

from __future__ import annotations

import uuid

from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import Dossier
from reference_server.errors import BadRequest, Finding
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
MAX_DOCUMENTS = 100
"""Different documents asked for at once."""
MAX_ANSWER = 128 * 1024 * 1024
"""Octets of the documents of one answer."""
_UNKNOWN = Finding("DOC-UNKNOWN", "XDSDocumentUniqueIdError", "Aucun document de ce dossier ne porte cet identifiant.")
_REPOSITORY = Finding("REPOSITORY", "XDSUnknownRepositoryId", "L'entrepôt désigné n'est pas celui-ci.")
_TOO_MUCH = Finding("ANSWER-SIZE", "XDSRepositoryOutOfResources", "Trop de documents à la fois : à demander seul.")

Found = list[tuple[DocumentRow, bytes]]
"""Documents with their octets."""


def answer(exchange: Exchange) -> Answer:
    """What was found, and an error for each that was not. Asked for twice, a document is given once."""
    requests = dict.fromkeys(
        (_text(one, "RepositoryUniqueId"), _text(one, "DocumentUniqueId"))
        for one in xml.children(exchange.payload, q(names.XDSB, "DocumentRequest"))
    )
    if len(requests) > MAX_DOCUMENTS:
        exchange.target(Function.READ, None)
        raise BadRequest("RequestRefused", "elle demande trop de documents à la fois")
    exchange.trace.documents = [unique_id for _, unique_id in requests]
    dossier = exchange.require(Function.READ, None)
    found: Found = []
    findings: list[Finding] = []
    for repository, unique_id in requests:
        _find(exchange, dossier, (repository, unique_id), found, findings)
    if found:
        exchange.tell_of_consultation()
    else:
        exchange.trace.outcome = traces.REFUSED
    return _response(found, findings)


def _empty_response() -> Element:
    """An empty RetrieveDocumentSetResponse."""
    response = element(names.XDSB, "RetrieveDocumentSetResponse", "")
    del response.attrib["status"]
    return response


def _text(request: Element, name: str) -> str:
    return xml.text_of(next(iter(xml.children(request, q(names.XDSB, name))), None))


def _find(
    exchange: Exchange, dossier: Dossier, request: tuple[str, str], found: Found, findings: list[Finding]
) -> None:
    repository, unique_id = request
    if repository != names.REPOSITORY_ID:
        findings.append(_REPOSITORY)
        return
    row = documents.by_unique_id(exchange.session, unique_id)
    patient = exchange.caller.patient
    if row is None or patient is None or not _may_see(exchange, dossier, row, patient):
        # A masked document is answered like an unknown one: that it exists is not told.
        findings.append(_UNKNOWN)
    else:
        _take(row, documents.content(exchange.session, row), found, findings)


def _take(row: DocumentRow, octets: bytes, found: Found, findings: list[Finding]) -> None:
    if sum(len(one) for _, one in found) + len(octets) > MAX_ANSWER:
        findings.append(_TOO_MUCH)
    else:
        found.append((row, octets))


def _may_see(exchange: Exchange, dossier: Dossier, row: DocumentRow, patient: Ins) -> bool:
    if row.matricule != patient.matricule:
        return False
    verdict = sight(exchange, dossier, row)
    if not verdict.allowed:
        exchange.trace.rule = verdict.rule.value
    return verdict.allowed


def _response(found: Found, findings: list[Finding]) -> Answer:
    status = names.STATUS_SUCCESS if not findings else names.STATUS_PARTIAL if found else names.STATUS_FAILURE
    response = _empty_response()
    response.append(registry_response(status, findings))
    attachments = []
    for row, octets in found:
        content_id = f"{uuid.uuid4()}@reference-server"
        made = xml.add(response, q(names.XDSB, "DocumentResponse"))
        xml.add(made, q(names.XDSB, "RepositoryUniqueId"), names.REPOSITORY_ID)
        xml.add(made, q(names.XDSB, "DocumentUniqueId"), row.unique_id)
        xml.add(made, q(names.XDSB, "mimeType"), row.mime_type)
        xml.add(xml.add(made, q(names.XDSB, "Document")), q(names.XOP, "Include"), href=f"cid:{content_id}")
        attachments.append(Attachment(content_id, row.mime_type, octets))
    return Answer(response, ACTION + "Response", tuple(attachments))


HANDLERS = {q(names.XDSB, "RetrieveDocumentSetRequest"): Handler(ACTION, answer)}
