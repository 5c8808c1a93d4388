"""TD1.3b and TD1.4: PRPA_IN201314UV02, change a dossier's administrative data or close it.

For dossiers that are not attached to Mon espace santé alone. Identity traits are never changed here: they come from
INSi. Accepted with PRPA_IN201315UV02, refused for the dossier's own sake with PRPA_IN201316UV02 (facts: protocol 2.1).
"""

from __future__ import annotations

from reference_server import names, xml
from reference_server.access_rules import Rule
from reference_server.errors import BadRequest, Fault
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler
from reference_server.services.hl7 import (
    OPPOSED_TO_BREAK_GLASS,
    OPPOSED_TO_REGULATION,
    Shown,
    acknowledge,
    control_act,
    hl7,
    identifier_in,
    message,
    reason_of,
    registration,
)
from reference_server.services.patients import oppositions
from reference_server.storage import administrative, dossiers, traces
from reference_server.storage.tables import AdministrativeRow, PersonRow
from reference_server.xml import Element

ACTION = "urn:hl7-org:v3:PRPA_IN201314UV02"
ACCEPTED, REFUSED = "PRPA_IN201315UV02", "PRPA_IN201316UV02"
_GDP = "asip:ci-sis:gdp:2010"
_FUNCTIONS = {"MODIF_DATA": Function.MODIFY, "FERM": Function.CLOSE}
_TOLD = {
    Function.MODIFY: "a modifié les données administratives de votre dossier",
    Function.CLOSE: "a fermé votre dossier à votre demande",
}
_OF_DOSSIER = frozenset({Rule.ATTACHED.value, Rule.ABSENT.value, Rule.CLOSED.value})
_CLOSING_MOTIVE = "FERMETURE_DEMANDE_PATIENT"


def answer(exchange: Exchange) -> Answer:
    """Accepted, or refused with the reason when it lies in the dossier."""
    function = _FUNCTIONS.get(reason_of(exchange.payload))
    if function is None:
        raise BadRequest("InvalidReason", "le motif MODIF_DATA ou FERM est attendu")
    given = _patient(exchange.payload)
    identifiers = [one for one in xml.children(given, hl7("id")) if one.get("extension")]
    if not identifiers:
        raise BadRequest("InvalidRequest", "l'identifiant du patient manque")
    target = exchange.target(function, identifier_in(identifiers[0]))
    try:
        exchange.require(function, target)
    except Fault as fault:
        if fault.rule not in _OF_DOSSIER:
            raise
        return _refused(exchange, fault)
    person = dossiers.person(exchange.session, target)
    data = administrative.of(exchange.session, target)
    assert person is not None
    if function is Function.CLOSE:
        _check_motive(exchange.payload, given)
        administrative.close(exchange.session, target, exchange.now.strftime("%Y%m%d"))
    else:
        _modify(given, person, data)
    caller = exchange.caller
    exchange.tell_patient(f"{caller.display} ({caller.structure.name}) {_TOLD[function]}.")
    return _accepted(exchange, person, data)


def _patient(request: Element) -> Element:
    found = list(request.iter(hl7("patient")))
    if len(found) != 1:
        raise BadRequest("InvalidRequest", "un patient est attendu, un seul")
    return found[0]


def _check_motive(request: Element, given: Element) -> None:
    statuses = [one.get("code") for one in xml.children(given, hl7("statusCode"))]
    motives = [
        code.get("code")
        for event in request.iter(hl7("detectedIssueEvent"))
        for code in xml.children(event, hl7("code"))
    ]
    if statuses != ["terminated"] or motives != [_CLOSING_MOTIVE]:
        raise BadRequest("InvalidRequest", "le statut terminated et le motif de fermeture sont attendus")


def _modify(given: Element, person: PersonRow, data: AdministrativeRow) -> None:
    """What the message gives replaces what was there; what it does not name stays."""
    for address in xml.children(given, hl7("addr"))[:1]:
        data.street = xml.local_text(address, "streetAddressLine")
        data.postal_code, data.city = xml.local_text(address, "postalCode"), xml.local_text(address, "city")
    telecoms = [one.get("value", "") for one in xml.children(given, hl7("telecom"))]
    if telecoms:
        data.telecoms = [value for value in telecoms if value]
    for family in given.iter(hl7("family")):
        if family.get("qualifier") == "SP":
            data.used_name = xml.text_of(family)
    stated = _stated(given)
    person.opposed_to_break_glass = stated.get(OPPOSED_TO_BREAK_GLASS, person.opposed_to_break_glass)
    person.opposed_to_regulation = stated.get(OPPOSED_TO_REGULATION, person.opposed_to_regulation)


def _stated(given: Element) -> dict[str, bool]:
    stated = {}
    for one in given.iter(hl7("administrativeObservation")):
        code, value = xml.children(one, hl7("code")), xml.children(one, hl7("value"))
        if code and value and value[0].get("value") in ("true", "false"):
            stated[code[0].get("code", "")] = value[0].get("value") == "true"
    return stated


def _accepted(exchange: Exchange, person: PersonRow, data: AdministrativeRow) -> Answer:
    root = message(exchange, ACCEPTED)
    acknowledge(root, exchange.payload)
    registration(control_act(root, "PRPA_TE201315UV02"), Shown(person, oppositions(person), data))
    return Answer(root, f"urn:hl7-org:v3:{ACCEPTED}")


def _refused(exchange: Exchange, fault: Fault) -> Answer:
    exchange.trace.outcome = traces.REFUSED
    root = message(exchange, REFUSED)
    acknowledge(root, exchange.payload, "AE", (fault.subcode, fault.sentence))
    control_act(root, "PRPA_TE201316UV02")
    return Answer(root, f"urn:hl7-org:v3:{REFUSED}")


HANDLERS = {q(space, "PRPA_IN201314UV02"): Handler(ACTION, answer) for space in (names.HL7, _GDP)}
