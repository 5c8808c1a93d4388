"""Patient identity: the INS, the strict traits, and what qualifies an identity.

Sources: CI-SIS INS annex (OIDs, key), RNIV (identity status), INS/va1.36 (strict traits), INS/va1.53
(matricule leaves only when qualified).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from praticien.errors import InvalidInput


class InsOid:
    """Assigning authorities of a matricule INS."""

    NIR = "1.2.250.1.213.1.4.8"
    NIA = "1.2.250.1.213.1.4.9"
    TEST = "1.2.250.1.213.1.4.10"
    DEMO = "1.2.250.1.213.1.4.11"


INS_OIDS = frozenset({InsOid.NIR, InsOid.NIA, InsOid.TEST, InsOid.DEMO})
_NIR = re.compile(r"[0-9]{5}(?:[0-9]{2}|2A|2B)[0-9]{6}")


class InvalidIns(InvalidInput):
    """Not a matricule: wrong length, character, key or authority."""

    code = "ins.invalid"


class WrongInsKey(InvalidIns):
    """Thirteen good characters, but the two last digits do not belong to them."""

    code = "ins.wrong_key"


def nir_key(nir: str) -> str:
    """Two-digit key of a 13-character NIR: ``97 - (N mod 97)``, Corsica 2A as 19 and 2B as 18.

    Raises InvalidIns when ``nir`` has not the shape of a NIR.
    """
    if not _NIR.fullmatch(nir):
        raise InvalidIns("thirteen characters expected", field="ins")
    digits = nir.replace("2A", "19").replace("2B", "18") if nir[5] == "2" else nir
    return f"{97 - int(digits) % 97:02d}"


@dataclass(frozen=True, slots=True, repr=False)
class Ins:
    """Matricule INS of 15 characters (NIR 13 + key 2) under the OID of its authority."""

    matricule: str
    oid: str

    def __post_init__(self) -> None:
        if self.oid not in INS_OIDS:
            raise InvalidIns("unknown assigning authority", field="ins")
        if len(self.matricule) != 15:
            raise InvalidIns("fifteen characters expected", field="ins")
        if nir_key(self.matricule[:13]) != self.matricule[13:]:
            raise WrongInsKey(field="ins")

    def __repr__(self) -> str:  # the matricule never reaches a log or a traceback
        return "Ins(…)"

    @classmethod
    def parse(cls, typed: str, oid: str) -> Ins:
        """From what was typed: blanks, dots and hyphens dropped, Corsican letters raised."""
        return cls(re.sub(r"[\s.\-]", "", typed).upper(), oid)

    @property
    def cx(self) -> str:
        """HL7 v2 CX form, component 5 ``NH``."""
        return f"{self.matricule}^^^&{self.oid}&ISO^NH"

    @classmethod
    def from_cx(cls, cx: str) -> Ins:
        """From ``matricule^^^&oid&ISO^NH`` (further components are ignored). Raises InvalidIns."""
        parts = cx.split("^")
        authority = parts[3].split("&") if len(parts) > 3 else []
        if len(authority) < 2:
            raise InvalidIns("not a CX", field="ins")
        return cls(parts[0], authority[1])


class Sex(Enum):
    """Administrative sex of the strict traits."""

    MALE = "M"
    FEMALE = "F"


@dataclass(frozen=True, slots=True, repr=False)
class StrictTraits:
    """The five strict traits.

    ``birth_date`` is text AAAAMMJJ as the source gave it: a lunar date (impossible month or day) is kept unchanged.
    ``birth_place`` is the five-character INSEE code (COG), empty when unknown.
    """

    birth_name: str
    birth_first_names: tuple[str, ...]
    birth_date: str
    sex: Sex
    birth_place: str = ""

    def __post_init__(self) -> None:
        if not self.birth_name.strip():
            raise InvalidInput("birth name missing", field="birth_name")
        if not self.birth_first_names or not self.birth_first_names[0].strip():
            raise InvalidInput("first birth name missing", field="birth_first_name")
        if not re.fullmatch(r"[0-9]{8}", self.birth_date):
            raise InvalidInput("birth date: AAAAMMJJ", field="birth_date")
        if self.birth_place and not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", self.birth_place):
            raise InvalidInput("birth place: INSEE code", field="birth_place")

    def __repr__(self) -> str:
        return "StrictTraits(…)"

    @property
    def first_name(self) -> str:
        """The first of the birth first names."""
        return self.birth_first_names[0]

    @property
    def is_lunar(self) -> bool:
        """True when the birth date is no calendar date."""
        return calendar_date(self.birth_date) is None

    def age_on(self, day: date) -> int:
        """Whole years on ``day``; a lunar date counts from 1 January of its year (facts: transmitted unchanged)."""
        born = calendar_date(self.birth_date) or date(int(self.birth_date[:4]), 1, 1)
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def calendar_date(text: str) -> date | None:
    """The calendar date of AAAAMMJJ, or None (lunar or malformed)."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None
    except ValueError:
        return None


class IdentityStatus(Enum):
    """RNIV status; only QUALIFIED lets the matricule leave (INS/va1.53)."""

    PROVISIONAL = "PROV"
    RETRIEVED = "RECUP"
    VALIDATED = "VALI"
    QUALIFIED = "QUAL"


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """One patient as this practice knows them. ``ipp`` is the local identifier, empty when none."""

    traits: StrictTraits
    status: IdentityStatus
    ins: Ins | None = None
    used_name: str = ""
    used_first_name: str = ""
    ipp: str = ""

    def __repr__(self) -> str:
        return f"Patient({self.status.value})"

    @property
    def qualified_ins(self) -> Ins:
        """The matricule, for whatever leaves this machine. Raises InvalidIns unless the identity is qualified."""
        if self.ins is None or self.status is not IdentityStatus.QUALIFIED:
            raise UnqualifiedIdentity(field="ins")
        return self.ins

    def with_identity_checked(self) -> Patient:
        """The user compared an official identity document with these traits: RECUP becomes QUAL, PROV becomes VALI."""
        checked = IdentityStatus.QUALIFIED if self.ins else IdentityStatus.VALIDATED
        return replace(self, status=checked)


class UnqualifiedIdentity(InvalidIns):
    """The identity is not qualified, so its matricule stays here (INS/va1.53)."""

    code = "ins.unqualified"
