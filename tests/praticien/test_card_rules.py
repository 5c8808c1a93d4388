"""Which cards the practice takes: no test card in production, the same Vitale from choice to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from demonstration import people
from demonstration.people import CardPerson
from praticien.errors import EnvironmentProblem, PraticienError
from praticien.ports import Connections
from praticien.practice import NoProfession, NoRights, Practice, TestCardRefused, VitaleSwapped
from praticien.professional import CardHolder, CardKind, Professional
from praticien.vitale import VitaleReading
from tests.praticien.fakes import NOW, Desk, FakeCard, FakeDmp, FakeInsi, insi_answer, vitale


class RealCard(FakeCard):
    """Not a test card."""

    @property
    def holder(self) -> CardHolder:
        return replace(super().holder, is_test_card=False)


def in_production() -> Practice:
    connections = Connections(FakeDmp(), FakeInsi(insi_answer(people.SOLO)))
    return Practice(lambda *_: connections, clock=lambda: NOW, production=True)


def test_a_test_card_is_let_go_in_production() -> None:
    practice, card = in_production(), FakeCard(people.CARDS["cps-medecin"])
    with pytest.raises(TestCardRefused):
        practice.present(card)
    assert card.closed == 1
    assert practice.holder is None


def test_a_test_vitale_opens_nobody_in_production() -> None:
    practice, card = in_production(), RealCard(people.CARDS["cps-medecin"])
    practice.present(card)
    practice.choose_situation(practice.unlock(bytearray(b"1234"))[0])
    reading = vitale("vitale-seule")
    with pytest.raises(TestCardRefused):
        practice.take_beneficiary(reading, reading.beneficiaries[0])
    real = replace(reading, is_test_card=False)
    assert practice.take_beneficiary(real, real.beneficiaries[0]).patient.ins == people.SOLO.ins


def test_elsewhere_test_cards_are_taken() -> None:
    reading = vitale("vitale-seule")
    assert Desk().unlocked().practice.take_beneficiary(reading, reading.beneficiaries[0])


class Withdrawn(EnvironmentProblem):
    """No card any more."""


def gone() -> VitaleReading:
    raise Withdrawn


@pytest.mark.parametrize("read_again,error", [(lambda: vitale("vitale-famille"), VitaleSwapped), (gone, Withdrawn)])
def test_another_vitale_stops_the_act(read_again: Callable[[], VitaleReading], error: type[PraticienError]) -> None:
    desk, reading = Desk().unlocked(), vitale("vitale-seule")
    with pytest.raises(error):
        desk.practice.take_beneficiary(reading, reading.beneficiaries[0], read_again=read_again)
    assert desk.practice.case is None
    case = desk.practice.take_beneficiary(reading, reading.beneficiaries[0], read_again=lambda: vitale("vitale-seule"))
    assert case.patient.ins == people.SOLO.ins


@pytest.mark.parametrize(
    "kind,profession,future,error",
    [
        (CardKind.CPA, "", "", NoRights),
        (CardKind.CPA, "10", "", NoRights),
        (CardKind.CPS, "", "", NoProfession),
        (CardKind.CPF, "", "", NoProfession),
        (CardKind.CPF, "", "10", None),
        (CardKind.CPF, "60", "", None),
        (CardKind.CPE, "", "", None),
    ],
)
def test_a_card_that_opens_nothing_is_let_go_before_its_pin_is_asked(
    kind: CardKind, profession: str, future: str, error: type[PraticienError] | None
) -> None:
    who = Professional("8", "TEST", "Anne", profession=profession, future_profession=future)
    card = FakeCard(CardPerson("carte", kind, "0", who, "", (), "1234"))
    practice = Practice(lambda *_: Connections(FakeDmp(), FakeInsi(insi_answer(people.SOLO))))
    if error is None:
        practice.present(card)
        assert practice.holder is not None
        return
    with pytest.raises(error):
        practice.present(card)
    assert (card.closed, card.pins, practice.holder) == (1, [], None)
