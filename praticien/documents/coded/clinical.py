"""Allergies, problems, procedures and other findings out of VSM, discharge letters and whatever else codes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from praticien.documents.cda_model import Timestamp
from praticien.documents.coded.agreement import finding_conflicts, negation_conflicts
from praticien.documents.coded.facts import Allergy, Finding, Problem, Procedure
from praticien.documents.coded.laboratory import OBSERVATION as LAB_OBSERVATION
from praticien.documents.coded.laboratory import REPORT_ENTRY
from praticien.documents.coded.model import Concept, Entry, Period

ALLERGY = ("1.3.6.1.4.1.19376.1.5.3.1.4.6", "1.2.250.1.213.1.1.3.41")
PROBLEM = ("1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37")
FAMILY = ("1.3.6.1.4.1.19376.1.5.3.1.4.13.3", "1.2.250.1.213.1.1.3.51")
PROCEDURE = ("1.3.6.1.4.1.19376.1.5.3.1.4.19", "1.2.250.1.213.1.1.3.62")
STATUS = ("1.3.6.1.4.1.19376.1.5.3.1.4.1.1", "1.2.250.1.213.1.1.3.30")
SEVERITY = ("1.3.6.1.4.1.19376.1.5.3.1.4.1", "1.2.250.1.213.1.1.3.29")
VITAL_SIGN = ("1.3.6.1.4.1.19376.1.5.3.1.4.13.2", "1.2.250.1.213.1.1.3.50")
SIMPLE = "1.3.6.1.4.1.19376.1.5.3.1.4.13"
IMAGING = ("2.16.840.1.113883.10.20.6.2.13", "2.16.840.1.113883.10.20.6.2.14")
"""DICOM PS3.20: coded observation (contra-indication, pregnancy) and quantity (dose of rays)."""
DIRECTIVE = "1.2.250.1.213.1.1.3.54"
_INACTIVE = ("inactive", "resolved", "remission", "73425007", "413322009")
_PAST_SECTION = "11348-0"
_FLAGS = "1.2.250.1.213.1.1.3.48"
# "No known allergy" and its like in SNOMED CT: an absence, whatever the negation indicator says.
_NO_ALLERGY = ("716186003", "409137002", "428607008", "429625007", "160244002")


def allergies(entries: Iterable[Entry]) -> Iterator[Allergy]:
    """Allergies and intolerances, absent ones (``negated``, ``is_absence``) included."""
    for entry in entries:
        status = entry.status
        for item in entry.walk():
            if item.has(*ALLERGY):
                yield _allergy(item, status)


def _allergy(item: Entry, concern: str) -> Allergy:
    agent = next((actor for actor in item.actors if actor.part == "CSM"), None)
    found = next((value for value in item.values if isinstance(value, Concept)), Concept())
    return Allergy(
        source=item.source,
        conflicts=negation_conflicts(item),
        kind=item.code,
        agent=agent.code if agent and agent.text else found,
        negated=item.negated,
        status=_status(item) or concern,
        since=_start(item.times),
        reactions=tuple(_reactions(item)),
        severity=next((_value_text(below) for below in item.below(*SEVERITY)), ""),
        is_absence=any(concept.code in _NO_ALLERGY for concept in (item.code, found)),
    )


def _reactions(item: Entry) -> Iterator[Concept]:
    for below in item.children:
        if below.relation == "MFST":
            yield from (value for value in below.values if isinstance(value, Concept))


def _value_text(entry: Entry) -> str:
    return next((value.text for value in entry.values if isinstance(value, Concept)), "")


def _status(item: Entry) -> str:
    found = next(item.below(*STATUS), None)
    value = found.values[0] if found and found.values else None
    return value.code if isinstance(value, Concept) else ""


def problems(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Diseases of the patient, and of the kin (``relative``).

    Left out: allergies, which are problems too in CDA, and what they provoke (MFST), which is no disease in itself.
    """
    for entry in entries:
        relative = next((actor.text for actor in entry.actors if actor.part == "subject"), "")
        for item in entry.walk():
            is_problem = item.has(*PROBLEM, *FAMILY) and not item.has(*ALLERGY) and item.relation != "MFST"
            found = next((value for value in item.values if isinstance(value, Concept)), None)
            if is_problem and found:
                yield Problem(
                    source=item.source,
                    conflicts=negation_conflicts(item),
                    code=found,
                    dates=next(iter(item.times), None),
                    is_active=_is_active(entry, item),
                    negated=item.negated,
                    relative=relative,
                )


def _is_active(concern: Entry, item: Entry) -> bool:
    is_over = concern.kind == "act" and concern.status in ("completed", "aborted", "suspended")
    if is_over or _status(item) in _INACTIVE:
        return False
    return item.source.section_code != _PAST_SECTION


def procedures(entries: Iterable[Entry]) -> Iterator[Procedure]:
    """Acts done or planned."""
    for entry in entries:
        for item in entry.walk():
            if item.has(*PROCEDURE) and item.kind == "procedure":
                yield Procedure(
                    source=item.source,
                    code=item.code,
                    dates=next(iter(item.times), None),
                    mood=item.mood,
                    reasons=tuple(below.code for below in item.children if below.relation == "RSON"),
                )


def findings(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Vital signs, habits, pregnancies, advance directives, doses of rays: observations that say something."""
    for entry in entries:
        if entry.has(REPORT_ENTRY) or entry.kind in ("substanceAdministration", "supply"):
            continue
        for item in entry.walk():
            if _is_finding(item):
                yield Finding(
                    source=item.source,
                    conflicts=(*finding_conflicts(item), *(negation_conflicts(item) if item.negated else ())),
                    code=item.code,
                    values=item.values,
                    when=_start(item.times),
                    is_vital_sign=item.has(*VITAL_SIGN),
                    negated=item.negated,
                )


def _is_finding(item: Entry) -> bool:
    other = item.has(*ALLERGY, *PROBLEM, *FAMILY, *STATUS, *SEVERITY, *LAB_OBSERVATION, _FLAGS)
    if item.has(*IMAGING):
        return any(not isinstance(value, Concept) or bool(value.code) for value in item.values)
    return item.has(SIMPLE, *VITAL_SIGN, DIRECTIVE) and not other and bool(item.values)


def _start(times: Iterable[Period]) -> Timestamp | None:
    return next((time.low for time in times if time.low), None)
