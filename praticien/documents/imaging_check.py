"""What an imaging report needs before it is built; each problem names its field: ``conclusion``, ``acts.0.ccam``."""

from __future__ import annotations

import re
from dataclasses import fields

from praticien.documents.errors import HeaderProblem
from praticien.documents.imaging import ImagingAct, ImagingReport
from praticien.documents.imaging_codes import QUANTITIES
from praticien.documents.nomenclatures import MODALITIES

MAX_ACTS = 10
MAX_TEXT = 20_000
MAX_EXPOSURES = 40
CCAM_SHAPE = re.compile(r"[A-Z]{4}[0-9]{3}")
LOINC_SHAPE = re.compile(r"[0-9]{1,6}-[0-9]")
_UNIT = re.compile(r"[A-Za-z0-9./%{}\[\]_-]{1,20}")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class ImagingProblem(HeaderProblem):
    """A section, an act or a measure cannot be sent as it is."""

    code = "imaging.field"


class NoConclusion(ImagingProblem):
    """The report concludes nothing: the rules want a conclusion, and so does whoever reads."""

    code = "imaging.no_conclusion"


class NoAct(ImagingProblem):
    """No act was chosen."""

    code = "imaging.no_act"


class WrongCcam(ImagingProblem):
    """A CCAM code is four letters and three digits."""

    code = "imaging.ccam"


def check_imaging(report: ImagingReport) -> None:
    """Raise the first problem found: NoConclusion, NoAct, WrongCcam, ImagingProblem."""
    if not report.sections.conclusion.strip():
        raise NoConclusion(field="conclusion")
    for section in fields(report.sections):
        _require(_is_text(getattr(report.sections, section.name)), section.name, "unusable text")
    if not report.acts:
        raise NoAct(field="acts")
    _require(len(report.acts) <= MAX_ACTS, "acts", "too many acts")
    for number, act in enumerate(report.acts):
        _check_act(act, f"acts.{number}")
    _check_exposures(report)
    _require(_is_line(report.requester, 100), "requester", "unusable name")
    _require(_is_line(report.order_number, 64), "order_number", "unusable number")


def _require(condition: object, field: str, detail: str) -> None:
    if not condition:
        raise ImagingProblem(detail, field=field)


def _check_act(act: ImagingAct, place: str) -> None:
    _require(LOINC_SHAPE.fullmatch(act.code.code), f"{place}.code", "no LOINC code")
    _require(act.code.display.strip() and act.code.display.isprintable(), f"{place}.code", "act without label")
    _require(act.modality in MODALITIES, f"{place}.modality", "modality unknown to the registry")
    if act.ccam and not CCAM_SHAPE.fullmatch(act.ccam):
        raise WrongCcam(field=f"{place}.ccam")


def _check_exposures(report: ImagingReport) -> None:
    _require(len(report.exposures) <= MAX_EXPOSURES, "exposures", "too many measures")
    for one in report.exposures:
        known = one.code in QUANTITIES and _NUMBER.fullmatch(one.value) and _UNIT.fullmatch(one.unit)
        _require(known, "exposures", "unusable measure")


def _is_line(text: str, longest: int) -> bool:
    return len(text) <= longest and text.isprintable()


def _is_text(text: str) -> bool:
    return all(part.isprintable() for part in re.split(r"[\n\t]", text)) and len(text) <= MAX_TEXT
