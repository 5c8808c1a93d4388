"""What a medical synthesis needs before it is built; each problem names its section and line: ``problems.0``."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from praticien.documents.errors import HeaderProblem
from praticien.documents.prescription_check import check_posology
from praticien.documents.summary import MedicalSummary

MAX_LINES = 60
MAX_WORDS = 300


class SummaryProblem(HeaderProblem):
    """A line of the synthesis cannot be sent as it is."""

    code = "summary.line"


class EmptySummary(SummaryProblem):
    """Nothing is said."""

    code = "summary.empty"


class AllergiesUnsaid(SummaryProblem):
    """Neither an allergy nor "none known": whoever reads could not tell silence from absence."""

    code = "summary.allergies"


class AllergiesContradicted(SummaryProblem):
    """Allergies are listed beside "none known"."""

    code = "summary.allergies_contradicted"


class WrongSummaryDay(SummaryProblem):
    """A date that the calendar does not have, that is to come, or an end before its beginning."""

    code = "summary.day"


def check_summary(summary: MedicalSummary, today: date) -> None:
    """Raise the first problem found: EmptySummary, AllergiesUnsaid, AllergiesContradicted, WrongSummaryDay,
    SummaryProblem, PrescriptionProblem (a posology)."""
    if summary.is_empty:
        raise EmptySummary(field="problems")
    if summary.allergies and summary.no_known_allergy:
        raise AllergiesContradicted(field="allergies")
    if not summary.allergies and not summary.no_known_allergy:
        raise AllergiesUnsaid(field="allergies")
    for section in fields(summary):
        lines = getattr(summary, section.name)
        if isinstance(lines, tuple):
            _require(len(lines) <= MAX_LINES, section.name)
            for number, line in enumerate(lines):
                _check_line(line, f"{section.name}.{number}", today)
    for number, drug in enumerate(summary.treatments):
        if drug.posology.is_structured or drug.posology.text:
            check_posology(drug.posology, f"treatments.{number}")


def _require(condition: object, field: str) -> None:
    if not condition:
        raise SummaryProblem(field=field)


def _check_line(line: object, place: str, today: date) -> None:
    said = [line] if isinstance(line, str) else [getattr(line, name, "") for name in ("words", "agent", "name")]
    _require(any(word.strip() for word in said), place)
    said += [getattr(line, name, "") for name in ("reaction", "reason")]
    _require(all(len(word) <= MAX_WORDS and word.isprintable() for word in said), place)
    days = [getattr(line, name, "") for name in ("since", "until", "when")]
    if not all(is_past_day(day, today) for day in days if day):
        raise WrongSummaryDay(field=place)
    if days[0] and days[1] and days[1] < days[0][: len(days[1])]:
        raise WrongSummaryDay(field=place)


def is_past_day(day: str, today: date) -> bool:
    """A year, month or day that the calendar has and that has begun."""
    formats = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d"}
    try:
        found = datetime.strptime(day, formats[len(day)]).date()
    except (KeyError, ValueError):
        return False
    return day.isascii() and found.year >= 1880 and found <= today
