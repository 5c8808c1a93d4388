"""TD0.2: does the dossier exist, may one consult it? (PRPA_IN201307UV02 → PRPA_IN201308UV02, reason TEST_EXST)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from lxml import etree

from connectors.dmp.hl7v2 import write_dtm
from connectors.endpoint import Software
from connectors.errors import Fault, MalformedAnswer, UnrelatedAnswer, from_fault
from connectors.soap.parsing import Element, all_named, first, required, text
from praticien.access import Authorisation, DossierState, DossierStatus
from praticien.errors import InvalidInput
from praticien.identity import Ins, Sex, StrictTraits

HL7 = "urn:hl7-org:v3"
ACTION = f"{HL7}:PRPA_IN201307UV02"
DMP_DEVICE = "1.2.250.1.213.4.1.1.1"
_INTERACTIONS = "2.16.840.1.113883.1.6"
_STATES = {"active": DossierState.OPEN, "terminated": DossierState.CLOSED}


def request(patient: Ins, software: Software, now: datetime) -> Element:
    """The query about one patient."""
    root = etree.Element(f"{{{HL7}}}PRPA_IN201307UV02", ITSVersion="XML_1.0", nsmap={None: HL7})
    _add(root, "id", root=_uuid_oid())
    _add(root, "creationTime", value=write_dtm(now))
    _add(root, "interactionId", root=_INTERACTIONS, extension="PRPA_IN201307UV02")
    for name, code in (("processingCode", "P"), ("processingModeCode", "T"), ("acceptAckCode", "AL")):
        _add(root, name, code=code)
    _device(_add(root, "receiver", typeCode="RCV"), DMP_DEVICE, "DMP")
    _device(_add(root, "sender", typeCode="SND"), software.oid, software.name)
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _add(act, "reasonCode", code="TEST_EXST", codeSystem="1.2.250.1.213.1.1.4.11")
    query = _add(act, "queryByParameter")
    _add(query, "queryId", root=_uuid_oid())
    _add(query, "statusCode", code="new")
    asked = _add(_add(query, "parameterList"), "patientIdentifier")
    _add(asked, "value", root=patient.oid, extension=patient.matricule)
    _add(asked, "semanticsText").text = "Patient.id"
    return root


def _uuid_oid() -> str:
    return f"2.25.{uuid4().int}"


def _add(parent: Element, name: str, /, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)


def _device(parent: Element, oid: str, name: str) -> None:
    device = _add(parent, "device", classCode="DEV", determinerCode="INSTANCE")
    _add(device, "id", root=oid)
    _add(device, "name").text = name


def read(answer: Element, patient: Ins) -> DossierStatus:
    """What the DMP says. Raises UnrelatedAnswer when it speaks of another patient, and typed refusals."""
    _check_acknowledgement(answer)
    code = required(answer, "controlActProcess", "queryAck", "queryResponseCode").get("code", "")
    if code == "NF":
        return DossierStatus(DossierState.ABSENT)
    if code != "OK":
        raise from_fault(_detail(answer) or Fault("queryResponseCode", str(code)))
    registration = required(answer, "controlActProcess", "subject", "registrationEvent")
    found = required(registration, "subject1", "patient")
    _check_patient(found, patient)
    state = _STATES.get(str(required(found, "statusCode").get("code", "")))
    if state is None:
        raise MalformedAnswer("statusCode")
    return DossierStatus(
        state=state,
        authorisation=_authorisation(answer),
        treating_physician=_line(answer, "STATUT_MT", "value") == "true",
        closed_on=_closing_date(registration) if state is DossierState.CLOSED else "",
        closing_reason=_closing_reason(answer) if state is DossierState.CLOSED else "",
        traits=_traits(found),
    )


def _check_acknowledgement(answer: Element) -> None:
    acknowledgement = required(answer, "acknowledgement")
    type_code = acknowledgement.get("typeCode") or _told(acknowledgement, "typeCode")  # an element in HL7's own schema
    if type_code not in {"AA", "CA"}:
        raise from_fault(_detail(answer) or Fault("acknowledgement", str(type_code)))


def _detail(answer: Element) -> Fault | None:
    for detail in all_named(answer, "acknowledgementDetail"):
        code = first(detail, "code")
        told = str(code.get("code", "")) if code is not None else ""
        return Fault("acknowledgementDetail", told, text(detail, "text")[:500])
    return None


def _check_patient(found: Element, patient: Ins) -> None:
    known = {(e.get("root"), e.get("extension")) for e in found.findall("{*}id")}
    if (patient.oid, patient.matricule) not in known:
        raise UnrelatedAnswer("patient")


def _line(answer: Element, keyword: str, attribute: str) -> str:
    """The value of an attentionLine by its keyword, empty when it is absent."""
    for line in all_named(answer, "attentionLine"):
        word = first(line, "keyWordText")
        if word is not None and keyword in {text(word), word.get("code")}:
            value = first(line, "value")
            return str(value.get(attribute, "")) if value is not None else ""
    return ""


def _authorisation(answer: Element) -> Authorisation:
    code = _line(answer, "AUTORISATION", "code")
    try:
        return Authorisation(code) if code else Authorisation.NONE
    except ValueError:
        raise MalformedAnswer("AUTORISATION") from None


def _closing_date(registration: Element) -> str:
    """AAAAMMJJ: effectiveTime as one moment, or as an interval that starts or ends then."""
    time = first(registration, "effectiveTime")
    if time is None:
        return ""
    told = (_told(registration, "effectiveTime"), _told(time, "high"), _told(time, "low"))
    return next((moment[:8] for moment in told if moment), "")


def _closing_reason(answer: Element) -> str:
    for event in all_named(answer, "detectedIssueEvent"):
        code = first(event, "code")
        told = (code.get("displayName") or code.get("code") or "") if code is not None else ""
        return str(told) or text(event, "text")
    return ""


def _traits(found: Element) -> StrictTraits | None:
    """The traits of the DMP, to compare; None when it gives them in part only."""
    person = first(found, "patientPerson")
    name = _birth_name(person) if person is not None else None
    if person is None or name is None:
        return None
    given = tuple(str(g.text).strip() for g in name.findall("{*}given") if (g.text or "").strip())
    try:
        return StrictTraits(
            text(name, "family"), given, _told(person, "birthTime")[:8], Sex(_told(person, "administrativeGenderCode"))
        )
    except (InvalidInput, ValueError):
        return None


def _told(scope: Element, name: str) -> str:
    """The value, or else the code, of a child."""
    child = first(scope, name)
    return "" if child is None else str(child.get("value") or child.get("code") or "")


def _birth_name(person: Element) -> Element | None:
    names = person.findall("{*}name")
    for name in names:
        family = first(name, "family")
        if family is not None and "BR" in str(family.get("qualifier", "")).split():
            return name
    return names[0] if len(names) == 1 else None
