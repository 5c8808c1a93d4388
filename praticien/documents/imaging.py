"""An imaging report before it becomes CDA: acts, sections, exposure; and what a DICOM study lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from praticien.documents.imaging_codes import Location, Pregnancy, Side
from praticien.metadata import Code

CCAM = "1.2.250.1.215.300.1"


@dataclass(frozen=True, slots=True)
class SopInstance:
    """One DICOM object: its class and its own UID."""

    class_uid: str
    uid: str


@dataclass(frozen=True, slots=True, repr=False)
class ImagingSeries:
    """A series of the study. ``started`` is AAAAMMJJ or AAAAMMJJHHMMSS, empty when unknown."""

    uid: str
    modality: str
    number: str = ""
    description: str = ""
    started: str = ""
    instances: tuple[SopInstance, ...] = ()


@dataclass(frozen=True, slots=True)
class Exposure:
    """A measured exposure: a code of ``imaging_codes.QUANTITIES``, a decimal number as text, its UCUM unit."""

    code: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class ImagingAct:
    """One act. ``code`` is LOINC (JDV 1.2.250.1.213.1.1.5.687), ``ccam`` empty when nobody said it."""

    code: Code
    modality: str
    location: Location
    side: Side | None = None
    ccam: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ReportSections:
    """The dictated text by headings; empty when not dictated."""

    indication: str = ""
    history: str = ""
    technique: str = ""
    comparison: str = ""
    findings: str = ""
    conclusion: str = ""

    @property
    def text(self) -> str:
        """All of it, in the order it is read."""
        parts = (self.indication, self.history, self.technique, self.findings, self.comparison, self.conclusion)
        return "\n\n".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True, repr=False)
class ImagingReport:
    """What CR-IMG 2024.01 carries. ``pdf`` is the report as the dictation system printed it, empty when there is none.

    ``order_number`` under the OID ``order_authority`` is the requester's number; both may be empty.
    """

    acts: tuple[ImagingAct, ...]
    sections: ReportSections
    exposures: tuple[Exposure, ...] = ()
    pregnancy: Pregnancy = Pregnancy.UNKNOWN
    requester: str = ""
    order_number: str = ""
    order_authority: str = ""
    pdf: bytes = field(default=b"")

    @property
    def text(self) -> str:
        """Everything the user typed freely: what could name another patient."""
        return self.sections.text
