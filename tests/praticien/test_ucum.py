"""Units: conversions checked against figures worked out by hand, spellings of the field."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien import ucum


@pytest.mark.parametrize(
    "unit, into, expected",
    [
        ("mg/dL", "g/L", "0.01"),
        ("m[IU]/L", "u[IU]/mL", "1"),
        ("10*9/L", "/mm3", "1000"),
        ("10*6/uL", "10*12/L", "1"),
        ("U/L", "nkat/L", "16.6666666667"),
        ("cm", "m", "0.01"),
        ("wk", "d", "7"),
        ("%", "1", "0.01"),
    ],
)
def test_factor(unit, into, expected):
    assert ucum.factor(unit, into) == Decimal(expected)


@pytest.mark.parametrize(
    "unit, into",
    [
        ("g/L", "mmol/L"),
        ("meq/L", "mmol/L"),
        ("[degF]", "Cel"),
        ("{tablet}", "1"),
        ("zzz", "m"),
        ("", "m"),
        ("m" * 50, "m"),
    ],
)
def test_no_factor(unit, into):
    assert ucum.factor(unit, into) is None


@pytest.mark.parametrize(
    "written, unit",
    [
        ("mUI/l", "m[IU]/L"),
        ("µg/ml", "ug/mL"),
        ("×10⁹/L", "10*9/L"),
        ("10^9/l", "10*9/L"),
        ("G/l", "10*9/L"),
        ("T/L", "10*12/L"),
        ("mm Hg", "mm[Hg]"),
        ("mg/j", "mg/d"),
        ("UI/L", "[IU]/L"),
    ],
)
def test_spellings_of_the_field(written, unit):
    assert ucum.from_field(written) == unit
    assert ucum.is_ucum(unit)


@given(st.text(max_size=50))
def test_anything_may_be_asked(text):
    ucum.is_ucum(ucum.from_field(text))
    ucum.factor(text, "g/L")


def test_what_has_no_factor():
    for one, other in (("K", "Cel"), ("Cel", "K"), ("[degF]", "Cel")):
        assert ucum.factor(one, other) is None
