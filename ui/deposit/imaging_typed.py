"""An imaging report as it is typed in the form, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from praticien.documents.imaging import ImagingAct, ReportSections
from praticien.documents.imaging_acts import KnownAct
from praticien.documents.imaging_codes import Pregnancy, Side, location
from praticien.documents.model import LOINC
from praticien.metadata import Code

_OWN = re.compile(r"([0-9]{1,6}-[0-9])\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class TypedAct:
    """One row; codes of DICOM (modality, side) and SNOMED CT (location), empty when not chosen."""

    name: str = ""
    modality: str = ""
    location: str = ""
    side: str = ""
    ccam: str = ""

    @property
    def is_empty(self) -> bool:
        """No act was named."""
        return not self.name.strip()

    def code(self, known: Mapping[str, KnownAct]) -> Code | None:
        """That of an act of the list, or what was typed as ``24802-1 RM genou``; None when it is neither."""
        act, own = known.get(self.name.strip()), _OWN.fullmatch(self.name.strip())
        return act.code if act else Code(own[1], LOINC, own[2]) if own else None

    def act(self, known: Mapping[str, KnownAct]) -> ImagingAct | None:
        """The act of the report; None when something is missing."""
        code, place = self.code(known), location(self.location)
        if code is None or place is None or not self.modality:
            return None
        side = Side(self.side) if self.side else None
        return ImagingAct(code, self.modality, place, side, self.ccam.strip().upper())


@dataclass(frozen=True, slots=True, repr=False)
class ImagingTyped:
    """What the panel holds. ``dose`` is as typed; ``pdf_only`` sends the chosen PDF as it is."""

    acts: tuple[TypedAct, ...] = ()
    sections: ReportSections = field(default_factory=ReportSections)
    requester: str = ""
    order_number: str = ""
    dose: str = ""
    pregnancy: Pregnancy = Pregnancy.UNKNOWN
    pdf_only: bool = False
