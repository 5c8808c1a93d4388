"""The coded results of one chapter: FR-Resultats-examens-de-biologie-medicale (1.2.250.1.213.1.1.3.21) and inside it
specimens, batteries, isolates and results.
"""

from __future__ import annotations

from praticien.documents.cda_elements import Element, add, coded, hl7_time, stable_id, templates, typed
from praticien.documents.lab_codes import INTERPRETATION_SYSTEM, INTERPRETATIONS, LOINC, NCBI_TAXONOMY
from praticien.documents.lab_report import (
    Analysis,
    Battery,
    Chapter,
    CodedValue,
    Interval,
    Isolate,
    Quantity,
    ReferenceRange,
    ResultStatus,
    Specimen,
    TextValue,
    Titre,
    Value,
)
from praticien.documents.model import NewDocument
from praticien.documents.structured.sections import add_reference
from praticien.metadata import Code

_PROCESSING = ("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21")
_SPECIMEN = ("1.3.6.1.4.1.19376.1.3.1.2", "1.2.250.1.213.1.1.3.77")
_RECEIVED = ("1.3.6.1.4.1.19376.1.3.1.3", "1.2.250.1.213.1.1.3.107")
_BATTERY = ("1.3.6.1.4.1.19376.1.3.1.4", "1.2.250.1.213.1.1.3.78")
_ISOLATE = ("1.3.6.1.4.1.19376.1.3.1.5", "1.2.250.1.213.1.1.3.79")
_RESULT = ("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80")
_COMMENT = ("2.16.840.1.113883.10.20.1.40", "1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32")
_RECEPTION = Code("SPRECEIVE", "1.3.5.1.4.1.19376.1.5.3.2", "Échantillon reçu")
_SUSCEPTIBILITIES = Code("18769-0", LOINC, "Antibiogramme")


def add_results(section: Element, document: NewDocument, chapter: Chapter, id_: str) -> None:
    """The one entry of a chapter; ``id_`` begins the IDs of its narrative."""
    entry = add(section, "entry", typeCode="DRIV")
    templates(entry, *_PROCESSING)
    act = add(entry, "act", classCode="ACT", moodCode="EVN")
    coded(act, "code", chapter.code)
    add(act, "statusCode", code="completed")
    for number, specimen in enumerate(chapter.specimens, 1):
        _specimen(_part(act), document, specimen, f"{id_}-p{number}")
    for number, battery in enumerate(chapter.batteries, 1):
        _battery(_part(act), document, battery, f"{id_}-b{number}")
    for number, isolate in enumerate(chapter.isolates, 1):
        _isolate(_part(act), document, isolate, f"{id_}-i{number}")
    if chapter.comment:
        _comment(act, f"{id_}-commentaire")


def _part(act: Element) -> Element:
    return add(act, "entryRelationship", typeCode="COMP")


def _specimen(parent: Element, document: NewDocument, specimen: Specimen, id_: str) -> None:
    procedure = add(parent, "procedure", classCode="PROC", moodCode="EVN")
    templates(procedure, *_SPECIMEN)
    time = add(procedure, "effectiveTime")
    if specimen.collected_at:
        add(time, "high", value=hl7_time(specimen.collected_at))
    else:
        time.set("nullFlavor", "UNK")
    role = add(add(procedure, "participant", typeCode="PRD"), "participantRole", classCode="SPEC")
    if specimen.identifier:
        add(role, "id", root=specimen.identifier.authority, extension=specimen.identifier.value)
    else:
        add(role, "id", root=stable_id(document.unique_id, id_))
    entity = add(role, "playingEntity")
    code = coded(entity, "code", specimen.code) if specimen.code else add(entity, "code", nullFlavor="OTH")
    add_reference(code, "originalText", f"{id_}-nature")
    if specimen.received_at:
        act = add(_part(procedure), "act", classCode="ACT", moodCode="EVN")
        templates(act, *_RECEIVED)
        coded(act, "code", _RECEPTION)
        add(act, "effectiveTime", value=hl7_time(specimen.received_at))


def _battery(parent: Element, document: NewDocument, battery: Battery, id_: str) -> None:
    organizer = add(parent, "organizer", classCode="BATTERY", moodCode="EVN")
    templates(organizer, *_BATTERY)
    if battery.code:
        add_reference(coded(organizer, "code", battery.code), "originalText", f"{id_}-nom")
    else:
        add_reference(add(organizer, "code"), "originalText", f"{id_}-nom")
    add(organizer, "statusCode", code="completed")
    for number, analysis in enumerate(battery.analyses, 1):
        _result(add(organizer, "component"), document, analysis, f"{id_}-r{number}")


def _isolate(parent: Element, document: NewDocument, isolate: Isolate, id_: str) -> None:
    organizer = add(parent, "organizer", classCode="CLUSTER", moodCode="EVN")
    templates(organizer, *_ISOLATE)
    add(organizer, "statusCode", code="completed")
    add(organizer, "effectiveTime", value=hl7_time(document.service_stop or document.service_start))
    role = add(add(organizer, "specimen", typeCode="SPC"), "specimenRole", classCode="SPEC")
    add(role, "id", root=stable_id(document.unique_id, id_))
    _organism(add(role, "specimenPlayingEntity", classCode="MIC"), isolate, f"{id_}-nom")
    for number, analysis in enumerate(isolate.analyses, 1):
        _result(add(organizer, "component"), document, analysis, f"{id_}-r{number}")
    if isolate.antibiogram:
        panel = Battery("Antibiogramme", isolate.antibiogram, _SUSCEPTIBILITIES)
        _battery(add(organizer, "component"), document, panel, f"{id_}-a")


