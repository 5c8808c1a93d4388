"""What documents already say, as lines of a medical synthesis: a former synthesis whole, other documents one by one.

Nothing that a document's own text contradicts is taken without saying so, and every line keeps its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from praticien.documents.cda_model import Block, ListBlock, Paragraph, Section, Table
from praticien.documents.coded.facts import Allergy, CodedFacts, Fact, Problem, Procedure, Treatment
from praticien.documents.coded.model import LOINC, Concept, Period, Source
from praticien.documents.coded.wording import plain
from praticien.documents.prescription import CIP, CIS, UCD, Posology, ProductCode
from praticien.documents.prescription_posology import parse
from praticien.documents.prescription_products import unit_in
from praticien.documents.renewal import ORDERS, days_in
from praticien.documents.summary import (
    AllergyKind,
    Condition,
    FamilyHistory,
    Habit,
    HabitKind,
    Intervention,
    KnownAllergy,
    LongTreatment,
    MedicalSummary,
    Relative,
)
from praticien.documents.summary_words import NOTHING
from praticien.matching import fold
from praticien.metadata import Code

_SHORT_DAYS = 28


@dataclass(frozen=True, slots=True, repr=False)
class ReadDocument:
    """A document that was opened: its title and day as shown, and what its codes say."""

    unique_id: str
    title: str
    day: str
    facts: CodedFacts


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A line that could go into ``part``; ``is_sure``: the source does not contradict itself."""

    part: str
    line: Any
    source: str
    is_sure: bool = True


def proposals(documents: Iterable[ReadDocument], already: MedicalSummary) -> tuple[Proposal, ...]:
    """Lines of the documents read that the synthesis does not have yet, each once, sure ones first."""
    known = {_name(part, line) for part in _PARTS for line in getattr(already, part)}
    found: dict[tuple[str, str], Proposal] = {}
    for document in documents:
        source = f"{document.title}, {document.day}"
        for part, line, fact in lines_of(document.facts):
            name = _name(part, line)
            if name not in known and (name not in found or not found[name].is_sure):
                found[name] = Proposal(part, line, source, fact.is_sure)
    return tuple(sorted(found.values(), key=lambda one: (not one.is_sure, _PARTS.index(one.part))))


_PARTS = ("problems", "history", "interventions", "allergies", "treatments", "habits", "family")


def _name(part: str, line: Any) -> tuple[str, str]:
    """The same thing under the same name, whatever its date: a disease over or not is one disease."""
    said = getattr(line, "name", "") or getattr(line, "agent", "") or line.words
    return ("problems" if part == "history" else part), fold(said)


def former(facts: CodedFacts, vigilance: Iterable[str] = (), work: Iterable[str] = ()) -> MedicalSummary:
    """A former synthesis, to go on from; its contradictions are left in, as their lines are seen before signing."""
    parts: dict[str, list[Any]] = {part: [] for part in _PARTS}
    for part, line, _fact in lines_of(facts):
        parts[part].append(line)
    absent = any(one.is_absence or one.negated for one in facts.allergies) and not parts["allergies"]
    lines = {part: tuple(found) for part, found in parts.items()}
    return MedicalSummary(**lines, no_known_allergy=absent, vigilance=tuple(vigilance), work=tuple(work))


def lines_of(facts: CodedFacts) -> Iterator[tuple[str, Any, Fact]]:
    """(part, line, fact) for whatever belongs in a synthesis; what is denied is left out."""
    for problem in facts.problems:
        if not problem.negated:
            yield _problem(problem)
    yield from (("interventions", _act(act), act) for act in facts.procedures if act.mood == "EVN")
    yield from (("allergies", _allergy(one), one) for one in facts.allergies if not one.negated and not one.is_absence)
    yield from (("treatments", _drug(drug), drug) for drug in facts.treatments if _is_for_long(drug))
    habits = {kind.value.code: kind for kind in HabitKind}
    for finding in facts.findings:
        kind = habits.get(finding.code.in_system(LOINC))
        said = " ".join(str(getattr(value, "text", value)) for value in finding.values)
        if kind and said:
            yield "habits", Habit(kind, said), finding


