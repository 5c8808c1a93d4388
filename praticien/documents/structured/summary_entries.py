"""Coded entries of a medical synthesis, one function a kind of line. ``id_`` names its row in the narrative."""

from __future__ import annotations

from praticien.documents.cda_elements import LOINC, Element, add, coded, hl7_time, stable_id, templates, typed
from praticien.documents.model import NewDocument
from praticien.documents.structured.drug_entry import add_dose, add_frequency, add_maximum, add_product
from praticien.documents.structured.sections import add_reference
from praticien.documents.summary import (
    CCAM,
    CIM10,
    SNOMED,
    Condition,
    FamilyHistory,
    Habit,
    Intervention,
    KnownAllergy,
    LongTreatment,
)
from praticien.metadata import Code

_PCC, _CCD, _FR = "1.3.6.1.4.1.19376.1.5.3.1.4", "2.16.840.1.113883.10.20.1", "1.2.250.1.213.1.1.3"
_CONCERN = (f"{_CCD}.27", f"{_PCC}.5.1")
_DIAGNOSIS = Code("282291009", SNOMED, "interprétation diagnostique")
NO_KNOWN_ALLERGY = Code("716186003", SNOMED, "Aucune allergie connue")
_ANY_REACTION = Code("420134006", SNOMED, "Propension à une réaction indésirable")
_SYSTEM_NAMES = {CIM10: "CIM10", CCAM: "CCAM", SNOMED: "SNOMED CT", LOINC: "LOINC"}


def add_problem(entry: Element, document: NewDocument, one: Condition, id_: str) -> None:
    """A disease that goes on."""
    _disease(entry, document, one, id_, is_over=False)


def add_history(entry: Element, document: NewDocument, one: Condition, id_: str) -> None:
    """A disease that is over."""
    _disease(entry, document, one, id_, is_over=True)


def _disease(entry: Element, document: NewDocument, one: Condition, id_: str, *, is_over: bool) -> None:
    status = "completed" if is_over else "active"
    concern = _concern(entry, document, id_, status, (f"{_PCC}.5.2", f"{_FR}.39"))
    _interval(concern, one.since, one.until, is_over=is_over)
    observation = _subject(concern, document, id_, (f"{_CCD}.28", f"{_PCC}.5", f"{_FR}.37"))
    _named(observation, _DIAGNOSIS)
    add_reference(observation, "text", f"{id_}-nom")
    add(observation, "statusCode", code="completed")
    _interval(observation, one.since, one.until, is_over=is_over)
    _value(observation, one.code, f"{id_}-nom")


def _concern(entry: Element, document: NewDocument, id_: str, status: str, roots: tuple[str, ...]) -> Element:
    concern = add(entry, "act", classCode="ACT", moodCode="EVN")
    templates(concern, *_CONCERN, *roots)
    add(concern, "id", root=stable_id(document.unique_id, f"{id_}/concern"))
    add(concern, "code", nullFlavor="NA")
    add(concern, "statusCode", code=status)
    return concern


def _subject(concern: Element, document: NewDocument, id_: str, roots: tuple[str, ...]) -> Element:
    relation = add(concern, "entryRelationship", typeCode="SUBJ", inversionInd="false")
    observation = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
    templates(observation, *roots)
    add(observation, "id", root=stable_id(document.unique_id, id_))
    return observation


def _interval(parent: Element, since: str, until: str = "", *, is_over: bool = False) -> None:
    """From when to when, as far as known; what is over has an end even when nobody knows it."""
    time = add(parent, "effectiveTime")
    add(time, "low", **_day(since))
    if is_over:
        add(time, "high", **_day(until if until != since else ""))  # equal bounds are refused


def _day(day: str) -> dict[str, str]:
    return {"value": day} if day else {"nullFlavor": "UNK"}


def _named(parent: Element, code: Code) -> None:
    coded(parent, "code", code).set("codeSystemName", _SYSTEM_NAMES[code.system])


def _value(parent: Element, code: Code | None, words: str) -> None:
    """A disease by its code, else by its words alone (the attributes of a code go together or not at all)."""
    value = typed(parent, "value", "CD", **_attributes(code))
    add_reference(value, "originalText", words)


def _attributes(code: Code | None) -> dict[str, str]:
    if code is None:
        return {}
    found = {"code": code.code, "displayName": code.display, "codeSystem": code.system}
    return found | ({"codeSystemName": _SYSTEM_NAMES[code.system]} if code.system in _SYSTEM_NAMES else {})


def _code(parent: Element, code: Code | None, words: str) -> None:
    add_reference(add(parent, "code", **(_attributes(code) or {"nullFlavor": "NA"})), "originalText", words)


def add_intervention(entry: Element, document: NewDocument, one: Intervention, id_: str) -> None:
    """A procedure done."""
    act = add(entry, "procedure", classCode="PROC", moodCode="EVN")
    templates(act, f"{_PCC}.19", f"{_CCD}.29", f"{_FR}.62")
    add(act, "id", root=stable_id(document.unique_id, id_))
    _code(act, one.code, f"{id_}-nom")
    add_reference(act, "text", f"{id_}-nom")
    add(act, "statusCode", code="completed")
    add(act, "effectiveTime", **_day(one.when))


