"""A structured prescription: lines of drugs and devices, validity, number. What eP-MED-DM 2024.01 can carry.

A posology is structured (dose and rhythm) or free text, never half of each. Texts come from the form, unstripped.
"""

from __future__ import annotations

import base64
import hashlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
UCD = "1.2.250.1.213.2.61"
LPP = "1.2.250.1.215.200.2.1"


@dataclass(frozen=True, slots=True)
class DoseUnit:
    """A UCUM unit (an annotation for countable forms) and its French words; ``code`` is empty for a bare count."""

    code: str
    singular: str
    plural: str


COUNT = DoseUnit("", "", "")


@dataclass(frozen=True, slots=True)
class Dose:
    """Amount taken at once, from ``low`` to ``high`` (equal when it is one amount)."""

    low: Decimal
    high: Decimal
    unit: DoseUnit = COUNT


class Moment(Enum):
    """Moments of the day; the value is the HL7 TimingEvent (breakfast, lunch, dinner, hour of sleep)."""

    MORNING = "CM"
    NOON = "CD"
    EVENING = "CV"
    BEDTIME = "HS"


@dataclass(frozen=True, slots=True)
class Take:
    """A dose at a moment of the day."""

    moment: Moment
    dose: Dose


class DurationUnit(Enum):
    """UCUM codes of the durations a prescription is written in."""

    DAY = "d"
    WEEK = "wk"
    MONTH = "mo"


@dataclass(frozen=True, slots=True)
class Duration:
    """So many days, weeks or months."""

    value: int
    unit: DurationUnit = DurationUnit.DAY

    def last_day(self, first: date) -> date:
        """The last day of a treatment that begins on ``first``: one day from Monday ends on Monday."""
        return self.end(first) - timedelta(days=1)

    def end(self, first: date) -> date:
        """The day after the last. A month ends on the same day of the month, or on its last day when it has none."""
        if self.unit is not DurationUnit.MONTH:
            return first + timedelta(days=self.value * (7 if self.unit is DurationUnit.WEEK else 1))
        year, month = divmod(first.year * 12 + first.month - 1 + self.value, 12)
        return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, repr=False)
class Posology:
    """``takes``, or ``dose`` with ``times_per_day`` or ``every_hours``, or ``stages`` (a tapered dose); else ``text``.

    Each stage is a posology of takes or dose; all but the last say how long. ``condition`` is what follows "si";
    ``max_per_day`` counts in the unit of the dose.
    """

    text: str = ""
    takes: tuple[Take, ...] = ()
    dose: Dose | None = None
    times_per_day: int = 0
    every_hours: int = 0
    condition: str = ""
    max_per_day: Decimal | None = None
    duration: Duration | None = None
    stages: tuple[Posology, ...] = ()

    @property
    def is_structured(self) -> bool:
        """Dose and rhythm are known."""
        return bool(self.takes or self.dose or self.stages)

    @property
    def doses(self) -> tuple[Dose, ...]:
        """Every dose, in order; empty for free text."""
        if self.stages:
            return tuple(dose for stage in self.stages for dose in stage.doses)
        return tuple(take.dose for take in self.takes) or ((self.dose,) if self.dose else ())

    def last_day(self, first: date) -> date | None:
        """The last day of a treatment that begins on ``first``; None when nobody said how long it lasts."""
        after: date | None = first
        for duration in [stage.duration for stage in self.stages] or [self.duration]:
            after = duration.end(after) if duration and after else None
        return after - timedelta(days=1) if after else None


class Flag(Enum):
    """What a line must say, yes or no (CI-SIS FR-En-rapport-avec-ALD and its sisters)."""

    LONG_TERM_ILLNESS = "ald"
    WORK_ACCIDENT = "atmp"
    PREVENTION = "prevention"
    NOT_REFUNDED = "non_remboursable"
    OFF_LABEL = "hors_amm"


class Mark(Enum):
    """What a prescription as a whole is (eP-MED-DM, serviceEvent INFO); values are codes of TA_ASIP.

    That it has two zones is not said here: it follows from its lines.
    """

    EXCEPTION_DRUGS = "MED-1097"
    SECURED = "MED-1098"
    LARGE_APPLIANCES = "MED-1132"
    AT_HOME = "MED-1094"
    URGENT = "MED-1095"
    MILITARY = "MED-1159"


class Substitution(Enum):
    """May the pharmacist give another product of the generic group? If not, why (CSS, art. L. 162-16, 2019)."""

    ALLOWED = ""
    NARROW_MARGIN = "MTE"
    CHILD_FORM = "EFG"
    EXCIPIENT = "CIF"


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A code of a drug (CIS, CIP or UCD) or of a device (LPP) under the OID of its system."""

    code: str
    system: str


@dataclass(frozen=True, slots=True, repr=False)
class PrescriptionLine:
    """One drug. ``renewals`` counts the dispensations after the first."""

    name: str
    posology: Posology
    code: ProductCode | None = None
    renewals: int = 0
    substitution: Substitution = Substitution.ALLOWED
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class DeviceLine:
    """One medical device: how many, and for how long when it is rented or renewed (None: not said)."""

    name: str
    quantity: int = 1
    duration: Duration | None = None
    code: ProductCode | None = None
    renewals: int = 0
    flags: frozenset[Flag] = frozenset()


Line: TypeAlias = PrescriptionLine | DeviceLine


@dataclass(frozen=True, slots=True, repr=False)
class Prescription:
    """What is prescribed. It is valid from the day of the act to ``valid_until``, that day included.

    ``number`` is unique under the OID ``number_authority``; both may be empty until the document is prepared.
    """

    lines: tuple[Line, ...]
    valid_until: date
    number: str = ""
    number_authority: str = ""
    comment: str = ""
    marks: frozenset[Mark] = frozenset()

    @property
    def drugs(self) -> tuple[PrescriptionLine, ...]:
        """The lines of drugs, in order."""
        return tuple(line for line in self.lines if isinstance(line, PrescriptionLine))

    @property
    def devices(self) -> tuple[DeviceLine, ...]:
        """The lines of devices, in order."""
        return tuple(line for line in self.lines if isinstance(line, DeviceLine))

    @property
    def has_long_term_illness(self) -> bool:
        """A line belongs to a long-term illness: the prescription has two zones (CSS, art. R. 161-45)."""
        return any(Flag.LONG_TERM_ILLNESS in line.flags for line in self.lines)

    @property
    def text(self) -> str:
        """Everything the user typed freely: what could name another patient."""
        free = (line.posology.text for line in self.drugs)
        return "\n".join((self.comment, *(line.name for line in self.lines), *free))


def number_for(set_id: str) -> str:
    """The number of the prescription whose versions share ``set_id``: 16 letters and digits, 80 bits.

    Ours: how the national service computes its own numbers is not public (see the assumptions).
    """
    return base64.b32encode(hashlib.sha256(set_id.encode()).digest()[:10]).decode("ascii")
