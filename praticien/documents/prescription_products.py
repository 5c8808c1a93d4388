"""Names offered while a line is typed: a small list of generic names, or the user's own file in the same form.

JSON: ``{"drugs": [{"name": …, "code": …, "system": "CIS"}], "devices": [{"name": …, "code": …, "system": "LPP"}]}``;
code and system go together and may be absent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from praticien.documents.prescription import CIP, CIS, COUNT, LPP, UCD, DoseUnit, ProductCode
from praticien.documents.prescription_posology import UNITS
from praticien.errors import InvalidInput

_BUNDLED = Path(__file__).with_name("prescription_products.json")
_SYSTEMS = {"CIS": CIS, "CIP": CIP, "UCD": UCD, "LPP": LPP}
_COUNTABLE = {unit: pattern for unit, pattern in UNITS.items() if unit.code.startswith("{")}


class InvalidProducts(InvalidInput):
    """The user's list of products cannot be used; ``detail`` says which entry."""

    code = "products.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="prescription.products_file")


@dataclass(frozen=True, slots=True)
class Product:
    """A drug or a device that can be chosen by name."""

    name: str
    is_device: bool = False
    code: ProductCode | None = None


def load(path: Path | None = None) -> tuple[Product, ...]:
    """The products of ``path``, or of the bundled list. Raises InvalidProducts."""
    try:
        raw = json.loads((path or _BUNDLED).read_text("utf-8"))
        drugs, devices = raw.get("drugs", []), raw.get("devices", [])
        return tuple([_product(entry, False) for entry in drugs] + [_product(entry, True) for entry in devices])
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise InvalidProducts(type(error).__name__) from None


def _product(entry: dict[str, Any], is_device: bool) -> Product:
    name, code = str(entry["name"]).strip(), str(entry.get("code", ""))
    if not name or not name.isprintable() or (code and not code.isalnum()):
        raise ValueError
    return Product(name, is_device, ProductCode(code, _SYSTEMS[entry["system"]]) if code else None)


def unit_in(name: str) -> DoseUnit:
    """The unit that a product's name speaks of (``…, comprimé``): what a dose without unit is counted in."""
    for unit, pattern in _COUNTABLE.items():
        if re.search(rf"(?i)\b(?:{pattern})\b", name):
            return unit
    return COUNT
