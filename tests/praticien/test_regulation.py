"""Who among the found may be opened: the whole product of small traits, walked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.access import Rule
from praticien.errors import InvalidInput
from praticien.identity import Sex, StrictTraits
from praticien.regulation import Candidate, Found, SearchCriteria, Trait, known_traits, may_open, value

ALL = frozenset(Trait)
INSES = [seed.ins for seed in people.DOSSIERS[:4]]
traits = st.builds(
    StrictTraits,
    st.sampled_from(["TESTUN", "Testün"]),
    st.sampled_from([("PAUL",), ("PAUL", "LUC"), ("ZOÉ",)]),
    st.sampled_from(["19520604", "19520614"]),
    st.sampled_from(Sex),
)


CITIES = st.sampled_from(["", "TESTVILLE"])
candidates = st.builds(Candidate, traits, st.sampled_from(INSES), city=CITIES, opposed=st.booleans())


def found_of(seeds, total=None):
    made = tuple(
        Candidate(s.traits, s.ins, city=s.city, postal_code=s.postal_code, opposed=s.opposed_to_regulation)
        for s in seeds
    )
    return Found(made, total or len(made))


HOMONYMS = found_of((people.CALLED_FOR, people.HOMONYM, people.OPPOSED_TO_REGULATION))


@given(st.lists(candidates, min_size=1, max_size=4, unique_by=lambda one: one.ins), st.sets(st.sampled_from(Trait)))
def test_opened_only_when_three_traits_belong_to_nobody_else(listed, confirmed):
    found = Found(tuple(listed), len(listed))
    one = listed[0]
    verdict = may_open(found, one, confirmed)
    if not verdict.allowed:
        return
    assert not one.opposed
    sure = [trait for trait in confirmed if value(one, trait)]
    assert len(sure) >= 3
    for other in listed[1:]:
        assert any(value(other, t) and value(other, t).upper() != value(one, t).upper() for t in sure)


@given(candidates, st.integers(1, 5))
def test_an_incomplete_list_opens_nobody(one, more):
    assert not may_open(Found((one,), 1 + more), one, ALL).allowed


@pytest.mark.parametrize(
    "confirmed,rule",
    [
        (set(), Rule.TRAITS_NOT_CONFIRMED),
        ({Trait.BIRTH_NAME, Trait.BIRTH_DATE}, Rule.TRAITS_NOT_CONFIRMED),
        ({Trait.BIRTH_NAME, Trait.SEX, Trait.CITY}, Rule.HOMONYM_NOT_SET_APART),
        ({Trait.BIRTH_NAME, Trait.FIRST_NAME, Trait.SEX, Trait.CITY}, Rule.HOMONYM_NOT_SET_APART),
        ({Trait.BIRTH_NAME, Trait.FIRST_NAME, Trait.BIRTH_DATE}, Rule.REGULATION_ALLOWED),
    ],
)
def test_homonyms_ten_days_apart(confirmed, rule):
    assert may_open(HOMONYMS, HOMONYMS.candidates[0], frozenset(confirmed)).rule is rule


def test_who_opposed_is_not_opened_whatever_is_confirmed():
    assert may_open(HOMONYMS, HOMONYMS.candidates[2], ALL).rule is Rule.REGULATION_OPPOSED


def test_what_is_not_known_cannot_be_confirmed():
    bare = Candidate(people.SOLO.traits, people.SOLO.ins)
    assert Trait.CITY not in known_traits(bare)
    confirmed = frozenset({Trait.CITY, Trait.SEX, Trait.BIRTH_NAME})
    assert may_open(Found((bare,), 1), bare, confirmed).rule is Rule.TRAITS_NOT_CONFIRMED


def test_a_name_of_one_letter_is_not_searched():
    with pytest.raises(InvalidInput) as caught:
        SearchCriteria(" T ")
    assert caught.value.field == "family_name"
