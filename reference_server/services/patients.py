"""TD0.2: PRPA_IN201307UV02, does the dossier exist and how does the caller stand? Facts: protocol 2.1."""

from __future__ import annotations

import uuid

from lxml import etree

from praticien.access import DossierState
from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import Dossier, Function
from reference_server.errors import BadRequest, IdentityMismatch
from reference_server.exchange import Answer, Exchange
from reference_server.names import q
from reference_server.services import Handler
from reference_server.storage import dossiers
from reference_server.storage.tables import PersonRow
from reference_server.xml import Element

ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
ANSWER_ACTION = "urn:hl7-org:v3:PRPA_IN201308UV02"
_INTERACTIONS = "2.16.840.1.113883.1.6"
_KEYWORDS = "1.2.250.1.213.4.1.2.6.1"
_AUTHORISATION_VALUES = "1.2.250.1.213.4.1.2.6.2"
_TREATING_KEYWORD = "1.2.250.1.213.4.1.2.6.3"
_CLOSING = "1.2.250.1.213.4.1.2.4"
_GENDER = "2.16.840.1.113883.5.1"
_XSI_TYPE = q(names.XSI, "type")


def answer(exchange: Exchange) -> Answer:
    """OK with the person and the caller's standing, or NF."""
    patient = _patient(exchange.payload)
    dossier = exchange.require(Function.STATUS, patient)
    row = dossiers.person(exchange.session, patient)
    found = row if dossier.state is not DossierState.ABSENT else None
    return Answer(_message(exchange, dossier, found), ANSWER_ACTION)


def _hl7(name: str) -> str:
    return q(names.HL7, name)


def _patient(request: Element) -> Ins:
    parameters = list(request.iter(_hl7("patientIdentifier")))
    values = xml.children(parameters[0], _hl7("value")) if len(parameters) == 1 else []
    if len(values) != 1:
        raise BadRequest("InvalidQuery", "un patientIdentifier avec une valeur est attendu")
    try:
        return Ins(values[0].get("extension", ""), values[0].get("root", ""))
    except InvalidInput:
        raise IdentityMismatch("patientIdentifier n'est pas un matricule INS valable") from None


def _message(exchange: Exchange, dossier: Dossier, person: PersonRow | None) -> Element:
    request = exchange.payload
    root = etree.Element(_hl7("PRPA_IN201308UV02"), nsmap={None: names.HL7, "xsi": names.XSI}, ITSVersion="XML_1.0")
    xml.add(root, _hl7("id"), root=f"2.25.{uuid.uuid4().int}")
    xml.add(root, _hl7("creationTime"), value=exchange.now.strftime("%Y%m%d%H%M%S+0000"))
    xml.add(root, _hl7("interactionId"), root=_INTERACTIONS, extension="PRPA_IN201308UV02")
    for name, code in (("processingCode", _processing(request)), ("processingModeCode", "T"), ("acceptAckCode", "NE")):
        xml.add(root, _hl7(name), code=code)
    _device(root, "receiver", "RCV", _sender_device(request), "")
    _device(root, "sender", "SND", names.DMP_DEVICE, "DMP")
    if person is not None:
        _attention_lines(root, dossier)
    _acknowledgement(root, request)
    _control_act(root, request, person)
    return root


def _processing(request: Element) -> str:
    found = xml.children(request, _hl7("processingCode"))
    return found[0].get("code", "P") if found else "P"


def _sender_device(request: Element) -> str:
    for sender in xml.children(request, _hl7("sender")):
        for identifier in sender.iter(_hl7("id")):
            return str(identifier.get("root", names.DMP_DEVICE))
    return names.DMP_DEVICE


def _device(root: Element, name: str, type_code: str, identifier: str, label: str) -> None:
    device = xml.add(
        xml.add(root, _hl7(name), typeCode=type_code), _hl7("device"), classCode="DEV", determinerCode="INSTANCE"
    )
    xml.add(device, _hl7("id"), root=identifier)
    if label:
        xml.add(device, _hl7("name"), label)


