"""TD0.5: patients by traits, without INS, for a regulation centre (PRPA_IN201305UV02 → PRPA_IN201306UV02, PDQv3)."""

from __future__ import annotations

from datetime import datetime

from connectors.dmp import hl7v3, td0_2
from connectors.dmp.hl7v3 import HL7, add
from connectors.endpoint import Software
from connectors.errors import MalformedAnswer
from connectors.soap.parsing import Element, all_named, first, required, text
from praticien.errors import InvalidInput
from praticien.identity import Ins
from praticien.regulation import Candidate, Found, SearchCriteria

ACTION = f"{HL7}:PRPA_IN201305UV02"
_OPPOSED = "OPPOSITION_ACCES_URGENCE"
_GENDER = "2.16.840.1.113883.5.1"


def request(criteria: SearchCriteria, software: Software, now: datetime) -> Element:
    """The query."""
    root, act = hl7v3.message("PRPA_IN201305UV02", "", software, now)
    add(act, "code", code="PRPA_TE201305UV02", codeSystem="2.16.840.1.113883.1.6")
    query = add(act, "queryByParameter")
    add(query, "queryId", root=hl7v3.uuid_oid())
    add(query, "statusCode", code="new")
    _criteria(add(query, "parameterList"), criteria)
    return root


def _criteria(parameters: Element, asked: SearchCriteria) -> None:
    """In the order of the schema: gender, birth time, name, address."""
    if asked.sex:
        value = _value(parameters, "livingSubjectAdministrativeGender", "LivingSubject.administrativeGender")
        value.attrib.update({"code": asked.sex.value, "codeSystem": _GENDER})
    if asked.birth_date:
        _value(parameters, "livingSubjectBirthTime", "LivingSubject.birthTime").set("value", asked.birth_date)
    name = _value(parameters, "livingSubjectName", "LivingSubject.name")
    add(name, "family", asked.family_name.strip())
    if asked.given_name.strip():
        add(name, "given", asked.given_name.strip())
    if asked.city or asked.postal_code:
        address = _value(parameters, "patientAddress", "Patient.addr")
        for tag, told in (("postalCode", asked.postal_code), ("city", asked.city)):
            if told:
                add(address, tag, told)


def _value(parameters: Element, name: str, semantics: str) -> Element:
    parameter = add(parameters, name)
    value = add(parameter, "value")
    add(parameter, "semanticsText", semantics)
    return value


def read(answer: Element) -> Found:
    """Those found, as the server ranks them. Raises MalformedAnswer, and typed refusals."""
    hl7v3.check_acknowledgement(answer)
    if hl7v3.response_code(answer) == "NF":
        return Found()
    candidates = tuple(_candidate(patient) for patient in _patients(answer))
    return Found(candidates, _total(required(answer, "controlActProcess", "queryAck"), len(candidates)))


def _patients(answer: Element) -> list[Element]:
    events = all_named(answer, "registrationEvent")
    return [required(event, "subject1", "patient") for event in events]


def _total(acknowledgement: Element, shown: int) -> int:
    total = first(acknowledgement, "resultTotalQuantity")
    told = str(total.get("value", "")) if total is not None else ""
    return max(int(told), shown) if told.isascii() and told.isdecimal() else shown


def _candidate(patient: Element) -> Candidate:
    traits = td0_2.traits_of(patient)
    if traits is None:
        raise MalformedAnswer("traits")  # a row that cannot be told from another must not be shown
    address = first(patient, "addr")
    return Candidate(
        traits,
        _ins(patient),
        used_name=_used_name(patient),
        city=text(address, "city"),
        postal_code=text(address, "postalCode"),
        degree=_degree(patient),
        opposed=hl7v3.observations(patient).get(_OPPOSED, False),
    )


def _ins(patient: Element) -> Ins:
    for identifier in patient.findall("{*}id"):
        try:
            return Ins(str(identifier.get("extension", "")), str(identifier.get("root", "")))
        except InvalidInput:
            continue
    raise MalformedAnswer("id")


def _used_name(patient: Element) -> str:
    for family in all_named(patient, "family"):
        if "SP" in str(family.get("qualifier", "")).split():
            return str(family.text or "").strip()
    return ""


def _degree(patient: Element) -> int:
    for observation in all_named(patient, "queryMatchObservation"):
        value = first(observation, "value")
        told = str(value.get("value", "")) if value is not None else ""
        if told.isascii() and told.isdecimal():
            return min(int(told), 100)
    return 0
