"""A minor's secret connection on the desk (CSP R.1111-50, EX_0.1-1100)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien import minors
from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus, EmergencyReason, Rule
from praticien.document_acts import ActRule, DocumentAct
from praticien.dossier_acts import DossierAct
from praticien.errors import Refused
from praticien.metadata import Confidentiality
from praticien.practice import Practice
from reference_server import ages
from tests.ages import of_age
from tests.connectors.samples import entry, registered
from tests.praticien.fakes import Desk

HIDDEN = (Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_REPRESENTATIVES)


@given(
    st.dates(date(1999, 1, 1), date(2026, 12, 31)),
    st.integers(1999, 2026),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_minor_as_the_server_says(on, year, month, day):
    """Also with the months and days that no calendar has."""
    born = f"{year}{month:02}{day:02}"
    assert minors.may_be_minor(born, on) == ages.may_be_minor(born, on)


@of_age
def test_comes_of_age(born, on, minor):
    assert minors.may_be_minor(born, on) is minor


@pytest.fixture
def desk():
    made = Desk(seed=people.LINA).with_patient()
    made.dmp.documents = (registered(entry()),)
    return made


def secret_calls(desk: Desk) -> dict[str, bool]:
    return {name: access.secret for name, access in desk.dmp.calls if access}


def test_every_call_about_the_patient_says_it(desk):
    practice: Practice = desk.practice
    practice.keep_secret(True)
    mine = replace(registered(entry()), patient_id=people.LINA.ins)
    desk.dmp.documents = (mine,)
    practice.look()
    practice.record_consent()
    practice.list_documents()
    practice.open_document(mine)
    practice.change_document(DocumentAct.MASK, mine)
    practice.relations(mine)
    practice.find_news()
    practice.holders()
    practice.administrative_data()
    practice.revise_authorisation(DossierAct.BECOME_TREATING)
    calls = secret_calls(desk)
    assert {"status", "declare", "find", "retrieve", "visibility", "holders", "administrative", "revise"} <= set(calls)
    assert all(calls.values())


def test_begun_by_an_act_alone_and_ended_with_the_patient(desk):
    assert not desk.practice.case.access.secret
    desk.practice.keep_secret(True)
    desk.practice.take_traits(people.LINA.traits)
    assert not desk.practice.case.access.secret


def test_what_was_read_before_is_asked_for_again(desk):
    desk.practice.look()
    desk.practice.list_documents()
    case = desk.practice.keep_secret(True)
    assert (case.status, case.documents, case.since) == (None, (), None)
    desk.practice.look()
    case = desk.practice.keep_secret(False)
    assert (case.status, case.access.secret) == (None, False)


def test_for_minors_alone():
    desk = Desk(seed=people.SOLO).with_patient()
    assert desk.practice.secret_verdict().rule is Rule.CONCEALED_FOR_MINORS
    with pytest.raises(Refused) as refusal:
        desk.practice.keep_secret(True)
    assert refusal.value.rule == Rule.CONCEALED_FOR_MINORS.value
    assert not desk.practice.case.access.secret


def test_one_who_comes_of_age_at_the_desk(desk):
    desk.now += timedelta(days=366 * 4)
    assert not desk.practice.secret_verdict().allowed


def test_never_with_an_emergency(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    assert desk.practice.emergency_verdict().allowed
    desk.practice.keep_secret(True)
    desk.practice.look()
    assert desk.practice.emergency_verdict().rule is Rule.NO_EMERGENCY_CONCEALED
    with pytest.raises(Refused):
        desk.practice.break_glass(EmergencyReason.UNCONSCIOUS, "")
    desk.practice.keep_secret(False)
    desk.practice.look()
    case = desk.practice.break_glass(EmergencyReason.UNCONSCIOUS, "")
    assert (case.access.mode, case.access.secret) == (AccessMode.BREAK_GLASS, False)
    assert desk.practice.secret_verdict().rule is Rule.CONCEALED_NOT_IN_EMERGENCY
    with pytest.raises(Refused):
        desk.practice.keep_secret(True)


def test_what_is_hidden_from_the_representatives_stays_so_within(desk):
    hidden = replace(registered(entry()), confidentiality=HIDDEN)
    assert desk.practice.act_verdicts(hidden)[DocumentAct.SHOW_TO_REPRESENTATIVES].allowed
    desk.practice.keep_secret(True)
    assert desk.practice.act_verdicts(hidden)[DocumentAct.SHOW_TO_REPRESENTATIVES].rule is ActRule.CONCEALED
