"""Laboratory values of one patient, whatever report they stand in: series by analyte in one unit, in order of date.

What cannot be counted on is set aside with the reason, never mixed in: preliminary or aborted results, those of a
report since replaced, values that the narrative contradicts, values without date or number, units that do not convert.
A number without unit meets no percentage (45 may be a haematocrit whose unit was forgotten), FEU no DDU.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from praticien import ucum
from praticien.documents.cda_model import CdaHeader, Timestamp
from praticien.documents.coded.analytes import analyte_of
from praticien.documents.coded.facts import LabResult, ResultState
from praticien.documents.coded.model import LOINC, Interval, Quantity, Source

_DIGITS = 4


class Aside(Enum):
    """Why a result enters no series; the value is the key of the window's sentence."""

    PRELIMINARY = "lab.preliminary"
    ABORTED = "lab.aborted"
    REPLACED = "lab.replaced"
    CONFLICT = "lab.conflict"
    NO_NUMBER = "lab.no_number"
    NO_DATE = "lab.no_date"
    OTHER_UNIT = "lab.other_unit"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """One report as read. ``is_current`` is False for one that the registry no longer holds as the valid version."""

    header: CdaHeader
    results: tuple[LabResult, ...]
    is_current: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Point:
    """One value in the series' unit; ``given`` is the value as the report has it."""

    when: Timestamp
    value: Decimal
    given: Quantity
    loinc: str
    low: Decimal | None
    high: Decimal | None
    flag: str
    source: Source
    sign: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Series:
    """The values of one analyte, oldest first, all in ``unit``."""

    name: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, repr=False)
class LabTable:
    """``series`` by analyte, ``local`` results without LOINC, ``aside`` what was left out and why."""

    series: tuple[Series, ...]
    local: tuple[LabResult, ...]
    aside: tuple[tuple[LabResult, Aside], ...]


def lab_table(reports: Iterable[Report]) -> LabTable:
    """The table of these reports, all of one patient."""
    reports = list(reports)
    replaced = set(_replaced(reports))
    aside: list[tuple[LabResult, Aside]] = []
    local: list[LabResult] = []
    points: dict[str, list[tuple[LabResult, Point]]] = {}
    for number, report in enumerate(reports):
        for result in report.results:
            reason = Aside.REPLACED if number in replaced or not report.is_current else _reason(result)
            if reason:
                aside.append((result, reason))
            elif not result.code.in_system(LOINC):
                local.append(result)
            else:
                points.setdefault(_key(result), []).append((result, _point(result)))
    series = []
    for found in points.values():
        made, left = _series(found)
        series.append(made)
        aside += left
    return LabTable(tuple(sorted(series, key=lambda one: one.name.casefold())), tuple(local), tuple(aside))


def _replaced(reports: list[Report]) -> Iterator[int]:
    """Earlier versions: named by a relatedDocument RPLC, or of the same set with a lower number."""
    named = {r.identifier for report in reports for r in report.header.related if r.relation == "RPLC"}
    newest: dict[str, int] = {}
    for report in reports:
        key = report.header.set_id
        newest[key] = max(newest.get(key, 0), report.header.version or 1)
    for number, report in enumerate(reports):
        header = report.header
        if header.identifier in named or (header.set_id and (header.version or 1) < newest[header.set_id]):
            yield number


def _reason(result: LabResult) -> Aside | None:
    if result.state is not ResultState.FINAL:
        return Aside.ABORTED if result.state is ResultState.ABORTED else Aside.PRELIMINARY
    if not result.is_sure:
        return Aside.CONFLICT
    if _number(result) is None:
        return Aside.NO_NUMBER
    return None if result.when and _day(result.when) else Aside.NO_DATE


