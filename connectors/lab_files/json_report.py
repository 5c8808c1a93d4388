"""Our JSON (``"format": "praticien-lab/1"``) to a report. Keys and an example: docs/documents.md."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from connectors.hl7v2.order import national_id
from connectors.hl7v2.times import read_day
from connectors.hl7v2.values import clean, read_number, reference_of
from connectors.lab_files.errors import UnusableLabFile
from connectors.lab_files.plain import Table
from praticien.documents.lab_codes import CHAPTERS, GENERAL_CHAPTER, INTERPRETATIONS, LOINC, SNOMED_CT, specimen
from praticien.documents.lab_report import (
    Analysis,
    Battery,
    Chapter,
    CodedValue,
    Identifier,
    Interval,
    Isolate,
    LabReport,
    Prescriber,
    PreviousResult,
    ReferenceRange,
    ResultStatus,
    SourcePatient,
    Specimen,
    TextValue,
    Titre,
    Value,
)
from praticien.documents.lab_units import ucum
from praticien.identity import Ins, InsOid, InvalidIns, Sex
from praticien.metadata import Code
from praticien.professional import OID_PS

FORMAT = "praticien-lab/1"
_STATUS = {
    "": ResultStatus.FINAL,
    "final": ResultStatus.FINAL,
    "corrected": ResultStatus.CORRECTED,
    "preliminary": ResultStatus.PRELIMINARY,
    "pending": ResultStatus.PENDING,
    "cancelled": ResultStatus.CANCELLED,
}
_REPORT = "format patient order request ordered_at collected_at released_at prescriber status comment chapters"
_PATIENT = "birth_name used_name given_names birth_date sex ins ins_oid local_id"
_RESULT = (
    "name loinc loinc_label local_code value comparator unit low high reference flags status method observed_at "
    "comment previous"
)
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")


def read_json(content: bytes) -> LabReport:
    """The report of a file. Raises UnusableLabFile."""
    try:
        raw = json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise UnusableLabFile("not JSON in UTF-8") from None
    return read_report(raw)


def read_report(raw: Any) -> LabReport:
    """The report of a parsed file. Raises UnusableLabFile."""
    table = Table(raw, "", _REPORT)
    if table.text("format") != FORMAT:
        raise UnusableLabFile(f"{FORMAT} expected", place="format")
    return LabReport(
        chapters=tuple(_chapter(item, place) for item, place in table.items("chapters")),
        patient=_patient(Table(table.raw("patient") or {}, "patient", _PATIENT)),
        order=_number(table, "order"),
        request=_number(table, "request"),
        ordered_at=table.moment("ordered_at"),
        collected_at=table.moment("collected_at"),
        released_at=table.moment("released_at"),
        prescriber=_prescriber(table),
        status=_status(table),
        comment=clean(table.text("comment")),
    )


def _status(table: Table) -> ResultStatus:
    try:
        return _STATUS[table.text("status").lower()]
    except KeyError:
        raise UnusableLabFile("unknown status", place=table.at("status")) from None


def _patient(table: Table) -> SourcePatient:
    sex, day = table.text("sex").upper(), table.text("birth_date").replace("-", "")
    if sex not in ("", "M", "F") or (day and not read_day(day)):
        raise UnusableLabFile("M or F, AAAAMMJJ", place=table.place)
    try:
        ins = Ins.parse(table.text("ins"), table.text("ins_oid") or InsOid.NIR) if "ins" in table else None
    except InvalidIns:
        raise UnusableLabFile("no INS", place=table.at("ins")) from None
    return SourcePatient(
        family_name=table.line("birth_name"),
        used_name=table.line("used_name"),
        given_names=table.line("given_names"),
        birth_date=read_day(day),
        sex=Sex(sex) if sex else None,
        ins=ins,
        local_id=table.line("local_id"),
    )


def _number(table: Table, key: str) -> Identifier | None:
    if key not in table:
        return None
    number = Table(table.raw(key), table.at(key), "number authority")
    value, authority = number.line("number"), number.text("authority")
    if not value or len(value) > 64 or (authority and not _OID.fullmatch(authority)):
        raise UnusableLabFile("number, and an OID", place=number.place)
    return Identifier(value, authority)


def _prescriber(table: Table) -> Prescriber | None:
    if "prescriber" not in table:
        return None
    who = Table(table.raw("prescriber"), "prescriber", "family_name given_name rpps")
    if not who.line("family_name"):
        raise UnusableLabFile("missing", place="prescriber.family_name")
    known = national_id(who.text("rpps"))
    if "rpps" in who and not known:
        raise UnusableLabFile("eleven digits", place="prescriber.rpps")
    return Prescriber(who.line("family_name"), who.line("given_name"), Identifier(known, OID_PS) if known else None)


def _chapter(raw: Any, place: str) -> Chapter:
    table = Table(raw, place, "code comment specimens batteries isolates")
    code = table.text("code") or GENERAL_CHAPTER.code
    if code not in CHAPTERS:
        raise UnusableLabFile("unknown chapter", place=table.at("code"))
    return Chapter(
        CHAPTERS[code],
        tuple(_battery(item, where) for item, where in table.items("batteries")),
        tuple(_isolate(item, where) for item, where in table.items("isolates")),
        tuple(_specimen(item, where) for item, where in table.items("specimens")),
        clean(table.text("comment")),
    )


def _battery(raw: Any, place: str) -> Battery:
    table = Table(raw, place, "name loinc results")
    name = table.line("name")
    return Battery(name, _results(table, "results"), _loinc(table, name))


def _isolate(raw: Any, place: str) -> Isolate:
    table = Table(raw, place, "name snomed results antibiogram")
    name = table.line("name")
    code = Code(table.text("snomed"), SNOMED_CT, name) if "snomed" in table else None
    return Isolate(name, code, _results(table, "results"), _results(table, "antibiogram"))


def _specimen(raw: Any, place: str) -> Specimen:
    table = Table(raw, place, "name code number collected_at received_at")
    known = specimen(table.text("code"))
    number = Identifier(table.line("number")) if "number" in table else None
    name = table.line("name") or (known.display if known else "")
    if not name:
        raise UnusableLabFile("name, or a code of HL7 table 0487", place=place)
    return Specimen(name, known, number, table.moment("collected_at"), table.moment("received_at"))


def _results(table: Table, key: str) -> tuple[Analysis, ...]:
    return tuple(_result(Table(item, place, _RESULT)) for item, place in table.items(key))


def _result(table: Table) -> Analysis:
    name, status = table.line("name") or table.line("local_code"), _status(table)
    flags = tuple(str(flag) for flag, _place in table.items("flags"))
    if any(flag not in INTERPRETATIONS for flag in flags):
        raise UnusableLabFile("unknown interpretation", place=table.at("flags"))
    cancelled = status is ResultStatus.CANCELLED
    return Analysis(
        name=name,
        value=None if cancelled else _value(table),
        code=_loinc(table, name),
        local_code=Code(table.text("local_code"), "", name) if "local_code" in table else None,
        status=status,
        flags=flags,
        reference=_reference(table),
        method=table.line("method"),
        observed_at=table.moment("observed_at"),
        previous=_previous(table),
        comment=clean(table.text("comment")),
    )


def _loinc(table: Table, name: str) -> Code | None:
    code = table.text("loinc")
    if code and not re.fullmatch(r"\d{1,7}-\d", code):
        raise UnusableLabFile("not a LOINC code", place=table.at("loinc"))
    label = table.line("loinc_label") if "loinc_label" in table else ""
    return Code(code, LOINC, label or name or code) if code else None


def _value(table: Table) -> Value | None:
    raw = table.raw("value")
    if isinstance(raw, dict):
        return _structured(raw, table)
    if raw is None or raw == "":
        raise UnusableLabFile("missing", place=table.at("value"))
    text = f"{raw:f}" if isinstance(raw, Decimal) else table.text("value")
    unit = ucum(table.text("unit"))
    found = read_number(f"{table.text('comparator')}{text}", unit, bare="unit" not in table)
    return found or TextValue(clean(f"{table.text('comparator')} {text} {table.text('unit')}"))


def _structured(raw: dict[str, Any], table: Table) -> Value:
    value = Table(raw, table.at("value"), "low high numerator denominator code system label")
    unit = ucum(table.text("unit"))
    low, high = value.number("low"), value.number("high")
    up, down = value.number("numerator"), value.number("denominator")
    if low is not None and high is not None and unit is not None:
        return Interval(low, high, unit)
    if up is not None and down is not None:
        return Titre(int(up), int(down))
    if value.text("code") and value.text("label") and _OID.fullmatch(value.text("system")):
        return CodedValue(Code(value.text("code"), value.text("system"), value.line("label")))
    raise UnusableLabFile("interval, titre or code expected", place=value.place)


def _reference(table: Table) -> ReferenceRange | None:
    low, high, unit = table.number("low"), table.number("high"), ucum(table.text("unit"))
    if (low is not None or high is not None) and unit is not None:
        return ReferenceRange(low, high, unit)
    bounds = " - ".join(f"{bound:f}" for bound in (low, high) if bound is not None)
    return reference_of(table.text("reference") or bounds, unit)


def _previous(table: Table) -> PreviousResult | None:
    if "previous" not in table:
        return None
    former = Table(table.raw("previous"), table.at("previous"), "value comparator unit observed_at")
    when, value = former.moment("observed_at"), _value(former)
    if when is None or value is None:
        raise UnusableLabFile("observed_at missing", place=former.place)
    return PreviousResult(value, when)
