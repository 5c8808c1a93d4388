"""HL7 v3 answers: wrapper, acknowledgement, registration of a person. Facts: protocol 2, 2.1."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from lxml import etree

from praticien.access import DossierState
from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import names, xml
from reference_server.errors import BadRequest, IdentityMismatch
from reference_server.exchange import Exchange
from reference_server.names import q
from reference_server.storage.tables import AdministrativeRow, PersonRow
from reference_server.xml import Element

INTERACTIONS = "2.16.840.1.113883.1.6"
CONSENTS = "1.2.250.1.213.4.1.2.3"
OPPOSED_TO_BREAK_GLASS, OPPOSED_TO_REGULATION = "OPPOSITION_BRIS_DE_GLACE", "OPPOSITION_ACCES_URGENCE"
ATTACHED = "RATTACHEMENT_ENS"
RELATION_SYSTEM, CONTACT_SYSTEM = "2.16.840.1.113883.1.11.19579", "1.2.250.1.213.4.1.2.5"
XSI_TYPE = q(names.XSI, "type")
_GENDER = "2.16.840.1.113883.5.1"


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What is told of a person: BL observations, address and telecoms only where they are asked for."""

    person: PersonRow
    observations: dict[str, bool]
    data: AdministrativeRow | None = None


def hl7(name: str) -> str:
    """Qualified name."""
    return q(names.HL7, name)


def identifier_in(value: Element) -> Ins:
    """The INS of an II element. Raises IdentityMismatch."""
    try:
        return Ins(value.get("extension", ""), value.get("root", ""))
    except InvalidInput:
        raise IdentityMismatch("l'identifiant du patient n'est pas un matricule INS valable") from None


def queried_patient(request: Element) -> Ins:
    """The patient of a PRPA_IN201307UV02. Raises BadRequest or IdentityMismatch."""
    parameters = list(request.iter(hl7("patientIdentifier")))
    values = xml.children(parameters[0], hl7("value")) if len(parameters) == 1 else []
    if len(values) != 1:
        raise BadRequest("InvalidQuery", "un patientIdentifier avec une valeur est attendu")
    return identifier_in(values[0])


def reason_of(request: Element) -> str:
    """``controlActProcess/reasonCode/@code``, or empty."""
    for act in xml.children(request, hl7("controlActProcess")):
        for reason in xml.children(act, hl7("reasonCode")):
            return str(reason.get("code", ""))
    return ""


def message(exchange: Exchange, interaction: str) -> Element:
    """Root and head of an answer, up to its sender."""
    request = exchange.payload
    root = etree.Element(hl7(interaction), nsmap={None: names.HL7, "xsi": names.XSI}, ITSVersion="XML_1.0")
    xml.add(root, hl7("id"), root=f"2.25.{uuid.uuid4().int}")
    xml.add(root, hl7("creationTime"), value=exchange.now.strftime("%Y%m%d%H%M%S+0000"))
    xml.add(root, hl7("interactionId"), root=INTERACTIONS, extension=interaction)
    for name, code in (("processingCode", _processing(request)), ("processingModeCode", "T"), ("acceptAckCode", "NE")):
        xml.add(root, hl7(name), code=code)
    _device(root, "receiver", "RCV", _sender_device(request), "")
    _device(root, "sender", "SND", names.DMP_DEVICE, "DMP")
    return root


def _processing(request: Element) -> str:
    found = xml.children(request, hl7("processingCode"))
    return found[0].get("code", "P") if found else "P"


def _sender_device(request: Element) -> str:
    for sender in xml.children(request, hl7("sender")):
        for identifier in sender.iter(hl7("id")):
            return str(identifier.get("root", names.DMP_DEVICE))
    return names.DMP_DEVICE


def _device(root: Element, name: str, type_code: str, identifier: str, label: str) -> None:
    device = xml.add(
        xml.add(root, hl7(name), typeCode=type_code), hl7("device"), classCode="DEV", determinerCode="INSTANCE"
    )
    xml.add(device, hl7("id"), root=identifier)
    if label:
        xml.add(device, hl7("name"), label)


def acknowledge(root: Element, request: Element, code: str = "AA", detail: tuple[str, str] | None = None) -> None:
    """The acknowledgement of a request; ``detail`` is a code and a sentence: an error's, or said for information."""
    acknowledgement = xml.add(root, hl7("acknowledgement"))
    xml.add(acknowledgement, hl7("typeCode"), code=code)
    identifiers = xml.children(request, hl7("id"))
    target = xml.add(acknowledgement, hl7("targetMessage"))
    attributes = dict(identifiers[0].attrib) if identifiers else {"nullFlavor": "NI"}
    xml.add(target, hl7("id"), **attributes)
    if detail:
        kind = "I" if code == "AA" else "E"
        told = xml.add(acknowledgement, hl7("acknowledgementDetail"), typeCode=kind)
        xml.add(told, hl7("code"), code=detail[0])
        xml.add(told, hl7("text"), detail[1])


def control_act(root: Element, event: str) -> Element:
    """The control act of an answer."""
    act = xml.add(root, hl7("controlActProcess"), classCode="CACT", moodCode="EVN")
    xml.add(act, hl7("code"), code=event, codeSystem=INTERACTIONS)
    return act


