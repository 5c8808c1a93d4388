"""A CPS4 gives the professional the same card as a CPS3, by other commands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.diagnosis import Level, Surroundings, diagnose
from card_reader.direct import DirectTransport
from card_reader.errors import CardRemoved, PinBlocked, PinNeeded, UnsupportedCard, WrongPin
from card_reader.virtual.faults import FaultyCard
from demonstration.people import GP, LILAS, MAISON
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


def test_unblocking_is_not_known(opened: OpenedCps) -> None:
    with pytest.raises(UnsupportedCard):
        opened.unblock_pin(_pin("12345678"), _pin("4321"))


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
