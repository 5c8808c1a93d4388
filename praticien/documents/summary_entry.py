"""Quick entry of a medical synthesis, one line a thing: ``2012 HTA``, ``père : infarctus``, ``Amlodipine : 1 matin``.

Every line is understood: what no rule knows is words. What ``write`` gives, ``read`` takes back as the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from praticien.documents.prescription import ProductCode
from praticien.documents.prescription_posology import parse, words
from praticien.documents.prescription_products import unit_in
from praticien.documents.summary import (
    CIM10,
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
    day_words,
)
from praticien.matching import fold
from praticien.metadata import Code

_FILE = Path(__file__).with_name("summary_conditions.json")
_DAY = r"(?:\d{1,2}/){0,2}\d{4}"
_FIRST = re.compile(rf"(?P<since>{_DAY})(?:\s?(?:-|–|à)\s?(?P<until>{_DAY}))?\s?:?\s(?P<words>.*\S)")
_LAST = re.compile(rf"(?P<words>.*\S)\s(?:depuis|en|le)\s(?:le\s)?(?P<since>{_DAY})", re.I)
_REASON = re.compile(r"(?P<rest>.*\S)\s?\((?P<reason>[^()]+)\)")
_FOOD = "arachide cacahuete lait oeuf ble gluten lactose soja kiwi poisson crustace fruit noix noisette amande sesame"
_FOOD += " celeri moutarde fraise banane avocat mollusque crevette"
_DRUG = "amoxicilline penicilline augmentin aspirine ains ibuprofene paracetamol codeine morphine tramadol sulfamide"
_DRUG += " cephalosporine quinolone macrolide iode contraste anesthesique heparine insuline vaccin ketoprofene bactrim"
_INTOLERANCE = re.compile(r"(?i)intol[ée]rance\s(?:à la|aux|au|à l['’]|à)\s?(?P<agent>.*\S)")
_ALLERGY = re.compile(r"(?i)allergie\s(?:à la|aux|au|à l['’]|à)\s?(?P<agent>.*\S)")
_KIND_WORDS = {
    AllergyKind.DRUG: "médicament",
    AllergyKind.FOOD: "aliment",
    AllergyKind.SUBSTANCE: "substance",
    AllergyKind.DRUG_INTOLERANCE: "intolérance, médicament",
    AllergyKind.FOOD_INTOLERANCE: "intolérance, aliment",
}
_HABITS = {
    HabitKind.TOBACCO: r"TABA|FUME|CIGARETTE|\bPA\b|PAQUET|VAPOT",
    HabitKind.ALCOHOL: r"ALCOO|\bVERRE",
    HabitKind.DRUGS: r"CANNABIS|DROGUE|COCAINE|HEROINE|TOXICO|STUPEFIANT",
    HabitKind.EXERCISE: r"SPORT|ACTIVITE|MARCHE|SEDENTAI|EXERCICE|\bVELO",
    HabitKind.DIET: r"REGIME|ALIMENTATION|VEGETARI|VEGAN",
    HabitKind.EXPOSURE: r"EXPOS|VOYAGE",
}
_HABIT_NAMES = {
    HabitKind.TOBACCO: "tabac",
    HabitKind.ALCOHOL: "alcool",
    HabitKind.DRUGS: "drogue",
    HabitKind.EXERCISE: "activité",
    HabitKind.DIET: "régime",
    HabitKind.EXPOSURE: "exposition",
    HabitKind.OTHER: "autre",
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Codes by folded words, and the full words of abbreviations; ``drugs`` are codes of products by name."""

    codes: Mapping[str, Code] = field(default_factory=dict)
    full: Mapping[str, str] = field(default_factory=dict)
    drugs: Mapping[str, ProductCode] = field(default_factory=dict)

    def with_codes(self, more: Mapping[str, Code]) -> Lexicon:
        """The same with codes read elsewhere, which go before its own."""
        return replace(self, codes={**self.codes, **more})

    def named(self, typed: str) -> tuple[str, Code | None]:
        """The words to write and their code, when they are known."""
        said = self.full.get(fold(typed), typed)
        return said, self.codes.get(fold(said))


@cache
def bundled() -> Lexicon:
    """The small list of frequent diseases (CIM-10)."""
    codes: dict[str, Code] = {}
    full: dict[str, str] = {}
    for name, others, code, display in json.loads(_FILE.read_text("utf-8"))["conditions"]:
        codes[fold(name)] = Code(code, CIM10, display)
        full |= {fold(other): name for other in (name, *others)}
    return Lexicon(codes, full)


# -- reading ---------------------------------------------------------------------------------------------------------


def read(typed: Mapping[str, str], lexicon: Lexicon, *, no_known_allergy: bool = False) -> MedicalSummary:
    """The synthesis that was typed, a text a part (keys: the fields of MedicalSummary). Never raises."""
    parts: dict[str, Any] = {
        name: tuple(read_line(name, line, lexicon) for line in lines_of(typed.get(name, ""))) for name in READERS
    }
    return MedicalSummary(**parts, no_known_allergy=no_known_allergy)


def lines_of(text: str) -> list[str]:
    """The lines that say something, blanks collapsed."""
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def read_line(part: str, line: str, lexicon: Lexicon) -> Any:
    """One line of a part."""
    return READERS[part](line, lexicon)


def _dated(line: str) -> tuple[str, str, str]:
    """Since, until, and the rest."""
    found = _FIRST.fullmatch(line) or _LAST.fullmatch(line)
    if not found:
        return "", "", line
    until = found.groupdict().get("until") or ""
    return _compact(found["since"]), _compact(until), found["words"]


