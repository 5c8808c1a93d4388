"""OpenSC's PKCS#11 library over a real private pcscd, on the virtual CPS3: the same card as the native way shows.

OpenSC built with OpenSSL 3 cannot use the signature key of an IAS-ECC card (its qualified signature is compiled out):
that key is tried over SoftHSM, and here its refusal is.
"""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.errors import CardRemoved, NoCard, NoReader, PinBlocked, PinNeeded, UnknownCard, WrongPin
from card_reader.pcsc import PcscTransport
from card_reader.pkcs11.card import Pkcs11Card, Tries
from card_reader.pkcs11.choice import opener_for
from card_reader.pkcs11.errors import LibraryCrashed, LibraryUnsupported
from card_reader.pkcs11.library import probe
from card_reader.transport import Disposition
from card_reader.virtual.host import HostProcess
from praticien.ports import ProfessionalCard, SlotState
from tests.card_reader.on_pcscd import cps_reader, pcsc_desk, seen
from tests.card_reader.pkcs11.conftest import Open
from tests.card_reader.pkcs11.test_softhsm import pin
from tests.card_reader.test_desk import Seen
from tests.opensc import REASON, loses_the_pin_object

__all__ = ["cps_reader", "pcsc_desk", "seen"]

pytestmark = [pytest.mark.pcscd, pytest.mark.timeout(90)]

PLACES = (
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
)
DIGEST = hashlib.sha256(b"message").digest()


@pytest.fixture(scope="module")
def opensc() -> Path:
    found = next((Path(path) for path in PLACES if Path(path).is_file()), None)
    if found is None:
        pytest.skip("opensc-pkcs11 is not installed")
    if loses_the_pin_object():
        pytest.skip(REASON)
    return found


def test_it_is_opensc(opensc: Path, card_host: HostProcess) -> None:
    assert probe(opensc).manufacturer == "OpenSC Project"


def test_the_same_card_both_ways(opensc: Path, opened: Open, pcsc_desk: Desk, cps_reader: str) -> None:
    native = pcsc_desk.open_professional_card(cps_reader)
    native.verify_pin(pin())
    holder, signer = native.holder, native.signer
    expected = signer.authenticate(DIGEST, "sha256")
    native.close()
    card = opened(opensc, cps_reader)
    assert card.signer.authentication_certificate == signer.authentication_certificate
    assert card.signer.signature_certificate == signer.signature_certificate
    card.verify_pin(pin())
    assert card.signer.authenticate(DIGEST, "sha256") == expected
    assert card.holder == holder


def test_the_signature_key_is_expected_unsupported_by_opensc_with_openssl_3(
    opensc: Path, opened: Open, cps_reader: str
) -> None:
    card = opened(opensc, cps_reader)
    card.verify_pin(pin())
    with pytest.raises(LibraryUnsupported) as caught:
        card.signer.sign(b"message")
    assert caught.value.detail == "FunctionNotSupported"
    card.signer.authenticate(DIGEST, "sha256")


