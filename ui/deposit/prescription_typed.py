"""A line of a prescription as it was typed, what is understood of it, and templates: named lines, no patient."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from praticien.documents.prescription import DeviceLine, Flag, Line, PrescriptionLine, Substitution
from praticien.documents.prescription_posology import duration_words, parse, parse_quantity, words
from praticien.documents.prescription_products import Product, unit_in
from praticien.documents.prescription_words import FLAG_WORDS, flags_of, renewal_words, substitution_words
from ui.dependencies import Settings

_SETTING = "prescription.templates"


@dataclass(frozen=True, slots=True, repr=False)
class TypedLine:
    """What one row holds. ``posology`` is the quantity of a device."""

    name: str = ""
    posology: str = ""
    is_device: bool = False
    renewals: int = 0
    substitution: Substitution = Substitution.ALLOWED
    flags: frozenset[Flag] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Nothing was typed in it."""
        return not self.name.strip() and not self.posology.strip()

    @property
    def is_understood(self) -> bool:
        """It can be made a line: any posology can (free text), a quantity must be read."""
        if not self.posology.strip():
            return False
        return not self.is_device or parse_quantity(self.posology) is not None

    @property
    def reading(self) -> str:
        """What was understood, in words; empty when nothing was typed."""
        if not self.posology.strip():
            return ""
        return " · ".join(part for part in (self._posology_words(), *self._notes()) if part)

    def line(self, products: Mapping[str, Product]) -> Line:
        """The line of the document; its code when the name is one of the list's. Only when it is understood."""
        product = products.get(self.name.strip())
        code = product.code if product and product.is_device == self.is_device else None
        if not self.is_device:
            posology = parse(self.posology, unit_in(self.name))
            return PrescriptionLine(self.name.strip(), posology, code, self.renewals, self.substitution, self.flags)
        quantity, duration = parse_quantity(self.posology) or (0, None)
        flags = self.flags & frozenset(flags_of(DeviceLine))
        return DeviceLine(self.name.strip(), quantity, duration, code, self.renewals, flags)

    def _posology_words(self) -> str:
        if not self.is_device:
            posology = parse(self.posology, unit_in(self.name))
            return words(posology) if posology.is_structured else f"texte libre : {posology.text}"
        quantity, duration = parse_quantity(self.posology) or (0, None)
        if not quantity:
            return ""
        return f"quantité : {quantity}" + (f", pendant {duration_words(duration)}" if duration else "")

    def _notes(self) -> list[str]:
        kind = DeviceLine if self.is_device else PrescriptionLine
        notes = [renewal_words(self.renewals)]
        if not self.is_device and self.substitution is not Substitution.ALLOWED:
            notes.append(substitution_words(self.substitution))
        return notes + [FLAG_WORDS[flag] for flag in flags_of(kind) if flag in self.flags]


class Templates:
    """Lines kept under a name in the settings. No patient, no comment: nothing but what the rows hold."""

    def __init__(self, settings: Settings | None) -> None:
        self._settings = settings
        self._kept = _read(settings.get(_SETTING)) if settings else {}

    @property
    def names(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(sorted(self._kept, key=str.casefold))

    def lines(self, name: str) -> tuple[TypedLine, ...]:
        """The lines kept under ``name``, none when there is no such template."""
        return self._kept.get(name, ())

    def keep(self, name: str, lines: tuple[TypedLine, ...]) -> None:
        """Keep ``lines`` under ``name``, in place of what was there; no line erases it."""
        self._kept.pop(name, None)
        if lines:
            self._kept[name] = lines
        if self._settings:
            plain = {kept: [_plain(line) for line in found] for kept, found in self._kept.items()}
            self._settings.set(_SETTING, json.dumps(plain, ensure_ascii=False))


def _plain(line: TypedLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "posology": line.posology,
        "is_device": line.is_device,
        "renewals": line.renewals,
        "substitution": line.substitution.value,
        "flags": sorted(flag.value for flag in line.flags),
    }


def _read(text: str) -> dict[str, tuple[TypedLine, ...]]:
    """What was kept; a spoiled setting is no reason not to open the form."""
    try:
        return {str(name): tuple(_line(entry) for entry in lines) for name, lines in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}


def _line(entry: dict[str, Any]) -> TypedLine:
    return TypedLine(
        str(entry["name"]),
        str(entry["posology"]),
        bool(entry["is_device"]),
        int(entry["renewals"]),
        Substitution(entry["substitution"]),
        frozenset(Flag(value) for value in entry["flags"]),
    )
