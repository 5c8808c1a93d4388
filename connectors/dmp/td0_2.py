"""TD0.2: does the dossier exist, may one consult it? (PRPA_IN201307UV02 → PRPA_IN201308UV02, reason TEST_EXST)."""

from __future__ import annotations

from datetime import datetime

from connectors.dmp import hl7v3
from connectors.dmp.hl7v3 import HL7, told
from connectors.endpoint import Software
from connectors.errors import MalformedAnswer
from connectors.soap.parsing import Element, all_named, first, required, text
from praticien.access import Authorisation, DossierState, DossierStatus
from praticien.errors import InvalidInput
from praticien.identity import Ins, Sex, StrictTraits

ACTION = f"{HL7}:PRPA_IN201307UV02"
_BEING_CREATED = "DMPBeingCreated"
"""No public text says whether TD0.2 tells it: the reference server does, with NF, under a code of its own."""
_STATES = {"active": DossierState.OPEN, "terminated": DossierState.CLOSED}


def request(patient: Ins, software: Software, now: datetime) -> Element:
    """The query about one patient."""
    root, act = hl7v3.message("PRPA_IN201307UV02", "TEST_EXST", software, now)
    hl7v3.query_patient(act, patient)
    return root


def read(answer: Element, patient: Ins) -> DossierStatus:
    """What the DMP says. Raises UnrelatedAnswer when it speaks of another patient, and typed refusals."""
    hl7v3.check_acknowledgement(answer)
    if hl7v3.response_code(answer) == "NF":
        told_of = hl7v3.detail(answer)
        return DossierStatus(DossierState.ABSENT, being_created=bool(told_of and told_of.subcode == _BEING_CREATED))
    registration = required(answer, "controlActProcess", "subject", "registrationEvent")
    found = required(registration, "subject1", "patient")
    hl7v3.check_patient(found, patient)
    state = _STATES.get(str(required(found, "statusCode").get("code", "")))
    if state is None:
        raise MalformedAnswer("statusCode")
    return DossierStatus(
        state=state,
        authorisation=_authorisation(answer),
        treating_physician=_line(answer, "STATUT_MT", "value") == "true",
        closed_on=_closing_date(registration) if state is DossierState.CLOSED else "",
        closing_reason=_closing_reason(answer) if state is DossierState.CLOSED else "",
        traits=traits_of(found),
        attached=hl7v3.observations(found).get("RATTACHEMENT_ENS", True),
    )


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
    moments = (told(registration, "effectiveTime"), told(time, "high"), told(time, "low"))
    return next((moment[:8] for moment in moments if moment), "")


def _closing_reason(answer: Element) -> str:
    for event in all_named(answer, "detectedIssueEvent"):
        code = first(event, "code")
        words = (code.get("displayName") or code.get("code") or "") if code is not None else ""
        return str(words) or text(event, "text")
    return ""


def traits_of(found: Element) -> StrictTraits | None:
    """The traits of the DMP, to compare; None when it gives them in part only."""
    person = first(found, "patientPerson")
    name = _birth_name(person) if person is not None else None
    if person is None or name is None:
        return None
    given = tuple(str(g.text).strip() for g in name.findall("{*}given") if (g.text or "").strip())
    try:
        return StrictTraits(
            text(name, "family"), given, told(person, "birthTime")[:8], Sex(told(person, "administrativeGenderCode"))
        )
    except (InvalidInput, ValueError):
        return None


def _birth_name(person: Element) -> Element | None:
    names = person.findall("{*}name")
    for name in names:
        family = first(name, "family")
        if family is not None and "BR" in str(family.get("qualifier", "")).split():
            return name
    return names[0] if len(names) == 1 else None
