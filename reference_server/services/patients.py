"""TD0.2 and TD1.3a: PRPA_IN201307UV02. Does the dossier exist and how does the caller stand; its administrative data.

Facts: protocol 2.1. The reason tells them apart: TEST_EXST (also when there is none) or CNSLT_DATA.
"""

from __future__ import annotations

from praticien.access import DossierState
from reference_server import xml
from reference_server.access import Creation, Dossier
from reference_server.access_rules import EXPLANATIONS, Rule
from reference_server.errors import BadRequest
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.services import Handler
from reference_server.services.hl7 import (
    ATTACHED,
    OPPOSED_TO_BREAK_GLASS,
    OPPOSED_TO_REGULATION,
    XSI_TYPE,
    Shown,
    acknowledge,
    control_act,
    hl7,
    message,
    queried_patient,
    query_ack,
    reason_of,
    registration,
)
from reference_server.storage import administrative, dossiers
from reference_server.storage.tables import PersonRow
from reference_server.xml import Element

ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
ANSWER_ACTION = "urn:hl7-org:v3:PRPA_IN201308UV02"
_KEYWORDS = "1.2.250.1.213.4.1.2.6.1"
_AUTHORISATION_VALUES = "1.2.250.1.213.4.1.2.6.2"
_TREATING_KEYWORD = "1.2.250.1.213.4.1.2.6.3"
_CLOSING = "1.2.250.1.213.4.1.2.4"
_BEING_CREATED = ("DMPBeingCreated", EXPLANATIONS[Rule.BEING_CREATED].sentence)
"""Said with NF, for information. That the patient opposed the creation is nobody's business."""
_FUNCTIONS = {"": Function.STATUS, "TEST_EXST": Function.STATUS, "CNSLT_DATA": Function.IDENTITY}


def answer(exchange: Exchange) -> Answer:
    """OK with the person and the caller's standing, or NF."""
    function = _FUNCTIONS.get(reason_of(exchange.payload))
    if function is None:
        raise BadRequest("InvalidReason", "le motif TEST_EXST ou CNSLT_DATA est attendu")
    patient = queried_patient(exchange.payload)
    dossier = exchange.require(function, patient)
    row = dossiers.person(exchange.session, patient)
    found = row if dossier.state is not DossierState.ABSENT else None
    shown = _shown(exchange, function, found) if found is not None else None
    return Answer(_message(exchange, dossier, shown), ANSWER_ACTION)


def _shown(exchange: Exchange, function: Function, person: PersonRow) -> Shown:
    row = administrative.stored(exchange.session, person.matricule)
    attached = {ATTACHED: row is None or row.attached}
    if function is Function.STATUS:
        return Shown(person, attached)
    consents = dict.fromkeys(row.consents, True) if row is not None else {}
    return Shown(person, attached | oppositions(person) | consents, row)


def oppositions(person: PersonRow) -> dict[str, bool]:
    """The two oppositions to emergency accesses, by their codes."""
    return {
        OPPOSED_TO_BREAK_GLASS: person.opposed_to_break_glass,
        OPPOSED_TO_REGULATION: person.opposed_to_regulation,
    }


def _message(exchange: Exchange, dossier: Dossier, shown: Shown | None) -> Element:
    root = message(exchange, "PRPA_IN201308UV02")
    if shown is not None:
        _attention_lines(root, dossier)
    being_created = shown is None and dossier.creation is Creation.PENDING
    acknowledge(root, exchange.payload, detail=_BEING_CREATED if being_created else None)
    act = control_act(root, "PRPA_TE201308UV02")
    if shown is not None:
        registration(act, shown)
        if shown.person.state == DossierState.CLOSED.value:
            _closing_reason(act)
    query_ack(act, exchange.payload, "OK" if shown is not None else "NF")
    return root


def _attention_lines(root: Element, dossier: Dossier) -> None:
    line = xml.add(root, hl7("attentionLine"))
    xml.add(line, hl7("keyWordText"), "AUTORISATION", code="AUTORISATION", codeSystem=_KEYWORDS)
    status = {"code": dossier.authorisation.value, "codeSystem": _AUTHORISATION_VALUES, XSI_TYPE: "CV"}
    xml.add(line, hl7("value"), **status)
    line = xml.add(root, hl7("attentionLine"))
    xml.add(line, hl7("keyWordText"), "STATUT_MT", code="STATUT_MT", codeSystem=_TREATING_KEYWORD)
    xml.add(line, hl7("value"), **{"value": str(dossier.treating).lower(), XSI_TYPE: "BL"})


def _closing_reason(act: Element) -> None:
    reason = xml.add(act, hl7("reasonOf"), typeCode="RSON")
    event = xml.add(reason, hl7("detectedIssueEvent"), classCode="ALRT", moodCode="EVN")
    xml.add(event, hl7("code"), code="FERMETURE_DEMANDE_PATIENT", codeSystem=_CLOSING)


HANDLERS = {hl7("PRPA_IN201307UV02"): Handler(ACTION, answer)}
