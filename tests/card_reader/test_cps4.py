"""A CPS4 gives the professional the same card as a CPS3, by other commands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.diagnosis import Level, Surroundings, diagnose
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardRefusal,
    CardRemoved,
    PinBlocked,
    PinNeeded,
    UnblockingCodeBlocked,
    WrongPin,
    WrongSignature,
    WrongUnblockingCode,
)
from card_reader.virtual.cps4 import VirtualCps4
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.pad import VirtualPad
from card_reader.virtual.personalisation import CPS4_ATR, CpsPersonalisation
from demonstration.people import GP, LILAS, MAISON
from praticien.errors import InvalidInput
from praticien.ports import PadAct
from tests.card_reader.fingers import typed
from tests.cards_fixtures import CPS_READER


@pytest.fixture
def opened(desk: Desk, readers: DirectTransport, cps4_card: FaultyCard) -> Iterator[OpenedCps]:
    readers.insert(CPS_READER, cps4_card)
    card = desk.open_professional_card(CPS_READER)
    yield card
    card.close()


def _pin(text: str = "1234") -> bytearray:
    return bytearray(text.encode())


def _key(der: bytes) -> rsa.RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_identity_and_situations(opened: OpenedCps) -> None:
    assert opened.holder.professional == GP
    opened.verify_pin(_pin())
    assert [s.structure for s in opened.holder.situations] == [LILAS, MAISON]


def test_both_keys(opened: OpenedCps) -> None:
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")
    opened.verify_pin(_pin())
    _key(opened.signer.signature_certificate).verify(
        opened.signer.sign(b"message"), b"message", padding.PKCS1v15(), hashes.SHA256()
    )
    _key(opened.signer.authentication_certificate).verify(
        opened.signer.authenticate(hashlib.sha256(b"hello").digest(), "sha256"),
        b"hello",
        padding.PKCS1v15(),
        hashes.SHA256(),
    )


def test_counter_without_cost_until_blocked(opened: OpenedCps, cps4_card: FaultyCard) -> None:
    for left in (2, 1):
        with pytest.raises(WrongPin) as caught:
            opened.verify_pin(_pin("0000"))
        assert (caught.value.tries_left, opened.tries_left()) == (left, left)
    with pytest.raises(PinBlocked):
        opened.verify_pin(_pin("0000"))
    assert opened.tries_left() == 0


def test_changing_the_pin(opened: OpenedCps) -> None:
    opened.change_pin(_pin(), _pin("4321"))
    with pytest.raises(WrongPin):
        opened.verify_pin(_pin())
    opened.verify_pin(_pin("4321"))
    assert opened.tries_left() == 3


def test_unblocking(opened: OpenedCps, cps4_card: FaultyCard) -> None:
    for _ in range(3):
        with pytest.raises((WrongPin, PinBlocked)):
            opened.verify_pin(_pin("0000"))
    code, new = _pin("12345678"), _pin("4321")
    opened.unblock_pin(code, new)
    assert (bytes(code), bytes(new)) == (bytes(8), bytes(4))
    assert (opened.tries_left(), opened.unblocking_tries_left()) == (3, 10)
    opened.verify_pin(_pin("4321"))


def test_a_wrong_unblocking_code_costs_one_of_its_own_tries(opened: OpenedCps) -> None:
    with pytest.raises(WrongUnblockingCode) as caught:
        opened.unblock_pin(_pin("87654321"), _pin("4321"))
    assert caught.value.tries_left == opened.unblocking_tries_left() == 9
    assert opened.tries_left() == 3


def test_a_dead_unblocking_code_is_not_tried(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    card = FaultyCard(VirtualCps4(replace(personalisation, atr=CPS4_ATR, unblocking_tries_left=1)))
    readers.insert(CPS_READER, card)
    opened = desk.open_native_card(CPS_READER)
    with pytest.raises(UnblockingCodeBlocked):
        opened.unblock_pin(_pin("87654321"), _pin("4321"))
    card.commands.clear()
    with pytest.raises(UnblockingCodeBlocked):
        opened.unblock_pin(_pin("12345678"), _pin("4321"))
    assert b"\x01\x2c\x03\x81" not in card.commands
    opened.close()


def test_a_card_that_refuses_the_new_pin_keeps_the_former_one(opened: OpenedCps, cps4_card: FaultyCard) -> None:
    real = cps4_card.card
    cps4_card.instead = lambda command: b"\x6a\x80" if command[1] == 0x24 else real.transmit(command)
    with pytest.raises(CardRefusal):
        opened.unblock_pin(_pin("12345678"), _pin("4321"))
    cps4_card.heal()
    opened.verify_pin(_pin())


def _encoded(message: bytes, name: str = "sha256") -> bytes:
    """EMSA-PSS made by cryptography: what a software key of the same size signed, opened with its public numbers."""
    key = rsa.generate_private_key(65537, 2048)
    algorithm = getattr(hashes, name.upper())()
    signature = key.sign(message, padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm)
    numbers = key.public_key().public_numbers()
    return pow(int.from_bytes(signature, "big"), numbers.e, numbers.n).to_bytes(256, "big")


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_pss_with_the_authentication_key(opened: OpenedCps, name: str) -> None:
    opened.verify_pin(_pin())
    assert opened.signer.supports_pss
    signature = opened.signer.authenticate_pss(_encoded(b"hello", name))
    algorithm = getattr(hashes, name.upper())()
    _key(opened.signer.authentication_certificate).verify(
        signature, b"hello", padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm
    )


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        bytes(256),
        b"\x00\x01" + b"\xff" * 202 + b"\x00" + bytes(51),  # PKCS#1 v1.5: the other method
        b"\x80" + bytes(254) + b"\xbc",
        bytes(255) + b"\xbc",
    ],
)
def test_the_raw_operation_serves_nothing_but_pss(opened: OpenedCps, cps4_card: FaultyCard, encoded: bytes) -> None:
    opened.verify_pin(_pin())
    cps4_card.commands.clear()
    with pytest.raises(InvalidInput):
        opened.signer.authenticate_pss(encoded)
    assert cps4_card.commands == []


def test_a_pss_signature_that_does_not_verify_is_not_released(opened: OpenedCps, cps4_card: FaultyCard) -> None:
    opened.verify_pin(_pin())
    real = cps4_card.card
    cps4_card.instead = lambda command: bytes(256) + b"\x90\x00" if command[1] == 0xC0 else real.transmit(command)
    with pytest.raises(WrongSignature):
        opened.signer.authenticate_pss(_encoded(b"hello"))


def test_a_cps3_has_no_pss(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    card.verify_pin(_pin())
    assert not card.signer.supports_pss
    with pytest.raises(InvalidInput):
        card.signer.authenticate_pss(_encoded(b"hello"))
    card.close()


def test_everything_but_selections_goes_by_logical_channel_1(opened: OpenedCps, cps4_card: FaultyCard) -> None:
    opened.verify_pin(_pin())
    opened.signer.authenticate(bytes(32), "sha256")
    assert {command[0] & 0x03 for command in cps4_card.commands} == {1}
    assert cps4_card.commands.count(b"\x01\xa4\x04\x0c") == 1  # selected once: a second time would forget the PIN


def test_an_applet_that_is_refused_is_reached_by_its_neighbours(
    desk: Desk, readers: DirectTransport, cps4_card: FaultyCard
) -> None:
    real, refusals = cps4_card.card, iter([b"\x6a\x82"])

    def stubborn(command: bytes) -> bytes:
        answer = real.transmit(command)
        return next(refusals, answer) if command[1:3] == b"\xa4\x04" else answer

    cps4_card.instead = stubborn
    readers.insert(CPS_READER, cps4_card)
    card = desk.open_native_card(CPS_READER)
    card.verify_pin(_pin())
    card.signer.sign(b"x")
    card.close()


def test_changed_and_unblocked_on_the_readers_keys(desk: Desk, readers: DirectTransport, cps4_card: FaultyCard) -> None:
    pad = VirtualPad()
    readers.give_pad(CPS_READER, pad)
    readers.insert(CPS_READER, cps4_card)
    card = desk.open_native_card(CPS_READER)
    assert card.on_pad == {PadAct.VERIFY, PadAct.CHANGE, PadAct.UNBLOCK}
    typed(pad, lambda: card.change_pin(None, None), "1234V", "5678V5678V")
    typed(pad, lambda: card.unblock_pin(None, None), "12345678V", "4321V4321V")
    typed(pad, lambda: card.verify_pin(None), "4321V")
    card.signer.sign(b"x")
    card.close()


def test_a_healthy_cps4_has_no_finding(opened: OpenedCps, desk: Desk) -> None:
    findings = diagnose(desk, Surroundings(datetime.now(UTC), cryptolib_paths=()))
    assert {f.code for f in findings if f.level is not Level.GOOD} == {"card.test"}


def test_another_program_left_the_applet(opened: OpenedCps, readers: DirectTransport) -> None:
    readers.reset_by_other(CPS_READER)
    assert opened.tries_left() == 3
    opened.verify_pin(_pin())
    opened.signer.sign(b"x")


def test_removal_at_every_command(readers: DirectTransport, cps4_card: FaultyCard) -> None:
    def whole() -> None:
        desk = Desk(readers)
        try:
            card = desk.open_professional_card(CPS_READER)
            card.verify_pin(_pin())
            card.signer.authenticate(bytes(32), "sha256")
        finally:
            desk.close()

    readers.insert(CPS_READER, cps4_card)
    whole()
    for number in range(1, len(cps4_card.commands) + 1):
        cps4_card.heal()
        readers.insert(CPS_READER, cps4_card)
        cps4_card.leaves_at = number
        with pytest.raises(CardRemoved):
            whole()
