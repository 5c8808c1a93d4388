"""Coded entries as plain values: concepts, quantities, times, and the tree they stand in. No XML here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from praticien.documents.cda_model import Timestamp
from praticien.metadata import Code

LOINC = "2.16.840.1.113883.6.1"


@dataclass(frozen=True, slots=True)
class Concept:
    """A coded value; ``words`` is what the narrative says for it (originalText). Any part may be empty."""

    code: str = ""
    system: str = ""
    label: str = ""
    words: str = ""
    translations: tuple[Code, ...] = ()
    null: str = ""

    @property
    def text(self) -> str:
        """For the screen: the label, the narrative's words, a translation's label, else the bare code."""
        translated = next((item.display for item in self.translations if item.display), "")
        return self.label or self.words or translated or self.code

    def in_system(self, system: str) -> str:
        """Its code in that system, itself or among its translations; empty when it has none."""
        if self.system == system and self.code:
            return self.code
        return next((item.code for item in self.translations if item.system == system), "")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A PQ, INT or REAL: ``unit`` in UCUM, empty for a bare number. ``written`` keeps the digits as they stood.

    ``words`` are those of the narrative that it refers to (a translation's originalText).
    """

    value: Decimal
    unit: str = ""
    written: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """Decimal comma, then the unit as written."""
        return f"{(self.written or str(self.value)).replace('.', ',')} {plain_unit(self.unit)}".strip()


@dataclass(frozen=True, slots=True)
class Interval:
    """An IVL_PQ; either end may be missing."""

    low: Quantity | None = None
    high: Quantity | None = None
    low_included: bool = True
    high_included: bool = True

    @property
    def text(self) -> str:
        """``0,27 à 4,2 mUI/L``, ``≥ 0,512 µg/mL``, ``< 5``."""
        if self.low and self.high:
            if self.low.value == self.high.value:
                return self.low.text
            unit = "" if self.low.unit == self.high.unit else self.low.unit
            low = Quantity(self.low.value, unit, self.low.written)
            return f"{low.text} à {self.high.text}"
        if self.low:
            return f"{'≥' if self.low_included else '>'} {self.low.text}"
        return f"{'≤' if self.high_included else '<'} {self.high.text}" if self.high else ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """An RTO: a titre (1/80), a dose per time."""

    numerator: Quantity
    denominator: Quantity

    @property
    def text(self) -> str:
        """``4 / 1 d``."""
        return f"{self.numerator.text} / {self.denominator.text}"


@dataclass(frozen=True, slots=True)
class Period:
    """An effectiveTime: a point in time (``low`` = ``high``), an interval, or how often (``every``, ``event``)."""

    low: Timestamp | None = None
    high: Timestamp | None = None
    every: Quantity | None = None
    event: str = ""
    width: Quantity | None = None
    institution_specified: bool = False

    @property
    def is_repetition(self) -> bool:
        """Whether it tells a rhythm rather than dates."""
        return self.every is not None or bool(self.event)


Value = Concept | Quantity | Interval | Ratio | Timestamp | str | bool


@dataclass(frozen=True, slots=True)
class Range:
    """A reference range: an interval, or words."""

    interval: Interval | None = None
    words: str = ""

    @property
    def text(self) -> str:
        """For the screen."""
        return self.interval.text if self.interval else self.words


@dataclass(frozen=True, slots=True)
class Product:
    """A manufactured product: its code (CIS, CIP, ATC…), name, form, lot."""

    code: Concept
    name: str = ""
    form: str = ""
    lot: str = ""
    strengths: tuple[Ratio, ...] = ()

    @property
    def text(self) -> str:
        """The name, else the code's words."""
        return self.name or self.code.text


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant of an entry: ``part`` is its typeCode (CSM, DEV, PRD…), or ``specimen``, ``subject``."""

    part: str
    code: Concept
    name: str = ""

    @property
    def text(self) -> str:
        """The name, else the code's words."""
        return self.name or self.code.text


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """Where a fact stands: document, section, words of the narrative it refers to, and the row they stand in.

    ``row`` holds (column heading, text) for each cell of the table row, or one pair for a paragraph or list item.
    """

    document: str
    section: str
    section_code: str = ""
    words: str = ""
    row: tuple[tuple[str, str], ...] = ()
    of: str = ""

    @property
    def narrative(self) -> str:
        """The row as one line of text."""
        return " · ".join(cell for _heading, cell in self.row if cell not in ("", "-"))


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One clinical statement, whatever its kind: ``kind`` is the CDA element (observation, act, supply…).

    ``relation`` is the typeCode that ties it to its parent (COMP, SUBJ, RSON, REFR…), empty at the top.
    """

    kind: str
    relation: str
    templates: tuple[str, ...]
    code: Concept
    source: Source
    mood: str = "EVN"
    negated: bool = False
    status: str = ""
    times: tuple[Period, ...] = ()
    values: tuple[Value, ...] = ()
    interpretations: tuple[Concept, ...] = ()
    method: Concept | None = None
    ranges: tuple[Range, ...] = ()
    product: Product | None = None
    dose: Interval | None = None
    rate: Interval | None = None
    max_doses: tuple[Ratio, ...] = ()
    route: Concept | None = None
    repeats: int | None = None
    amount: Quantity | None = None
    use_time: Period | None = None
    precondition: str = ""
    actors: tuple[Actor, ...] = ()
    children: tuple[Entry, ...] = ()

    def has(self, *templates: str) -> bool:
        """Whether it claims one of these templates."""
        return any(template in self.templates for template in templates)

    def walk(self) -> Iterator[Entry]:
        """Itself, then everything below, in document order."""
        yield self
        for item in self.children:
            yield from item.walk()

    def below(self, *templates: str) -> Iterator[Entry]:
        """Entries below that claim one of these templates."""
        return (item for item in self.walk() if item is not self and item.has(*templates))


_UNITS = {
    "m[IU]/L": "mUI/L",
    "[IU]/L": "UI/L",
    "[IU]/mL": "UI/mL",
    "u[IU]/mL": "µUI/mL",
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
    "10*6/L": "×10⁶/L",
    "10*3/uL": "×10³/µL",
    "10*6/uL": "×10⁶/µL",
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "{tablet}": "comprimé(s)",
    "1": "",
}


def plain_unit(unit: str) -> str:
    """A UCUM unit as a professional writes it; unknown ones with µ for u and without brackets."""
    if unit in _UNITS:
        return _UNITS[unit]
    shown = unit.replace("[IU]", "UI").replace("{", "").replace("}", "").replace("[", "").replace("]", "")
    return "µ" + shown[1:] if shown.startswith(("ug", "umol", "uL", "ukat")) else shown
