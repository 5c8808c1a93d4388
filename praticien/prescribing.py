"""Which professions prescribe, and on which article: what the window says beside a prescription before it is written.

The DMP's functional matrix opens deposits to every profession; the right to prescribe is the law's. From memory of the
code de la santé publique, hence said and never enforced (see the assumptions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.documents.model import KindCodes
from praticien.professional import Professional

PRESCRIPTION_CLASS = "42"
"""JDV_J57."""


class Scope(Enum):
    """How far a profession prescribes."""

    FULL = "full"
    LIMITED = "limited"
    IN_TRAINING = "in_training"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PrescribingRight:
    """``basis`` is the article, empty where there is none."""

    scope: Scope
    basis: str = ""


_NONE = PrescribingRight(Scope.NONE)
_RIGHTS = {
    "10": PrescribingRight(Scope.FULL, "CSP, art. L. 4161-1"),
    "21": PrescribingRight(Scope.LIMITED, "CSP, art. L. 5125-1-1 A"),
    "40": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4141-1"),
    "50": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4151-4"),
    "60": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4311-1"),
    "70": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4321-1"),
    "80": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4322-1"),
    "91": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4341-1"),
    "92": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4342-1"),
    "94": PrescribingRight(Scope.LIMITED, "CSP, art. L. 4331-1"),
}
"""By profession (G15)."""


def prescribing_right(who: Professional, codes: KindCodes) -> PrescribingRight | None:
    """None when there is nothing to say: no prescription, or staff, for whom a physician is the author."""
    if codes.class_code.code != PRESCRIPTION_CLASS:
        return None
    if who.profession:
        return _RIGHTS.get(who.profession, _NONE)
    return PrescribingRight(Scope.IN_TRAINING) if who.future_profession else None