def _compact(day: str) -> str:
    """``12/3/2018`` as ``20180312``."""
    return "".join(part.zfill(2) for part in reversed(day.split("/"))) if day else ""


def _condition(line: str, lexicon: Lexicon) -> Condition:
    since, until, said = _dated(line)
    named, code = lexicon.named(said)
    return Condition(named, code, since, until)


def _intervention(line: str, lexicon: Lexicon) -> Intervention:
    when, _until, said = _dated(line)
    return Intervention(said, lexicon.codes.get(fold(said)), when)


def _allergy(line: str, lexicon: Lexicon) -> KnownAllergy:
    since, _until, said = _dated(line)
    agent, _colon, reaction = (part.strip() for part in said.partition(" : "))
    agent, kind = _agent(agent)
    return KnownAllergy(agent, kind, lexicon.codes.get(fold(agent)), since, reaction)


def _agent(said: str) -> tuple[str, AllergyKind]:
    for kind, tag in _KIND_WORDS.items():
        if said.endswith(f" ({tag})"):
            return said.removesuffix(f" ({tag})"), kind
    if found := _INTOLERANCE.fullmatch(said):
        is_food = _holds(found["agent"], _FOOD)
        return found["agent"], AllergyKind.FOOD_INTOLERANCE if is_food else AllergyKind.DRUG_INTOLERANCE
    found = _ALLERGY.fullmatch(said)
    agent = found["agent"] if found else said
    return agent, _kind_of(agent)


def _kind_of(agent: str) -> AllergyKind:
    if _holds(agent, _DRUG):
        return AllergyKind.DRUG
    return AllergyKind.FOOD if _holds(agent, _FOOD) else AllergyKind.SUBSTANCE


def _holds(text: str, names: str) -> bool:
    said = fold(text).split()
    return any(word.removesuffix("S") == name for word in said for name in names.upper().split())


def _treatment(line: str, lexicon: Lexicon) -> LongTreatment:
    since, _until, said = _dated(line)
    found = _REASON.fullmatch(said)
    said, reason = (found["rest"], found["reason"]) if found else (said, "")
    name, _colon, posology = (part.strip() for part in said.partition(" : "))
    return LongTreatment(name, parse(posology, unit_in(name)), lexicon.drugs.get(name), since, reason)


def _habit(line: str, _lexicon: Lexicon) -> Habit:
    named, colon, said = (part.strip() for part in line.partition(" : "))
    kind = next((kind for kind, name in _HABIT_NAMES.items() if fold(name) == fold(named)), None)
    if kind and colon and said:
        return Habit(kind, said)
    return Habit(_habit_of(line), line)


def _habit_of(line: str) -> HabitKind:
    return next((kind for kind, marks in _HABITS.items() if re.search(marks, fold(line))), HabitKind.OTHER)


def _family(line: str, lexicon: Lexicon) -> FamilyHistory:
    who, colon, said = (part.strip() for part in line.partition(" : "))
    relative = next((one for one in Relative if fold(one.words) == fold(who)), None)
    if relative is None or not colon or not said:
        return FamilyHistory(Relative.OTHER, line)
    named, code = lexicon.named(said)
    return FamilyHistory(relative, named, code)


def _words(line: str, _lexicon: Lexicon) -> str:
    return line


READERS: dict[str, Callable[[str, Lexicon], Any]] = {
    "problems": _condition,
    "history": _condition,
    "interventions": _intervention,
    "allergies": _allergy,
    "treatments": _treatment,
    "habits": _habit,
    "work": _words,
    "family": _family,
    "vigilance": _words,
}
"""How a line of each part is read, in the order of the form."""


# -- writing ---------------------------------------------------------------------------------------------------------


def write(lines: Iterable[Any]) -> str:
    """The lines of one part as they would be typed."""
    return "\n".join(write_line(line) for line in lines)


def write_line(line: Any) -> str:
    """One line as it would be typed."""
    writer = _WRITERS.get(type(line))
    return writer(line) if writer else str(line)


def _write_condition(one: Condition) -> str:
    until = f"-{day_words(one.until)}" if one.since and one.until else ""
    return _with_day(one.since, one.words, until)


def _write_allergy(one: KnownAllergy) -> str:
    tag = "" if _agent(one.agent) == (one.agent, one.kind) else f" ({_KIND_WORDS[one.kind]})"
    return _with_day(one.since, f"{one.agent}{tag}" + (f" : {one.reaction}" if one.reaction else ""))


def _write_treatment(one: LongTreatment) -> str:
    said = words(one.posology)
    parts = (one.name, f" : {said}" if said else "", f" ({one.reason})" if one.reason else "")
    return _with_day(one.since, "".join(parts))


def _write_habit(one: Habit) -> str:
    return one.words if _habit(one.words, Lexicon()) == one else f"{_HABIT_NAMES[one.kind]} : {one.words}"


def _write_family(one: FamilyHistory) -> str:
    return one.words if one.relative is Relative.OTHER else f"{one.relative.words} : {one.words}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Condition: _write_condition,
    Intervention: lambda one: _with_day(one.when, one.words),
    KnownAllergy: _write_allergy,
    LongTreatment: _write_treatment,
    Habit: _write_habit,
    FamilyHistory: _write_family,
}


def _with_day(day: str, said: str, until: str = "") -> str:
    return f"{day_words(day)}{until} {said}" if day else said
