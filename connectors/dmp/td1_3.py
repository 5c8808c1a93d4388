"""TD1.3a, TD1.3b and TD1.4: administrative data read (CNSLT_DATA) and corrected (MODIF_DATA), dossier closed (FERM).

Facts: protocol 2, 2.1. Correcting and closing are for dossiers that do not belong to Mon espace santé. The place of the
GDP namespace around PRPA_IN201314UV02 is unknown: the message itself is sent in HL7's.
"""

from __future__ import annotations

from datetime import datetime

from connectors.dmp import hl7v3
from connectors.dmp.hl7v3 import HL7, XSI_TYPE, add
from connectors.dmp.td0_2 import ACTION as READ_ACTION
from connectors.endpoint import Software
from connectors.errors import DossierAbsent, Fault
from connectors.soap.parsing import Element, first, required, text
from praticien.administrative import AdministrativeData, Representative
from praticien.identity import Ins, StrictTraits

REVISE_ACTION = f"{HL7}:PRPA_IN201314UV02"
_CONSENTS = "1.2.250.1.213.4.1.2.3"
_CLOSING = "1.2.250.1.213.4.1.2.4"
_RELATIONS = "2.16.840.1.113883.1.11.19579"
_BREAK_GLASS, _REGULATION = "OPPOSITION_BRIS_DE_GLACE", "OPPOSITION_ACCES_URGENCE"

__all__ = ["READ_ACTION", "REVISE_ACTION", "check_revision", "closing", "question", "read", "revision"]


def question(patient: Ins, software: Software, now: datetime) -> Element:
    """TD1.3a: the data of one patient."""
    root, act = hl7v3.message("PRPA_IN201307UV02", "CNSLT_DATA", software, now)
    hl7v3.query_patient(act, patient)
    return root


def read(answer: Element, patient: Ins) -> AdministrativeData:
    """What the DMP keeps. Raises DossierAbsent, UnrelatedAnswer, typed refusals."""
    hl7v3.check_acknowledgement(answer)
    if hl7v3.response_code(answer) == "NF":
        raise DossierAbsent(Fault("queryResponseCode", "NF"))
    found = required(answer, "controlActProcess", "subject", "registrationEvent", "subject1", "patient")
    hl7v3.check_patient(found, patient)
    stated = hl7v3.observations(found)
    address = first(found, "addr")
    return AdministrativeData(
        used_name=_used_name(found),
        street=text(address, "streetAddressLine"),
        postal_code=text(address, "postalCode"),
        city=text(address, "city"),
        telecoms=_telecoms(found),
        opposed_to_break_glass=stated.get(_BREAK_GLASS, False),
        opposed_to_regulation=stated.get(_REGULATION, False),
        attached=stated.get("RATTACHEMENT_ENS", True),
        representatives=_representatives(found),
    )


def _telecoms(owner: Element) -> tuple[str, ...]:
    return tuple(value for one in owner.findall("{*}telecom") if (value := str(one.get("value", ""))))


def _used_name(found: Element) -> str:
    for family in found.iterfind("{*}patientPerson/{*}name/{*}family"):  # not that of a representative
        if "SP" in str(family.get("qualifier", "")).split():
            return text(family)
    return ""


def _representatives(found: Element) -> tuple[Representative, ...]:
    """Those who are named: a relation without a name tells the user nothing."""
    relations = found.iterfind("{*}patientPerson/{*}personalRelationship")
    return tuple(one for one in map(_representative, relations) if one.family_name)


def _representative(relation: Element) -> Representative:
    name, address = first(relation, "relationshipHolder1", "name"), first(relation, "addr")
    return Representative(
        relation=hl7v3.told(relation, "code"),
        family_name=text(name, "family"),
        given_names=tuple(text(one) for one in name.findall("{*}given")) if name is not None else (),
        street=text(address, "streetAddressLine"),
        postal_code=text(address, "postalCode"),
        city=text(address, "city"),
        telecoms=_telecoms(relation),
    )


