"""The patient open on this desk."""

from __future__ import annotations

from dataclasses import dataclass

from praticien.access import NORMAL, Access, DossierStatus
from praticien.identity import Patient
from praticien.metadata import DocumentEntry


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A patient open on this desk: what is known, and how the professional came in."""

    patient: Patient
    status: DossierStatus | None = None
    access: Access = NORMAL
    documents: tuple[DocumentEntry, ...] = ()

    def __repr__(self) -> str:
        return f"Case({self.access.mode.value})"
