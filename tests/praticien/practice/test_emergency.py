"""Break-glass: its words, its reason, its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus, EmergencyReason, Rule
from praticien.administrative import AdministrativeData
from praticien.errors import InvalidInput, PatientChanged, Refused
from tests.praticien.fakes import NOW
from tests.praticien.practice.support import glass, other_patient


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_no_break_glass_for_another_reason_without_words(desk, words):
    with pytest.raises(InvalidInput) as caught:
        desk.practice.break_glass(EmergencyReason.OTHER, words)
    assert caught.value.field == "words"
    assert desk.dmp.calls == []


def test_break_glass_travels_with_its_reason(desk, entry):
    case = glass(desk, "  inconscient ")
    (_, access) = desk.dmp.calls[-1]
    assert (access.mode, access.reason, access.words, access.since) == (
        AccessMode.BREAK_GLASS,
        EmergencyReason.UNCONSCIOUS,
        "inconscient",
        NOW,
    )
    assert case.documents == (entry,)
    desk.practice.open_document(entry)
    desk.practice.look()
    assert {a.mode for _, a in desk.dmp.calls} == {AccessMode.BREAK_GLASS}


def test_a_refused_break_glass_leaves_the_normal_mode_and_shows_nothing(desk):
    desk.practice.look()
    before = desk.practice.case
    desk.dmp.error = Refused(rule="opposition.break_glass")
    with pytest.raises(Refused):
        glass(desk)
    assert desk.practice.case == before
    assert desk.practice.case.access.mode is AccessMode.NORMAL


def test_ending_the_emergency(desk):
    glass(desk)
    case = desk.practice.end_emergency()
    assert case.access.mode is AccessMode.NORMAL
    assert case.documents == ()


def test_an_answer_of_the_emergency_does_not_bring_it_back(desk, entry):
    glass(desk)
    desk.dmp.meanwhile = desk.practice.end_emergency
    with pytest.raises(PatientChanged):
        desk.practice.list_documents()
    assert desk.practice.case.access.mode is AccessMode.NORMAL
    assert desk.practice.case.documents == ()


def test_a_document_of_the_emergency_does_not_show_after_it(desk, entry):
    glass(desk)
    desk.dmp.meanwhile = desk.practice.end_emergency
    with pytest.raises(PatientChanged):
        desk.practice.open_document(entry)


def test_a_list_asked_in_normal_mode_does_not_end_the_emergency(desk):
    def emergency():
        desk.dmp.meanwhile = lambda: None
        glass(desk)

    desk.dmp.meanwhile = emergency
    with pytest.raises(PatientChanged):
        desk.practice.list_documents()
    assert desk.practice.case.access.mode is AccessMode.BREAK_GLASS


def test_the_next_patient_starts_in_normal_mode(desk):
    glass(desk)
    other_patient(desk)
    assert desk.practice.case.access.mode is AccessMode.NORMAL


def test_reprs_tell_no_name(desk):
    desk.practice.look()
    assert "TEST" not in repr(desk.practice.case)


# -- the emergency has an end ------------------------------------------------------------------------------------


def over(desk) -> None:
    desk.now = NOW + timedelta(hours=1)


def test_the_time_left_goes_down(desk):
    assert desk.practice.time_left is None
    glass(desk)
    desk.now = NOW + timedelta(minutes=2)
    assert desk.practice.time_left == timedelta(minutes=58)


def test_nothing_is_read_once_it_is_over_even_before_the_window_knows(desk, entry):
    glass(desk)
    over(desk)
    asked = len(desk.dmp.calls)
    for act in (desk.practice.list_documents, lambda: desk.practice.open_document(entry)):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.rule == Rule.EMERGENCY_OVER.value
    assert len(desk.dmp.calls) == asked


def test_a_reason_said_anew_gives_the_whole_time_again(desk):
    glass(desk)
    desk.now = NOW + timedelta(minutes=59)
    case = desk.practice.break_glass(EmergencyReason.LIFE_THREATENING, "toujours")
    assert desk.practice.time_left == timedelta(hours=1)
    assert case.access.reason is EmergencyReason.LIFE_THREATENING
    assert desk.dmp.calls[-1][1] == case.access


def test_an_extension_that_the_server_refuses_leaves_what_was(desk):
    before = glass(desk).access
    desk.dmp.error = Refused()
    with pytest.raises(Refused):
        desk.practice.break_glass(EmergencyReason.UNCONSCIOUS, "")
    assert desk.practice.case.access == before


def test_oppositions_asked_beforehand_shut_the_door(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    assert desk.practice.emergency_verdict().allowed
    desk.dmp.data = AdministrativeData(opposed_to_break_glass=True)
    desk.practice.ask_oppositions()
    assert desk.practice.emergency_verdict().rule is Rule.BREAK_GLASS_OPPOSED
