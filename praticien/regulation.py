"""The regulation centre's search without INS (TD0.5), and who among the found may be opened.

Nobody is opened on a name: three traits are confirmed with the caller, and they must set the patient apart from every
other one found. Sources: facts of TD0.5 (traits, opposition flag), CSP L.1111-17 I and R.1111-48; three traits and the
homonym rule are ours (docs/assumptions.md).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum

from praticien.access import Rule, Verdict
from praticien.errors import InvalidInput
from praticien.identity import Ins, Sex, StrictTraits
from praticien.matching import fold

SHORTEST_NAME = 2
TRAITS_TO_CONFIRM = 3


@dataclass(frozen=True, slots=True, repr=False)
class SearchCriteria:
    """What the caller said: a name of two letters at least, the rest narrows. ``birth_date`` is AAAAMMJJ."""

    family_name: str
    given_name: str = ""
    birth_date: str = ""
    sex: Sex | None = None
    city: str = ""
    postal_code: str = ""

    def __post_init__(self) -> None:
        if len(self.family_name.strip()) < SHORTEST_NAME:
            raise InvalidInput("two letters at least", field="family_name")


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """One of those found. ``degree`` is the match in percent; ``opposed``: refused access by a regulation centre."""

    traits: StrictTraits
    ins: Ins
    used_name: str = ""
    city: str = ""
    postal_code: str = ""
    degree: int = 0
    opposed: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Best match first; ``total`` counts also those that the answer leaves out."""

    candidates: tuple[Candidate, ...] = ()
    total: int = 0


class Trait(Enum):
    """What can be confirmed aloud with the caller."""

    BIRTH_NAME = "birth_name"
    FIRST_NAME = "first_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    CITY = "city"


def value(candidate: Candidate, trait: Trait) -> str:
    """The trait as it is compared and shown; empty when unknown."""
    traits = candidate.traits
    return {
        Trait.BIRTH_NAME: traits.birth_name,
        Trait.FIRST_NAME: traits.first_name,
        Trait.BIRTH_DATE: traits.birth_date,
        Trait.SEX: traits.sex.value,
        Trait.CITY: f"{candidate.postal_code} {candidate.city}".strip(),
    }[trait]


def known_traits(candidate: Candidate) -> tuple[Trait, ...]:
    """Those that have a value."""
    return tuple(trait for trait in Trait if value(candidate, trait))


def may_open(found: Found, candidate: Candidate, confirmed: Set[Trait]) -> Verdict:
    """May this one be opened, with these traits confirmed?"""
    if candidate.opposed:
        return Verdict(False, Rule.REGULATION_OPPOSED)
    if found.total > len(found.candidates):
        return Verdict(False, Rule.SEARCH_TOO_WIDE)  # a homonym may be among those not shown
    sure = confirmed & set(known_traits(candidate))
    if len(sure) < TRAITS_TO_CONFIRM:
        return Verdict(False, Rule.TRAITS_NOT_CONFIRMED)
    others = (one for one in found.candidates if one.ins != candidate.ins)
    if any(_alike(candidate, other, sure) for other in others):
        return Verdict(False, Rule.HOMONYM_NOT_SET_APART)
    return Verdict(True, Rule.REGULATION_ALLOWED)


def _alike(one: Candidate, other: Candidate, confirmed: Set[Trait]) -> bool:
    """Whether the confirmed traits could be those of the other; an unknown value could be anything."""
    return all(not value(other, trait) or fold(value(one, trait)) == fold(value(other, trait)) for trait in confirmed)
