"""The client's decision table, every cell of it, against the rules restated here one by one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.access import (
    AccessMode,
    Authorisation,
    DossierState,
    DossierStatus,
    Oppositions,
    Rule,
    may_break_glass,
    may_read,
)
from praticien.professional import CardKind

STAFF = {CardKind.CPE, CardKind.CPA}
CELLS = list(itertools.product(DossierState, Authorisation, AccessMode, CardKind))
cells = st.sampled_from(CELLS)


def decide(state, authorisation, mode, card):
    return may_read(DossierStatus(state, authorisation), mode, card)


@pytest.mark.parametrize("state,authorisation,mode,card", CELLS)
def test_every_cell(state, authorisation, mode, card):
    allowed = (
        card not in STAFF
        and state is DossierState.OPEN
        and authorisation is not Authorisation.FORBIDDEN
        and (mode is not AccessMode.NORMAL or authorisation is Authorisation.VALID)
    )
    verdict = decide(state, authorisation, mode, card)
    assert verdict.allowed is allowed
    assert (verdict.rule in (Rule.READ_ALLOWED, Rule.READ_EMERGENCY)) is allowed


@given(cells)
def test_a_blocked_professional_reads_in_no_mode(cell):
    state, _, mode, card = cell
    assert not decide(state, Authorisation.FORBIDDEN, mode, card).allowed


@given(cells)
def test_staff_reads_nothing(cell):
    state, authorisation, mode, _ = cell
    for card in STAFF:
        verdict = decide(state, authorisation, mode, card)
        assert not verdict.allowed
        assert (verdict.rule is Rule.CARD_MAY_NOT_READ) is (state is DossierState.OPEN)


@given(cells)
def test_emergency_never_takes_away_what_normal_access_gives(cell):
    state, authorisation, mode, card = cell
    if decide(state, authorisation, AccessMode.NORMAL, card).allowed:
        assert decide(state, authorisation, mode, card).allowed


@pytest.mark.parametrize(
    "status,rule",
    [
        (DossierStatus(DossierState.ABSENT), Rule.NO_DOSSIER),
        (DossierStatus(DossierState.ABSENT, being_created=True), Rule.BEING_CREATED),
        (DossierStatus(DossierState.CLOSED, Authorisation.VALID), Rule.CLOSED),
        (DossierStatus(DossierState.OPEN, Authorisation.NONE), Rule.CONSENT_NEEDED),
        (DossierStatus(DossierState.OPEN, Authorisation.EXPIRED), Rule.CONSENT_EXPIRED),
        (DossierStatus(DossierState.OPEN, Authorisation.FORBIDDEN), Rule.BLOCKED),
        (DossierStatus(DossierState.OPEN, Authorisation.VALID), Rule.READ_ALLOWED),
    ],
)
def test_the_rule_told_to_a_physician(status, rule):
    assert may_read(status, AccessMode.NORMAL, CardKind.CPS).rule is rule


@pytest.mark.parametrize("card", [CardKind.CPE, CardKind.CPA])
def test_staff_is_told_first_that_there_is_no_dossier_to_feed(card):
    for state, rule in ((DossierState.ABSENT, Rule.NO_DOSSIER), (DossierState.CLOSED, Rule.CLOSED)):
        assert may_read(DossierStatus(state), AccessMode.NORMAL, card).rule is rule
    assert may_read(DossierStatus(DossierState.OPEN), AccessMode.NORMAL, card).rule is Rule.CARD_MAY_NOT_READ


OPPOSITIONS = st.none() | st.builds(Oppositions, st.booleans(), st.booleans())


@given(st.sampled_from(DossierState), st.sampled_from(Authorisation), st.sampled_from(CardKind), OPPOSITIONS)
def test_break_glass_is_for_cps_where_it_opens_what_was_shut(state, authorisation, card, oppositions):
    """Open dossier, nobody blocked, no right already, the patient did not refuse this mode (the other one is apart)."""
    verdict = may_break_glass(DossierStatus(state, authorisation), card, oppositions)
    needed = authorisation in (Authorisation.NONE, Authorisation.EXPIRED)
    refused = oppositions is not None and oppositions.break_glass
    assert verdict.allowed is (card is CardKind.CPS and state is DossierState.OPEN and needed and not refused)


def test_break_glass_that_is_not_needed_is_told_as_such():
    verdict = may_break_glass(DossierStatus(DossierState.OPEN, Authorisation.VALID), CardKind.CPS)
    assert verdict.rule is Rule.BREAK_GLASS_NOT_NEEDED


def test_a_trainee_card_cannot_break_glass():
    assert may_break_glass(DossierStatus(DossierState.OPEN), CardKind.CPF).rule is Rule.CARD_MAY_NOT_BREAK_GLASS
