"""Units of measure (UCUM): how many of one make one of the other, and how the field spells them.

Source: The Unified Code for Units of Measure, through ucumvert and pint; both are loaded at the first conversion.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from math import isclose
from typing import Any

_MAX_LENGTH = 40
_SIGNIFICANT = 12
# An equivalent is a mole of charges: how many per mole depends on the substance, so the two never convert here.
_EQUIVALENT = re.compile(r"(^|[^a-zA-Z\[])[munpkc]?eq([^a-zA-Z\]]|$)")
_SPELLINGS = (
    (re.compile(r"[µμ]"), "u"),
    (re.compile(r"×?\s?10\s?[⁰¹²³⁴⁵⁶⁷⁸⁹^*][⁰¹²³⁴⁵⁶⁷⁸⁹0-9]*"), lambda found: _power(found.group())),
    (re.compile(r"\b([munpk]?)(?:UI|IU)(?![a-zA-Z\]])"), r"\1[IU]"),
    (re.compile(r"(?<![a-zA-Z])([mucdnpf]?)l(?![a-zA-Z])"), r"\1L"),
    (re.compile(r"mm\s?Hg"), "mm[Hg]"),
    (re.compile(r"°\s?C"), "Cel"),
    (re.compile(r"(?<![a-zA-Z])(?:jours?|j)(?![a-zA-Z])"), "d"),
    (re.compile(r"\s+"), ""),
    (re.compile(r"^G/L$"), "10*9/L"),  # giga per litre on every French blood count; a gauss in UCUM
    (re.compile(r"^T/L$"), "10*12/L"),
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _power(written: str) -> str:
    """``×10⁹``, ``10^9``, ``10*9``: all one."""
    exponent = written.translate(_SUPERSCRIPTS).lstrip("× ").removeprefix("10").strip(" ^*")
    return f"10*{exponent}"


def from_field(written: str) -> str:
    """A unit as laboratories print it, respelled as UCUM: ``mUI/l`` is ``m[IU]/L``. A guess where it is unknown."""
    unit = written.strip()
    for pattern, instead in _SPELLINGS:
        unit = pattern.sub(instead, unit)
    return unit


def is_ucum(unit: str) -> bool:
    """Whether it is a valid UCUM unit."""
    return unit in ("", "1") or _parsed(unit) is not None


@lru_cache(maxsize=2048)
def factor(unit: str, into: str) -> Decimal | None:
    """How many ``into`` one ``unit`` makes; None when they do not measure the same thing or are not UCUM.

    Temperatures, which have no factor, and equivalents against moles give None too.
    """
    if unit == into:
        return Decimal(1)
    if bool(_EQUIVALENT.search(unit)) != bool(_EQUIVALENT.search(into)):
        return None
    one, other = _parsed(unit), _parsed(into)
    if one is None or other is None:
        return None
    try:
        once, twice = (number * one for number in (1, 2))
        made = [each.to(other.units).magnitude / other.magnitude for each in (once, twice)]
    except Exception:  # pint's many errors: other dimensions, offset units
        return None
    return _rounded(made[0]) if isclose(2 * made[0], made[1], rel_tol=1e-9) else None  # kelvins have no factor


def _rounded(number: float) -> Decimal:
    """Binary noise taken off: twelve significant digits are more than any laboratory has."""
    return Decimal(f"{number:.{_SIGNIFICANT - 1}e}").normalize()


@lru_cache(maxsize=2048)
def _parsed(unit: str) -> Any:
    """A pint quantity, None for what is no unit (annotations alone included: they measure nothing)."""
    if not unit or len(unit) > _MAX_LENGTH or not unit.isascii():
        return None
    try:
        found = _registry().from_ucum(unit)
    except Exception:  # the parser's errors are its libraries'
        return None
    return found if hasattr(found, "to") else None


@lru_cache(maxsize=1)
def _registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
