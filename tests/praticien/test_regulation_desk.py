"""A regulator at the desk: what is asked of the DMP, in which mode, and what the case then holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from demonstration import people
from praticien.access import AccessMode, DossierState, DossierStatus, Rule
from praticien.deposit import prepare
from praticien.emergency import EmergencyRules
from praticien.errors import InvalidInput, PatientChanged, Refused
from praticien.identity import IdentityStatus, UnqualifiedIdentity
from praticien.metadata import Code
from praticien.regulation import Found, SearchCriteria, Trait
from praticien.regulation_desk import RegulationDesk
from tests.praticien import forms
from tests.praticien.fakes import NOW, Desk
from tests.praticien.test_regulation import HOMONYMS

SURE = frozenset({Trait.BIRTH_NAME, Trait.FIRST_NAME, Trait.BIRTH_DATE})
ONE = HOMONYMS.candidates[0]


@pytest.fixture
def desk():
    made = Desk("cps-regulateur").unlocked()
    made.practice.emergencies = EmergencyRules(centres=frozenset({people.SAMU.national_id}))
    made.dmp.found = HOMONYMS
    entry = prepare(forms.prescription(), software_oid=forms.SOFTWARE_OID).documents[0].entry
    will = replace(entry, patient_id=ONE.ins, type_code=Code("EXPPAT_3", ""), title="Directives anticipées")
    report = replace(entry, patient_id=ONE.ins, type_code=Code("11502-2", ""), unique_id="1.2.3")
    made.dmp.documents = (will, report)
    made.dmp.status = DossierStatus(DossierState.OPEN)
    return made


@pytest.fixture
def samu(desk):
    return RegulationDesk(desk.practice)


def opened(desk, samu, words="Appel 42"):
    return samu.open(HOMONYMS, ONE, SURE, words, turn=desk.practice.turn)


def test_search_is_made_in_mode_centre_15_with_its_reason(desk, samu):
    assert samu.search(SearchCriteria("TESTHOMONYME"), "Appel 42") is HOMONYMS
    ((name, access),) = desk.dmp.calls
    assert (name, access.mode, access.words) == ("search", AccessMode.REGULATION, "Appel 42")


def test_minimum_view_first_and_nothing_else(desk, samu):
    case = opened(desk, samu)
    assert [name for name, _ in desk.dmp.calls] == ["status", "find", "retrieve"]
    assert {access.mode for _, access in desk.dmp.calls} == {AccessMode.REGULATION}
    assert case.documents == ()
    assert (len(case.minimum.looked_at) + len(case.minimum.unread), case.minimum.others) == (1, 1)
    assert case.patient.status is IdentityStatus.PROVISIONAL


def test_the_rest_by_a_second_act(desk, samu):
    opened(desk, samu)
    assert desk.practice.list_documents().documents == desk.dmp.documents
    desk.practice.open_document(desk.dmp.documents[1])
    assert desk.dmp.calls[-1][1].mode is AccessMode.REGULATION


def test_nobody_is_asked_about_before_three_traits_are_confirmed(desk, samu):
    with pytest.raises(Refused) as caught:
        samu.open(HOMONYMS, ONE, frozenset({Trait.BIRTH_NAME}), "", turn=desk.practice.turn)
    assert caught.value.rule == Rule.TRAITS_NOT_CONFIRMED.value
    assert desk.dmp.calls == []


def test_in_another_structure_nothing_is_asked(desk, samu):
    desk.practice.emergencies = EmergencyRules()
    for act in (lambda: samu.search(SearchCriteria("TESTHOMONYME")), lambda: opened(desk, samu)):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.rule == Rule.NOT_A_CENTRE.value
    assert desk.dmp.calls == []


def test_a_document_that_is_refused_is_named_and_the_view_stays(desk, samu):
    def refuse():
        if desk.dmp.asked[-1] == "retrieve":
            raise Refused

    desk.dmp.meanwhile = refuse
    assert [entry.title for entry in opened(desk, samu).minimum.unread] == ["Directives anticipées"]


def test_who_refuses_leaves_nobody_open(desk, samu):
    desk.dmp.error = Refused()
    with pytest.raises(Refused):
        opened(desk, samu)
    assert desk.practice.case is None


def test_an_answer_for_a_patient_gone_is_dropped(desk, samu):
    desk.dmp.meanwhile = desk.practice.forget_patient
    with pytest.raises(PatientChanged):
        opened(desk, samu)
    assert desk.practice.case is None


def test_the_matricule_given_by_the_dmp_serves_that_mode_alone(desk, samu):
    case = opened(desk, samu)
    assert case.ins == ONE.ins
    with pytest.raises(UnqualifiedIdentity):
        _ = case.patient.qualified_ins  # what a deposit would send
    with pytest.raises(InvalidInput):
        desk.practice.confirm_identity()


def test_the_end_leaves_nobody_open(desk, samu):
    opened(desk, samu)
    assert desk.practice.end_emergency() is None
    assert desk.practice.case is None


def test_extension_says_why_anew_and_keeps_what_was_shown(desk, samu):
    opened(desk, samu)
    desk.now = NOW + timedelta(minutes=50)
    case = samu.extend("Second appel")
    assert desk.dmp.calls[-1][1].words == "Second appel"
    assert desk.practice.time_left == timedelta(hours=1)
    assert case.minimum is not None
    assert case.documents == ()


def test_found_nobody(desk, samu):
    desk.dmp.found = Found()
    assert samu.search(SearchCriteria("TESTABSENT")).candidates == ()
