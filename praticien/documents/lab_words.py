"""A laboratory report in French words: values, reference ranges, flags. For the narrative, the PDF and the window."""

from __future__ import annotations

from decimal import Decimal

from praticien.documents.lab_codes import INTERPRETATIONS, NORMAL_ONES
from praticien.documents.lab_report import (
    Analysis,
    CodedValue,
    Interval,
    Quantity,
    ReferenceRange,
    ResultStatus,
    TextValue,
    Titre,
    Value,
)

STATUS_WORDS = {
    ResultStatus.FINAL: "validé",
    ResultStatus.CORRECTED: "corrigé",
    ResultStatus.PRELIMINARY: "provisoire",
    ResultStatus.PENDING: "en attente",
    ResultStatus.CANCELLED: "non réalisé",
}
_SIGNS = {"<=": "≤", ">=": "≥"}
_ARROWS = {"H": "H", "HH": "HH", "HU": "H", "HX": "HH", "L": "B", "LL": "BB", "LU": "B", "LX": "BB", "AA": "A !"}
_UNITS = {
    "10*9/L": "G/L",
    "10*12/L": "T/L",
    "[IU]/L": "UI/L",
    "m[IU]/L": "mUI/L",
    "[IU]/mL": "UI/mL",
    "m[IU]/mL": "mUI/mL",
    "u[IU]/mL": "µUI/mL",
    "k[IU]/L": "kUI/L",
    "[CFU]/mL": "UFC/mL",
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "[pH]": "",
    "{INR}": "",
    "{ratio}": "",
    "1": "",
    "10*3/uL": "10^3/µL",
    "10*6/uL": "10^6/µL",
    "mL/min/{1.73_m2}": "mL/min/1,73 m²",
    "{log_copies}/mL": "log copies/mL",
    "{copies}/mL": "copies/mL",
}


def number_words(number: Decimal) -> str:
    """As the laboratory wrote it, digits and all, with a decimal comma."""
    return f"{number:f}".replace(".", ",")


def unit_words(unit: str) -> str:
    """A UCUM unit as a French reader expects it."""
    plain = _UNITS.get(unit)
    if plain is not None:
        return plain
    return unit.replace("ug/", "µg/").replace("umol", "µmol").replace("/uL", "/µL").replace("(24.h)", "24 h")


def value_words(value: Value | None) -> str:
    """A result without its unit; empty when there is none."""
    if isinstance(value, Quantity):
        sign = _SIGNS.get(value.comparator, value.comparator)
        return f"{sign} {number_words(value.value)}".strip()
    if isinstance(value, Titre):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Interval):
        return f"{number_words(value.low)} à {number_words(value.high)}"
    if isinstance(value, CodedValue):
        return value.code.display
    return value.text if isinstance(value, TextValue) else ""


def unit_of(value: Value | None) -> str:
    """The unit of a result in words, empty when it has none."""
    return unit_words(value.unit) if isinstance(value, Quantity | Interval) else ""


def result_words(analysis: Analysis) -> str:
    """The result, or why there is none."""
    if analysis.value is None:
        return STATUS_WORDS[analysis.status]
    return value_words(analysis.value)


def reference_words(reference: ReferenceRange | None) -> str:
    """``0,27 à 4,2``, ``< 5``, ``> 60`` or the laboratory's own words."""
    if reference is None:
        return ""
    low, high = reference.low, reference.high
    if low is not None and high is not None:
        return f"{number_words(low)} à {number_words(high)}"
    if high is not None:
        return f"< {number_words(high)}"
    return f"> {number_words(low)}" if low is not None else reference.text


def flag_words(analysis: Analysis) -> str:
    """What is to be noticed, short: ``H``, ``BB``, ``Résistant``; empty for what is normal and says no more."""
    if analysis.flags == ("N",):
        return ""
    return ", ".join(_ARROWS.get(flag, INTERPRETATIONS.get(flag, flag)) for flag in analysis.flags)


def is_abnormal(analysis: Analysis) -> bool:
    """The laboratory flagged it."""
    return any(flag not in NORMAL_ONES for flag in analysis.flags)


def previous_words(analysis: Analysis) -> str:
    """The former result and its day: ``5,2 mmol/L (12/03/2026)``."""
    former = analysis.previous
    if former is None:
        return ""
    value = f"{value_words(former.value)} {unit_of(former.value)}".strip()
    return f"{value} ({former.observed_at:%d/%m/%Y})"
