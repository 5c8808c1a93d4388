"""Over a real private pcscd: our desk, and other people's programs on the same virtual cards."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from card_reader.cps import Deadlines
from card_reader.desk import Desk
from card_reader.errors import (
    CardBusy,
    CardRemoved,
    CardReset,
    CardTimeout,
    MuteCard,
    NoCard,
    NoReader,
    NoService,
    PinBlocked,
    PinNeeded,
    UnknownCard,
    WrongPin,
)
from card_reader.pcsc import PcscTransport
from card_reader.transport import Disposition
from card_reader.virtual.host import CardTableProblem, HostProcess
from demonstration.people import GP, VITALES
from praticien.ports import ProfessionalCard, SlotState
from tests.card_reader.on_pcscd import cps_reader, pcsc_desk, seen
from tests.card_reader.test_desk import Seen
from tests.opensc import REASON, loses_the_pin_object

__all__ = ["cps_reader", "pcsc_desk", "seen"]

pytestmark = [pytest.mark.pcscd, pytest.mark.timeout(60)]

DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def test_the_readers_live_apart_from_the_network(card_host: HostProcess) -> None:
    assert len(card_host.readers) >= 2
    ours, theirs = (os.readlink(f"/proc/{process}/ns/net") for process in ("self", card_host.process_id))
    assert card_host.isolated == (ours != theirs)


def test_reading_unlocking_and_signing(pcsc_desk: Desk, cps_reader: str) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    assert card.holder.professional == GP
    with pytest.raises(PinNeeded):
        card.signer.sign(b"x")
    card.verify_pin(bytearray(b"1234"))
    assert len(card.holder.situations) == 2
    message = b"message" * 100
    key = x509.load_der_x509_certificate(card.signer.signature_certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(card.signer.sign(message), message, padding.PKCS1v15(), hashes.SHA256())
    card.signer.authenticate(hashlib.sha256(message).digest(), "sha256")
    card.close()


def test_reading_a_vitale(card_host: HostProcess, pcsc_desk: Desk, seen: Seen) -> None:
    card_host.insert("vitale-famille", card_host.readers[1])
    seen.wait_for(card_host.readers[1], SlotState.VITALE)
    reading = pcsc_desk.read_vitale(card_host.readers[1])
    assert reading.beneficiaries == VITALES["vitale-famille"].beneficiaries


def sign_until_refused(card: ProfessionalCard) -> None:
    for _ in range(10):
        card.signer.sign(b"x" * 100)


def test_no_pin_outlives_the_session(pcsc_desk: Desk, cps_reader: str) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    card.verify_pin(bytearray(b"1234"))
    card.close()
    channel = PcscTransport().connect(cps_reader)
    assert channel.transmit(bytes.fromhex("00200001"))[1] == 0x63C3
    channel.close(Disposition.LEAVE)


@pytest.mark.parametrize("number", [1, 2, 5, 9])
def test_removal_in_the_middle_of_a_signature(
    card_host: HostProcess, pcsc_desk: Desk, seen: Seen, cps_reader: str, number: int
) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    card.verify_pin(bytearray(b"1234"))
    card_host.send(f"withdraw-at cps-medecin {number}")
    with pytest.raises(CardRemoved):
        sign_until_refused(card)
    seen.wait_for(cps_reader, SlotState.EMPTY)
    assert not card.is_present()
    with pytest.raises(NoCard):
        pcsc_desk.open_professional_card(cps_reader)


def test_removal_during_verify_spends_no_second_try(
    card_host: HostProcess, pcsc_desk: Desk, seen: Seen, cps_reader: str
) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    assert card.tries_left() == 3  # the PIN rules are read by then
    card_host.send("withdraw-at cps-medecin 5")  # SELECT, GET DATA, GET RESPONSE, SELECT, then VERIFY
    with pytest.raises(CardRemoved):
        card.verify_pin(bytearray(b"0000"))
    seen.wait_for(cps_reader, SlotState.EMPTY)
    card_host.insert("cps-medecin", cps_reader)
    seen.wait_for(cps_reader, SlotState.PROFESSIONAL_CARD)
    assert pcsc_desk.open_professional_card(cps_reader).tries_left() == 3


def test_reinsertion_is_another_insertion(card_host: HostProcess, pcsc_desk: Desk, seen: Seen, cps_reader: str) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    card_host.withdraw("cps-medecin")
    card_host.insert("cps-medecin", cps_reader)
    seen.wait(lambda state: not card.is_present())
    with pytest.raises(CardRemoved):
        card.tries_left()


def test_a_mute_card_and_an_unknown_one(card_host: HostProcess, pcsc_desk: Desk, seen: Seen) -> None:
    reader = card_host.readers[0]
    card_host.insert("carte-muette", reader)
    seen.wait_for(reader, SlotState.MUTE)
    with pytest.raises(MuteCard):
        pcsc_desk.open_professional_card(reader)
    card_host.withdraw("carte-muette")
    seen.wait_for(reader, SlotState.EMPTY)
    card_host.insert("carte-inconnue", reader)
    seen.wait_for(reader, SlotState.UNKNOWN_CARD)
    with pytest.raises(UnknownCard):
        pcsc_desk.open_professional_card(reader)
    with pytest.raises(NoReader):
        pcsc_desk.open_professional_card("Lecteur débranché")


def test_the_service_stops_and_starts(card_host: HostProcess, pcsc_desk: Desk, seen: Seen, cps_reader: str) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    card_host.send("stop-service")
    seen.wait(lambda state: not state.service)
    with pytest.raises((NoService, CardRemoved)):
        card.tries_left()
    with pytest.raises(NoService):
        pcsc_desk.open_professional_card(cps_reader)
    card_host.send("start-service")
    seen.wait_for(cps_reader, SlotState.PROFESSIONAL_CARD)
    assert pcsc_desk.open_professional_card(cps_reader).tries_left() == 3


def test_two_programs_share_the_card(pcsc_desk: Desk, cps_reader: str) -> None:
    card = pcsc_desk.open_professional_card(cps_reader)
    card.verify_pin(bytearray(b"1234"))
    other = PcscTransport().connect(cps_reader)
    begun, released = threading.Event(), threading.Event()

    def hold() -> None:
        with other.transaction():
            begun.set()
            released.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(10)
    signatures: list[bytes] = []
    signer = threading.Thread(target=lambda: signatures.append(card.signer.sign(b"x")))
    signer.start()
    assert not signatures
    released.set()
    signer.join(20)
    holder.join(20)
    assert len(signatures) == 1
    other.reset()
    with pytest.raises(CardReset):
        card.signer.sign(b"x")
    assert card.tries_left() == 3
    other.close(Disposition.LEAVE)


def test_another_program_holds_the_card_exclusively(pcsc_desk: Desk, cps_reader: str) -> None:
    scard = pytest.importorskip("smartcard.scard")
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)

    def take() -> tuple[int, int, int]:
        taken: tuple[int, int, int] = scard.SCardConnect(
            context, cps_reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_ANY
        )
        return taken

    result, held, _ = take()
    deadline = time.monotonic() + 10
    while result != scard.SCARD_S_SUCCESS and time.monotonic() < deadline:  # our own first look may still hold it
        time.sleep(0.05)
        result, held, _ = take()
    assert result == scard.SCARD_S_SUCCESS
    try:
        with pytest.raises(CardBusy):
            pcsc_desk.open_professional_card(cps_reader)
    finally:
        scard.SCardDisconnect(held, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
    pcsc_desk.open_professional_card(cps_reader).close()


def test_a_card_too_slow_for_the_deadline(card_host: HostProcess, pcsc_desk: Desk, cps_reader: str) -> None:
    impatient = Desk(PcscTransport(), deadlines=Deadlines(read=0.2))
    try:
        card_host.send("slow cps-medecin 0.15")
        with pytest.raises(CardTimeout):
            impatient.open_professional_card(cps_reader)
    finally:
        impatient.close()
    card_host.send("heal cps-medecin")
    pcsc_desk.open_professional_card(cps_reader).close()


def test_commands_that_make_no_sense_are_refused(card_host: HostProcess) -> None:
    for line in ("insert nobody", "insert", "dance", "insert cps-medecin nowhere", "slow cps-medecin fast"):
        with pytest.raises(CardTableProblem):
            card_host.send(line)
    card_host.insert("cps-medecin")
    with pytest.raises(CardTableProblem):
        card_host.insert("cps-medecin")


# -- other people's programs -------------------------------------------------------------------------------------------


@pytest.fixture
def opensc(card_host: HostProcess, cps_reader: str) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs an OpenSC tool on the GP's card."""

    def run(tool: str, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess[bytes]:
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
        answer = subprocess.run([tool, *arguments], capture_output=True, timeout=40, env=os.environ, check=False)
        if b"C_Login failed: rv = CKR_GENERAL_ERROR" in answer.stderr and loses_the_pin_object():
            pytest.skip(REASON)
        assert (answer.returncode == 0) is ok, answer.stderr.decode("utf-8", "replace")
        return answer

    return run


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_opensc_knows_the_card(opensc: Run) -> None:
    assert b"IAS-ECC" in opensc("opensc-tool", "-n").stdout


def test_pkcs15_tool_lists_and_reads(opensc: Run, pcsc_desk: Desk, cps_reader: str) -> None:
    listing = opensc("pkcs15-tool", "-c", "-k", "--list-pins", "-D").stdout.decode()
    for expected in ("CPS_CERT_SIG", "CPS_CERT_AUT", "CPS_PRIV_SIG", "CPS_ACTIVITY_02_PS", "Code porteur"):
        assert expected in listing
    signer = pcsc_desk.open_professional_card(cps_reader).signer
    for identifier, der in (("10", signer.signature_certificate), ("20", signer.authentication_certificate)):
        pem = opensc("pkcs15-tool", "--read-certificate", identifier).stdout
        assert x509.load_pem_x509_certificate(pem) == x509.load_der_x509_certificate(der)


def test_pkcs11_tool_signs_and_openssl_verifies(opensc: Run, tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_bytes(b"hello")
    (tmp_path / "info").write_bytes(DIGEST_INFO + hashlib.sha256(b"hello").digest())
    certificate = opensc("pkcs15-tool", "--read-certificate", "20").stdout
    (tmp_path / "certificate").write_bytes(certificate)
    login = ("--login", "--pin", "1234")
    sign = ("--sign", "--id", "20", "-m", "RSA-PKCS", "-i", str(tmp_path / "info"), "-o", str(tmp_path / "signature"))
    opensc("pkcs11-tool", *login, *sign)
    opensc("openssl", "x509", "-in", str(tmp_path / "certificate"), "-pubkey", "-noout", "-out", str(tmp_path / "key"))
    verify = ("dgst", "-sha256", "-verify", str(tmp_path / "key"), "-signature", str(tmp_path / "signature"))
    assert b"Verified OK" in opensc("openssl", *verify, str(message)).stdout


def test_pkcs11_tool_reads_what_the_pin_protects(opensc: Run) -> None:
    read = ("--read-object", "--type", "data", "--label", "CPS_ACTIVITY_01_PS")
    assert b"CABINET DES LILAS" in opensc("pkcs11-tool", "--login", "--pin", "1234", *read).stdout


def test_pkcs11_tool_sees_the_locked_state(opensc: Run, pcsc_desk: Desk, cps_reader: str) -> None:
    wrong = ("pkcs11-tool", "--login", "--pin", "9999", "-O")
    for _ in range(3):
        assert b"CKR_PIN_INCORRECT" in opensc(*wrong, ok=False).stderr
    assert b"user PIN locked" in opensc("pkcs11-tool", "-L").stdout
    assert b"CKR_PIN_LOCKED" in opensc("pkcs11-tool", "--login", "--pin", "1234", "-O", ok=False).stderr
    card = pcsc_desk.open_native_card(cps_reader)
    assert card.tries_left() == 0
    with pytest.raises(PinBlocked):
        card.verify_pin(bytearray(b"1234"))
    card.unblock_pin(bytearray(b"12345678"), bytearray(b"4321"))
    card.close()
    listing = opensc("pkcs11-tool", "-L").stdout
    assert not any(state in listing for state in (b"locked", b"final user PIN", b"user PIN count low"))
    opensc("pkcs11-tool", "--login", "--pin", "4321", "-O")


def test_pkcs11_tool_and_we_see_the_same_counter(opensc: Run, pcsc_desk: Desk, cps_reader: str) -> None:
    wrong = ("pkcs11-tool", "--login", "--pin", "9999", "-O")
    assert b"CKR_PIN_INCORRECT" in opensc(*wrong, ok=False).stderr
    card = pcsc_desk.open_professional_card(cps_reader)
    assert card.tries_left() == 2
    with pytest.raises(WrongPin) as caught:
        card.verify_pin(bytearray(b"0000"))
    assert caught.value.tries_left == 1
    card.close()
    assert b"final user PIN try" in opensc("pkcs11-tool", "-L").stdout
    card = pcsc_desk.open_professional_card(cps_reader)
    card.verify_pin(bytearray(b"1234"))
    assert card.tries_left() == 3
    card.close()
