"""Coded entries as a page: by kind, each with the words of the narrative where the two disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from praticien.documents.coded.facts import Allergy, CodedFacts, Fact, LabResult, Problem, ResultState, Step, Treatment
from praticien.documents.coded.model import LOINC, Interval, Period, Value
from praticien.documents.prescription_posology import UNITS
from ui.messages.coded import CONFLICT_WORDS, EVENT_WORDS, TIME_UNITS, flags_words
from ui.text import NBSP, count
from ui.viewer.cda_html import CUT, PIECE_ROWS, page

_STATES = {ResultState.PRELIMINARY: "provisoire", ResultState.ABORTED: "abandonné"}
_ALLERGY_STATUS = {
    "active": "active",
    "55561003": "active",
    "recurrence": "active (récidive)",
    "relapse": "active (rechute)",
    "inactive": "inactive",
    "73425007": "inactive",
    "remission": "en rémission",
    "resolved": "résolue",
    "413322009": "résolue",
    "completed": "passée",
    "aborted": "passée",
    "suspended": "suspendue",
}

_COUNTABLE = {unit.code: unit for unit in UNITS if unit.code.startswith(("{", "["))}

_MOST = 2_000
"""Entries of a kind that are shown."""

Column = tuple[str, Callable[[Any], str]]


def facts_page(facts: CodedFacts) -> str:
    """All groups that are not empty."""
    groups: list[tuple[str, Sequence[Fact], list[Column]]] = [
        ("Résultats de biologie", facts.results, _RESULT),
        ("Traitements", facts.treatments, _TREATMENT),
        ("Dispositifs médicaux", facts.devices, _DEVICE),
        ("Allergies et intolérances", facts.allergies, _ALLERGY),
        ("Problèmes et antécédents", facts.problems, _PROBLEM),
        ("Actes", facts.procedures, _PROCEDURE),
        ("Vaccinations", facts.immunisations, _IMMUNISATION),
        ("Autres observations", facts.findings, _FINDING),
    ]
    return page("".join(_group(title, found, columns) for title, found, columns in groups if found))


def conflict_notice(facts: CodedFacts) -> str:
    """One sentence when narrative and codes disagree somewhere, else empty."""
    doubtful = sum(1 for fact in facts if not fact.is_sure)
    if not doubtful:
        return ""
    entries = count(doubtful, "donnée codée ne dit pas", "données codées ne disent pas")
    return f"Désaccord{NBSP}: {entries} la même chose que le texte. Voir l’onglet Données codées."


def _group(title: str, found: Sequence[Fact], columns: list[Column]) -> str:
    used = [(name, words) for name, words in columns if any(words(fact) for fact in found)]
    head = "".join(f"<th>{escape(name)}</th>" for name, _words in used)
    pieces = (found[start : start + PIECE_ROWS] for start in range(0, min(len(found), _MOST), PIECE_ROWS))
    rows = ("".join(_row(fact, used) for fact in piece) for piece in pieces)
    tables = "".join(
        f'<table border="1" cellspacing="0" cellpadding="4"><tr>{head}</tr>{each}</table>' for each in rows
    )
    cut = f"<p><b>{escape(CUT)}</b></p>" if len(found) > _MOST else ""
    return f"<h2>{escape(title)}</h2>{tables}{cut}"


def _row(fact: Fact, columns: list[Column]) -> str:
    cells = "".join(f"<td>{escape(words(fact))}</td>" for _name, words in columns)
    return f"<tr>{cells}</tr>" + (_conflict_row(fact, len(columns)) if fact.conflicts else "")


def _conflict_row(fact: Fact, width: int) -> str:
    """The disagreement in words, with what the narrative says."""
    said = "; ".join(CONFLICT_WORDS[conflict] for conflict in fact.conflicts).replace("; ", f"{NBSP}; ")
    words = escape(f"Désaccord{NBSP}: {said}. Le texte dit{NBSP}: «{NBSP}{fact.source.narrative}{NBSP}».")
    return f'<tr><td colspan="{width}"><b>⚠ {words}</b></td></tr>'


# -- words -----------------------------------------------------------------------------------------------------------


def value_words(values: Iterable[Value]) -> str:
    """Values of any type, for the screen."""
    return ", ".join(_one(value) for value in values)


def _one(value: Value) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value if isinstance(value, str) else value.text


def dates_words(period: Period | None) -> str:
    """``12/03/2026``, ``du 12/03/2026 au 18/03/2026``, ``depuis le …``, ``pendant 6 jour(s)``."""
    if period is None:
        return ""
    low, high = (end.text if end else "" for end in (period.low, period.high))
    if low and high:
        return low if low == high else f"{_article('du', 'de', low)} {low} {_article('au', 'à', high)} {high}"
    lasting = ""
    if period.width:
        lasting = (
            f"pendant {period.width.value.normalize():f}{NBSP}{TIME_UNITS.get(period.width.unit, period.width.unit)}"
        )
    beginning = _article("à partir du", "à partir de", low) if lasting else _article("depuis le", "depuis", low)
    end = f"{_article('jusqu’au', 'jusqu’en', high)} {high}" if high else ""
    return " ".join(part for part in (f"{beginning} {low}" if low else "", end, lasting) if part)


def _article(of_day: str, otherwise: str, written: str) -> str:
    """« depuis le 12/03/2026 », but « depuis 2012 »."""
    return of_day if written.count("/") == 2 else otherwise


def rhythm_words(period: Period) -> str:
    """``le matin``, ``toutes les 8 h``, ``1 fois par jour``."""
    if period.event:
        return EVENT_WORDS.get(period.event, period.event)
    if period.every is None:
        return ""
    number, unit = period.every.value.normalize(), period.every.unit
    if period.institution_specified and unit == "h" and number and 24 % number == 0:
        return f"{24 // number:f}{NBSP}fois par jour"  # the hours are left open
    return (
        "1 fois par jour" if number == 1 and unit == "d" else f"toutes les {number:f}{NBSP}{TIME_UNITS.get(unit, unit)}"
    )


def dose_words(dose: Interval) -> str:
    """``1 à 2 comprimés``: countable units as the prescription form names them, others as they are."""
    ends = [end for end in (dose.low, dose.high) if end]
    unit = _COUNTABLE.get(ends[-1].unit)
    if unit is None or len({end.unit for end in ends}) != 1:
        return dose.text
    bare = [replace(end, unit="") if end else None for end in (dose.low, dose.high)]
    amounts = Interval(low=bare[0], high=bare[1]).text
    return f"{amounts} {unit.plural if ends[-1].value >= 2 else unit.singular}"


def step_words(step: Step) -> str:
    """Dose, rhythm and dates of one stretch of a posology."""
    rhythm = ", ".join(rhythm_words(period) for period in step.rhythms)
    parts = (dose_words(step.dose) if step.dose else "", rhythm, dates_words(step.dates))
    return " ".join(part for part in parts if part)


def _posology(drug: Treatment) -> str:
    steps = f"{NBSP}; puis ".join(words for step in drug.steps if (words := step_words(step)))
    return steps or next((cell for heading, cell in drug.source.row if "osolog" in heading), "")


def _treatment_state(drug: Treatment) -> str:
    if drug.negated:
        return "non administré"
    if drug.status in ("aborted", "suspended", "cancelled"):
        return "interrompu"
    return "prescrit" if drug.mood in ("INT", "RQO") else ""


def _allergy_name(allergy: Allergy) -> str:
    absent = allergy.negated and not allergy.is_absence
    return f"pas d’allergie{NBSP}: {allergy.agent.text}" if absent else allergy.agent.text or allergy.kind.text


def _problem_state(problem: Problem) -> str:
    if problem.negated:
        return "écarté"
    if problem.relative:
        return f"famille{NBSP}: {problem.relative}"
    return "en cours" if problem.is_active else "antécédent"


def _result_name(result: LabResult) -> str:
    name = result.code.words or result.code.text
    return f"{result.organism} — {name}" if result.organism else name


def _dated(found: Any) -> str:
    when = getattr(found, "when", None)
    return when.text if when else ""


_RESULT: list[Column] = [
    ("Analyse", _result_name),
    ("Résultat", lambda one: value_words(one.values)),
    ("Référence", lambda one: " ; ".join(bounds.text for bounds in one.ranges).replace(" ;", f"{NBSP};")),
    ("Signalement", lambda one: flags_words(one.flags)),
    ("Date", _dated),
    ("État", lambda one: _STATES.get(one.state, "")),
    ("Méthode", lambda one: one.method),
    ("LOINC", lambda one: one.code.in_system(LOINC)),
]
_TREATMENT: list[Column] = [
    ("Médicament", lambda one: one.product.text),
    ("Posologie", _posology),
    ("Voie", lambda one: one.route.text if one.route else ""),
    ("Motif", lambda one: ", ".join(reason.text for reason in one.reasons)),
    ("Renouv.", lambda one: "" if one.repeats is None else str(one.repeats)),
    ("Instructions", lambda one: one.patient_instructions),
    ("Mentions", lambda one: ", ".join(flag.text for flag in one.flags)),
    ("État", _treatment_state),
]
_DEVICE: list[Column] = [
    ("Dispositif", lambda one: one.device.text),
    ("Dates", lambda one: dates_words(one.dates)),
    ("Quantité", lambda one: one.amount.text if one.amount else ""),
]
_ALLERGY: list[Column] = [
    ("Agent", _allergy_name),
    ("Type", lambda one: one.kind.text),
    ("Réactions", lambda one: ", ".join(reaction.text for reaction in one.reactions)),
    ("Gravité", lambda one: one.severity),
    ("Depuis", lambda one: one.since.text if one.since else ""),
    ("Statut", lambda one: _ALLERGY_STATUS.get(one.status, one.status)),
]
_PROBLEM: list[Column] = [
    ("Problème", lambda one: one.code.text),
    ("Dates", lambda one: dates_words(one.dates)),
    ("État", _problem_state),
    ("Code", lambda one: one.code.code),
]
_PROCEDURE: list[Column] = [
    ("Acte", lambda one: one.code.text),
    ("Date", lambda one: dates_words(one.dates)),
    ("Code", lambda one: one.code.code),
]
_IMMUNISATION: list[Column] = [
    ("Vaccin", lambda one: one.product.text),
    ("Date", _dated),
    ("Rang", lambda one: one.dose_number),
    ("Lot", lambda one: one.product.lot),
    ("État", lambda one: "non fait" if one.refused else ""),
]
_FINDING: list[Column] = [
    ("Observation", lambda one: one.code.text),
    ("Valeur", lambda one: f"non{NBSP}: {value_words(one.values)}" if one.negated else value_words(one.values)),
    ("Date", _dated),
]
