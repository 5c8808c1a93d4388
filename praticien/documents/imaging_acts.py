"""Acts offered in an imaging report: a short list of common ones, or the user's own file in the same form.

JSON: ``{"acts": [{"name": …, "code": LOINC, "label": …, "modalities": ["CT"], "location": SNOMED CT, "ccam": …}]}``.
Codes and labels of the bundled list: JDV_CodesDocumentImagerie (1.2.250.1.213.1.1.5.687); CCAM only where an official
example or several public sources agree, else the user types it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from praticien.documents.imaging import ImagingAct
from praticien.documents.imaging_check import CCAM_SHAPE, LOINC_SHAPE
from praticien.documents.imaging_codes import Location, Side, location, location_of
from praticien.documents.model import LOINC, ImagingStudy
from praticien.documents.nomenclatures import MODALITIES
from praticien.errors import InvalidInput
from praticien.matching import fold
from praticien.metadata import Code

_BUNDLED = Path(__file__).with_name("imaging_acts.json")


class InvalidActs(InvalidInput):
    """The user's list of imaging acts cannot be used."""

    code = "acts.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="imaging.acts_file")


@dataclass(frozen=True, slots=True)
class KnownAct:
    """An act that can be chosen by name. ``modalities`` are DICOM's, the usual one first."""

    name: str
    code: Code
    modalities: tuple[str, ...]
    location: Location
    ccam: str = ""


def load(path: Path | None = None) -> tuple[KnownAct, ...]:
    """The acts of ``path``, or of the bundled list. Raises InvalidActs."""
    try:
        raw = json.loads((path or _BUNDLED).read_text("utf-8"))
        return tuple(_act(entry) for entry in raw["acts"])
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise InvalidActs(type(error).__name__) from None


def _act(entry: dict[str, Any]) -> KnownAct:
    name, label, ccam = str(entry["name"]).strip(), str(entry["label"]).strip(), str(entry.get("ccam", ""))
    place, modalities = location(str(entry["location"])), tuple(str(one) for one in entry["modalities"])
    sound = name.isprintable() and label.isprintable() and LOINC_SHAPE.fullmatch(entry["code"])
    known = place is not None and modalities and all(one in MODALITIES for one in modalities)
    if not (name and label and sound and known) or (ccam and not CCAM_SHAPE.fullmatch(ccam)) or place is None:
        raise ValueError
    return KnownAct(name, Code(entry["code"], LOINC, label), modalities, place, ccam)


def proposed(study: ImagingStudy, acts: Sequence[KnownAct]) -> ImagingAct | None:
    """The act that the study speaks of: same modality, and its body part or at least two words of its description.

    Among several the shortest name, hence the most general code. None when nothing would do: the user chooses.
    """
    same = [act for act in acts if study.modality in act.modalities]
    place = location_of(study.body_part)
    there = [act for act in same if place and act.location.code == place.code]
    said = _words(study.description)
    ranked = sorted(there or same, key=lambda act: (-len(said & _words(act.name)), len(act.name)))
    if not ranked or not (there or len(said & _words(ranked[0].name)) > 1):
        return None
    act = ranked[0]
    return ImagingAct(act.code, study.modality, act.location, side_of(study), act.ccam)


_SMALL = frozenset(["D", "DE", "DES", "DU", "ET", "L", "LA", "LE", "LES"])


def _words(text: str) -> set[str]:
    return set(fold(text).split()) - _SMALL


def side_of(study: ImagingStudy) -> Side | None:
    """From the laterality of the images, else from the words of the description."""
    if study.laterality in {one.value for one in Side}:
        return Side(study.laterality)
    words = set(fold(study.description).split())
    left, right = bool(words & {"GAUCHE", "G"}), bool(words & {"DROIT", "DROITE", "D"})
    if left and right:
        return Side.BOTH
    return Side.LEFT if left else Side.RIGHT if right else None
