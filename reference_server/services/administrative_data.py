"""What a message says of a patient beyond the identity: address, representatives, contacts, consents (TD1.1, TD1.3).

Facts: protocol 2.1 (BL observations, personalRelationship codes, contactParty of the Vitale card).
"""

from __future__ import annotations

from typing import Any

from reference_server import xml
from reference_server.errors import BadRequest
from reference_server.services.hl7 import OPPOSED_TO_BREAK_GLASS, OPPOSED_TO_REGULATION, hl7
from reference_server.storage.tables import AdministrativeRow, PersonRow
from reference_server.xml import Element

CONSENT_TO_OPENING, CONSENT_TO_REACTIVATION = "CONSENTEMENT_OUVERTURE_DMP", "CONSENTEMENT_REACTIVATION_DMP"
RELATIONS = frozenset(
    ["FTH", "MTH", "STPFTH", "STPMTH", "GRFTH", "GRMTH", "GGRFTH", "GGRMTH", "AUNT", "UNCLE", "BRO", "SIS", "RESPRSN"]
)
"""Who a legal representative may be to the patient."""


def take(given: Element, person: PersonRow, data: AdministrativeRow) -> None:
    """What the message gives replaces what was there; what it does not name stays. Raises BadRequest."""
    for address in xml.children(given, hl7("addr"))[:1]:
        data.street, data.postal_code, data.city = _address(address)
    if xml.children(given, hl7("telecom")):  # one without a value says that there is none any more
        data.telecoms = _telecoms(given)
    for human in xml.children(given, hl7("patientPerson")):
        _take_person(human, data)
    told = stated(given)
    person.opposed_to_break_glass = told.get(OPPOSED_TO_BREAK_GLASS, person.opposed_to_break_glass)
    person.opposed_to_regulation = told.get(OPPOSED_TO_REGULATION, person.opposed_to_regulation)


def _take_person(human: Element, data: AdministrativeRow) -> None:
    for name in xml.children(human, hl7("name")):
        for family in xml.children(name, hl7("family")):
            data.used_name = xml.text_of(family) if family.get("qualifier") == "SP" else data.used_name
    representatives = [_representative(one) for one in xml.children(human, hl7("personalRelationship"))]
    contacts = [_contact(one) for one in xml.children(human, hl7("contactParty"))]
    data.representatives = representatives or data.representatives
    data.contacts = contacts or data.contacts


def _address(address: Element) -> tuple[str, str, str]:
    return (
        xml.local_text(address, "streetAddressLine"),
        xml.local_text(address, "postalCode"),
        xml.local_text(address, "city"),
    )


def _telecoms(owner: Element) -> list[str]:
    return [value for one in xml.children(owner, hl7("telecom")) if (value := one.get("value", ""))]


def _representative(given: Element) -> dict[str, Any]:
    code = _code(given)
    if code not in RELATIONS:
        raise BadRequest("InvalidRequest", "le lien du représentant légal n'est pas de la nomenclature")
    name = _name(next(iter(xml.children(given, hl7("relationshipHolder1"))), None))
    if not name["family"]:
        raise BadRequest("InvalidRequest", "le nom du représentant légal manque")
    return {
        "code": code,
        "address": [_address(one) for one in xml.children(given, hl7("addr"))[:1]],
        "telecoms": _telecoms(given),
        **name,
    }


def _name(holder: Element | None) -> dict[str, Any]:
    names = xml.children(holder, hl7("name")) if holder is not None else []
    if not names:
        return {"family": "", "given": []}
    given = [xml.text_of(one) for one in xml.children(names[0], hl7("given"))]
    return {"family": xml.local_text(names[0], "family"), "given": given}


def _contact(given: Element) -> dict[str, Any]:
    telecoms = _telecoms(given)
    if not telecoms:
        raise BadRequest("InvalidRequest", "un contact a au moins un moyen d'être joint")
    return {"code": _code(given), "telecoms": telecoms, **_name(next(iter(given.iter(hl7("contactPerson"))), None))}


def _code(given: Element) -> str:
    return next((str(one.get("code", "")) for one in xml.children(given, hl7("code"))), "")


def stated(given: Element) -> dict[str, bool]:
    """BL observations by code."""
    found = {}
    for one in given.iter(hl7("administrativeObservation")):
        code, value = xml.children(one, hl7("code")), xml.children(one, hl7("value"))
        if code and value and value[0].get("value") in ("true", "false"):
            found[code[0].get("code", "")] = value[0].get("value") == "true"
    return found
