"""TD3.1: ITI-18 stored queries FindDocuments and GetDocuments, as LeafClass or ObjectRef."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import Function
from reference_server.errors import Finding, RegistryRefusal
from reference_server.exchange import Answer, Exchange
from reference_server.names import StoredQuery, q
from reference_server.services import Handler
from reference_server.services.responses import add_errors, element
from reference_server.services.visibility import is_visible
from reference_server.storage import documents
from reference_server.storage.tables import DocumentRow
from reference_server.xml import Element

ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_CODE_PARAMETERS = {
    "ClassCode": "class",
    "TypeCode": "type",
    "FormatCode": "format",
    "PracticeSettingCode": "practice",
    "HealthcareFacilityTypeCode": "facility",
    "EventCodeList": "event",
    "ConfidentialityCode": "confidentiality",
}
_TIME_PARAMETERS = {
    "CreationTime": "creationTime",
    "ServiceStartTime": "serviceStartTime",
    "ServiceStopTime": "serviceStopTime",
}

Parameters = dict[str, list[list[str]]]
"""Values by parameter name; one inner list a Slot: OR inside, AND between."""


def answer(exchange: Exchange) -> Answer:
    """Rows that the query selects and that this caller may see."""
    query = next(iter(xml.children(exchange.payload, q(names.RIM, "AdhocQuery"))), None)
    option = next(iter(xml.children(exchange.payload, q(names.QUERY, "ResponseOption"))), None)
    leaf = option is not None and option.get("returnType") == "LeafClass"
    if option is None or option.get("returnType") not in ("LeafClass", "ObjectRef"):
        exchange.target(Function.LIST, None)
        raise RegistryRefusal(Finding("QUERY-RETURN", "XDSRegistryError", "returnType LeafClass ou ObjectRef attendu."))
    identifier = query.get("id", "").lower() if query is not None else ""
    if query is None or identifier not in _QUERIES:
        exchange.target(Function.LIST, None)
        raise RegistryRefusal(Finding("QUERY-ID", "XDSUnknownStoredQuery", "Cette requête n'existe pas ici."))
    rows = _QUERIES[identifier](exchange, _parameters(query), leaf)
    return Answer(_response([_leaf(row) if leaf else _reference(row) for row in rows]), ACTION + "Response")


def refuse(findings: tuple[Finding, ...]) -> Answer:
    """A failure with its errors and no object."""
    return Answer(_response([], findings), ACTION + "Response")


def _response(objects: list[Element], findings: tuple[Finding, ...] = ()) -> Element:
    status = names.STATUS_FAILURE if findings else names.STATUS_SUCCESS
    response = element(names.QUERY, "AdhocQueryResponse", status)
    add_errors(response, findings)
    xml.add(response, q(names.RIM, "RegistryObjectList")).extend(objects)
    return response


def _leaf(row: DocumentRow) -> Element:
    return xml.parse(row.xml)


def _reference(row: DocumentRow) -> Element:
    return etree.Element(q(names.RIM, "ObjectRef"), id=row.entry_uuid)


def _parameters(query: Element) -> Parameters:
    found: Parameters = {}
    for slot in xml.children(query, q(names.RIM, "Slot")):
        name = slot.get("name", "")
        values = [value for text in slot_values_of(slot) for value in _values(text)]
        found.setdefault(name, []).append(values)
    return found


def slot_values_of(slot: Element) -> list[str]:
    """Texts of one slot's values."""
    return [xml.text_of(value) for value in slot.iter(q(names.RIM, "Value"))]


def _values(text: str) -> list[str]:
    """``'a'``, ``('a','b')`` or a bare number."""
    quoted = [value.replace("''", "'") for value in _QUOTED.findall(text)]
    return quoted or [text.strip("() ")]


def _one(parameters: Parameters, name: str) -> str:
    slots = parameters.get(name, [])
    if not slots or not any(slots[0]):
        sentence = f"Le paramètre {name} est obligatoire."
        raise RegistryRefusal(Finding("QUERY-PARAMETER", "XDSStoredQueryMissingParam", sentence))
    if len(slots) > 1 or len(slots[0]) > 1:
        sentence = f"Le paramètre {name} n'a qu'une valeur."
        raise RegistryRefusal(Finding("QUERY-PARAMETER", "XDSStoredQueryParamNumber", sentence))
    return slots[0][0]


