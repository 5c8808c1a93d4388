"""Exposure as it is spoken of and typed: ``PDL 540,2 mGy.cm ; IDSV 13,6``. Without unit, that of the quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from praticien.documents.imaging import Exposure
from praticien.documents.imaging_check import ImagingProblem
from praticien.documents.imaging_codes import QUANTITIES, Quantity
from praticien.matching import fold

_AREA = frozenset({"Gy.m2", "uGy.m2", "Gy.cm2", "dGy.cm2", "cGy.cm2", "mGy.cm2"})
_UNITS = {"113722": _AREA, "113726": _AREA, "113727": _AREA, "113730": frozenset({"s", "min"})}
_ITEM = re.compile(r"(?P<name>[^\d;]*?)\s*[:=]?\s*(?<![-–−+.,])(?P<value>\d{1,9}(?:[.,]\d{1,9})?)\s*(?P<unit>\S*)")
_BY_NAME = {fold(quantity.words): quantity for quantity in QUANTITIES.values()}


class WrongDose(ImagingProblem):
    """A dose that cannot be understood: unknown quantity, number or unit."""

    code = "imaging.dose"


def words(exposures: Sequence[Exposure]) -> str:
    """Each measure with the words used when speaking; ``parse`` reads it back."""
    said = (f"{QUANTITIES[one.code].words} {one.value.replace('.', ',')} {_shown(one.unit)}" for one in exposures)
    return " ; ".join(part.strip() for part in said)


def parse(text: str) -> tuple[Exposure, ...]:
    """The measures in ``text``, separated by semicolons. Raises WrongDose (field "exposures")."""
    return tuple(_one(part.strip()) for part in text.split(";") if part.strip())


def _one(part: str) -> Exposure:
    match = _ITEM.fullmatch(part)
    quantity = _BY_NAME.get(fold(match["name"])) if match else None
    if match is None or quantity is None:
        raise WrongDose("quantity", field="exposures")
    return Exposure(quantity.code.code, match["value"].replace(",", "."), _unit(match["unit"], quantity))


def _unit(typed: str, quantity: Quantity) -> str:
    unit = typed.replace("·", ".").replace("*", ".").replace("²", "2").replace("µ", "u").replace("μ", "u")
    known = _UNITS.get(quantity.code.code, frozenset()) | {quantity.unit}
    if unit and unit not in known:
        raise WrongDose("unit", field="exposures")
    return unit or quantity.unit


def _shown(unit: str) -> str:
    return "" if unit == "1" else unit
