"""PIN and unblocking code: counted, sent once, wiped."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardRemoved,
    PinBlocked,
    PinFormat,
    PinNeeded,
    UnblockingCodeBlocked,
    WrongPin,
    WrongUnblockingCode,
)
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from praticien.errors import PraticienError
from tests.card_reader.cps.support import CHANGE, UNBLOCK, VERIFY, pin
from tests.cards_fixtures import CPS_READER


def test_the_counter_is_read_at_no_cost(opened: OpenedCps, gp_card: FaultyCard) -> None:
    assert [opened.tries_left() for _ in range(5)] == [3] * 5
    assert VERIFY not in gp_card.commands


def test_wrong_pins_count_down_to_blocked_and_a_right_one_resets(opened: OpenedCps) -> None:
    with pytest.raises(WrongPin) as caught:
        opened.verify_pin(pin("0000"))
    assert (caught.value.tries_left, opened.tries_left()) == (2, 2)
    opened.verify_pin(pin())
    assert opened.tries_left() == 3
    for left in (2, 1):
        with pytest.raises(WrongPin) as caught:
            opened.verify_pin(pin("0000"))
        assert caught.value.tries_left == left
    with pytest.raises(PinBlocked):
        opened.verify_pin(pin("0000"))
    assert opened.tries_left() == 0


def test_a_blocked_card_is_not_tried_again(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    blocked = FaultyCard(VirtualCps3(replace(personalisation, pin_tries_left=0)))
    readers.insert(CPS_READER, blocked)
    card = desk.open_professional_card(CPS_READER)
    with pytest.raises(PinBlocked):
        card.verify_pin(pin())
    assert VERIFY not in blocked.commands


@pytest.mark.parametrize("text", ["", "123", "12345", "12a4", "１２３４"])
def test_what_cannot_be_a_pin_is_not_sent(opened: OpenedCps, gp_card: FaultyCard, text: str) -> None:
    typed = pin(text)
    with pytest.raises(PinFormat):
        opened.verify_pin(typed)
    assert VERIFY not in gp_card.commands
    assert not any(typed)


@pytest.mark.parametrize("text", ["1234", "9876"])
def test_the_pin_is_overwritten_and_appears_nowhere(
    opened: OpenedCps, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = pin(text)
    said = ""
    try:
        opened.verify_pin(typed)
    except PraticienError as error:
        said = f"{error!r} {error} {error.__dict__} {error.__cause__!r} {error.__context__!r}"
    assert typed == bytearray(4)
    assert text not in said + caplog.text


def test_one_verify_for_one_entry(opened: OpenedCps, gp_card: FaultyCard) -> None:
    with pytest.raises(WrongPin):
        opened.verify_pin(pin("0000"))
    assert gp_card.commands.count(VERIFY) == 1


def test_keys_need_the_pin(opened: OpenedCps) -> None:
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")
    with pytest.raises(PinNeeded):
        opened.signer.authenticate(bytes(32), "sha256")


def test_changing_the_pin(opened: OpenedCps, desk: Desk) -> None:
    old, new = pin(), pin("4321")
    opened.change_pin(old, new)
    assert not any(old + new)
    with pytest.raises(WrongPin):
        opened.verify_pin(pin())
    opened.verify_pin(pin("4321"))


def test_changing_with_a_wrong_pin_costs_one_try(opened: OpenedCps, gp_card: FaultyCard) -> None:
    with pytest.raises(WrongPin) as caught:
        opened.change_pin(pin("0000"), pin("4321"))
    assert (caught.value.tries_left, opened.tries_left()) == (2, 2)
    assert gp_card.commands.count(CHANGE) == 1
    opened.verify_pin(pin())


@pytest.mark.parametrize(
    "old, new, field", [("12", "4321", "pin"), ("1234", "43211", "new_pin"), ("1234", "", "new_pin")]
)
def test_a_change_that_cannot_be_is_not_sent(
    opened: OpenedCps, gp_card: FaultyCard, old: str, new: str, field: str
) -> None:
    with pytest.raises(PinFormat) as caught:
        opened.change_pin(pin(old), pin(new))
    assert caught.value.field == field
    assert CHANGE not in gp_card.commands


def test_unblocking(desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, pin_tries_left=0, unblocking_tries_left=2)))
    card = desk.open_professional_card(CPS_READER)
    assert (card.tries_left(), card.unblocking_tries_left()) == (0, 2)
    with pytest.raises(PinBlocked):
        card.change_pin(pin(), pin("4321"))
    with pytest.raises(PinFormat):
        card.unblock_pin(pin("1234567"), pin("4321"))
    with pytest.raises(WrongUnblockingCode) as caught:
        card.unblock_pin(pin("00000000"), pin("4321"))
    assert (caught.value.tries_left, card.tries_left()) == (1, 0)
    code, new = pin("12345678"), pin("4321")
    card.unblock_pin(code, new)
    assert not any(code + new)
    assert (card.tries_left(), card.unblocking_tries_left()) == (3, 10)
    card.verify_pin(pin("4321"))


def test_a_dead_unblocking_code_is_not_tried(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    dying = FaultyCard(VirtualCps3(replace(personalisation, pin_tries_left=0, unblocking_tries_left=1)))
    readers.insert(CPS_READER, dying)
    card = desk.open_professional_card(CPS_READER)
    for _ in range(2):
        with pytest.raises(UnblockingCodeBlocked):
            card.unblock_pin(pin("00000000"), pin("4321"))
    assert dying.commands.count(UNBLOCK) == 1


@pytest.mark.parametrize("operation", ["change_pin", "unblock_pin"])
def test_codes_are_not_sent_again_when_the_card_leaves(opened: OpenedCps, gp_card: FaultyCard, operation: str) -> None:
    first = "1234" if operation == "change_pin" else "12345678"
    opened.tries_left()  # the PIN rules are read by then
    gp_card.leaves_at = 5
    with pytest.raises(CardRemoved):
        getattr(opened, operation)(pin(first), pin("4321"))
    assert sum(gp_card.commands.count(command) for command in (CHANGE, UNBLOCK)) == 1
