"""Change and unblocking through the practice: locked only, last tries confirmed, every code overwritten."""

from __future__ import annotations

import pytest

from demonstration import people
from praticien.errors import PraticienError, SessionLocked
from praticien.pin_care import CodesLeft, LastTry, LastUnblockingTry, NoPinCare
from tests.praticien.fakes import Desk, FakeCard


class CareCard(FakeCard):
    """With an unblocking code."""

    unblocking = 10

    def __init__(self, *, tries: int = 3) -> None:
        super().__init__(people.CARDS["cps-medecin"], tries=tries)
        self.sent: list[tuple[bytes, bytes]] = []

    def change_pin(self, pin: bytearray, new: bytearray) -> None:
        self.sent.append((bytes(pin), bytes(new)))

    def unblocking_tries_left(self) -> int:
        return self.unblocking

    def unblock_pin(self, unblocking_code: bytearray, new: bytearray) -> None:
        self.sent.append((bytes(unblocking_code), bytes(new)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def codes(first: bytes = b"1234") -> tuple[bytearray, bytearray]:
    return bytearray(first), bytearray(b"4321")


def test_counters_of_both_codes(desk: Desk) -> None:
    desk.practice.present(CareCard(tries=2))
    assert desk.practice.codes_left() == CodesLeft(2, 10)
    desk.practice.present(FakeCard(people.CARDS["cps-medecin"], tries=1))
    assert desk.practice.codes_left() == CodesLeft(1, None)


@pytest.mark.parametrize("act,first", [("change_pin", b"1234"), ("unblock_pin", b"12345678")])
def test_one_try_then_nothing_left_in_memory(desk: Desk, act: str, first: bytes) -> None:
    card = CareCard()
    desk.practice.present(card)
    one, two = codes(first)
    getattr(desk.practice, act)(one, two)
    assert card.sent == [(first, b"4321")]
    assert not any(one + two)


@pytest.mark.parametrize("act,error", [("change_pin", LastTry), ("unblock_pin", LastUnblockingTry)])
def test_a_last_try_takes_a_confirmation(desk: Desk, act: str, error: type[PraticienError]) -> None:
    card = CareCard(tries=1)
    card.unblocking = 1
    desk.practice.present(card)
    one, two = codes()
    with pytest.raises(error):
        getattr(desk.practice, act)(one, two)
    assert card.sent == []
    assert not any(one + two)
    getattr(desk.practice, act)(*codes(), last_try_confirmed=True)
    assert len(card.sent) == 1


@pytest.mark.parametrize("act", ["change_pin", "unblock_pin"])
def test_a_card_that_cannot_says_so(desk: Desk, act: str) -> None:
    desk.practice.present(FakeCard(people.CARDS["cps-medecin"]))
    one, two = codes()
    with pytest.raises(NoPinCare):
        getattr(desk.practice, act)(one, two)
    assert not any(one + two)


@pytest.mark.parametrize("act", ["change_pin", "unblock_pin"])
@pytest.mark.parametrize("unlocked", [False, True])
def test_neither_without_a_card_nor_while_unlocked(desk: Desk, act: str, unlocked: bool) -> None:
    card = CareCard()
    if unlocked:
        desk.practice.present(card)
        desk.practice.unlock(bytearray(b"1234"))
    one, two = codes()
    with pytest.raises(SessionLocked):
        getattr(desk.practice, act)(one, two)
    assert card.sent == []
    assert not any(one + two)
