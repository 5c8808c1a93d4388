"""A read prescription as lines to prescribe again: not its number, not its dates, nothing that its text contradicts.

The posology is taken from the narrative, which is what the author signed, and left empty where narrative and codes
disagree: the form then asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from praticien.documents.coded.facts import CodedFacts, DeviceSupply, Treatment
from praticien.documents.coded.model import Concept, Period, Source
from praticien.documents.coded.wording import plain
from praticien.documents.prescription import Flag, Substitution
from praticien.documents.prescription_posology import parse

ORDERS = ("INT", "RQO")
_FLAGS = {
    "MED-574": Flag.LONG_TERM_ILLNESS,
    "GEN-180": Flag.WORK_ACCIDENT,
    "GEN-295": Flag.PREVENTION,
    "GEN-181": Flag.NOT_REFUNDED,
    "GEN-179": Flag.OFF_LABEL,
}
_REASONS = (
    (("mte", "marge therapeutique"), Substitution.NARROW_MARGIN),
    (("efg", "enfant"), Substitution.CHILD_FORM),
    (("cif", "excipient"), Substitution.EXCIPIENT),
)
_SAYS_HOW_LONG = ("pendant", "jour(s)", "semaine", "mois", " jours")


@dataclass(frozen=True, slots=True, repr=False)
class RenewedLine:
    """One line for the form. ``to_check``: something had to be left out (posology, or why no substitution)."""

    name: str
    posology: str
    is_device: bool = False
    renewals: int = 0
    substitution: Substitution = Substitution.ALLOWED
    flags: frozenset[Flag] = frozenset()
    to_check: bool = False


def renewable(facts: CodedFacts) -> tuple[RenewedLine, ...]:
    """The drugs and devices that the document prescribes, in its order; none when it prescribes nothing."""
    drugs = (_drug(drug) for drug in facts.treatments if drug.mood in ORDERS and not drug.negated)
    devices = (_device(device) for device in facts.devices if device.mood in ORDERS)
    return (*drugs, *devices)


def _drug(drug: Treatment) -> RenewedLine:
    posology = _posology(drug) if drug.is_sure else ""
    substitution = _substitution(drug)
    return RenewedLine(
        name=drug.product.text,
        posology=posology,
        renewals=drug.repeats or 0,
        substitution=substitution or Substitution.ALLOWED,
        flags=_flags(drug.flags),
        to_check=not posology or substitution is None,
    )


def _posology(drug: Treatment) -> str:
    written = _cell(drug.source, "posolog") or " ".join(
        part for heading in ("dose", "frequen") if (part := _cell(drug.source, heading))
    )
    how_long = days_in(drug.steps[0].dates) if len(drug.steps) == 1 else 0
    if written and how_long and not any(word in plain(written) for word in _SAYS_HOW_LONG):
        longer = f"{written} pendant {how_long} j"
        return longer if parse(longer).is_structured or not parse(written).is_structured else written
    return written


def _cell(source: Source, heading: str) -> str:
    return next((cell for name, cell in source.row if heading in plain(name) and cell not in ("", "-")), "")


def days_in(dates: Period | None) -> int:
    """Length of the treatment, first and last day included; 0 when it is not said."""
    if dates is None:
        return 0
    if dates.width and dates.width.unit == "d":
        return int(dates.width.value)
    first, last = (_day(end.raw) if end else None for end in (dates.low, dates.high))
    return (last - first).days + 1 if first and last and last >= first else 0


def _day(raw: str) -> date | None:
    try:
        return datetime.strptime(raw[:8], "%Y%m%d").date()
    except ValueError:
        return None


def _substitution(drug: Treatment) -> Substitution | None:
    """None when substitution is barred for a reason that cannot be read: it must be said again."""
    if drug.substitution is None or drug.substitution.code != "N":
        return Substitution.ALLOWED
    words = plain(f"{drug.substitution.words} {_cell(drug.source, 'substitution')}")
    return next((reason for marks, reason in _REASONS if any(mark in words for mark in marks)), None)


def _flags(found: tuple[Concept, ...]) -> frozenset[Flag]:
    return frozenset(_FLAGS[flag.code] for flag in found if flag.code in _FLAGS)


def _device(device: DeviceSupply) -> RenewedLine:
    quantity = f"{device.amount.value.normalize():f}" if device.amount else "1"
    days = days_in(device.use_time)
    return RenewedLine(
        name=device.device.text,
        posology=f"{quantity} pendant {days} j" if days else quantity,
        is_device=True,
        renewals=device.repeats or 0,
        flags=_flags(device.flags) - {Flag.OFF_LABEL},
    )


def to_check(lines: tuple[RenewedLine, ...]) -> int:
    """How many lines the prescriber must complete."""
    return sum(line.to_check for line in lines)
