"""Our CSV: a line of titles, then one line a result. It becomes our JSON, and is read as such."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from connectors.lab_files.errors import SeveralPatientsInFile, UnusableLabFile
from connectors.lab_files.json_report import FORMAT, read_report
from praticien.documents.lab_codes import GENERAL_CHAPTER
from praticien.documents.lab_report import LabReport

_PATIENT = ("birth_name", "used_name", "given_names", "birth_date", "sex", "ins", "ins_oid", "local_id")
_HEADER = ("request", "order", "ordered_at", "collected_at", "released_at")
_PRESCRIBER = ("family_name", "given_name", "rpps")
_RESULT = (
    *("name", "loinc", "loinc_label", "local_code", "value", "comparator", "unit", "low", "high", "reference"),
    *("flags", "status", "method", "observed_at", "comment"),
)
COLUMNS = frozenset(
    {
        *(f"patient_{name}" for name in _PATIENT),
        *(f"prescriber_{name}" for name in _PRESCRIBER),
        *_HEADER,
        *_RESULT,
        *("request_authority", "order_authority", "chapter", "battery", "previous_value", "previous_at"),
    }
)
_MAX_ROWS = 5000
Row = dict[str, str]


def read_csv(content: bytes) -> LabReport:
    """The report of a file: UTF-8 or Windows-1252; commas, semicolons or tabs. Raises UnusableLabFile."""
    rows = _rows(content)
    first = rows[0]
    for number, row in enumerate(rows, 2):
        if any(row.get(f"patient_{name}", "") != first.get(f"patient_{name}", "") for name in _PATIENT):
            raise SeveralPatientsInFile("another patient", place=f"line {number}")
        if any(row.get(name, "") != first.get(name, "") for name in _HEADER):
            raise UnusableLabFile("another request", place=f"line {number}")
    return read_report(dict(_report(rows)))


def _rows(content: bytes) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    titles = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=titles.count)
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
        unknown = sorted(set(reader.fieldnames or ()) - COLUMNS)
        if unknown or "name" not in (reader.fieldnames or ()) or "value" not in (reader.fieldnames or ()):
            raise UnusableLabFile(f"unknown or missing column {' '.join(unknown)[:80]}", place="line 1")
        rows = [_row(row, number) for number, row in enumerate(reader, 2)]
    except csv.Error:
        raise UnusableLabFile("not CSV") from None
    rows = [row for row in rows if any(row.values())]
    if not 1 <= len(rows) <= _MAX_ROWS:
        raise UnusableLabFile("no result, or too many")
    return rows


def _row(row: dict[str, Any], number: int) -> Row:
    if None in row or None in row.values():
        raise UnusableLabFile("not as many cells as titles", place=f"line {number}")
    return {name: value.strip() for name, value in row.items()}


def _report(rows: list[Row]) -> Iterator[tuple[str, Any]]:
    first = rows[0]
    yield "format", FORMAT
    yield "patient", {name: first[f"patient_{name}"] for name in _PATIENT if first.get(f"patient_{name}")}
    for name in ("request", "order"):
        if first.get(name):
            authority = first.get(f"{name}_authority", "")
            yield name, {"number": first[name], **({"authority": authority} if authority else {})}
    for name in ("ordered_at", "collected_at", "released_at"):
        if first.get(name):
            yield name, first[name]
    who = {name: first[f"prescriber_{name}"] for name in _PRESCRIBER if first.get(f"prescriber_{name}")}
    if who:
        yield "prescriber", who
    yield "chapters", list(_chapters(rows))


def _chapters(rows: list[Row]) -> Iterator[dict[str, Any]]:
    """Chapters and batteries in the order in which they first appear."""
    found: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        batteries = found.setdefault(row.get("chapter") or GENERAL_CHAPTER.code, {})
        batteries.setdefault(row.get("battery", ""), []).append(_result(row))
    for code, batteries in found.items():
        yield {"code": code, "batteries": [{"name": name, "results": some} for name, some in batteries.items()]}


def _result(row: Row) -> dict[str, Any]:
    result: dict[str, Any] = {name: row[name] for name in _RESULT if row.get(name) and name != "flags"}
    if row.get("flags"):
        result["flags"] = row["flags"].split()
    if row.get("previous_value"):
        result["previous"] = {"value": row["previous_value"], "observed_at": row.get("previous_at", "")}
        result["previous"] |= {"unit": row["unit"]} if row.get("unit") else {}
    return result
