"""A professional card through SoftHSM2: identity, PIN and signatures, the same as the native way."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import MalformedCard, NoCertificate, NoReader, PinFormat, PinNeeded, WrongPin
from card_reader.pkcs11.card import Tries
from card_reader.pkcs11.library import probe
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from demonstration import cards
from demonstration.people import CARDS, GP, LILAS, MAISON
from praticien.errors import InvalidInput
from praticien.ports import ProfessionalCard, Signer
from praticien.professional import PracticeSituation
from tests.card_reader.pkcs11 import softhsm
from tests.card_reader.pkcs11.conftest import Open
from tests.card_reader.pkcs11.softhsm import AUTHENTICATION_ID, SIGNATURE_ID, SoftCard
from tests.cards_fixtures import CPS_READER


def pin(text: str = softhsm.PIN) -> bytearray:
    return bytearray(text.encode())


def public_key(der: bytes) -> rsa.RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_the_library_says_what_it_is(soft_library: Path) -> None:
    info = probe(soft_library)
    assert (info.manufacturer, info.cryptoki_version) == ("SoftHSM", "2.40")
    assert info.version.startswith("2.")


def test_the_doors_are_those_of_the_practice(soft_library: Path, opened: Open) -> None:
    card: ProfessionalCard = opened(soft_library)
    signer: Signer = card.signer
    assert not signer.supports_pss
    assert card.is_present()


def test_the_same_card_both_ways(
    soft_library: Path, opened: Open, desk: Desk, readers: DirectTransport, gp_card: FaultyCard
) -> None:
    readers.insert(CPS_READER, gp_card)
    native, other = desk.open_professional_card(CPS_READER), opened(soft_library)
    digest, message = hashlib.sha384(b"x").digest(), b"message " * 1000
    for card in (native, other):
        card.verify_pin(pin())
    ours, theirs = native.signer, other.signer
    assert ours.authentication_certificate == theirs.authentication_certificate
    assert ours.signature_certificate == theirs.signature_certificate
    assert ours.authenticate(digest, "sha384") == theirs.authenticate(digest, "sha384")
    assert ours.sign(message) == theirs.sign(message)
    assert replace(other.holder, card_serial=native.holder.card_serial) == native.holder
    native.close()


def test_the_holder_is_read_without_pin_and_the_situations_with_it(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    assert card.holder.professional == GP
    assert card.holder.is_test_card
    assert card.holder.situations == ()
    card.verify_pin(pin())
    assert [(s.index, s.structure) for s in card.holder.situations] == [(1, LILAS), (2, MAISON)]


def test_signatures_verify(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    card.verify_pin(pin())
    signer, digest = card.signer, hashlib.sha256(b"x").digest()
    signature = signer.authenticate(digest, "sha256")
    key = public_key(signer.authentication_certificate)
    key.verify(signature, digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
    for message in (b"", b"x" * 64, b"y" * 100_000):
        key = public_key(signer.signature_certificate)
        key.verify(signer.sign(message), message, padding.PKCS1v15(), hashes.SHA256())


def test_a_hash_that_the_card_cannot_take(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    card.verify_pin(pin())
    with pytest.raises(InvalidInput):
        card.signer.authenticate(b"x" * 16, "md5")
    with pytest.raises(InvalidInput):
        card.signer.authenticate(b"x" * 31, "sha256")


def test_nothing_is_signed_without_pin(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    with pytest.raises(PinNeeded):
        card.signer.sign(b"x")
    with pytest.raises(WrongPin):
        card.verify_pin(pin("9999"))
    with pytest.raises(PinNeeded):
        card.signer.authenticate(hashlib.sha256(b"x").digest(), "sha256")


def test_a_wrong_pin_is_counted_and_the_right_one_restores_the_count(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    assert card.tries() == Tries(3, is_exact=False)
    with pytest.raises(WrongPin) as caught:
        card.verify_pin(pin("9999"))
    assert caught.value.tries_left == card.tries_left() == 2
    card.verify_pin(pin())
    assert card.tries_left() == 3


def test_a_wrong_pin_after_the_right_one_ends_the_session(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    card.verify_pin(pin())
    with pytest.raises(WrongPin):
        card.verify_pin(pin("9999"))
    with pytest.raises(PinNeeded):
        card.signer.sign(b"x")
    card.verify_pin(pin())
    card.signer.sign(b"x")


@pytest.mark.parametrize("text", ["", "123", "123456789", "12a4", "12 4", "²²²²"])
def test_a_pin_that_cannot_be_right_is_not_sent(soft_library: Path, opened: Open, text: str) -> None:
    card, typed = opened(soft_library), pin(text)
    with pytest.raises(PinFormat):
        card.verify_pin(typed)
    assert not any(typed)
    assert card.tries_left() == 3


def test_the_pin_is_changed(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    old, new = pin(), pin("4321")
    card.change_pin(old, new)
    assert not any(old + new)
    with pytest.raises(WrongPin):
        card.verify_pin(pin())
    card.verify_pin(pin("4321"))
    with pytest.raises(PinFormat) as caught:
        card.change_pin(pin("4321"), pin("12"))
    assert caught.value.field == "new_pin"
    with pytest.raises(WrongPin):
        card.change_pin(pin("9999"), pin("1234"))


def test_closing_ends_the_helper_then_resets_the_card(soft_library: Path, opened: Open) -> None:
    reset: list[bool] = []
    card = opened(soft_library, on_close=lambda: reset.append(card.is_present()))
    card.verify_pin(pin())
    card.close()
    assert reset == [False]
    assert not card.is_present()


def test_another_insertion_is_another_card(soft_library: Path, opened: Open) -> None:
    there = [True]
    card = opened(soft_library, is_same_insertion=lambda: there[0])
    assert card.is_present()
    there[0] = False
    assert not card.is_present()


# -- cards that are not as they should be ------------------------------------------------------------------------------


def test_swapped_certificates_are_refused(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation
) -> None:
    empty_token.write(
        *softhsm.pair(SIGNATURE_ID, personalisation.authentication),
        *softhsm.pair(AUTHENTICATION_ID, personalisation.signature),
    )
    with pytest.raises(NoCertificate):
        opened(softhsm.library())


def test_a_card_without_certificate(empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation) -> None:
    empty_token.write(*softhsm.pair(SIGNATURE_ID, personalisation.signature))
    with pytest.raises(NoCertificate):
        opened(softhsm.library())


def test_the_certificate_with_the_right_usage_is_taken(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation
) -> None:
    """Two objects end with 10; only one of them may sign documents."""
    decoy = softhsm.certificate(b"\x01\x10", personalisation.authentication.certificate)
    empty_token.write(decoy, *softhsm.objects(personalisation))
    card = opened(softhsm.library())
    card.verify_pin(pin())
    assert card.signer.signature_certificate == personalisation.signature.certificate
    card.signer.sign(b"x")


def test_the_two_certificates_must_name_the_same_person(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation, cards_folder: Path
) -> None:
    other = cards.cps(cards_folder, CARDS["cps-urgentiste"])
    empty_token.write(
        *softhsm.pair(SIGNATURE_ID, personalisation.signature),
        *softhsm.pair(AUTHENTICATION_ID, other.authentication),
    )
    with pytest.raises(MalformedCard):
        opened(softhsm.library())


@pytest.mark.parametrize("content", [b"\xee\x05\x84", b"not BER at all", b"\xee\x00"])
def test_a_situation_that_is_no_situation(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation, content: bytes
) -> None:
    broken = softhsm.data("CPS_ACTIVITY_03_PS", content, private=True)
    empty_token.write(*softhsm.objects(personalisation), broken)
    card = opened(softhsm.library())
    with pytest.raises(MalformedCard):
        card.verify_pin(pin())


def test_situations_absent_empty_or_out_of_range(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation
) -> None:
    last = PracticeSituation(16, LILAS)
    labels = {"CPS_ACTIVITY_16_PS": softhsm.activity(last), "CPS_ACTIVITY_02_PS": bytes(40)}
    labels |= {"CPS_ACTIVITY_17_PS": softhsm.activity(last), "CPS_ACTIVITY_1_PS": b"?", "CPS_SIT_FACT": b"?"}
    nothing = replace(personalisation, situations=())
    rest = (softhsm.data(label, value, private=True) for label, value in labels.items())
    empty_token.write(*softhsm.objects(nothing), *rest)
    card = opened(softhsm.library())
    card.verify_pin(pin())
    assert card.holder.situations == (last,)


@pytest.mark.parametrize("info,specialty", [("CARTE FICTIVESM54", "SM54"), ("CARTE FICTIVE", ""), ("", "")])
def test_a_certificate_without_specialty(
    empty_token: SoftCard, opened: Open, cards_folder: Path, info: str, specialty: str
) -> None:
    person = replace(CARDS["cps-medecin"], professional=replace(GP, specialty=""))
    card = replace(cards.cps(cards_folder, person, kept_as="cps-sans-specialite"), info=info)
    empty_token.write(*softhsm.objects(card))
    assert opened(softhsm.library()).holder.professional == replace(GP, specialty=specialty)


def test_several_cards_and_no_reader_of_that_name(
    empty_token: SoftCard, opened: Open, personalisation: CpsPersonalisation
) -> None:
    empty_token.write(*softhsm.objects(personalisation))
    empty_token.initialise()  # a second token beside the first
    with pytest.raises(NoReader):
        opened(softhsm.library())


def test_no_card_at_all(tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    library = softhsm.library()
    monkeypatch.setenv("SOFTHSM2_CONF", str(SoftCard(tmp_path / "nothing").configuration))
    with pytest.raises(NoReader):
        opened(library)
