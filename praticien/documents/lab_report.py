"""A structured laboratory report: chapters, analyses, isolates. What CR-BIO 2024.01 can carry.

Names and texts are as the laboratory wrote them. Datetimes are aware. Nothing here says what is normal: flags and
reference ranges are the laboratory's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from praticien.identity import Ins, Sex
from praticien.metadata import Code
from praticien.professional import Professional


class ResultStatus(Enum):
    """Where a result stands; the value is the main letter of HL7 table 0085."""

    FINAL = "F"
    CORRECTED = "C"
    PRELIMINARY = "P"
    PENDING = "I"
    CANCELLED = "X"

    @property
    def is_complete(self) -> bool:
        """Nothing more is awaited of this result."""
        return self in (ResultStatus.FINAL, ResultStatus.CORRECTED, ResultStatus.CANCELLED)


@dataclass(frozen=True, slots=True, repr=False)
class Quantity:
    """A number with its UCUM unit ("" when it has none). ``comparator`` is "", "<", "<=", ">" or ">="."""

    value: Decimal
    unit: str = ""
    comparator: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Titre:
    """A dilution or a ratio of whole numbers: 1/160 is (1, 160)."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True, repr=False)
class Interval:
    """From ``low`` to ``high``, both included."""

    low: Decimal
    high: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CodedValue:
    """A coded result; ``code.display`` is what is read."""

    code: Code


@dataclass(frozen=True, slots=True, repr=False)
class TextValue:
    """A result in words."""

    text: str


Value: TypeAlias = Quantity | Titre | Interval | CodedValue | TextValue


@dataclass(frozen=True, slots=True, repr=False)
class ReferenceRange:
    """Bounds in the unit of the value, or words alone (``text``)."""

    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PreviousResult:
    """The patient's former result of the same analysis."""

    value: Value
    observed_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Analysis:
    """One result. ``code`` is LOINC (or waits for LOINC), ``local_code`` the laboratory's; either may be missing.

    ``flags`` are codes of ``lab_codes.INTERPRETATIONS``. ``value`` is None when cancelled or awaited.
    """

    name: str
    value: Value | None
    code: Code | None = None
    local_code: Code | None = None
    status: ResultStatus = ResultStatus.FINAL
    flags: tuple[str, ...] = ()
    reference: ReferenceRange | None = None
    method: str = ""
    observed_at: datetime | None = None
    previous: PreviousResult | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Battery:
    """Analyses made together; ``code`` is the LOINC panel when there is one."""

    name: str
    analyses: tuple[Analysis, ...]
    code: Code | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Isolate:
    """A micro-organism found: what was measured of it, then what it resists to.

    ``organism`` is SNOMED CT or NCBI, None when the laboratory has no code for it.
    """

    name: str
    organism: Code | None = None
    analyses: tuple[Analysis, ...] = ()
    antibiogram: tuple[Analysis, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Identifier:
    """A number under the OID of whoever gave it ("" until the document is prepared)."""

    value: str
    authority: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Specimen:
    """What was taken; ``code`` is of JDV_HL7_SpecimenType, None when ``name`` alone says it."""

    name: str
    code: Code | None = None
    identifier: Identifier | None = None
    collected_at: datetime | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Chapter:
    """One chapter of the report (``lab_codes.CHAPTERS``)."""

    code: Code
    batteries: tuple[Battery, ...] = ()
    isolates: tuple[Isolate, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    comment: str = ""

    @property
    def analyses(self) -> Iterator[Analysis]:
        """Every result, in the order read."""
        for battery in self.batteries:
            yield from battery.analyses
        for isolate in self.isolates:
            yield from (*isolate.analyses, *isolate.antibiogram)


@dataclass(frozen=True, slots=True, repr=False)
class Prescriber:
    """Who asked for the analyses. ``identifier`` is a PS_IdNat or the laboratory's own number, None when not said."""

    family_name: str
    given_name: str = ""
    identifier: Identifier | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SourcePatient:
    """Whom the laboratory's file speaks of. It serves the wrong-patient check and never fills the patient.

    ``family_name`` is the birth name; a name whose kind is not said is a ``used_name``. ``birth_date`` is AAAAMMJJ.
    """

    family_name: str = ""
    used_name: str = ""
    given_names: str = ""
    birth_date: str = ""
    sex: Sex | None = None
    ins: Ins | None = None
    local_id: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LabReport:
    """Everything the laboratory said. ``order`` is the prescriber's number, ``request`` the laboratory's own.

    ``collected_at`` begins the act and ``released_at`` ends it. ``pdf`` is the laboratory's own page, empty when we
    draw it. ``director`` is None when the responsible biologist directs the laboratory.
    """

    chapters: tuple[Chapter, ...]
    patient: SourcePatient = SourcePatient()
    order: Identifier | None = None
    request: Identifier | None = None
    ordered_at: datetime | None = None
    collected_at: datetime | None = None
    released_at: datetime | None = None
    prescriber: Prescriber | None = None
    director: Professional | None = None
    interpreter: str = ""
    status: ResultStatus = ResultStatus.FINAL
    comment: str = ""
    pdf: bytes = b""

    @property
    def analyses(self) -> Iterator[Analysis]:
        """Every result of every chapter."""
        for chapter in self.chapters:
            yield from chapter.analyses

    @property
    def incomplete(self) -> tuple[Analysis, ...]:
        """Results still awaited or not yet validated."""
        return tuple(analysis for analysis in self.analyses if not analysis.status.is_complete)

    @property
    def is_complete(self) -> bool:
        """May it leave? Neither the report nor any of its results is awaited."""
        return self.status.is_complete and not self.incomplete

    @property
    def is_correction(self) -> bool:
        """The laboratory corrects what it had already released."""
        corrected = ResultStatus.CORRECTED
        return self.status is corrected or any(analysis.status is corrected for analysis in self.analyses)

    @property
    def text(self) -> str:
        """Everything written freely: what could name another patient."""
        found = [self.comment, *(chapter.comment for chapter in self.chapters)]
        for analysis in self.analyses:
            found.append(analysis.comment)
            if isinstance(analysis.value, TextValue):
                found.append(analysis.value.text)
        return "\n".join(text for text in found if text)
