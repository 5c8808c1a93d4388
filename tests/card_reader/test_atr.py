"""Every card that public sources describe is recognised, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.atr import Family, Model, recognise

KNOWN = [
    ("3BAC00402A001225006480000310009000", Model.CPS3),
    ("3BAC00402A001225006480820212009000", Model.CPS2TER),
    ("3B8F80010031B86404B0ECC1739401808290000E", Model.CPS3_CONTACTLESS),
    ("3B9B188001001225006480040100009044", Model.CPS4),
    ("3B9B188001001225006480000401009044", Model.CPS4),
    ("3BDC18FF00001225006480000401009000", Model.CPS4),
    *((f"3B751300004{x}09EA9000", Model.VITALE2) for x in range(3, 10)),
    ("3B751300004309FA9000", Model.VITALE2),
    ("3F6525002209F99000", Model.VITALE1),
    ("3F6525002C09699000", Model.VITALE1),
    ("3F65250052096A9000", Model.VITALE1),
    ("3F652500A3096A9000", Model.VITALE1),
]


@pytest.mark.parametrize("atr, model", KNOWN)
def test_known_cards(atr: str, model: Model) -> None:
    assert recognise(bytes.fromhex(atr)) is model


@pytest.mark.parametrize("atr", ["", "3B", "3B80800101", "3BAC00402A0012250064800003100090", "3B751300004209EA9000"])
def test_other_cards(atr: str) -> None:
    assert recognise(bytes.fromhex(atr)) is None


@given(st.binary(max_size=33))
def test_any_atr_is_one_of_ours_or_unknown(atr: bytes) -> None:
    model = recognise(atr)
    assert model is None or model.family in Family
