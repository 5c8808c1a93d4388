"""Exposure typed as it is spoken of, and read back from its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.imaging import Exposure
from praticien.documents.imaging_codes import QUANTITIES
from praticien.documents.imaging_dose import WrongDose, parse, words
from tests.praticien.documents.imaging_reports import exposures


@given(st.lists(exposures, max_size=5))
def test_what_is_said_is_read_back(measured):
    assert parse(words(measured)) == tuple(measured)


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("", ()),
        ("PDL 540,2", (Exposure("113813", "540.2", "mGy.cm"),)),
        ("pdl : 540.2 mGy·cm;", (Exposure("113813", "540.2", "mGy.cm"),)),
        ("PDS = 1,5 cGy.cm²", (Exposure("113722", "1.5", "cGy.cm2"),)),
        ("Temps de scopie 2 min ; images 12", (Exposure("113730", "2", "min"), Exposure("113731", "12", "1"))),
        ("dose à l'entrée 3 mGy", (Exposure("111636", "3", "mGy"),)),
    ],
)
def test_usual_ways_of_typing(typed, expected):
    assert parse(typed) == expected


@pytest.mark.parametrize(
    "typed", ["beaucoup", "PDL", "540", "PDL 540 kg", "PDL 540 mGy", "XYZ 3 mGy", "PDL -3", "PDL 1 2"]
)
def test_what_cannot_be_meant_is_refused(typed):
    with pytest.raises(WrongDose) as caught:
        parse(typed)
    assert caught.value.field == "exposures"


def test_every_quantity_has_words_of_its_own():
    assert len({quantity.words for quantity in QUANTITIES.values()}) == len(QUANTITIES)
