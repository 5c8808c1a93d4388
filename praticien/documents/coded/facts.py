"""What the coded entries say, by kind: results, treatments, allergies… each with its source and its conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from praticien.documents.cda_model import Timestamp
from praticien.documents.coded.model import (
    Actor,
    Concept,
    Interval,
    Period,
    Product,
    Quantity,
    Range,
    Ratio,
    Source,
    Value,
)


class Conflict(Enum):
    """How the narrative and the codes disagree; the value is the key of the window's sentence."""

    VALUE = "coded.conflict.value"
    POLARITY = "coded.conflict.polarity"
    UNIT = "coded.conflict.unit"
    FLAG = "coded.conflict.flag"
    DOSE = "coded.conflict.dose"
    FREQUENCY = "coded.conflict.frequency"
    PRODUCT = "coded.conflict.product"
    NEGATION = "coded.conflict.negation"


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Fact:
    """Common to all: where it was read, and what disagrees there. A fact with conflicts enters no computation."""

    source: Source
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether narrative and codes agree as far as could be compared."""
        return not self.conflicts


class ResultState(Enum):
    """Whether a result may be counted on."""

    FINAL = "completed"
    PRELIMINARY = "active"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class LabResult(Fact):
    """One analysis. ``code.in_system(LOINC)`` is empty for a local code; ``organism`` for what grew in a culture."""

    code: Concept
    values: tuple[Value, ...]
    ranges: tuple[Range, ...] = ()
    flags: tuple[str, ...] = ()
    state: ResultState = ResultState.FINAL
    when: Timestamp | None = None
    method: str = ""
    specimen: str = ""
    organism: str = ""
    chapter: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One stretch of a posology: how much, how often, when."""

    dose: Interval | None = None
    rhythms: tuple[Period, ...] = ()
    dates: Period | None = None
    rate: Interval | None = None


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Treatment(Fact):
    """A drug taken, prescribed or dispensed. ``steps`` has several for a tapered dose."""

    product: Product
    steps: tuple[Step, ...]
    mood: str = "EVN"
    status: str = ""
    negated: bool = False
    route: Concept | None = None
    max_doses: tuple[Ratio, ...] = ()
    repeats: int | None = None
    amount: Quantity | None = None
    substitution: Concept | None = None
    reasons: tuple[Concept, ...] = ()
    flags: tuple[Concept, ...] = ()
    patient_instructions: str = ""
    pharmacist_instructions: str = ""
    precondition: str = ""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class DeviceSupply(Fact):
    """A device prescribed, supplied or carried by the patient."""

    device: Actor
    mood: str = "EVN"
    dates: Period | None = None
    repeats: int | None = None
    amount: Quantity | None = None
    use_time: Period | None = None
    flags: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Allergy(Fact):
    """An allergy or intolerance; ``negated``: the patient does not have it. ``status`` as coded (active, inactive)."""

    kind: Concept
    agent: Concept
    negated: bool = False
    status: str = ""
    since: Timestamp | None = None
    reactions: tuple[Concept, ...] = ()
    severity: str = ""
    is_absence: bool = False


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Problem(Fact):
    """A disease, present (``is_active``) or past; ``relative`` names the kin in a family history."""

    code: Concept
    dates: Period | None = None
    is_active: bool = True
    negated: bool = False
    relative: str = ""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Procedure(Fact):
    """An act done or planned."""

    code: Concept
    dates: Period | None = None
    mood: str = "EVN"
    reasons: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Immunisation(Fact):
    """A vaccination; ``refused`` when it was not given."""

    product: Product
    when: Timestamp | None = None
    refused: bool = False
    dose_number: str = ""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Finding(Fact):
    """Any other coded observation: vital sign, habit, pregnancy. ``negated``: it is said not to be so."""

    code: Concept
    values: tuple[Value, ...]
    when: Timestamp | None = None
    is_vital_sign: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class CodedFacts:
    """All that was understood of one document."""

    results: tuple[LabResult, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    devices: tuple[DeviceSupply, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    problems: tuple[Problem, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    immunisations: tuple[Immunisation, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def __iter__(self):  # type: ignore[no-untyped-def]  # mypy cannot join the eight kinds
        for group in (
            self.results,
            self.treatments,
            self.devices,
            self.allergies,
            self.problems,
            self.procedures,
            self.immunisations,
            self.findings,
        ):
            yield from group
