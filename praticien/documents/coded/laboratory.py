"""Laboratory results out of any CR-BIO (IHE XD-LAB and its French profiles, 2021 to 2024), microbiology included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from praticien.documents.coded.agreement import result_conflicts
from praticien.documents.coded.facts import LabResult, ResultState
from praticien.documents.coded.model import Concept, Entry

REPORT_ENTRY = "1.3.6.1.4.1.19376.1.3.1"
OBSERVATION = ("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80")
ISOLATE = ("1.3.6.1.4.1.19376.1.3.1.5", "1.2.250.1.213.1.1.3.79")
SPECIMEN = ("1.3.6.1.4.1.19376.1.3.1.2", "1.2.250.1.213.1.1.3.77")
COMMENT = ("1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32")


@dataclass(frozen=True, slots=True, repr=False)
class _Around:
    """What the enclosing entries say of a result."""

    chapter: str = ""
    state: ResultState = ResultState.FINAL
    specimen: str = ""
    organism: str = ""


def results(entries: Iterable[Entry]) -> Iterator[LabResult]:
    """Every result; a former one carried as a reminder (REFR) is none, nor one only wished for (moodCode)."""
    for entry in entries:
        if entry.has(REPORT_ENTRY):
            around = _Around(entry.code.text or entry.source.section, _state(entry.status), _specimen(entry))
            yield from _inside(entry, around)


def _inside(entry: Entry, around: _Around) -> Iterator[LabResult]:
    if entry.has(*ISOLATE):
        around = replace(around, organism=_organism(entry))
    for item in entry.children:
        if item.relation == "REFR":
            continue
        if item.has(*OBSERVATION):
            if item.mood == "EVN":
                yield _result(item, around)
        else:
            inner = replace(around, state=_worst(around.state, _state(item.status)))
            yield from _inside(item, inner)


def _result(item: Entry, around: _Around) -> LabResult:
    return LabResult(
        source=item.source,
        conflicts=result_conflicts(item),
        code=replace(item.code, words=item.code.words or item.source.words),
        values=item.values,
        ranges=item.ranges,
        flags=tuple(flag.code for flag in item.interpretations if flag.code),
        state=_worst(around.state, _state(item.status or "missing")),
        when=next((period.low or period.high for period in item.times), None),
        method=item.method.text if item.method else "",
        specimen=around.specimen,
        organism=around.organism,
        chapter=around.chapter,
        comments=tuple(comment.source.words for comment in item.below(*COMMENT) if comment.source.words),
    )


_STATES = {state.value: state for state in ResultState}


def _state(status: str) -> ResultState:
    """An unknown status is not trusted to be final, nor a result without any; an organizer without one says nothing."""
    return _STATES.get(status, ResultState.FINAL if not status else ResultState.PRELIMINARY)


def _worst(one: ResultState, other: ResultState) -> ResultState:
    order = (ResultState.FINAL, ResultState.PRELIMINARY, ResultState.ABORTED)
    return max(one, other, key=order.index)


def _specimen(entry: Entry) -> str:
    found = next(entry.below(*SPECIMEN), None)
    return _first_text(found.actors[0].code if found and found.actors else None)


def _organism(entry: Entry) -> str:
    found = next((actor for actor in entry.actors if actor.part == "specimen"), None)
    return "" if found is None else found.code.words or found.text


def _first_text(concept: Concept | None) -> str:
    return concept.text if concept else ""