def revision(
    patient: Ins, traits: StrictTraits, data: AdministrativeData, software: Software, now: datetime
) -> Element:
    """TD1.3b: all of ``data``; what is empty is erased. Traits and representatives are repeated, never changed."""
    root, act = hl7v3.message("PRPA_IN201314UV02", "MODIF_DATA", software, now)
    person = _registration(act, patient, data, "active")
    human = _human(person, traits, data.used_name)
    for one in data.representatives:
        _relation(human, one)
    for code, value in ((_BREAK_GLASS, data.opposed_to_break_glass), (_REGULATION, data.opposed_to_regulation)):
        subject = add(person, "subjectOf", typeCode="SBJ")
        about = add(subject, "administrativeObservation", classCode="OBS", moodCode="EVN")
        add(about, "code", code=code, codeSystem=_CONSENTS)
        add(about, "value", **{XSI_TYPE: "BL", "value": str(value).lower()})
    return root


def closing(patient: Ins, traits: StrictTraits, software: Software, now: datetime) -> Element:
    """TD1.4: closed at the patient's request, the one motive that is public."""
    root, act = hl7v3.message("PRPA_IN201314UV02", "FERM", software, now)
    person = _registration(act, patient, None, "terminated")
    _human(person, traits, None)
    reason = add(act, "reasonOf", typeCode="RSON")
    event = add(reason, "detectedIssueEvent", classCode="ALRT", moodCode="EVN")
    add(event, "code", code="FERMETURE_DEMANDE_PATIENT", codeSystem=_CLOSING)
    return root


def _registration(act: Element, patient: Ins, data: AdministrativeData | None, status: str) -> Element:
    subject = add(act, "subject", typeCode="SUBJ", contextConductionInd="false")
    request = add(subject, "registrationRequest", classCode="REG", moodCode="RQO")
    add(request, "statusCode", code="active")
    person = add(add(request, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    add(person, "id", root=patient.oid, extension=patient.matricule)
    if data is not None:
        _address(person, data)
    add(person, "statusCode", code=status)
    custodian = add(request, "custodian", typeCode="CST")
    add(add(custodian, "assignedEntity", classCode="ASSIGNED"), "id", root=hl7v3.DMP_DEVICE)
    return person


def _address(owner: Element, data: AdministrativeData | Representative) -> None:
    address = add(owner, "addr")
    for name, value in (("streetAddressLine", data.street), ("postalCode", data.postal_code), ("city", data.city)):
        if value:
            add(address, name, value)
    for telecom in data.telecoms:
        add(owner, "telecom", value=telecom)
    if not data.telecoms:
        add(owner, "telecom", nullFlavor="NI")


def _relation(human: Element, one: Representative) -> None:
    relation = add(human, "personalRelationship", classCode="PRS")
    add(relation, "code", code=one.relation, codeSystem=_RELATIONS)
    _address(relation, one)
    name = add(add(relation, "relationshipHolder1", classCode="PSN", determinerCode="INSTANCE"), "name")
    add(name, "family", one.family_name)
    for given in one.given_names:
        add(name, "given", given)


def _human(person: Element, traits: StrictTraits, used_name: str | None) -> Element:
    human = add(person, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = add(human, "name")
    if used_name is not None:
        add(name, "family", used_name, qualifier="SP")
    add(name, "family", traits.birth_name, qualifier="BR")
    for first_name in traits.birth_first_names:
        add(name, "given", first_name)
    add(human, "administrativeGenderCode", code=traits.sex.value, codeSystem="2.16.840.1.113883.5.1")
    add(human, "birthTime", value=traits.birth_date)
    return human


def check_revision(answer: Element) -> None:
    """Pass when the DMP accepted (PRPA_IN201315UV02). Raises the typed error of its refusal."""
    hl7v3.check_acknowledgement(answer)