def test_wrong_pin_final_try_locked(opensc: Path, opened: Open, pcsc_desk: Desk, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    assert card.tries() == Tries(3, is_exact=False)
    left = []
    for _ in range(2):
        with pytest.raises(WrongPin) as caught:
            card.verify_pin(pin("9999"))
        left.append(caught.value.tries_left)
    assert left == [2, 1]
    assert card.tries() == Tries(1, is_exact=True)
    with pytest.raises(PinBlocked):
        card.verify_pin(pin("9999"))
    assert card.tries() == Tries(0, is_exact=True)
    with pytest.raises(PinBlocked):
        card.verify_pin(pin())
    card.close()
    assert pcsc_desk.open_professional_card(cps_reader).tries_left() == 0


def test_opensc_does_not_unblock_these_cards(opensc: Path, opened: Open, pcsc_desk: Desk, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    with pytest.raises(LibraryUnsupported):
        card.unblock_pin(pin("12345678"), pin("4321"))
    card.verify_pin(pin())
    card.close()
    native = pcsc_desk.open_native_card(cps_reader)
    assert (native.tries_left(), native.unblocking_tries_left()) == (3, 10)


def test_one_entry_costs_one_try(opensc: Path, opened: Open, pcsc_desk: Desk, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    with pytest.raises(WrongPin):
        card.verify_pin(pin("9999"))
    card.close()
    assert pcsc_desk.open_professional_card(cps_reader).tries_left() == 2


def test_no_pin_outlives_the_session(opensc: Path, opened: Open, cps_reader: str) -> None:
    card = opened(opensc, cps_reader, on_close=lambda: PcscTransport().connect(cps_reader).close(Disposition.RESET))
    card.verify_pin(pin())
    card.close()
    assert PcscTransport().connect(cps_reader).transmit(bytes.fromhex("00200001"))[1] == 0x63C3


def test_the_desk_takes_the_configured_way(opensc: Path, card_host: HostProcess, cps_reader: str) -> None:
    desk = Desk(PcscTransport(), professional_opener=opener_for("auto", opensc))
    card = desk.open_professional_card(cps_reader)
    assert isinstance(card, Pkcs11Card)
    card.verify_pin(pin())
    card.signer.authenticate(DIGEST, "sha256")
    assert [situation.index for situation in card.holder.situations] == [1, 2]
    desk.close()
    assert not card.is_present()
    assert PcscTransport().connect(cps_reader).transmit(bytes.fromhex("00200001"))[1] == 0x63C3


def test_removal(opensc: Path, opened: Open, card_host: HostProcess, seen: Seen, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    card.verify_pin(pin())
    card_host.withdraw("cps-medecin")
    with pytest.raises(CardRemoved):
        card.signer.authenticate(DIGEST, "sha256")
    assert not card.is_present()
    seen.wait_for(cps_reader, SlotState.EMPTY)
    with pytest.raises(NoCard):
        opened(opensc, cps_reader)
    card_host.insert("cps-medecin", cps_reader)
    seen.wait_for(cps_reader, SlotState.PROFESSIONAL_CARD)
    with pytest.raises(CardRemoved):
        card.tries_left()
    assert opened(opensc, cps_reader).tries_left() == 3


def sign_until_refused(card: ProfessionalCard) -> None:
    for _ in range(5):
        card.signer.authenticate(DIGEST, "sha256")


@pytest.mark.parametrize("number", [1, 3, 5])
def test_removal_in_the_middle_of_a_signature(
    opensc: Path, opened: Open, card_host: HostProcess, cps_reader: str, number: int
) -> None:
    card = opened(opensc, cps_reader)
    card.verify_pin(pin())
    card_host.send(f"withdraw-at cps-medecin {number}")
    with pytest.raises(CardRemoved):
        sign_until_refused(card)


def test_crash_of_the_library_process(opensc: Path, opened: Open, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    card.verify_pin(pin())
    assert card._session.process_id is not None
    os.kill(card._session.process_id, signal.SIGKILL)
    with pytest.raises(LibraryCrashed):
        card.signer.authenticate(DIGEST, "sha256")
    with pytest.raises(PinNeeded):
        card.signer.authenticate(DIGEST, "sha256")
    card.verify_pin(pin())
    card.signer.authenticate(DIGEST, "sha256")


def test_two_cards_are_told_apart_by_their_readers(
    opensc: Path, opened: Open, card_host: HostProcess, seen: Seen, cps_reader: str
) -> None:
    other = card_host.readers[1]
    card_host.insert("cps-urgentiste", other)
    seen.wait_for(other, SlotState.PROFESSIONAL_CARD)
    first, second = opened(opensc, cps_reader), opened(opensc, other)
    assert first.holder.card_serial == "0000990001"
    assert second.holder.card_serial == "0000990002"
    with pytest.raises(NoReader):
        opened(opensc, "Lecteur débranché")


def test_another_card_is_not_taken(opensc: Path, opened: Open, card_host: HostProcess, seen: Seen) -> None:
    card_host.insert("vitale-seule", card_host.readers[0])
    seen.wait_for(card_host.readers[0], SlotState.VITALE)
    with pytest.raises(UnknownCard):
        opened(opensc, card_host.readers[0])


def test_the_service_stops(opensc: Path, opened: Open, card_host: HostProcess, seen: Seen, cps_reader: str) -> None:
    card = opened(opensc, cps_reader)
    card.verify_pin(pin())
    card_host.send("stop-service")
    seen.wait(lambda state: not state.service)
    with pytest.raises(CardRemoved):
        card.signer.authenticate(DIGEST, "sha256")
    card_host.send("start-service")
    seen.wait_for(cps_reader, SlotState.PROFESSIONAL_CARD)
    assert opened(opensc, cps_reader).tries_left() == 3
