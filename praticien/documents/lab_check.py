"""What a laboratory report needs before it is built; each problem names its place: ``lab.0.3`` (chapter, result)."""

from __future__ import annotations

from praticien.documents.errors import HeaderProblem
from praticien.documents.lab_codes import CHAPTERS, INTERPRETATIONS
from praticien.documents.lab_report import (
    Analysis,
    Chapter,
    CodedValue,
    Interval,
    LabReport,
    Quantity,
    TextValue,
    Titre,
)
from praticien.documents.lab_units import UCUM

MAX_RESULTS = 2000
MAX_NAME = 300
MAX_TEXT = 20_000
FIELD = "lab"


class LabProblem(HeaderProblem):
    """A chapter or a result cannot be sent as it is."""

    code = "lab.result"


class EmptyLabReport(LabProblem):
    """The report has no result."""

    code = "lab.empty"


class IncompleteLabReport(LabProblem):
    """Results are awaited or not validated: only complete reports go out."""

    code = "lab.incomplete"


def check_lab_report(report: LabReport) -> None:
    """Raise the first problem found: EmptyLabReport, IncompleteLabReport, LabProblem."""
    analyses = tuple(report.analyses)
    if not analyses:
        raise EmptyLabReport(field=FIELD)
    if not report.is_complete:
        raise IncompleteLabReport(field=FIELD)
    _require(len(analyses) <= MAX_RESULTS, FIELD, "too many results")
    _require(_is_text(report.comment), FIELD, "unusable comment")
    _require(len({chapter.code.code for chapter in report.chapters}) == len(report.chapters), FIELD, "chapter twice")
    for number, chapter in enumerate(report.chapters):
        _check_chapter(chapter, f"{FIELD}.{number}")


def _require(condition: object, field: str, detail: str) -> None:
    if not condition:
        raise LabProblem(detail, field=field)


def _check_chapter(chapter: Chapter, place: str) -> None:
    _require(chapter.code.code in CHAPTERS, place, "unknown chapter")
    _require(any(True for _ in chapter.analyses) or chapter.isolates, place, "empty chapter")
    _require(_is_text(chapter.comment), place, "unusable comment")
    names = [battery.name for battery in chapter.batteries] + [specimen.name for specimen in chapter.specimens]
    _require(all(_is_line(name) for name in names), place, "unusable name")
    _require(all(isolate.name.strip() and _is_line(isolate.name) for isolate in chapter.isolates), place, "isolate")
    _require(all(battery.analyses for battery in chapter.batteries), place, "empty battery")
    for number, analysis in enumerate(chapter.analyses):
        _check_analysis(analysis, f"{place}.{number}")


def _check_analysis(analysis: Analysis, place: str) -> None:
    _require(analysis.name.strip() and _is_line(analysis.name), place, "name missing or too long")
    _require(_is_line(analysis.method) and _is_text(analysis.comment), place, "unusable text")
    _require(all(flag in INTERPRETATIONS for flag in analysis.flags), place, "unknown interpretation")
    _require(len(set(analysis.flags)) == len(analysis.flags), place, "the same interpretation twice")
    _require(_is_usable(analysis.value), place, "unusable value")
    if analysis.previous:
        _require(_is_usable(analysis.previous.value), place, "unusable previous value")
    reference = analysis.reference
    if reference:
        _require(_is_text(reference.text) and _is_unit(reference.unit), place, "unusable reference")
        if reference.low is not None and reference.high is not None:
            _require(reference.low <= reference.high, place, "reference upside down")


def _is_usable(value: object) -> bool:
    if isinstance(value, Quantity):
        return value.value.is_finite() and _is_unit(value.unit) and value.comparator in ("", "<", "<=", ">", ">=")
    if isinstance(value, Titre):
        return value.numerator > 0 and value.denominator > 0
    if isinstance(value, Interval):
        return value.low.is_finite() and value.high.is_finite() and value.low <= value.high and _is_unit(value.unit)
    if isinstance(value, CodedValue):
        return bool(value.code.code.strip() and value.code.display.strip()) and _is_line(value.code.display)
    return value is None or (isinstance(value, TextValue) and bool(value.text.strip()) and _is_text(value.text))


def _is_unit(unit: str) -> bool:
    return not unit or unit in UCUM


def _is_line(text: str) -> bool:
    return len(text) <= MAX_NAME and text.isprintable()


def _is_text(text: str) -> bool:
    return len(text) <= MAX_TEXT and all(part.isprintable() for part in text.split("\n"))
