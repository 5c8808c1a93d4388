"""Health professionals, structures and practice situations, as a CPx card tells them.

Sources: ANS nomenclatures G15, R01, R02; PS_IdNat (1.2.250.1.71.4.2.1) and Struct_IdNat (1.2.250.1.71.4.2.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

OID_PS = "1.2.250.1.71.4.2.1"
OID_STRUCTURE = "1.2.250.1.71.4.2.2"
OID_PROFESSION_G15 = "1.2.250.1.71.1.2.7"
OID_PROFESSION_G16 = "1.2.250.1.71.1.2.8"
OID_SPECIALTY_R01 = "1.2.250.1.71.4.2.5"
OID_SECTOR_R02 = "1.2.250.1.71.4.2.4"
OID_NON_PS_ROLE = "1.2.250.1.213.1.1.4.6"
OID_AUTHOR_SPECIALTY = "1.2.250.1.213.1.1.4.5"


class CardKind(Enum):
    """Kinds of professional cards (certificate extension 1.2.250.1.71.1.2.2: 0 CPS, 1 CPF, 2 CPE, 3 CPA)."""

    CPS = 0
    CPF = 1
    CPE = 2
    CPA = 3


@dataclass(frozen=True, slots=True)
class Structure:
    """A place of practice. ``national_id`` is the prefixed Struct_IdNat; ``sector`` an R02 code (SA07…)."""

    national_id: str
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class PracticeSituation:
    """One activity of the holder; ``index`` is its number on the card (1 to 16)."""

    index: int
    structure: Structure


@dataclass(frozen=True, slots=True)
class Professional:
    """A person who acts. ``national_id`` is the prefixed PS_IdNat (12 characters for ``8`` + RPPS).

    ``profession`` is a G15 code ("10" physician), empty for staff; ``specialty`` an R01 code ("SM54"), empty when
    the profession has none. ``role`` is the non-PS role of a CPE ("SECRETARIAT_MEDICAL"), empty otherwise.
    ``future_profession`` is the G16 code of a card in training (CPF: students, interns), which has no profession yet.
    """

    national_id: str
    family_name: str
    given_name: str
    profession: str = ""
    specialty: str = ""
    role: str = ""
    future_profession: str = ""

    @property
    def is_named(self) -> bool:
        """False for a card that names nobody: organisation and identifier stand for the names then."""
        return self.given_name != self.national_id

    @property
    def is_physician(self) -> bool:
        """True for profession G15 10."""
        return self.profession == "10"

    @property
    def author_specialty(self) -> str:
        """Code of TRE_A02 / JDV_J01: ``G15_10/SM54``, ``G15_60``, ``G16_10`` or the role alone."""
        if not self.profession:
            return f"G16_{self.future_profession}" if self.future_profession else self.role
        return f"G15_{self.profession}" + (f"/{self.specialty}" if self.specialty else "")


@dataclass(frozen=True, slots=True)
class CardHolder:
    """What a professional card says without PIN, then with it (``situations`` may be empty before)."""

    card_kind: CardKind
    card_serial: str
    professional: Professional
    situations: tuple[PracticeSituation, ...] = ()
    is_test_card: bool = False