def _attention_lines(root: Element, dossier: Dossier) -> None:
    line = xml.add(root, _hl7("attentionLine"))
    xml.add(line, _hl7("keyWordText"), "AUTORISATION", code="AUTORISATION", codeSystem=_KEYWORDS)
    status = {"code": dossier.authorisation.value, "codeSystem": _AUTHORISATION_VALUES, _XSI_TYPE: "CV"}
    xml.add(line, _hl7("value"), **status)
    line = xml.add(root, _hl7("attentionLine"))
    xml.add(line, _hl7("keyWordText"), "STATUT_MT", code="STATUT_MT", codeSystem=_TREATING_KEYWORD)
    xml.add(line, _hl7("value"), **{"value": str(dossier.treating).lower(), _XSI_TYPE: "BL"})


def _acknowledgement(root: Element, request: Element) -> None:
    acknowledgement = xml.add(root, _hl7("acknowledgement"))
    xml.add(acknowledgement, _hl7("typeCode"), code="AA")
    identifiers = xml.children(request, _hl7("id"))
    target = xml.add(acknowledgement, _hl7("targetMessage"))
    attributes = dict(identifiers[0].attrib) if identifiers else {"nullFlavor": "NI"}
    xml.add(target, _hl7("id"), **attributes)


def _control_act(root: Element, request: Element, person: PersonRow | None) -> None:
    act = xml.add(root, _hl7("controlActProcess"), classCode="CACT", moodCode="EVN")
    xml.add(act, _hl7("code"), code="PRPA_TE201308UV02", codeSystem=_INTERACTIONS)
    if person is not None:
        _registration(act, person)
        if person.state == DossierState.CLOSED.value:
            _closing_reason(act)
    query = next(request.iter(_hl7("queryByParameter")), None)
    acknowledgement = xml.add(act, _hl7("queryAck"))
    for identifier in xml.children(query, _hl7("queryId")) if query is not None else []:
        xml.add(acknowledgement, _hl7("queryId"), **dict(identifier.attrib))
    xml.add(acknowledgement, _hl7("statusCode"), code="deliveredResponse")
    xml.add(acknowledgement, _hl7("queryResponseCode"), code="OK" if person is not None else "NF")
    if query is not None:
        act.append(query)


def _registration(act: Element, person: PersonRow) -> None:
    subject = xml.add(act, _hl7("subject"), typeCode="SUBJ")
    event = xml.add(subject, _hl7("registrationEvent"), classCode="REG", moodCode="EVN")
    xml.add(event, _hl7("statusCode"), code="active" if person.state == DossierState.OPEN.value else "completed")
    if person.closed_on:
        xml.add(xml.add(event, _hl7("effectiveTime")), _hl7("low"), value=person.closed_on)
    _patient_role(xml.add(event, _hl7("subject1"), typeCode="SBJ"), person)
    custodian = xml.add(event, _hl7("custodian"), typeCode="CST")
    entity = xml.add(custodian, _hl7("assignedEntity"), classCode="ASSIGNED")
    xml.add(entity, _hl7("id"), root=names.DMP_DEVICE)


def _patient_role(subject: Element, person: PersonRow) -> None:
    patient = xml.add(subject, _hl7("patient"), classCode="PAT")
    xml.add(patient, _hl7("id"), root=person.oid, extension=person.matricule)
    xml.add(patient, _hl7("statusCode"), code=person.state)
    human = xml.add(patient, _hl7("patientPerson"), classCode="PSN", determinerCode="INSTANCE")
    name = xml.add(human, _hl7("name"))
    xml.add(name, _hl7("family"), person.birth_name, qualifier="BR")
    for first_name in person.first_names:
        xml.add(name, _hl7("given"), first_name)
    xml.add(human, _hl7("administrativeGenderCode"), code=person.sex, codeSystem=_GENDER)
    xml.add(human, _hl7("birthTime"), value=person.birth_date)


def _closing_reason(act: Element) -> None:
    reason = xml.add(act, _hl7("reasonOf"), typeCode="RSON")
    event = xml.add(reason, _hl7("detectedIssueEvent"), classCode="ALRT", moodCode="EVN")
    xml.add(event, _hl7("code"), code="FERMETURE_DEMANDE_PATIENT", codeSystem=_CLOSING)


HANDLERS = {_hl7("PRPA_IN201307UV02"): Handler(ACTION, answer)}
