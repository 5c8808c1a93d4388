"""What a Vitale card says: its holder natively, its beneficiaries through the licensed reading module.

Field names follow the published output of the "API de lecture Vitale" (facts: root t_AsnDonneesVitale).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

MAX_READING_AGE = timedelta(minutes=20)
"""A reading older than this is not used for identity (INSi homologation test 1.02)."""

OLDEST = 120
"""Years that nobody is supposed to exceed, where a century must be asked."""


class BeneficiaryQuality(Enum):
    """Quality of the beneficiary (qualBenef)."""

    INSURED = 0
    ASCENDANT_DESCENDANT = 1
    SPOUSE = 2
    DIVORCED = 3
    COHABITANT = 4
    SEPARATED = 5
    CHILD = 6
    OUTSIDE_ART_313 = 7
    WIDOWED = 8
    OTHER = 9


@dataclass(frozen=True, slots=True, repr=False)
class RightsPeriod:
    """A period of rights, AAAAMMJJ both, empty when open."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, repr=False)
class Beneficiary:
    """One person of the card.

    ``birth_date`` is AAAAMMJJ, or ``??AAMMJJ`` when the card carries no century (ask, never guess).
    ``nir`` is the insured person's (15 with key); ``certified_nir`` the beneficiary's own, empty when not certified.
    """

    rank: int
    birth_name: str
    used_name: str
    first_name: str
    birth_date: str
    birth_rank: int
    nir: str
    certified_nir: str
    quality: BeneficiaryQuality
    rights: tuple[RightsPeriod, ...] = ()
    declared_treating_physician: bool = False

    def __repr__(self) -> str:
        return f"Beneficiary(rank={self.rank})"

    @property
    def lacks_century(self) -> bool:
        """Whether the card gives two digits of the birth year only."""
        return self.birth_date.startswith("??")

    def possible_years(self, this_year: int) -> tuple[int, ...]:
        """Birth years that a missing century leaves, youngest first: not to come, and no more than 120 years ago."""
        two_digits = int(self.birth_date[2:4])
        latest = this_year - (this_year - two_digits) % 100
        return tuple(year for year in (latest, latest - 100) if this_year - year <= OLDEST)

    def born_in(self, year: int) -> Beneficiary:
        """The same person, the century said by the user."""
        return replace(self, birth_date=f"{year:04d}{self.birth_date[4:]}")

    @property
    def own_nir(self) -> str:
        """The beneficiary's own NIR: the certified one, else the insured person's for the insured, else empty."""
        if self.certified_nir:
            return self.certified_nir
        return self.nir if self.quality is BeneficiaryQuality.INSURED else ""


@dataclass(frozen=True, slots=True, repr=False)
class VitaleHolder:
    """What anyone may read from a Vitale 2 over PC/SC (facts: tags 93, 80, 81, 82)."""

    nir: str
    family_name: str
    first_name: str
    birth_date: str


@dataclass(frozen=True, slots=True, repr=False)
class VitaleReading:
    """One reading of one card, at one moment (aware UTC)."""

    serial: str
    read_at: datetime
    holder: VitaleHolder
    beneficiaries: tuple[Beneficiary, ...] = field(default=())
    is_test_card: bool = False

    def is_fresh(self, now: datetime) -> bool:
        """True while the reading may serve for identity."""
        return timedelta(0) <= now - self.read_at <= MAX_READING_AGE