def _number(result: LabResult) -> tuple[str, Quantity] | None:
    """Sign and number: a plain quantity, or a bound (« < 5 »)."""
    value = result.values[0] if len(result.values) == 1 else None
    if isinstance(value, Quantity):
        return "", value
    if isinstance(value, Interval) and value.low and value.high and value.low.value == value.high.value:
        return "", value.low
    if isinstance(value, Interval) and (value.low is None) != (value.high is None):
        sign = ("≥" if value.low_included else ">") if value.low else ("≤" if value.high_included else "<")
        bound = value.low or value.high
        return (sign, bound) if bound else None
    return None


def _key(result: LabResult) -> str:
    """What grew, and what was measured: two isolates of one culture are two series."""
    loinc = result.code.in_system(LOINC)
    analyte = analyte_of(loinc)
    return f"{result.organism}|{analyte.name if analyte else loinc}"


def _point(result: LabResult) -> Point:
    found = _number(result)
    assert found is not None  # _reason saw to both
    assert result.when is not None
    sign, given = found
    bounds = result.ranges[0].interval if len(result.ranges) == 1 else None
    low = bounds.low.value if bounds and bounds.low and _unit(bounds.low) == _unit(given) else None
    high = bounds.high.value if bounds and bounds.high and _unit(bounds.high) == _unit(given) else None
    return Point(
        result.when,
        given.value,
        given,
        result.code.in_system(LOINC),
        low,
        high,
        " ".join(result.flags),
        result.source,
        sign,
    )


def _series(found: list[tuple[LabResult, Point]]) -> tuple[Series, list[tuple[LabResult, Aside]]]:
    """All in the unit of the newest value; what does not convert is set aside."""
    found = sorted(found, key=lambda pair: _day(pair[1].when) or "")
    newest_result, newest = found[-1]
    unit = _unit(newest.given)
    points, aside = [], []
    for result, point in found:
        converted = _converted(point, unit)
        if converted:
            points.append(converted)
        else:
            aside.append((result, Aside.OTHER_UNIT))
    analyte = analyte_of(newest.loinc)
    name = analyte.name if analyte else newest_result.code.label or newest_result.code.text
    if newest_result.organism:
        name = f"{newest_result.organism} — {name}"
    return Series(name, unit, tuple(points)), aside


def _converted(point: Point, unit: str) -> Point | None:
    analyte, given = analyte_of(point.loinc), _unit(point.given)
    if (given == "1") != (unit == "1") or _measured_otherwise(given, unit):
        return None
    factor = analyte.factor(given, unit) if analyte else ucum.factor(given, unit)
    if factor is None:
        return None
    if factor == 1:
        return point
    low, high = (None if bound is None else _shown(bound * factor) for bound in (point.low, point.high))
    return replace(point, value=_shown(point.value * factor), low=low, high=high)


def _unit(given: Quantity) -> str:
    """In UCUM, as far as the field's spellings are known; "1" for a bare number."""
    return ucum.from_field(given.unit) or "1"


def _measured_otherwise(one: str, other: str) -> bool:
    """Two annotations that differ, as in ng/mL{FEU} and ng/mL{DDU}: UCUM ignores them, a reader does not."""
    notes = ["".join(re.findall(r"\{([^}]*)\}", unit)) for unit in (one, other)]
    first, second = ("".join(char for char in note.lower() if char.isalnum()) for note in notes)
    return bool(first and second) and first != second


def _shown(value: Decimal) -> Decimal:
    """Four significant digits: a conversion adds no precision."""
    return Decimal(f"{value:.{_DIGITS - 1}e}").normalize()


def _day(when: Timestamp) -> str:
    """Something to sort by; empty for a date that cannot be read, or without its day."""
    raw = when.raw
    if len(raw) < 8 or not raw[:8].isdigit():
        return ""
    moment = when.moment
    if moment:
        return moment.astimezone().strftime("%Y%m%d%H%M%S")
    try:
        datetime.strptime(raw[:8], "%Y%m%d")
    except ValueError:
        return ""
    return raw[:14].split("+")[0].split("-")[0]