def add_allergy(entry: Element, document: NewDocument, one: KnownAllergy | None, id_: str) -> None:
    """An allergy; None: that none is known."""
    concern = _concern(entry, document, id_, "active", (f"{_PCC}.5.3", f"{_FR}.40"))
    since = one.since if one else ""
    _interval(concern, since)
    roots = (f"{_CCD}.18", f"{_CCD}.28", f"{_PCC}.5", f"{_PCC}.6", f"{_FR}.41")
    observation = _subject(concern, document, id_, roots)
    _named(observation, one.kind.value if one else _ANY_REACTION)
    add_reference(observation, "text", f"{id_}-type")
    add(observation, "statusCode", code="completed")
    _interval(observation, since)
    _value(observation, None if one else NO_KNOWN_ALLERGY, f"{id_}-agent" if one else f"{id_}-type")
    if one:
        _agent(observation, one, id_)
        if one.reaction.strip():
            _reaction(observation, document, one, id_)


def _agent(observation: Element, one: KnownAllergy, id_: str) -> None:
    role = add(add(observation, "participant", typeCode="CSM"), "participantRole", classCode="MANU")
    agent = add(role, "playingEntity", classCode="MMAT")
    _code(agent, one.code, f"{id_}-agent")
    add(agent, "name", one.agent.strip())


def _reaction(observation: Element, document: NewDocument, one: KnownAllergy, id_: str) -> None:
    relation = add(observation, "entryRelationship", typeCode="MFST", inversionInd="true")
    reaction = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
    templates(reaction, f"{_CCD}.28", f"{_PCC}.5", f"{_FR}.37")
    add(reaction, "id", root=stable_id(document.unique_id, f"{id_}/reaction"))
    _named(reaction, Code("418799008", SNOMED, "symptôme rapporté par le patient ou le répondant"))
    add_reference(reaction, "text", f"{id_}-reaction")
    add(reaction, "statusCode", code="completed")
    _interval(reaction, one.since)
    _value(reaction, None, f"{id_}-reaction")


def add_habit(entry: Element, document: NewDocument, one: Habit, id_: str) -> None:
    """A habit, measured in words."""
    observation = add(entry, "observation", classCode="OBS", moodCode="EVN")
    templates(observation, f"{_CCD}.33", f"{_PCC}.13", f"{_PCC}.13.4", f"{_FR}.52")
    add(observation, "id", root=stable_id(document.unique_id, id_))
    _named(observation, one.kind.value)
    add_reference(observation, "text", f"{id_}-nom")
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", value=hl7_time(document.created_at))
    add(typed(observation, "value", "ED"), "reference", value=f"#{id_}-valeur")


def add_family(entry: Element, document: NewDocument, one: FamilyHistory, id_: str) -> None:
    """A disease of somebody of the family."""
    organizer = add(entry, "organizer", classCode="CLUSTER", moodCode="EVN")
    templates(organizer, f"{_CCD}.23", f"{_PCC}.15", f"{_FR}.59")
    add(organizer, "statusCode", code="completed")
    subject = add(organizer, "subject", typeCode="SBJ")
    templates(subject, f"{_PCC}.15.2", f"{_FR}.60")
    person = add(subject, "relatedSubject", classCode="PRS")
    code, label = one.relative.value
    role = add(person, "code", code=code, displayName=label, codeSystem="2.16.840.1.113883.5.111")
    add_reference(role, "originalText", f"{id_}-lien")
    observation = add(add(organizer, "component", typeCode="COMP"), "observation", classCode="OBS", moodCode="EVN")
    templates(observation, f"{_CCD}.22", f"{_PCC}.13", f"{_PCC}.13.3", f"{_FR}.51")
    add(observation, "id", root=stable_id(document.unique_id, id_))
    _named(observation, _DIAGNOSIS)
    add_reference(observation, "text", f"{id_}-nom")
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", nullFlavor="UNK")
    _value(observation, one.code, f"{id_}-nom")


def add_treatment(entry: Element, document: NewDocument, one: LongTreatment, id_: str) -> None:
    """A drug taken: its dose and rhythm when it is one dose, else the words of the narrative alone."""
    posology = one.posology
    is_one_dose = posology.is_structured and len(set(posology.doses)) == 1 and not posology.stages
    entry.set("typeCode", "DRIV")
    drug = add(entry, "substanceAdministration", classCode="SBADM", moodCode="EVN")
    templates(drug, f"{_CCD}.24", f"{_PCC}.7", f"{_FR}.42", f"{_PCC}.7.1")
    add(drug, "id", root=stable_id(document.unique_id, id_))
    add(drug, "code", code="DRUG", displayName="Médicament", codeSystem="2.16.840.1.113883.5.4")
    add_reference(drug, "text", f"{id_}-nom")
    add(drug, "statusCode", code="completed")
    period = typed(drug, "effectiveTime", "IVL_TS")
    add(period, "low", **_day(one.since))
    add(period, "high", nullFlavor="UNK")
    if is_one_dose:
        add_frequency(drug, posology, f"{id_}-posologie")
        add_dose(drug, posology.doses[0])
        add_maximum(drug, posology)
    add_product(drug, one.name.strip(), one.code, f"{id_}-nom")
    if posology.condition:
        add_reference(add(add(drug, "precondition"), "criterion"), "text", f"{id_}-posologie")
