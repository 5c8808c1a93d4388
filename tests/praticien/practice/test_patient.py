"""Who the patient is, by Vitale or by traits: INSi must speak of the same person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demonstration import people
from praticien.errors import EnvironmentProblem, PatientChanged
from praticien.identity import IdentityStatus, UnqualifiedIdentity
from praticien.practice import CenturyMissing, IdentityMismatch, NoOwnNir, StaleReading
from tests.praticien.fakes import NOW, Desk, insi_answer, vitale
from tests.praticien.practice.support import glass


def test_beneficiary_by_vitale():
    desk = Desk("cps-urgentiste", people.LINA).unlocked()
    reading = vitale("vitale-famille")
    case = desk.practice.take_beneficiary(reading, reading.beneficiaries[2])
    assert case.patient.ins == people.LINA.ins
    assert case.patient.status is IdentityStatus.RETRIEVED
    assert desk.practice.confirm_identity().patient.qualified_ins == people.LINA.ins


@pytest.mark.parametrize("age,accepted", [(timedelta(minutes=20), True), (timedelta(minutes=20, seconds=1), False)])
def test_a_stale_vitale_is_not_used(age, accepted):
    desk = Desk(seed=people.SOLO).unlocked()
    desk.now = NOW + age
    reading = vitale("vitale-seule")
    if accepted:
        assert desk.practice.take_beneficiary(reading, reading.beneficiaries[0])
    else:
        with pytest.raises(StaleReading):
            desk.practice.take_beneficiary(reading, reading.beneficiaries[0])
        assert desk.insi.asked == 0


def test_a_child_without_certified_nir_is_not_looked_up_under_the_parents():
    desk = Desk().unlocked()
    reading = vitale("vitale-famille")
    with pytest.raises(NoOwnNir):
        desk.practice.take_beneficiary(reading, replace(reading.beneficiaries[2], certified_nir=""))
    assert desk.insi.asked == 0


def test_a_missing_century_is_asked():
    desk = Desk().unlocked()
    reading = vitale("vitale-seule")
    with pytest.raises(CenturyMissing):
        desk.practice.take_beneficiary(reading, replace(reading.beneficiaries[0], birth_date="??870312"))


@pytest.mark.parametrize(
    "change,trait",
    [
        ({"birth_name": "TESTAUTRE"}, "birth_name"),
        ({"birth_date": "19870313"}, "birth_date"),
        ({"first_name": "ANNE"}, "first_name"),
    ],
)
def test_insi_must_speak_of_the_beneficiary(change, trait):
    desk = Desk().unlocked()
    reading = vitale("vitale-seule")
    with pytest.raises(IdentityMismatch) as caught:
        desk.practice.take_beneficiary(reading, replace(reading.beneficiaries[0], **change))
    assert caught.value.differing == (trait,)
    assert "TEST" not in str(caught.value)
    assert desk.practice.case is None


def test_a_typed_matricule_must_be_the_one_insi_gives():
    desk = Desk().unlocked()
    with pytest.raises(IdentityMismatch) as caught:
        desk.practice.take_traits(people.SOLO.traits, people.NORA.ins)
    assert caught.value.differing == ("ins",)
    assert desk.practice.take_traits(people.SOLO.traits, people.SOLO.ins)


def test_insi_must_speak_of_the_typed_traits():
    desk = Desk().unlocked()
    desk.insi.answer = insi_answer(people.YANN)
    with pytest.raises(IdentityMismatch) as caught:
        desk.practice.take_traits(people.SOLO.traits)
    assert set(caught.value.differing) == {"birth_name", "birth_date", "sex"}
    assert desk.practice.case is None


def test_an_unqualified_matricule_stays_here():
    desk = Desk().unlocked()
    desk.practice.take_traits(people.SOLO.traits)
    for act in (desk.practice.look, desk.practice.record_consent, desk.practice.list_documents, lambda: glass(desk)):
        with pytest.raises(UnqualifiedIdentity):
            act()
    assert desk.dmp.calls == []


def test_the_former_patient_leaves_before_the_next_one_is_known(desk):
    seen = []
    desk.insi.meanwhile = lambda: seen.append(desk.practice.case)
    desk.insi.answer = insi_answer(people.NORA)
    desk.practice.take_traits(people.NORA.traits)
    assert seen == [None]
    assert desk.practice.case.patient.traits == people.NORA.traits


def test_a_failed_search_leaves_no_patient(desk):
    def fail():
        raise EnvironmentProblem

    desk.insi.meanwhile = fail
    with pytest.raises(EnvironmentProblem):
        desk.practice.take_traits(people.NORA.traits)
    assert desk.practice.case is None


def test_two_searches_only_the_last_counts():
    desk = Desk().unlocked()
    first = desk.practice

    def second_search():
        desk.insi.meanwhile = lambda: None
        desk.insi.answer = insi_answer(people.NORA)
        first.take_traits(people.NORA.traits)
        desk.insi.answer = insi_answer(people.SOLO)

    desk.insi.meanwhile = second_search
    with pytest.raises(PatientChanged):
        first.take_traits(people.SOLO.traits)
    assert first.case.patient.ins == people.NORA.ins