def _many(parameters: Parameters, name: str) -> list[str]:
    slots = parameters.get(name, [])
    if not slots or not any(slots[0]):
        sentence = f"Le paramètre {name} est obligatoire."
        raise RegistryRefusal(Finding("QUERY-PARAMETER", "XDSStoredQueryMissingParam", sentence))
    return slots[0]


def _find_documents(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[DocumentRow]:
    del leaf  # the dossier is searched all the same
    exchange.target(Function.LIST, None)
    try:
        patient = Ins.from_cx(_one(parameters, "$XDSDocumentEntryPatientId"))
    except InvalidInput:
        sentence = "Le patient n'est pas désigné par un matricule INS."
        raise RegistryRefusal(Finding("QUERY-PATIENT", "XDSUnknownPatientId", sentence)) from None
    dossier = exchange.require(Function.LIST, patient)
    statuses = _many(parameters, "$XDSDocumentEntryStatus")
    rows = [row for row in documents.of_patient(exchange.session, patient) if row.status in statuses]
    rows = [row for row in rows if _selected(row, parameters) and is_visible(exchange, dossier, row)]
    exchange.tell_of_consultation()
    return rows


def _selected(row: DocumentRow, parameters: Parameters) -> bool:
    prefix = "$XDSDocumentEntry"
    by_code = all(
        set(values) & set(row.facets[facet])
        for name, facet in _CODE_PARAMETERS.items()
        for values in parameters.get(prefix + name, [])
    )
    by_time = all(_in_range(row.facets[facet], parameters, prefix + name) for name, facet in _TIME_PARAMETERS.items())
    return by_code and by_time and _by_author(row, parameters.get(prefix + "AuthorPerson", []))


def _in_range(times: list[str], parameters: Parameters, name: str) -> bool:
    """From included, To excluded (ITI TF-2 3.18); a shorter DTM stands for its first second."""
    start, end = _bound(parameters, name + "From"), _bound(parameters, name + "To")
    if not start and not end:
        return True
    time = _padded(times[0]) if times else ""
    return bool(time) and (not start or time >= start) and (not end or time < end)


def _bound(parameters: Parameters, name: str) -> str:
    return _padded(_one(parameters, name)) if name in parameters else ""


def _padded(time: str) -> str:
    return (time + "00000101000000"[len(time) :]) if len(time) < 14 else time


def _by_author(row: DocumentRow, slots: list[list[str]]) -> bool:
    """SQL LIKE patterns: ``%`` any text, ``_`` any character."""
    for patterns in slots:
        expressions = [re.compile(_like(pattern), re.DOTALL) for pattern in patterns]
        if not any(one.fullmatch(author) for one in expressions for author in row.facets["author"]):
            return False
    return True


def _like(pattern: str) -> str:
    return "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)


def _get_documents(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[DocumentRow]:
    """By entryUUID or uniqueId, in the dossier that the VIHF is for. ObjectRef is TD3.1b, the technical id alone."""
    function = Function.LIST if leaf else Function.TECHNICAL_ID
    target = exchange.target(function, None)
    dossier = exchange.require(function, target)
    wanted = {"uuid": "$XDSDocumentEntryEntryUUID", "uid": "$XDSDocumentEntryUniqueId"}
    given = {kind: name for kind, name in wanted.items() if name in parameters}
    if len(given) != 1:
        sentence = "Un des paramètres EntryUUID ou UniqueId est attendu, un seul."
        error = "XDSStoredQueryParamNumber" if given else "XDSStoredQueryMissingParam"
        raise RegistryRefusal(Finding("QUERY-PARAMETER", error, sentence))
    kind, name = next(iter(given.items()))
    values = {value.lower() for value in _many(parameters, name)}
    rows = [row for row in documents.of_patient(exchange.session, target) if _identifier(row, kind) in values]
    if leaf:
        rows = [row for row in rows if is_visible(exchange, dossier, row)]
        exchange.tell_of_consultation()
    return rows


def _identifier(row: DocumentRow, kind: str) -> str:
    return row.entry_uuid if kind == "uuid" else row.unique_id


_QUERIES: dict[str, Callable[[Exchange, Parameters, bool], list[DocumentRow]]] = {
    StoredQuery.FIND_DOCUMENTS: _find_documents,
    StoredQuery.GET_DOCUMENTS: _get_documents,
}

HANDLERS = {q(names.QUERY, "AdhocQueryRequest"): Handler(ACTION, answer, refuse)}
