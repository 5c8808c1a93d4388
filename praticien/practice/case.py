"""The patient open on this desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from praticien.access import NORMAL, Access, AccessMode, DossierStatus, Oppositions
from praticien.identity import Ins, Patient
from praticien.metadata import DocumentEntry
from praticien.minimum_view import MinimumView


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A patient open on this desk: what is known, how the professional came in, and under which id of the
    review queue an emergency is to be looked back upon.

    ``news`` are the entryUUIDs of what was deposited since the professional's visit before, which ended at ``since``
    (None: nothing is known of such a visit).
    """

    patient: Patient
    status: DossierStatus | None = None
    access: Access = NORMAL
    documents: tuple[DocumentEntry, ...] = ()
    news: frozenset[str] = frozenset()
    since: datetime | None = None
    oppositions: Oppositions | None = None
    minimum: MinimumView | None = None
    review: str = ""
    consented: bool = False

    @property
    def ins(self) -> Ins:
        """The matricule that consulting may send: that of a qualified identity, or the one that the DMP itself gave to
        a regulation centre. Raises UnqualifiedIdentity.
        """
        if self.access.mode is AccessMode.REGULATION and self.patient.ins:
            return self.patient.ins
        return self.patient.qualified_ins

    def __repr__(self) -> str:
        return f"Case({self.access.mode.value})"
