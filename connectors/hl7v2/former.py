"""Former results that a laboratory sends beside those of today: HL7 v2 has no segment for them, only earlier dates.

Two habits are read, both strict, because a curve of glucose or three stools in a row are results of today:

* an OBR of another filler number, released (OBR-22) on a day before another order of the message was collected (OBR-7);
* in one OBR, an OBX observed (OBX-14) on a day before the collection of that order (OBR-7).

What is former and has the same analysis beside it today becomes its previous result, the newest of them; the others go
into the comment. What has none stays a result of its own day, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from connectors.hl7v2.er7 import Segment
from connectors.hl7v2.times import read_moment
from praticien.documents.lab_report import Analysis, Battery, PreviousResult
from praticien.documents.lab_words import previous_words


def is_former_order(obr: Segment, orders: Iterable[Segment]) -> bool:
    """Was it released before another order of the message was even collected?"""
    released, number = read_moment(obr.text(22)), obr.text(3)
    return bool(released and number) and any(
        other.text(3) not in ("", number) and is_before(released, read_moment(other.text(7))) for other in orders
    )


def is_before(moment: datetime | None, collected_at: datetime | None) -> bool:
    """On an earlier day, each by its own clock; never when one is not said."""
    return bool(moment and collected_at) and moment.date() < collected_at.date()  # type: ignore[union-attr]


def placed(batteries: Sequence[Battery], former: Sequence[Analysis]) -> Iterator[Battery]:
    """``batteries``, those of ``former`` (the same objects) that have a result of today beside them moved to it."""
    old = {id(analysis) for analysis in former}
    today = {_key(each) for battery in batteries for each in battery.analyses if id(each) not in old}
    moved: dict[object, list[Analysis]] = {}
    for analysis in former:
        if _key(analysis) in today and _is_told(analysis):
            moved.setdefault(_key(analysis), []).append(analysis)
    gone = {id(analysis) for many in moved.values() for analysis in many}
    for battery in batteries:
        left = [each for each in battery.analyses if id(each) not in gone]
        analyses = tuple(each if id(each) in old else _with(each, moved.get(_key(each), ())) for each in left)
        if analyses:
            yield replace(battery, analyses=analyses)


def _key(analysis: Analysis) -> object:
    """The same analysis: its LOINC code, else the laboratory's own, else its name."""
    code = analysis.code or analysis.local_code
    return (code.system, code.code) if code else analysis.name.casefold()


def _is_told(analysis: Analysis) -> bool:
    return analysis.status.is_complete and analysis.value is not None and analysis.observed_at is not None


def _with(analysis: Analysis, former: Sequence[Analysis]) -> Analysis:
    """The newest as its previous result, the others in words."""
    known = [PreviousResult(one.value, one.observed_at) for one in former if one.value and one.observed_at]
    if not known:
        return analysis
    newest, *others = sorted(known, key=lambda one: one.observed_at, reverse=True)
    words = " ; ".join(previous_words(replace(analysis, previous=one)) for one in others)
    said = (analysis.comment, f"Résultats plus anciens : {words}" if words else "")
    return replace(analysis, previous=newest, comment="\n".join(part for part in said if part))