def query_ack(act: Element, request: Element, code: str, totals: tuple[int, int, int] | None = None) -> None:
    """How the query went (``totals``: all, in this answer, left), and the query itself."""
    query = next(request.iter(hl7("queryByParameter"), hl7("queryContinuation")), None)
    acknowledgement = xml.add(act, hl7("queryAck"))
    for identifier in xml.children(query, hl7("queryId")) if query is not None else []:
        xml.add(acknowledgement, hl7("queryId"), **dict(identifier.attrib))
    xml.add(acknowledgement, hl7("statusCode"), code="deliveredResponse")
    xml.add(acknowledgement, hl7("queryResponseCode"), code=code)
    for name, value in zip(("Total", "Current", "Remaining"), totals or (), strict=False):
        xml.add(acknowledgement, hl7(f"result{name}Quantity"), value=str(value))
    if query is not None and query.tag == hl7("queryByParameter"):
        act.append(query)


def registration(act: Element, shown: Shown) -> Element:
    """A person's registration; returns its patient, to which more may be added at the end."""
    person = shown.person
    subject = xml.add(act, hl7("subject"), typeCode="SUBJ")
    event = xml.add(subject, hl7("registrationEvent"), classCode="REG", moodCode="EVN")
    xml.add(event, hl7("statusCode"), code="active" if person.state == DossierState.OPEN.value else "completed")
    if person.closed_on:
        xml.add(xml.add(event, hl7("effectiveTime")), hl7("low"), value=person.closed_on)
    patient = _patient(xml.add(event, hl7("subject1"), typeCode="SBJ"), shown)
    custodian = xml.add(event, hl7("custodian"), typeCode="CST")
    xml.add(xml.add(custodian, hl7("assignedEntity"), classCode="ASSIGNED"), hl7("id"), root=names.DMP_DEVICE)
    return patient


def _patient(subject: Element, shown: Shown) -> Element:
    person, data = shown.person, shown.data
    patient = xml.add(subject, hl7("patient"), classCode="PAT")
    xml.add(patient, hl7("id"), root=person.oid, extension=person.matricule)
    if data is not None:
        add_address(patient, data.street, data.postal_code, data.city)
        for telecom in data.telecoms:
            xml.add(patient, hl7("telecom"), value=telecom)
    xml.add(patient, hl7("statusCode"), code=person.state)
    _human(patient, person, data)
    for code, value in shown.observations.items():
        observation(patient, "subjectOf", code, value)
    return patient


def add_address(owner: Element, street: str, postal_code: str, city: str) -> None:
    """An address, when any part is known."""
    parts = (("streetAddressLine", street), ("postalCode", postal_code), ("city", city))
    if any(value for _, value in parts):
        address = xml.add(owner, hl7("addr"))
        for name, value in parts:
            if value:
                xml.add(address, hl7(name), value)


def _human(patient: Element, person: PersonRow, data: AdministrativeRow | None) -> None:
    human = xml.add(patient, hl7("patientPerson"), classCode="PSN", determinerCode="INSTANCE")
    name = xml.add(human, hl7("name"))
    if data is not None and data.used_name:
        xml.add(name, hl7("family"), data.used_name, qualifier="SP")
    xml.add(name, hl7("family"), person.birth_name, qualifier="BR")
    for first_name in person.first_names:
        xml.add(name, hl7("given"), first_name)
    xml.add(human, hl7("administrativeGenderCode"), code=person.sex, codeSystem=_GENDER)
    xml.add(human, hl7("birthTime"), value=person.birth_date)
    if data is not None:
        _contacts(human, data)


def _contacts(human: Element, data: AdministrativeRow) -> None:
    """How to reach the patient, and the legal representatives."""
    for one in data.contacts:
        party = xml.add(human, hl7("contactParty"), classCode="CON")
        if one["code"]:
            xml.add(party, hl7("code"), code=one["code"], codeSystem=CONTACT_SYSTEM)
        for telecom in one["telecoms"]:
            xml.add(party, hl7("telecom"), value=telecom)
        _named(party, "contactPerson", one)
    for one in data.representatives:
        relation = xml.add(human, hl7("personalRelationship"), classCode="PRS")
        xml.add(relation, hl7("code"), code=one["code"], codeSystem=RELATION_SYSTEM)
        for address in one["address"]:
            add_address(relation, *address)
        for telecom in one["telecoms"]:
            xml.add(relation, hl7("telecom"), value=telecom)
        _named(relation, "relationshipHolder1", one)


def _named(owner: Element, role: str, one: dict[str, Any]) -> None:
    holder = xml.add(owner, hl7(role), classCode="PSN", determinerCode="INSTANCE")
    if not one["family"]:
        xml.add(holder, hl7("name"), nullFlavor="NI")
        return
    name = xml.add(holder, hl7("name"))
    for part, value in (("family", one["family"]), *(("given", given) for given in one["given"])):
        xml.add(name, hl7(part), value)


def observation(patient: Element, relation: str, code: str, value: bool) -> None:
    """A BL observation about a patient."""
    about = xml.add(patient, hl7(relation), typeCode="SBJ")
    made = xml.add(about, hl7("administrativeObservation"), classCode="OBS", moodCode="EVN")
    xml.add(made, hl7("code"), code=code, codeSystem=CONSENTS)
    xml.add(made, hl7("value"), **{"value": str(value).lower(), XSI_TYPE: "BL"})
