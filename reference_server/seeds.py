"""What a server may be started with: dossiers and directory. Plain values, light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from praticien.access import Authorisation, DossierState
from praticien.administrative import Representative
from praticien.identity import Ins, StrictTraits
from praticien.professional import Professional, Structure


@dataclass(frozen=True)
class DossierSeed:
    """How a dossier stands when the server starts.

    ``authorisations`` are by PS_IdNat (or Struct_IdNat); ``treating`` is the médecin traitant's PS_IdNat;
    ``attached`` says whether the dossier belongs to Mon espace santé, as all do that were opened since 2022.
    ``notice_days_ago``: an absent dossier's patient was told of its creation so many days before the start.
    """

    ins: Ins
    traits: StrictTraits
    state: DossierState = DossierState.OPEN
    authorisations: dict[str, Authorisation] = field(default_factory=dict)
    treating: str = ""
    opposed_to_break_glass: bool = False
    opposed_to_regulation: bool = False
    masked_visible_in_emergency: bool = False
    closed_on: str = ""
    sample_documents: bool = True
    birth_rank: int = 1
    attached: bool = True
    used_name: str = ""
    postal_code: str = ""
    city: str = ""
    notice_days_ago: int | None = None
    opposed_to_creation: bool = False
    representatives: Sequence[Representative] = ()


@dataclass(frozen=True)
class Directory:
    """Structures, professionals, and who practises where: (PS_IdNat, Struct_IdNat)."""

    structures: Sequence[Structure] = ()
    links: Sequence[tuple[str, str]] = ()
    professionals: Sequence[Professional] = ()
