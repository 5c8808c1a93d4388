"""Wrong-patient radar: do the DICOM header and the PDF text speak of the chosen patient?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.documents.model import NewDocument


class Source(Enum):
    """Where another person was named."""

    DICOM = "dicom"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, repr=False)
class Discrepancy:
    """``trait`` is "ins", "birth_name", "first_name", "birth_date" or "sex"; ``found`` is for the screen alone."""

    source: Source
    trait: str
    found: str = ""


def discrepancies(document: NewDocument, pdf: bytes | None = None) -> tuple[Discrepancy, ...]:
    """What differs from ``document.patient``. ``pdf`` is the PDF to look into (the chosen one by default)."""
    raise NotImplementedError


def refuse_other_patient(document: NewDocument, pdf: bytes | None = None) -> None:
    """Raise OtherPatient when anything differs."""
    raise NotImplementedError