def _organism(entity: Element, isolate: Isolate, name: str) -> None:
    """SNOMED CT as the code, NCBI as a translation of a code left empty, else the name alone."""
    code = isolate.organism
    if code and code.system != NCBI_TAXONOMY:
        add_reference(coded(entity, "code", code), "originalText", name)
        return
    empty = add(entity, "code")
    add_reference(empty, "originalText", name)
    if code:
        coded(empty, "translation", code)


def _result(parent: Element, document: NewDocument, analysis: Analysis, id_: str) -> None:
    observation = _observation(parent, analysis, id_)
    cancelled = analysis.status is ResultStatus.CANCELLED
    add(observation, "statusCode", code="aborted" if cancelled else "completed")
    when = analysis.observed_at or document.service_stop or document.service_start
    add(observation, "effectiveTime", value=hl7_time(when))
    _value(observation, analysis.value, f"{id_}-resultat")
    for flag in analysis.flags:
        coded(observation, "interpretationCode", Code(flag, INTERPRETATION_SYSTEM, INTERPRETATIONS[flag]))
    if analysis.method:
        add_reference(add(observation, "methodCode"), "originalText", f"{id_}-methode")
    if analysis.previous:
        former = _observation(add(observation, "entryRelationship", typeCode="REFR"), analysis, id_)
        add(former, "statusCode", code="completed")
        add(former, "effectiveTime", value=hl7_time(analysis.previous.observed_at))
        _value(former, analysis.previous.value, f"{id_}-anteriorite")
    if analysis.comment:
        _comment(observation, f"{id_}-commentaire")
    if analysis.reference:
        _reference(observation, analysis.reference, f"{id_}-reference")


def _observation(parent: Element, analysis: Analysis, id_: str) -> Element:
    """What was measured: LOINC, or nothing with the laboratory's code (or the one that waits) as a translation."""
    observation = add(parent, "observation", classCode="OBS", moodCode="EVN")
    templates(observation, *_RESULT)
    known = analysis.code if analysis.code and analysis.code.system == LOINC else None
    code = coded(observation, "code", known) if known else add(observation, "code")
    add_reference(code, "originalText", f"{id_}-nom")
    waiting = analysis.code if analysis.code is not known else None
    for other in (waiting, analysis.local_code):
        if other:
            coded(code, "translation", other)
    return observation


def _value(parent: Element, value: Value | None, narrative: str) -> None:
    if isinstance(value, Quantity) and not value.comparator:
        typed(parent, "value", "PQ", value=f"{value.value:f}", unit=value.unit or "1")
    elif isinstance(value, Quantity):
        tag = "high" if value.comparator.startswith("<") else "low"
        bound = add(typed(parent, "value", "IVL_PQ"), tag, value=f"{value.value:f}", unit=value.unit or "1")
        bound.set("inclusive", "true" if value.comparator.endswith("=") else "false")
    elif isinstance(value, Interval):
        _bounds(typed(parent, "value", "IVL_PQ"), ReferenceRange(value.low, value.high, value.unit))
    elif isinstance(value, Titre):
        ratio = typed(parent, "value", "RTO")
        typed(ratio, "numerator", "INT", value=str(value.numerator))
        typed(ratio, "denominator", "INT", value=str(value.denominator))
    elif isinstance(value, CodedValue):
        code = value.code
        element = typed(parent, "value", "CD", code=code.code, displayName=code.display, codeSystem=code.system)
        add_reference(element, "originalText", narrative)
    elif isinstance(value, TextValue):
        typed(parent, "value", "ST").text = value.text


def _bounds(interval: Element, reference: ReferenceRange) -> None:
    for tag, bound in (("low", reference.low), ("high", reference.high)):
        if bound is not None:
            add(interval, tag, value=f"{bound:f}", unit=reference.unit or "1")


def _reference(observation: Element, reference: ReferenceRange, narrative: str) -> None:
    range_ = add(add(observation, "referenceRange", typeCode="REFV"), "observationRange")
    range_.set("classCode", "OBS")
    range_.set("moodCode", "EVN.CRT")
    if reference.low is None and reference.high is None:
        add_reference(range_, "text", narrative)
        return
    _bounds(typed(range_, "value", "IVL_PQ"), reference)
    coded(range_, "interpretationCode", Code("N", INTERPRETATION_SYSTEM, INTERPRETATIONS["N"]))


def _comment(parent: Element, narrative: str) -> None:
    act = add(add(parent, "entryRelationship", typeCode="SUBJ"), "act", classCode="ACT", moodCode="EVN")
    templates(act, *_COMMENT)
    coded(act, "code", Code("48767-8", LOINC, "Commentaire"))
    add_reference(act, "text", narrative)
    add(act, "statusCode", code="completed")
