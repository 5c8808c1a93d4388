"""Codes through a library: unblocking as security officer, and the PIN typed on the reader's own keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from card_reader.errors import (
    PadCancelled,
    PinBlocked,
    PinFormat,
    PinNeeded,
    UnblockingCodeBlocked,
    WrongPin,
    WrongUnblockingCode,
)
from card_reader.pkcs11.card import Pkcs11Card
from praticien.pin_care import CodesLeft
from praticien.ports import ChangeablePin, PadAct, ProfessionalCard, UnblockablePin
from praticien.practice import Practice
from tests.card_reader.pkcs11 import softhsm
from tests.card_reader.pkcs11.conftest import Faults, Open
from tests.card_reader.pkcs11.test_softhsm import pin

CANCELED = 0x50
"""CKR_FUNCTION_CANCELED."""


# -- unblocking --------------------------------------------------------------------------------------------------------


def test_the_doors_are_those_of_the_practice(soft_library: Path, opened: Open) -> None:
    card: ProfessionalCard = opened(soft_library)
    assert isinstance(card, ChangeablePin)
    assert isinstance(card, UnblockablePin)


def test_the_pin_is_unblocked_through_the_practice(soft_library: Path, opened: Open) -> None:
    card, code, new = opened(soft_library), pin(softhsm.SO_PIN), pin("4321")
    practice = Practice(lambda *_: pytest.fail("nothing is connected to"))
    practice.present(card)
    assert practice.codes_left() == CodesLeft(3, 10)
    practice.unblock_pin(code, new)
    assert not any(code + new)
    with pytest.raises(WrongPin):
        card.verify_pin(pin())
    card.verify_pin(pin("4321"))
    card.signer.sign(b"x")


def test_unblocking_ends_what_the_pin_had_opened(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    card.verify_pin(pin())
    card.unblock_pin(pin(softhsm.SO_PIN), pin("4321"))
    with pytest.raises(PinNeeded):
        card.signer.sign(b"x")


def test_a_wrong_unblocking_code_costs_one_try_and_changes_nothing(soft_library: Path, opened: Open) -> None:
    card, code, new = opened(soft_library), pin("87654321"), pin("4321")
    with pytest.raises(WrongUnblockingCode) as caught:
        card.unblock_pin(code, new)
    assert not any(code + new)
    assert caught.value.tries_left == card.unblocking_tries_left() == 2
    card.verify_pin(pin())


@pytest.mark.parametrize("code, new, field", [("1234567", "4321", "unblocking_code"), ("12345678", "12", "new_pin")])
def test_codes_that_cannot_be_right_are_not_sent(
    soft_library: Path, opened: Open, code: str, new: str, field: str
) -> None:
    card = opened(soft_library)
    with pytest.raises(PinFormat) as caught:
        card.unblock_pin(pin(code), pin(new))
    assert caught.value.field == field
    assert card.unblocking_tries_left() == 10


def test_one_login_for_one_unblocking(faults: Faults, shim: Path, opened: Open) -> None:
    card = opened(shim)
    faults.arm("login 164")  # CKR_PIN_LOCKED
    with pytest.raises((WrongUnblockingCode, UnblockingCodeBlocked)):
        card.unblock_pin(pin(softhsm.SO_PIN), pin("4321"))
    assert faults.logins == 1
    faults.heal()
    card.verify_pin(pin())


# -- the PIN pad -------------------------------------------------------------------------------------------------------


@pytest.fixture
def padded(shim: Path, faults: Faults, opened: Open, monkeypatch: pytest.MonkeyPatch) -> Pkcs11Card:
    """A card in a reader with a pad, on which the right PIN is typed."""
    monkeypatch.setenv("SHIM_PAD", softhsm.PIN)
    return opened(shim)


def test_without_pad_nothing_is_typed_on_it(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    assert card.on_pad == frozenset()
    with pytest.raises(PinFormat):
        card.verify_pin(None)


def test_the_pin_is_typed_on_the_reader(padded: Pkcs11Card, faults: Faults) -> None:
    assert padded.on_pad == {PadAct.VERIFY}
    practice = Practice(lambda *_: pytest.fail("nothing is connected to"))
    practice.present(padded)
    assert [situation.index for situation in practice.unlock(None)] == [1, 2]
    assert faults.logins == 1
    padded.signer.sign(b"x")


def test_a_wrong_pin_on_the_reader(shim: Path, faults: Faults, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIM_PAD", "9999")
    card = opened(shim)
    with pytest.raises(WrongPin) as caught:
        card.verify_pin(None)
    assert caught.value.tries_left == 2
    assert faults.logins == 1


def test_entry_cancelled_on_the_reader(padded: Pkcs11Card, faults: Faults) -> None:
    faults.arm(f"login {CANCELED}")
    with pytest.raises(PadCancelled):
        padded.verify_pin(None)
    assert faults.logins == 1
    with pytest.raises(PinNeeded):
        padded.signer.sign(b"x")
    faults.heal()
    padded.verify_pin(None)


def test_locked_while_it_is_typed(padded: Pkcs11Card, faults: Faults) -> None:
    faults.arm("login 164")
    with pytest.raises(PinBlocked):
        padded.verify_pin(None)


def test_a_change_is_typed_in_the_window(padded: Pkcs11Card) -> None:
    """python-pkcs11 has no C_SetPIN without codes: the library is given them, pad or no pad."""
    with pytest.raises(PinFormat):
        padded.change_pin(None, None)
    padded.change_pin(pin(), pin("4321"))
