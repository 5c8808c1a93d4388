"""What a prescription needs before it is built; each problem names its line and field: ``lines.0.posology``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from praticien.documents.errors import HeaderProblem
from praticien.documents.prescription import Dose, Flag, Line, Posology, Prescription, PrescriptionLine

MAX_LINES = 60
MAX_STAGES = 12
MAX_NAME = 200
MAX_TEXT = 2000
MAX_RENEWALS = 99
_MAX_DOSE = Decimal(100_000)
_MAX_YEARS = 6  # some devices and lenses are prescribed for five years


class PrescriptionProblem(HeaderProblem):
    """A line, the validity or the comment cannot be sent as it is."""

    code = "prescription.line"


class EmptyPrescription(PrescriptionProblem):
    """Nothing is prescribed."""

    code = "prescription.empty"


class WrongValidity(PrescriptionProblem):
    """The prescription ends before it begins, or in many years."""

    code = "prescription.validity"


def check_prescription(prescription: Prescription, first_day: date) -> None:
    """Raise the first problem found: EmptyPrescription, WrongValidity, PrescriptionProblem."""
    if not prescription.lines:
        raise EmptyPrescription(field="lines")
    if len(prescription.lines) > MAX_LINES:
        raise PrescriptionProblem("too many lines", field="lines")
    if not first_day <= prescription.valid_until <= first_day.replace(first_day.year + _MAX_YEARS, day=1):
        raise WrongValidity(field="valid_until")
    _require(_is_text(prescription.comment, MAX_TEXT), "comment", "unusable comment")
    for number, line in enumerate(prescription.lines):
        _check_line(line, f"lines.{number}")


def _require(condition: object, field: str, detail: str) -> None:
    if not condition:
        raise PrescriptionProblem(detail, field=field)


def _check_line(line: Line, place: str) -> None:
    _require(line.name.strip() and _is_line(line.name, MAX_NAME), f"{place}.name", "name missing or too long")
    _require(0 <= line.renewals <= MAX_RENEWALS, f"{place}.renewals", "renewals out of range")
    _require(line.code is None or line.code.code.strip().isalnum(), f"{place}.code", "code with odd characters")
    if isinstance(line, PrescriptionLine):
        check_posology(line.posology, f"{place}.posology")
        return
    _require(Flag.OFF_LABEL not in line.flags, f"{place}.flags", "a device has no marketing authorisation")
    _require(1 <= line.quantity <= 9999, f"{place}.posology", "quantity out of range")
    _require(line.duration is None or 1 <= line.duration.value <= 9999, f"{place}.posology", "duration out of range")


def check_posology(posology: Posology, place: str) -> None:
    """Raise PrescriptionProblem (field ``place``) for what cannot be a posology."""
    _require(posology.is_structured or posology.text.strip(), place, "posology missing")
    _require(not (posology.is_structured and posology.text), place, "structured and free at once")
    _require(_is_line(posology.text, MAX_TEXT) and _is_line(posology.condition, MAX_NAME), place, "unusable text")
    _require(posology.duration is None or 1 <= posology.duration.value <= 999, place, "duration out of range")
    _require(all(_is_dose(dose) for dose in posology.doses), place, "dose out of range")
    _require(len({take.moment for take in posology.takes}) == len(posology.takes), place, "the same moment twice")
    if posology.stages:
        _check_stages(posology, place)
    if posology.dose:
        once = 1 <= posology.times_per_day <= 24, 1 <= posology.every_hours <= 720
        _require(sum(once) == 1 and not posology.takes, place, "one rhythm for one dose")
    if posology.max_per_day is not None:
        _require(posology.is_structured and 0 < posology.max_per_day <= _MAX_DOSE, place, "maximum out of range")


def _check_stages(posology: Posology, place: str) -> None:
    """A tapered dose: several stages and nothing else, each a posology of its own."""
    _require(posology == Posology(stages=posology.stages), place, "stages beside something else")
    _require(2 <= len(posology.stages) <= MAX_STAGES, place, "too many stages, or one")
    _require(all(stage.duration for stage in posology.stages[:-1]), place, "a stage without end before another")
    for stage in posology.stages:
        _require(stage.is_structured and not stage.stages, place, "a stage without dose")
        _require(not stage.condition and stage.max_per_day is None, place, "a conditional stage")
        check_posology(stage, place)


def _is_dose(dose: Dose) -> bool:
    return 0 < dose.low <= dose.high <= _MAX_DOSE


def _is_line(text: str, longest: int) -> bool:
    return len(text) <= longest and text.isprintable()


def _is_text(text: str, longest: int) -> bool:
    return all(part.isprintable() for part in text.split("\n")) and len(text) <= longest
