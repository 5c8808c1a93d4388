"""Names and traits compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration.people import SCANNED
from praticien.identity import Sex
from praticien.matching import fold, same_person

TRAITS = SCANNED.traits  # TESTIMAGE, HÉLÈNE MARIE, 1971-05-09, F


@pytest.mark.parametrize(
    "one,other",
    [
        ("Éloïse-Marie", "ELOISE MARIE"),
        ("L'Hôpital", "L’HOPITAL"),
        ("Cœur", "COEUR"),
        ("LÆTITIA", "Laetitia"),
        ("  d'  Épreuve ", "D EPREUVE"),
        ("GROß", "GROSS"),
    ],
)
def test_equal_spellings(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_is_idempotent_and_plain(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert folded.isascii()
    assert folded == folded.strip()
    assert "  " not in folded


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈÀÇÔÎÛ -'", min_size=1))
def test_case_and_ends_do_not_matter(name):
    assert fold(f" {name.lower()} ") == fold(name)


def test_same_traits_differ_in_nothing():
    assert same_person(TRAITS, birth_name="testimage", first_name="Helene", birth_date="19710509", sex=Sex.FEMALE) == ()


def test_what_is_not_said_is_not_compared():
    assert same_person(TRAITS) == ()


@pytest.mark.parametrize(
    "said,differing",
    [
        ({"birth_name": "TESTAUTRE"}, ("birth_name",)),
        ({"first_name": "MARIE"}, ("first_name",)),
        ({"first_name": "HELEN"}, ("first_name",)),
        ({"birth_date": "19710905"}, ("birth_date",)),
        ({"sex": Sex.MALE}, ("sex",)),
        ({"birth_name": "X", "first_name": "Y", "birth_date": "1", "sex": Sex.MALE},
         ("birth_name", "first_name", "birth_date", "sex")),
    ],
)  # fmt: skip
def test_each_trait_is_told(said, differing):
    assert same_person(TRAITS, **said) == differing


@pytest.mark.parametrize("first_name", ["HELENE", "Hélène", "HÉLÈNE MARIE", "Helene-Marie"])
def test_first_name_alone_or_the_list(first_name):
    assert same_person(TRAITS, first_name=first_name) == ()


def test_a_compound_first_name_is_not_cut_in_the_middle():
    traits = replace(TRAITS, birth_first_names=("MARIE-LOUISE", "ANNE"))
    assert same_person(traits, first_name="MARIE LOUISE") == ()
    assert same_person(traits, first_name="MARIE LOU") == ("first_name",)
