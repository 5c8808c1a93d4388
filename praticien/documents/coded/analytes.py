"""The same analyte by mass and by amount of substance: one series, one unit (``analytes.json``)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from praticien import ucum

# Standard atomic weights, abridged (CIAAW 2021), in g/mol.
ATOMIC_WEIGHTS = {
    "H": "1.008",
    "C": "12.011",
    "N": "14.007",
    "O": "15.999",
    "Mg": "24.305",
    "P": "30.974",
    "Ca": "40.078",
    "Fe": "55.845",
    "I": "126.90",
}


@dataclass(frozen=True, slots=True)
class Analyte:
    """``molar_mass`` in g/mol; ``mass`` and ``moles`` are LOINC codes."""

    name: str
    molar_mass: Decimal
    mass: tuple[str, ...]
    moles: tuple[str, ...]

    def factor(self, unit: str, into: str) -> Decimal | None:
        """How many ``into`` one ``unit`` of this analyte makes, mass to moles and back included."""
        plain = ucum.factor(unit, into)
        if plain:
            return plain
        to_grams, from_grams = ucum.factor(unit, "mol/L"), ucum.factor("g/L", into)
        if to_grams and from_grams:
            return to_grams * self.molar_mass * from_grams
        to_moles, from_moles = ucum.factor(unit, "g/L"), ucum.factor("mol/L", into)
        return to_moles / self.molar_mass * from_moles if to_moles and from_moles else None


def molar_mass(formula: str) -> Decimal:
    """Of ``C6H12O6``, in g/mol. Raises KeyError for an element that the table lacks."""
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    return sum((Decimal(ATOMIC_WEIGHTS[element]) * int(count or 1) for element, count in parts), Decimal(0))


def analyte_of(loinc: str) -> Analyte | None:
    """The analyte measured under this LOINC code, when it is one of those known both ways."""
    return _by_loinc().get(loinc)


@lru_cache(maxsize=1)
def _by_loinc() -> dict[str, Analyte]:
    table = json.loads(files("praticien.documents.coded").joinpath("analytes.json").read_text("utf-8"))
    known = {}
    for row in table["analytes"]:
        analyte = Analyte(row["name"], molar_mass(row["formula"]), tuple(row["mass"]), tuple(row["moles"]))
        known.update(dict.fromkeys((*analyte.mass, *analyte.moles), analyte))
    return known
