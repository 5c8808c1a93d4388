"""The card's session: PIN, structure, lock. What happens while the card answers is the point."""

from __future__ import annotations

import pytest

from demonstration import people
from praticien.access import EmergencyReason
from praticien.errors import EnvironmentProblem, InvalidInput, PatientChanged, SessionLocked
from praticien.pin_care import LastTry
from praticien.professional import PracticeSituation
from tests.praticien.fakes import Desk, FakeCard, WrongPin, vitale

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