def words_under(sections: Iterable[Section], code: str) -> tuple[str, ...]:
    """The lines of the sections of this code, which no entry codes; "nothing to say" left out."""
    found: list[str] = []
    for section in sections:
        if section.code and section.code.code == code:
            found += [line for block in section.blocks for line in _lines_in(block)]
        found += words_under(section.sections, code)
    return tuple(line for line in found if line != NOTHING)


def _lines_in(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield " ".join("".join(run.text for run in block.runs).split())
    elif isinstance(block, ListBlock):
        yield from (line for item in block.items for inner in item.blocks for line in _lines_in(inner))
    elif isinstance(block, Table):
        for row in block.rows[block.header_rows :]:
            yield " ".join(line for cell in row for inner in cell.blocks for line in _lines_in(inner))


def _problem(problem: Problem) -> tuple[str, Any, Fact]:
    said, code = _said(problem.code), _code(problem.code)
    if problem.relative:
        relative = next((one for one in Relative if fold(one.words) == fold(problem.relative)), None)
        line = FamilyHistory(relative or Relative.OTHER, said if relative else f"{problem.relative} : {said}", code)
        return "family", line, problem
    since, until = _days(problem.dates)
    if problem.is_active:
        return "problems", Condition(said, code, since), problem
    return "history", Condition(said, code, since, until), problem


def _said(concept: Concept) -> str:
    """The narrative's words, which the author read, before the label of the code."""
    return " ".join((concept.words or concept.text).split())


def _code(concept: Concept) -> Code | None:
    return Code(concept.code, concept.system, concept.label) if concept.code and concept.system else None


def _days(dates: Period | None) -> tuple[str, str]:
    low, high = (dates.low, dates.high) if dates else (None, None)
    since, until = (end.raw[:8] if end and end.raw[:8].isdigit() else "" for end in (low, high))
    return since, until if until != since else ""


def _act(act: Procedure) -> Intervention:
    return Intervention(_said(act.code), _code(act.code), _days(act.dates)[0])


def _allergy(one: Allergy) -> KnownAllergy:
    kind = next((kind for kind in AllergyKind if kind.value.code == one.kind.code), AllergyKind.SUBSTANCE)
    since = one.since.raw[:8] if one.since and one.since.raw[:8].isdigit() else ""
    reaction = ", ".join(filter(None, (_said(reaction) for reaction in one.reactions)))
    return KnownAllergy(_said(one.agent), kind, _code(one.agent), since, reaction)


def _is_for_long(drug: Treatment) -> bool:
    """Taken, or prescribed for over four weeks or nobody knows how long: last week's antibiotic is no such thing."""
    lengths = [days_in(step.dates) for step in drug.steps]
    is_short = drug.mood in ORDERS and all(lengths) and sum(lengths) <= _SHORT_DAYS
    return not drug.negated and not is_short


def _drug(drug: Treatment) -> LongTreatment:
    code = next(
        (ProductCode(found, system) for system in (CIS, CIP, UCD) if (found := drug.product.code.in_system(system))),
        None,
    )
    posology = parse(_cell(drug.source, "posolog"), unit_in(drug.product.text)) if drug.is_sure else Posology()
    if posology.is_structured:  # how long it was prescribed for is no part of a treatment that goes on
        posology = replace(posology, duration=None)
    dates = drug.steps[0].dates if drug.steps and drug.mood not in ORDERS else None  # an order says when it was written
    since = dates.low if dates else None
    reason = ", ".join(filter(None, (_said(reason) for reason in drug.reasons))) or _cell(drug.source, "motif")
    return LongTreatment(drug.product.text, posology, code, since.raw[:8] if since else "", reason)


def _cell(source: Source, heading: str) -> str:
    return next((cell for name, cell in source.row if heading in plain(name) and cell not in ("", "-")), "")
