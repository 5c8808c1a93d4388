"""How long an emergency lasts, and who may act as a regulation centre."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.access import NORMAL, AccessMode, EmergencyReason, Rule
from praticien.emergency import EmergencyRules, begin, is_over, may_regulate, refuse_over, remaining
from praticien.errors import InvalidInput, Refused
from praticien.professional import CardHolder, CardKind

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
RULES = EmergencyRules(break_glass=timedelta(minutes=45), centres=frozenset({people.SAMU.national_id}))
ACCESS = begin(AccessMode.BREAK_GLASS, EmergencyReason.UNCONSCIOUS, " ", NOW, RULES)


def test_lasts_as_configured_over_midnight():
    assert ACCESS.until == NOW + timedelta(minutes=45)
    assert remaining(ACCESS, NOW + timedelta(minutes=44)) == timedelta(minutes=1)
    refuse_over(ACCESS, NOW + timedelta(minutes=44, seconds=59))
    with pytest.raises(Refused) as caught:
        refuse_over(ACCESS, NOW + timedelta(minutes=45))
    assert caught.value.rule == Rule.EMERGENCY_OVER.value


@given(st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=2)))
def test_open_within_its_time_and_never_outside(shift):
    inside = timedelta(0) <= shift < timedelta(minutes=45)
    assert is_over(ACCESS, NOW + shift) is not inside


def test_normal_access_has_no_end():
    assert remaining(NORMAL, NOW) is None
    assert not is_over(NORMAL, NOW)


@pytest.mark.parametrize("reason", EmergencyReason)
def test_words_are_asked_where_the_code_says_nothing(reason):
    if reason is EmergencyReason.OTHER:
        with pytest.raises(InvalidInput):
            begin(AccessMode.BREAK_GLASS, reason, "  ", NOW, RULES)
    else:
        assert begin(AccessMode.BREAK_GLASS, reason, "  ", NOW, RULES).words == ""


@pytest.mark.parametrize(
    "holder,structure,rule",
    [
        ((CardKind.CPS, people.REGULATOR), people.SAMU, Rule.REGULATION_ALLOWED),
        ((CardKind.CPS, people.REGULATOR), people.HOPITAL, Rule.NOT_A_CENTRE),
        ((CardKind.CPF, people.REGULATOR), people.SAMU, Rule.NOT_A_REGULATOR),
        ((CardKind.CPE, people.SECRETARY), people.SAMU, Rule.NOT_A_REGULATOR),
        ((CardKind.CPS, replace(people.REGULATOR, profession="60", specialty="")), people.SAMU, Rule.NOT_A_REGULATOR),
    ],
)
def test_regulation_is_for_a_physician_in_a_declared_centre(holder, structure, rule):
    kind, who = holder
    assert may_regulate(CardHolder(kind, "1", who), structure, RULES).rule is rule


def test_no_centre_is_one_unless_configured():
    verdict = may_regulate(CardHolder(CardKind.CPS, "1", people.REGULATOR), people.SAMU, EmergencyRules())
    assert verdict.rule is Rule.NOT_A_CENTRE
