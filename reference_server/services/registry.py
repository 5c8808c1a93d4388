"""TD3.1: ITI-18 stored queries, as LeafClass or ObjectRef."""

from __future__ import annotations

from lxml import etree

from reference_server import names, xml
from reference_server.errors import Finding, RegistryRefusal
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler, query_parameters
from reference_server.services.queries import QUERIES, Row
from reference_server.services.responses import add_errors, element
from reference_server.xml import Element

ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"


def answer(exchange: Exchange) -> Answer:
    """Objects that the query selects and that this caller may see."""
    query = next(iter(xml.children(exchange.payload, q(names.RIM, "AdhocQuery"))), None)
    option = next(iter(xml.children(exchange.payload, q(names.QUERY, "ResponseOption"))), None)
    leaf = option is not None and option.get("returnType") == "LeafClass"
    if option is None or option.get("returnType") not in ("LeafClass", "ObjectRef"):
        exchange.target(Function.LIST, None)
        raise RegistryRefusal(Finding("QUERY-RETURN", "XDSRegistryError", "returnType LeafClass ou ObjectRef attendu."))
    identifier = query.get("id", "").lower() if query is not None else ""
    if query is None or identifier not in QUERIES:
        exchange.target(Function.LIST, None)
        raise RegistryRefusal(Finding("QUERY-ID", "XDSUnknownStoredQuery", "Cette requête n'existe pas ici."))
    rows = QUERIES[identifier](exchange, query_parameters.read(query), leaf)
    if leaf:
        return Answer(_response([]), ACTION + "Response", stored=tuple(row.xml for row in rows))
    return Answer(_response([_reference(row) for row in rows]), ACTION + "Response")


def refuse(findings: tuple[Finding, ...]) -> Answer:
    """A failure with its errors and no object."""
    return Answer(_response([], findings), ACTION + "Response")


def _response(objects: list[Element], findings: tuple[Finding, ...] = ()) -> Element:
    status = names.STATUS_FAILURE if findings else names.STATUS_SUCCESS
    response = element(names.QUERY, "AdhocQueryResponse", status)
    add_errors(response, findings)
    xml.add(response, q(names.RIM, "RegistryObjectList")).extend(objects)
    return response


def _reference(row: Row) -> Element:
    return etree.Element(q(names.RIM, "ObjectRef"), id=row.entry_uuid)


HANDLERS = {q(names.QUERY, "AdhocQueryRequest"): Handler(ACTION, answer, refuse)}
