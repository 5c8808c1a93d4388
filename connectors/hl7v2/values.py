"""OBX-5: one result, by its type (NM, SN, CE, CWE, CNE, ST, TX, FT), with the habits of French laboratories.

A number whose unit is not known in UCUM becomes words: the unit is never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from connectors.hl7v2.er7 import Repetition, Segment
from praticien.documents.lab_codes import LOINC, SNOMED_CT
from praticien.documents.lab_report import (
    CodedValue,
    Interval,
    Quantity,
    ReferenceRange,
    TextValue,
    Titre,
    Value,
)
from praticien.documents.lab_units import ucum
from praticien.metadata import Code

_NUMBER = r"[+-]?\d{1,12}(?:[.,]\d{1,9})?"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>|≤|≥|=<|=>)?\s*({_NUMBER})\s*")
_INTERVAL = re.compile(rf"\s*({_NUMBER})\s*(?:-|–|à|/)\s*({_NUMBER})\s*")
_TITRE = re.compile(r"\s*(\d{1,6})\s*[/:]\s*(\d{1,9})\s*")
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", None: ""}
_CODE_SYSTEMS = {"LN": LOINC, "SCT": SNOMED_CT, "SNM": SNOMED_CT}
_ABSENT = frozenset({"", '""'})


def read_value(obx: Segment) -> Value | None:
    """The result of an OBX; None when OBX-5 is empty."""
    kind, given = obx.text(2).upper(), [r for r in obx.repetitions(5) if r.raw not in _ABSENT]
    if not given or kind in ("ED", "RP"):
        return None
    if kind == "SN":
        return _structured_number(given[0], obx) or _words(given, obx)
    if kind in ("CE", "CWE", "CNE", "CF"):
        return _coded(given[0]) if len(given) == 1 else _words(given, obx)
    if kind in ("NM", "ST") and len(given) == 1:
        return read_number(given[0].whole, unit_of(obx), bare=not obx.text(6)) or _words(given, obx)
    return _words(given, obx)


def _words(given: list[Repetition], obx: Segment) -> Value | None:
    """Text as it is; with a unit that could not be coded, so that nothing is lost."""
    coded = obx.text(2).upper() in ("CE", "CWE", "CNE", "CF")
    lines = [each.text(2) or each.text(1) if coded else each.whole for each in given]
    text = "\n".join(line for line in lines if line).strip()
    if obx.text(2).upper() == "SN":
        text = " ".join(part for part in (given[0].text(n) for n in range(1, 5)) if part)
    unit = obx.text(6) if obx.text(2).upper() in ("NM", "SN", "ST") else ""
    whole = f"{text} {unit}".strip() if any(c.isdigit() for c in text) else text
    return TextValue(clean(whole)) if clean(whole) else None


def unit_of(obx: Segment) -> str | None:
    """OBX-6 in UCUM, "" when there is none, None when it is not known."""
    return ucum(obx.text(6), is_ucum=obx.text(6, 3).upper() == "UCUM")


def read_number(text: str, unit: str | None, *, bare: bool) -> Value | None:
    """``5,1``, ``<5`` or, of a ``bare`` text without unit, ``1/160``; None for words or an unknown unit."""
    compared = _COMPARED.fullmatch(text)
    if compared and unit is not None:
        return Quantity(decimal(compared[2]), unit, _SIGNS.get(compared[1], compared[1] or ""))
    titre = _TITRE.fullmatch(text)
    if titre and bare and int(titre[1]) and int(titre[2]):
        return Titre(int(titre[1]), int(titre[2]))
    return None


def _structured_number(given: Repetition, obx: Segment) -> Value | None:
    """SN: comparator ^ number ^ separator ^ number."""
    comparator, first, separator, second = (given.text(n) for n in range(1, 5))
    unit = unit_of(obx)
    low, high = _maybe(first), _maybe(second)
    if low is None or unit is None:
        return None
    if not separator and high is None:
        sign = _SIGNS.get(comparator or None, comparator)
        return Quantity(low, unit, sign) if sign in ("", "<", "<=", ">", ">=") else None
    if separator == "-" and high is not None and low <= high:
        return Interval(low, high, unit)
    if separator in ("/", ":") and high is not None and low > 0 and high > 0:
        return Titre(int(low), int(high)) if low == int(low) and high == int(high) else None
    return None


def _coded(given: Repetition) -> Value | None:
    """A code with its system when we know its OID; else its words."""
    code, label, system = (given.text(n) for n in range(1, 4))
    oid = _CODE_SYSTEMS.get(system.upper(), system if re.fullmatch(r"[0-2](\.\d+)+", system) else "")
    if code and label and oid:
        return CodedValue(Code(code, oid, label))
    words = label or given.text(9) or code
    return TextValue(clean(words)) if clean(words) else None


def read_reference(obx: Segment) -> ReferenceRange | None:
    """OBX-7."""
    return reference_of(obx.first(7).whole, unit_of(obx))


def reference_of(text: str, unit: str | None) -> ReferenceRange | None:
    """``0,27 - 4,20``, ``<5``, ``>=60``, or words; numbers only when the unit is known."""
    if not text:
        return None
    interval, compared = _INTERVAL.fullmatch(text.strip("()[] ")), _COMPARED.fullmatch(text.strip("()[] "))
    if unit is not None and interval:
        low, high = decimal(interval[1]), decimal(interval[2])
        return ReferenceRange(low, high, unit) if low <= high else ReferenceRange(text=clean(text))
    if unit is not None and compared and compared[1]:
        bound = decimal(compared[2])
        is_high = "<" in compared[1] or compared[1] == "≤"
        return ReferenceRange(None, bound, unit) if is_high else ReferenceRange(bound, None, unit)
    return ReferenceRange(text=clean(text)) if clean(text) else None


def decimal(text: str) -> Decimal:
    """A number with a dot or a comma, its digits kept."""
    return Decimal(text.replace(",", "."))


def _maybe(text: str) -> Decimal | None:
    try:
        return decimal(text) if re.fullmatch(_NUMBER, text) else None
    except InvalidOperation:
        return None


def clean(text: str) -> str:
    """Printable lines, blanks tidied."""
    lines = ("".join(c if c.isprintable() else " " for c in line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
