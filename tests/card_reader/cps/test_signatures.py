"""The two keys of the card, behind its PIN."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import WrongSignature
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.personalisation import CpsPersonalisation
from demonstration import cards
from demonstration.people import CARDS
from praticien.errors import InvalidInput
from tests.card_reader.cps.support import pin, public_key
from tests.cards_fixtures import CPS_READER


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 4096])
def test_the_signature_key_signs_messages(opened: OpenedCps, length: int) -> None:
    opened.verify_pin(pin())
    message = bytes(i % 256 for i in range(length))
    signature = opened.signer.sign(message)
    key = public_key(opened.signer.signature_certificate)
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_the_authentication_key_signs_digests(opened: OpenedCps, name: str) -> None:
    opened.verify_pin(pin())
    signature = opened.signer.authenticate(hashlib.new(name, b"hello", usedforsecurity=False).digest(), name)
    algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
    key = public_key(opened.signer.authentication_certificate)
    key.verify(signature, b"hello", padding.PKCS1v15(), algorithm[name])


@pytest.mark.parametrize("digest, name", [(bytes(32), "md5"), (bytes(31), "sha256"), (b"", "sha256")])
def test_digests_that_the_card_cannot_take(opened: OpenedCps, digest: bytes, name: str) -> None:
    opened.verify_pin(pin())
    with pytest.raises(InvalidInput):
        opened.signer.authenticate(digest, name)


def test_the_two_keys_are_not_the_same(opened: OpenedCps) -> None:
    signature = public_key(opened.signer.signature_certificate)
    authentication = public_key(opened.signer.authentication_certificate)
    assert signature.public_numbers() != authentication.public_numbers()


def test_a_signature_that_does_not_verify_is_not_released(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, cards_folder: Path
) -> None:
    other = cards.cps(cards_folder, CARDS["cps-urgentiste"])
    foreign = replace(personalisation.signature, key=other.signature.key)
    stranger = replace(personalisation.authentication, key=other.authentication.key)
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, signature=foreign, authentication=stranger)))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(pin())
    with pytest.raises(WrongSignature):
        card.signer.sign(b"x")
    with pytest.raises(WrongSignature):
        card.signer.authenticate(bytes(32), "sha256")
