"""One desk: PIN, structure, patient, dossier. Fakes answer; what happens meanwhile is the point."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demonstration import people
from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus, EmergencyReason, Rule
from praticien.administrative import AdministrativeData
from praticien.deposit import prepare
from praticien.errors import EnvironmentProblem, InvalidInput, PatientChanged, Refused, SessionLocked
from praticien.identity import IdentityStatus, UnqualifiedIdentity
from praticien.pin_care import LastTry
from praticien.practice import (
    CenturyMissing,
    IdentityMismatch,
    NoOwnNir,
    StaleReading,
)
from praticien.professional import PracticeSituation
from tests.praticien import forms
from tests.praticien.fakes import NOW, Desk, FakeCard, WrongPin, insi_answer, vitale


@pytest.fixture
def entry():
    submission = prepare(forms.prescription(), software_oid=forms.SOFTWARE_OID)
    return submission.documents[0].entry


@pytest.fixture
def desk(entry):
    desk = Desk().with_patient()
    desk.dmp.documents = (entry,)
    return desk


def glass(desk, words="inconscient", **more):
    return desk.practice.break_glass(EmergencyReason.UNCONSCIOUS, words, **more)


# -- PIN ---------------------------------------------------------------------------------------------------------


def test_pin_opens_and_leaves_nothing_behind():
    desk, pin = Desk(), bytearray(b"1234")
    desk.practice.present(desk.card)
    desk.practice.unlock(pin)
    assert pin == bytearray(4)


def test_wrong_pin_is_tried_once_and_wiped():
    desk, pin = Desk(), bytearray(b"9999")
    desk.practice.present(desk.card)
    with pytest.raises(WrongPin):
        desk.practice.unlock(pin)
    assert desk.card.pins == [b"9999"]
    assert pin == bytearray(4)
    assert not desk.practice.is_unlocked
    assert desk.practice.tries_left() == 2


def test_pin_is_wiped_even_without_card():
    pin = bytearray(b"1234")
    with pytest.raises(SessionLocked):
        Desk().practice.unlock(pin)
    assert pin == bytearray(4)


def test_pin_is_wiped_when_the_card_does_not_answer():
    desk, pin = Desk(), bytearray(b"1234")
    desk.practice.present(desk.card)

    def mute():
        raise EnvironmentProblem

    desk.card.tries_left = mute
    with pytest.raises(EnvironmentProblem):
        desk.practice.unlock(pin)
    assert pin == bytearray(4)


@pytest.mark.parametrize("tries", [0, 1])
def test_the_last_try_takes_a_confirmation(tries):
    desk, pin = Desk(), bytearray(b"1234")
    desk.card.tries = tries
    desk.practice.present(desk.card)
    with pytest.raises(LastTry):
        desk.practice.unlock(pin)
    assert desk.card.pins == []
    assert pin == bytearray(4)


def test_the_last_try_confirmed():
    desk = Desk()
    desk.card.tries = 1
    desk.practice.present(desk.card)
    assert len(desk.practice.unlock(bytearray(b"1234"), last_try_confirmed=True)) == 2


@pytest.mark.parametrize("card", ["cps-urgentiste", "cps-medecin"])
def test_card_withdrawn_while_the_pin_is_verified(card):
    desk = Desk(card)
    desk.practice.present(desk.card)
    desk.card.meanwhile = desk.practice.lock
    with pytest.raises(SessionLocked):
        desk.practice.unlock(bytearray(b"1234"))
    assert not desk.practice.is_unlocked
    assert desk.connected == []


def test_another_card_inserted_while_the_pin_is_verified_is_not_unlocked():
    desk = Desk("cps-urgentiste")
    other = FakeCard(people.CARDS["cps-medecin"])
    desk.practice.present(desk.card)
    desk.card.meanwhile = lambda: desk.practice.present(other)
    with pytest.raises(SessionLocked):
        desk.practice.unlock(bytearray(b"1234"))
    assert other.pins == []
    assert not desk.practice.is_unlocked
    with pytest.raises(SessionLocked):
        desk.practice.choose_situation(other.holder.situations[0])


# -- structure ---------------------------------------------------------------------------------------------------


def test_a_single_situation_is_chosen_at_once():
    desk = Desk("cps-urgentiste").unlocked()
    assert desk.practice.situation.structure == people.HOPITAL
    assert desk.connected == [people.HOPITAL.national_id]


def test_with_several_situations_the_user_chooses():
    desk = Desk()
    desk.practice.present(desk.card)
    situations = desk.practice.unlock(bytearray(b"1234"))
    assert not desk.practice.is_unlocked
    desk.practice.choose_situation(situations[1])
    assert desk.practice.situation == situations[1]


def test_no_structure_before_the_pin():
    desk = Desk()
    desk.practice.present(desk.card)
    with pytest.raises(SessionLocked):
        desk.practice.choose_situation(desk.card.holder.situations[0])
    assert desk.connected == []


def test_only_the_cards_own_structures():
    desk = Desk().unlocked()
    with pytest.raises(InvalidInput) as caught:
        desk.practice.choose_situation(PracticeSituation(9, people.HOPITAL))
    assert caught.value.field == "situation"


def test_another_structure_forgets_the_patient_and_closes_the_connections(desk):
    desk.practice.choose_situation(desk.card.holder.situations[1])
    assert desk.practice.case is None
    assert desk.dmp.closed == 1


def test_card_withdrawn_while_connecting_leaves_nothing_open():
    desk = Desk()
    desk.practice.present(desk.card)
    situations = desk.practice.unlock(bytearray(b"1234"))
    desk.while_connecting = desk.practice.lock
    with pytest.raises(SessionLocked):
        desk.practice.choose_situation(situations[0])
    assert not desk.practice.is_unlocked
    assert desk.dmp.closed == 1


# -- lock --------------------------------------------------------------------------------------------------------


def test_lock_forgets_everything(desk):
    desk.practice.look()
    desk.practice.list_documents()
    desk.practice.lock()
    assert desk.practice.case is None
    assert desk.practice.holder is None
    assert desk.practice.situation is None
    assert desk.practice.verdict() is None
    assert desk.practice.emergency_verdict() is None
    assert (desk.card.closed, desk.dmp.closed) == (1, 1)
    with pytest.raises(SessionLocked):
        _ = desk.practice.dmp


def test_locking_twice_is_harmless(desk):
    desk.practice.lock()
    desk.practice.lock()
    assert (desk.card.closed, desk.dmp.closed) == (1, 1)


def test_a_new_card_closes_the_former(desk):
    other = FakeCard(people.CARDS["cps-urgentiste"])
    desk.practice.present(other)
    assert desk.card.closed == 1
    assert desk.practice.case is None
    assert desk.practice.holder.professional == people.EMERGENCY


@pytest.mark.parametrize(
    "act",
    [
        lambda p: p.take_traits(people.SOLO.traits),
        lambda p: p.take_beneficiary(vitale("vitale-seule"), vitale("vitale-seule").beneficiaries[0]),
        lambda p: p.choose_situation(people.CARDS["cps-medecin"].situations[0]),
        lambda p: p.tries_left(),
    ],
)
def test_nothing_without_card(act):
    with pytest.raises(SessionLocked):
        act(Desk().practice)


@pytest.mark.parametrize(
    "act",
    [
        lambda p: p.look(),
        lambda p: p.record_consent(),
        lambda p: p.list_documents(),
        lambda p: p.confirm_identity(),
        lambda p: p.end_emergency(),
        lambda p: p.break_glass(EmergencyReason.OTHER, "x"),
    ],
)
def test_nothing_without_patient(act):
    with pytest.raises(PatientChanged):
        act(Desk().unlocked().practice)


# -- patient -----------------------------------------------------------------------------------------------------


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


# -- answers that come too late ----------------------------------------------------------------------------------


def other_patient(desk):
    desk.dmp.meanwhile = lambda: None
    desk.insi.answer = insi_answer(people.NORA)
    desk.practice.take_traits(people.NORA.traits)
    desk.practice.confirm_identity()


ACTS = {
    "look": lambda d, e: d.practice.look(),
    "consent": lambda d, e: d.practice.record_consent(),
    "glass": lambda d, e: glass(d),
    "list": lambda d, e: d.practice.list_documents(),
    "open": lambda d, e: d.practice.open_document(e),
}
MEANWHILE = {
    "forget": lambda d: d.practice.forget_patient(),
    "lock": lambda d: d.practice.lock(),
    "abandon": lambda d: d.practice.abandon(),
    "other card": lambda d: d.practice.present(FakeCard(people.CARDS["cps-urgentiste"])),
    "other patient": other_patient,
}


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("meanwhile", list(MEANWHILE))
def test_a_late_answer_is_dropped(desk, entry, act, meanwhile):
    desk.dmp.meanwhile = lambda: MEANWHILE[meanwhile](desk)
    with pytest.raises((PatientChanged, SessionLocked)):
        ACTS[act](desk, entry)
    case = desk.practice.case
    if meanwhile == "other patient":
        assert case.patient.ins == people.NORA.ins
    if case is not None:
        assert case.status is None
        assert case.documents == ()
        assert case.access.mode is AccessMode.NORMAL


@pytest.mark.parametrize("act", ["look", "record_consent", "list_documents"])
def test_an_act_asked_for_a_former_patient_does_not_start(desk, act):
    turn = desk.practice.turn
    other_patient(desk)
    desk.dmp.calls.clear()
    with pytest.raises(PatientChanged):
        getattr(desk.practice, act)(turn=turn)
    assert desk.dmp.calls == []


def test_consent_for_a_former_patient_is_not_given_to_the_next(desk):
    turn = desk.practice.turn
    other_patient(desk)
    with pytest.raises(PatientChanged):
        desk.practice.record_consent(turn=turn)
    assert "declare" not in desk.dmp.asked


def test_an_entry_of_another_patient_is_not_opened(desk, entry):
    other_patient(desk)
    with pytest.raises(PatientChanged):
        desk.practice.open_document(entry)
    assert "retrieve" not in desk.dmp.asked


def test_two_answers_do_not_undo_each_other(desk, entry):
    """The list arrives while TD0.2 is on its way: both are kept."""

    def list_arrives():
        desk.dmp.meanwhile = lambda: None
        desk.practice.list_documents()

    desk.dmp.meanwhile = list_arrives
    desk.practice.look()
    assert desk.practice.case.documents == (entry,)
    assert desk.practice.case.status == desk.dmp.status


# -- dossier -----------------------------------------------------------------------------------------------------


def test_read_path(desk, entry):
    assert desk.practice.verdict() is None
    desk.practice.look()
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED
    assert desk.practice.list_documents().documents == (entry,)
    assert desk.practice.open_document(entry).unique_id == entry.unique_id
    assert {access.mode for _, access in desk.dmp.calls} == {AccessMode.NORMAL}


@pytest.mark.parametrize(
    "status,rule",
    [
        (DossierStatus(DossierState.ABSENT), Rule.NO_DOSSIER),
        (DossierStatus(DossierState.CLOSED), Rule.CLOSED),
        (DossierStatus(DossierState.OPEN, Authorisation.NONE), Rule.CONSENT_NEEDED),
        (DossierStatus(DossierState.OPEN, Authorisation.EXPIRED), Rule.CONSENT_EXPIRED),
        (DossierStatus(DossierState.OPEN, Authorisation.FORBIDDEN), Rule.BLOCKED),
    ],
)
def test_what_the_table_refuses_is_not_asked(desk, status, rule):
    desk.dmp.status = status
    desk.practice.look()
    with pytest.raises(Refused) as caught:
        desk.practice.list_documents()
    assert caught.value.rule == rule.value
    assert "find" not in desk.dmp.asked


def test_a_secretary_reads_nothing():
    desk = Desk("cpe-secretaire", people.SCANNED).with_patient()
    desk.practice.look()
    with pytest.raises(Refused) as caught:
        desk.practice.list_documents()
    assert caught.value.rule == Rule.CARD_MAY_NOT_READ.value
    assert not desk.practice.emergency_verdict().allowed


def test_consent_is_declared_once_and_the_status_asked_again(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    desk.practice.record_consent()
    assert desk.dmp.asked == ["status", "declare", "status"]
    assert desk.practice.verdict().allowed


def test_looking_never_declares(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    assert "declare" not in desk.dmp.asked


def test_the_dmp_must_speak_of_the_same_person(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.VALID, traits=people.NORA.traits)
    with pytest.raises(IdentityMismatch) as caught:
        desk.practice.look()
    assert "birth_name" in caught.value.differing
    assert desk.practice.case.status is None


# -- emergency ---------------------------------------------------------------------------------------------------


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
