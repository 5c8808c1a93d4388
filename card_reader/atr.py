"""Cards recognised by their answer to reset.

Sources: ANS dops-cryptolib (CPS3, CPS4), the public smart card list (CPS2ter, Vitale). Compared exactly; Vitale 2 has
one variable byte, Vitale 1 a few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Family(Enum):
    """Who holds such a card."""

    PROFESSIONAL = "professional"
    VITALE = "vitale"


class Model(Enum):
    """A generation of cards; the value is its usual name."""

    CPS2TER = "CPS2ter"
    CPS3 = "CPS3"
    CPS3_CONTACTLESS = "CPS3 sans contact"
    CPS4 = "CPS4"
    VITALE1 = "Vitale 1"
    VITALE2 = "Vitale 2"

    @property
    def family(self) -> Family:
        """Professional card or Vitale."""
        return Family.VITALE if self in (Model.VITALE1, Model.VITALE2) else Family.PROFESSIONAL


@dataclass(frozen=True, slots=True)
class _Pattern:
    model: Model
    expression: re.Pattern[str]


def _pattern(model: Model, expression: str) -> _Pattern:
    return _Pattern(model, re.compile(expression.replace(" ", "")))


_PATTERNS = (
    _pattern(Model.CPS3, "3BAC00402A 00 1225006480 00 0310 009000"),
    _pattern(Model.CPS2TER, "3BAC00402A 00 1225006480 82 0212 009000"),
    _pattern(Model.CPS3_CONTACTLESS, "3B8F80010031B86404B0ECC17394018082 9000 0E"),
    _pattern(Model.CPS4, "3B9B188001 00 1225006480 0401 00009044"),
    _pattern(Model.CPS4, "3B9B188001 00 1225006480 000401 009044"),
    _pattern(Model.CPS4, "3BDC18FF 0000 1225006480 000401 009000"),
    _pattern(Model.VITALE2, "3B751300004[3-9]09EA9000"),
    _pattern(Model.VITALE2, "3B751300004[3-9]09FA9000"),
    _pattern(Model.VITALE1, "3F6525002[2C]09[F6]99000"),
    _pattern(Model.VITALE1, "3F65250052096A9000"),
    _pattern(Model.VITALE1, "3F652500A[34]096A9000"),
)


def recognise(atr: bytes) -> Model | None:
    """The model, or None for a card that is none of ours."""
    text = atr.hex().upper()
    return next((known.model for known in _PATTERNS if known.expression.fullmatch(text)), None)
