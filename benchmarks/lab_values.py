"""Values out of many laboratory reports of one patient: read, compared with their text, one table; nothing is kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks import lab_report
from benchmarks.figures import Row, Section
from benchmarks.laps import Laps
from benchmarks.setting import SOFTWARE_OID, Setting
from connectors.hl7v2.oru import read_reports
from praticien.deposit import new_oid, prepare
from praticien.documents.coded.lab_table import Report, lab_table
from praticien.documents.coded.reading import read_with_header

TITLE = "Laboratory values out of many reports of 25 results"
RESULTS = 25
_FIRST = date(2000, 1, 1)


def measure(setting: Setting, runs: int) -> Section:  # noqa: ARG001  # thousands of reports are runs enough
    """All reports once. Raises AssertionError when a value is lost."""
    contents = list(variants(setting.reports))
    laps, before = Laps(lambda: 0), _allocated()
    with laps.lap(f"values of {setting.reports} reports read and compared"):
        reports = [understood(content) for content in contents]
    with laps.lap("one table of them"):
        table = lab_table(reports)
    held = (_allocated() - before) / 2**20
    if len(table.series[0].points) != setting.reports:
        raise AssertionError("values were lost")
    size = sum(len(content) for content in contents) / 2**20
    notes = (f"{size:.0f} MB of documents, {sum(len(one.points) for one in table.series)} values",)
    return Section(TITLE, (*laps.rows(), Row("blocks allocated for the results", "M", [held])), notes=notes)


def understood(content: bytes) -> Report:
    """What the window makes of one report."""
    header, facts = read_with_header(content)
    return Report(header, facts.results)


def variants(number: int) -> Iterator[bytes]:
    """The same report on other days, each in a set of its own; without its printed copy, which nothing reads here."""
    (report,) = read_reports(lab_report.message(RESULTS), production=False)
    document = lab_report.form(report)
    content = prepare(document, software_oid=SOFTWARE_OID).documents[0].content
    assert report.collected_at is not None
    released = report.released_at or report.collected_at
    days = {f"{moment:%Y%m%d}".encode() for moment in (report.collected_at, released)}
    for rank in range(number):
        other = content.replace(document.set_id.encode(), new_oid().encode())
        for day in days:
            other = other.replace(day, f"{_FIRST + timedelta(days=rank):%Y%m%d}".encode())
        yield other


def _allocated() -> int:
    """Blocks that Python holds now."""
    return sys.getallocatedblocks()
