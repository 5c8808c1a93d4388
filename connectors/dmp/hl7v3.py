"""HL7 v3 messages of the DMP: their wrapper written, acknowledgement and small pieces read. Facts: protocol 2."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from lxml import etree

from connectors.dmp.hl7v2 import write_dtm
from connectors.endpoint import Software
from connectors.errors import Fault, UnrelatedAnswer, from_fault
from connectors.soap.parsing import Element, all_named, clean, first, required, text
from praticien.identity import Ins

HL7 = "urn:hl7-org:v3"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DMP_DEVICE = "1.2.250.1.213.4.1.1.1"
_INTERACTIONS = "2.16.840.1.113883.1.6"
_REASONS = "1.2.250.1.213.1.1.4.11"
_NAMESPACES = {None: HL7, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}


def uuid_oid() -> str:
    """A new identifier of a message or query."""
    return f"2.25.{uuid4().int}"


def add(parent: Element, name: str, content: str = "", /, **attributes: str) -> Element:
    """A new child in the HL7 namespace, with text when given."""
    made = etree.SubElement(parent, f"{{{HL7}}}{name}", {k: clean(v) for k, v in attributes.items()})
    if content:
        made.text = clean(content)
    return made


def message(interaction: str, reason: str, software: Software, now: datetime) -> tuple[Element, Element]:
    """Root and control act of a request; without ``reason`` the act says none."""
    root = etree.Element(f"{{{HL7}}}{interaction}", ITSVersion="XML_1.0", nsmap=_NAMESPACES)
    add(root, "id", root=uuid_oid())
    add(root, "creationTime", value=write_dtm(now))
    add(root, "interactionId", root=_INTERACTIONS, extension=interaction)
    for name, code in (("processingCode", "P"), ("processingModeCode", "T"), ("acceptAckCode", "AL")):
        add(root, name, code=code)
    _device(add(root, "receiver", typeCode="RCV"), DMP_DEVICE, "DMP")
    _device(add(root, "sender", typeCode="SND"), software.oid, software.name)
    act = add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    if reason:
        add(act, "reasonCode", code=reason, codeSystem=_REASONS)
    return root, act


def _device(parent: Element, oid: str, name: str) -> None:
    device = add(parent, "device", classCode="DEV", determinerCode="INSTANCE")
    add(device, "id", root=oid)
    add(device, "name", name)


def query_patient(act: Element, patient: Ins) -> None:
    """The query of PRPA_IN201307UV02: one patient by matricule."""
    query = add(act, "queryByParameter")
    add(query, "queryId", root=uuid_oid())
    add(query, "statusCode", code="new")
    asked = add(add(query, "parameterList"), "patientIdentifier")
    add(asked, "value", root=patient.oid, extension=patient.matricule)
    add(asked, "semanticsText", "Patient.id")


# -- read ----------------------------------------------------------------------------------------------------------


def check_acknowledgement(answer: Element) -> None:
    """Pass when the message was accepted. Raises the typed error of its first detail, MalformedAnswer."""
    acknowledgement = required(answer, "acknowledgement")
    type_code = acknowledgement.get("typeCode") or told(acknowledgement, "typeCode")  # an element in HL7's own schema
    if type_code not in {"AA", "CA"}:
        raise from_fault(detail(answer) or Fault("acknowledgement", str(type_code)))


def detail(answer: Element) -> Fault | None:
    """The first acknowledgementDetail, if any."""
    for found in all_named(answer, "acknowledgementDetail"):
        code = first(found, "code")
        subcode = str(code.get("code", "")) if code is not None else ""
        return Fault("acknowledgementDetail", subcode, text(found, "text")[:500])
    return None


def response_code(answer: Element) -> str:
    """OK or NF. Raises the typed error of anything else, MalformedAnswer."""
    code = str(required(answer, "controlActProcess", "queryAck", "queryResponseCode").get("code", ""))
    if code not in {"OK", "NF"}:
        raise from_fault(detail(answer) or Fault("queryResponseCode", code))
    return code


def check_patient(found: Element, patient: Ins) -> None:
    """Pass when one of the identifiers is that patient's. Raises UnrelatedAnswer."""
    known = {(e.get("root"), e.get("extension")) for e in found.findall("{*}id")}
    if (patient.oid, patient.matricule) not in known:
        raise UnrelatedAnswer("patient")


def told(scope: Element, name: str) -> str:
    """The value, or else the code, of a child; empty when there is none."""
    child = first(scope, name)
    return "" if child is None else str(child.get("value") or child.get("code") or "")


def observations(patient: Element) -> dict[str, bool]:
    """BL observations about a patient, by their codes."""
    stated = {}
    for one in all_named(patient, "administrativeObservation"):
        value = told(one, "value")
        if value in {"true", "false"}:
            stated[told(one, "code")] = value == "true"
    return stated
