"""Drugs, vaccines and devices out of any document: prescribed (INT), taken (EVN), with their whole posology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from praticien.documents.coded.agreement import treatment_conflicts
from praticien.documents.coded.facts import DeviceSupply, Immunisation, Step, Treatment
from praticien.documents.coded.model import Actor, Concept, Entry, Period, Product

SUBORDINATE = "1.2.250.1.213.1.1.3.83.1"
IMMUNISATION = ("1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45")
DOSE_NUMBER = "2.16.840.1.113883.10.20.1.46"
SUPPLY_REQUEST = "1.3.6.1.4.1.19376.1.9.1.3.8"
SUBSTITUTION = "1.3.6.1.4.1.19376.1.9.1.3.9.1"
PATIENT_INSTRUCTION, PHARMACIST_INSTRUCTION = "1.3.6.1.4.1.19376.1.5.3.1.4.3", "1.3.6.1.4.1.19376.1.5.3.1.4.3.1"
DEVICE = ("1.2.250.1.213.1.1.3.20", "2.16.840.1.113883.10.20.1.34")
IMPLANT = ("1.2.250.1.213.1.1.3.1", "1.2.250.1.213.1.1.3.2")


def treatments(entries: Iterable[Entry]) -> Iterator[Treatment]:
    """Every drug, but vaccines and the reminders inside other statements (RSON, REFR)."""
    for entry in entries:
        is_drug = entry.kind == "substanceAdministration" and not entry.has(*IMMUNISATION, SUBORDINATE)
        if is_drug and entry.product:
            yield _treatment(entry, entry.product)


def _treatment(entry: Entry, product: Product) -> Treatment:
    supply = next(entry.below(SUPPLY_REQUEST), None)
    return Treatment(
        source=entry.source,
        conflicts=treatment_conflicts(entry, steps_of(entry)),
        product=product,
        steps=steps_of(entry),
        mood=entry.mood,
        status=entry.status,
        negated=entry.negated,
        route=entry.route,
        max_doses=entry.max_doses,
        repeats=entry.repeats,
        amount=supply.amount if supply else entry.amount,
        substitution=next((act.code for act in entry.below(SUBSTITUTION)), None),
        reasons=tuple(item.code for item in entry.children if item.relation == "RSON"),
        flags=_flags(entry),
        patient_instructions=_words(entry, PATIENT_INSTRUCTION),
        pharmacist_instructions=_words(entry, PHARMACIST_INSTRUCTION),
        precondition=entry.precondition,
    )


def steps_of(entry: Entry) -> tuple[Step, ...]:
    """The posology: one step, or one for each subordinate of a tapered or split dose."""
    parts = [item for item in entry.children if item.has(SUBORDINATE)]
    return tuple(_step(item) for item in parts or [entry])


def _step(entry: Entry) -> Step:
    return Step(
        dose=entry.dose,
        rhythms=tuple(time for time in entry.times if time.is_repetition),
        dates=_dates(entry.times),
        rate=entry.rate,
    )


def _dates(times: Iterable[Period]) -> Period | None:
    return next((time for time in times if not time.is_repetition), None)


def _flags(entry: Entry) -> tuple[Concept, ...]:
    """Statements about the line that are true: long-term illness, off-label…"""
    return tuple(item.code for item in entry.children if item.kind == "observation" and item.values == (True,))


def _words(entry: Entry, template: str) -> str:
    found = next((item.source.words for item in entry.below(template) if item.templates[-1:] != ()), "")
    return "" if found in ("-", "–") else found


def devices(entries: Iterable[Entry]) -> Iterator[DeviceSupply]:
    """Devices prescribed, supplied or implanted."""
    for entry in entries:
        for item in entry.walk():
            actor = _device(item)
            if actor and (item.has(*DEVICE, *IMPLANT) or item.kind == "supply"):
                yield DeviceSupply(
                    source=item.source,
                    device=actor,
                    mood=item.mood,
                    dates=_dates(item.times),
                    repeats=item.repeats,
                    amount=item.amount,
                    use_time=item.use_time,
                    flags=_flags(item),
                )


def _device(item: Entry) -> Actor | None:
    return next((actor for actor in item.actors if actor.part == "DEV" and actor.text), None)


def immunisations(entries: Iterable[Entry]) -> Iterator[Immunisation]:
    """Vaccinations done or refused (negationInd); those only recommended (INT) are left to the narrative."""
    for entry in entries:
        for item in entry.walk():
            if (
                item.has(*IMMUNISATION)
                and item.kind == "substanceAdministration"
                and item.mood == "EVN"
                and item.product
            ):
                yield Immunisation(
                    source=item.source,
                    product=item.product,
                    when=next((time.low for time in item.times if time.low), None),
                    refused=item.negated,
                    dose_number=_dose_number(item),
                )


def _dose_number(entry: Entry) -> str:
    found = next((item for item in entry.below(DOSE_NUMBER) if item.values), None)
    number = found.values[0] if found else ""
    return str(getattr(number, "written", "") or getattr(number, "text", number))
