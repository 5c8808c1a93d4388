"""A professional card opened over in-process readers: identity, PIN, signatures, and all that can go wrong."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

import card_reader.session
from card_reader.cps import Deadlines, OpenedCps
from card_reader.cps3 import Cps3
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardError,
    CardOutOfUse,
    CardRemoved,
    CardReset,
    CardTimeout,
    MalformedCard,
    NoCertificate,
    NoService,
    PinBlocked,
    PinFormat,
    PinNeeded,
    UnblockingCodeBlocked,
    WrongPin,
    WrongSignature,
    WrongUnblockingCode,
)
from card_reader.pkcs15 import PinEntry
from card_reader.session import CardSession
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from card_reader.worker import ReaderWorker
from demonstration import cards
from demonstration.people import CARDS, GP, IMAGERIE, LILAS, MAISON, SECRETARY
from praticien.errors import InvalidInput, PraticienError
from praticien.pin_care import CodesLeft
from praticien.ports import ProfessionalCard, Signer
from praticien.practice import Practice
from praticien.professional import CardKind
from tests.cards_fixtures import CPS_READER

VERIFY, CHANGE, UNBLOCK = b"\x00\x20\x00\x01", b"\x00\x24\x00\x01", b"\x00\x2c\x00\x01"
Open = Callable[[], OpenedCps]


@pytest.fixture
def opened(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> Iterator[OpenedCps]:
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    yield card
    card.close()


def _pin(text: str = "1234") -> bytearray:
    return bytearray(text.encode())


def _public_key(der: bytes) -> rsa.RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


# -- identity ----------------------------------------------------------------------------------------------------------


def test_the_holder_is_read_without_pin(opened: OpenedCps) -> None:
    holder = opened.holder
    assert (holder.card_kind, holder.card_serial, holder.is_test_card) == (CardKind.CPS, "0000990001", True)
    assert holder.professional == GP
    assert holder.situations == ()


def test_the_doors_are_those_of_the_practice(opened: OpenedCps) -> None:
    card: ProfessionalCard = opened
    signer: Signer = card.signer
    assert not signer.supports_pss


def test_pin_changed_and_unblocked_through_the_practice(opened: OpenedCps) -> None:
    practice = Practice(lambda *_: pytest.fail("nothing is connected to"))
    practice.present(opened)
    assert practice.codes_left() == CodesLeft(3, 10)
    practice.change_pin(_pin(), _pin("4321"))
    with pytest.raises(WrongPin):
        practice.change_pin(_pin(), _pin("5555"))
    with pytest.raises(WrongUnblockingCode):
        practice.unblock_pin(_pin("87654321"), _pin("5555"))
    assert practice.codes_left() == CodesLeft(2, 9)
    practice.unblock_pin(_pin("12345678"), _pin("5555"))
    assert practice.codes_left().pin == 3
    opened.verify_pin(_pin("5555"))


def test_situations_come_with_the_pin(opened: OpenedCps) -> None:
    opened.verify_pin(_pin())
    assert [(s.index, s.structure) for s in opened.holder.situations] == [(1, LILAS), (2, MAISON)]


def test_situations_need_not_be_contiguous(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    last = replace(personalisation.situations[0], index=16)
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, situations=(last,))))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(_pin())
    assert [s.index for s in card.holder.situations] == [16]


def test_a_card_updated_since_is_asked_for_all_situations(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    update = bytes.fromhex("EC0C810420261101820420261102")
    more = (*personalisation.situations, replace(personalisation.situations[0], index=7))
    for card, expected in (
        (personalisation, [1, 2]),
        (replace(personalisation, situations=more, last_update=update), [1, 2, 7]),
    ):
        readers.insert(CPS_READER, VirtualCps3(card))
        opened = desk.open_native_card(CPS_READER)
        opened.verify_pin(_pin())
        assert [s.index for s in opened.holder.situations] == expected
        opened.close()
        readers.withdraw(CPS_READER)


def test_a_staff_card(desk: Desk, readers: DirectTransport, cards_folder: Path) -> None:
    readers.insert(CPS_READER, VirtualCps3(cards.cps(cards_folder, CARDS["cpe-secretaire"])))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(_pin())
    assert card.holder.card_kind is CardKind.CPE
    assert card.holder.professional == SECRETARY
    assert [s.structure for s in card.holder.situations] == [IMAGERIE]


def test_the_two_certificates_must_name_the_same_person(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, cards_folder: Path
) -> None:
    other = cards.cps(cards_folder, CARDS["cps-urgentiste"])
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, authentication=other.authentication)))
    with pytest.raises(MalformedCard):
        desk.open_professional_card(CPS_READER)


def test_swapped_certificates_are_refused(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    swapped = replace(
        personalisation, signature=personalisation.authentication, authentication=personalisation.signature
    )
    readers.insert(CPS_READER, VirtualCps3(swapped))
    with pytest.raises(NoCertificate):
        desk.open_professional_card(CPS_READER)


def test_a_card_known_already_costs_five_commands_at_most(opened: OpenedCps, desk: Desk, gp_card: FaultyCard) -> None:
    holder = opened.holder
    opened.close()
    gp_card.heal()
    again = desk.open_professional_card(CPS_READER)
    assert again.holder == holder
    assert len(gp_card.commands) <= 5
    again.verify_pin(_pin())
    again.signer.sign(b"x")


def test_an_updated_card_is_read_again(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    for update in (None, "EC0A81042611220082021200", "EC0A81042611230082021200"):
        card = FaultyCard(VirtualCps3(replace(personalisation, last_update=update and bytes.fromhex(update))))
        readers.insert(CPS_READER, card)
        desk.open_professional_card(CPS_READER).close()
        assert len(card.commands) > 12
        card.heal()
        desk.open_professional_card(CPS_READER).close()
        assert len(card.commands) <= 5


@pytest.mark.parametrize("update", ["", "EC00", "EC068104261122008200", "EC0481000000", "FFFF", "EC0A8104261122008104"])
def test_a_card_whose_update_was_cut_is_out_of_use(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, update: str
) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, last_update=bytes.fromhex(update))))
    with pytest.raises(CardOutOfUse):
        desk.open_professional_card(CPS_READER)


# -- PIN ---------------------------------------------------------------------------------------------------------------


def test_the_counter_is_read_at_no_cost(opened: OpenedCps, gp_card: FaultyCard) -> None:
    assert [opened.tries_left() for _ in range(5)] == [3] * 5
    assert VERIFY not in gp_card.commands


def test_wrong_pins_count_down_to_blocked_and_a_right_one_resets(opened: OpenedCps) -> None:
    with pytest.raises(WrongPin) as caught:
        opened.verify_pin(_pin("0000"))
    assert (caught.value.tries_left, opened.tries_left()) == (2, 2)
    opened.verify_pin(_pin())
    assert opened.tries_left() == 3
    for left in (2, 1):
        with pytest.raises(WrongPin) as caught:
            opened.verify_pin(_pin("0000"))
        assert caught.value.tries_left == left
    with pytest.raises(PinBlocked):
        opened.verify_pin(_pin("0000"))
    assert opened.tries_left() == 0


def test_a_blocked_card_is_not_tried_again(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    blocked = FaultyCard(VirtualCps3(replace(personalisation, pin_tries_left=0)))
    readers.insert(CPS_READER, blocked)
    card = desk.open_professional_card(CPS_READER)
    with pytest.raises(PinBlocked):
        card.verify_pin(_pin())
    assert VERIFY not in blocked.commands


@pytest.mark.parametrize("text", ["", "123", "12345", "12a4", "１２３４"])
def test_what_cannot_be_a_pin_is_not_sent(opened: OpenedCps, gp_card: FaultyCard, text: str) -> None:
    typed = _pin(text)
    with pytest.raises(PinFormat):
        opened.verify_pin(typed)
    assert VERIFY not in gp_card.commands
    assert not any(typed)


@pytest.mark.parametrize("text", ["1234", "9876"])
def test_the_pin_is_overwritten_and_appears_nowhere(
    opened: OpenedCps, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = _pin(text)
    said = ""
    try:
        opened.verify_pin(typed)
    except PraticienError as error:
        said = f"{error!r} {error} {error.__dict__} {error.__cause__!r} {error.__context__!r}"
    assert typed == bytearray(4)
    assert text not in said + caplog.text


def test_one_verify_for_one_entry(opened: OpenedCps, gp_card: FaultyCard) -> None:
    with pytest.raises(WrongPin):
        opened.verify_pin(_pin("0000"))
    assert gp_card.commands.count(VERIFY) == 1


def test_keys_need_the_pin(opened: OpenedCps) -> None:
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")
    with pytest.raises(PinNeeded):
        opened.signer.authenticate(bytes(32), "sha256")


def test_changing_the_pin(opened: OpenedCps, desk: Desk) -> None:
    old, new = _pin(), _pin("4321")
    opened.change_pin(old, new)
    assert not any(old + new)
    with pytest.raises(WrongPin):
        opened.verify_pin(_pin())
    opened.verify_pin(_pin("4321"))


def test_changing_with_a_wrong_pin_costs_one_try(opened: OpenedCps, gp_card: FaultyCard) -> None:
    with pytest.raises(WrongPin) as caught:
        opened.change_pin(_pin("0000"), _pin("4321"))
    assert (caught.value.tries_left, opened.tries_left()) == (2, 2)
    assert gp_card.commands.count(CHANGE) == 1
    opened.verify_pin(_pin())


@pytest.mark.parametrize(
    "old, new, field", [("12", "4321", "pin"), ("1234", "43211", "new_pin"), ("1234", "", "new_pin")]
)
def test_a_change_that_cannot_be_is_not_sent(
    opened: OpenedCps, gp_card: FaultyCard, old: str, new: str, field: str
) -> None:
    with pytest.raises(PinFormat) as caught:
        opened.change_pin(_pin(old), _pin(new))
    assert caught.value.field == field
    assert CHANGE not in gp_card.commands


def test_unblocking(desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, pin_tries_left=0, unblocking_tries_left=2)))
    card = desk.open_professional_card(CPS_READER)
    assert (card.tries_left(), card.unblocking_tries_left()) == (0, 2)
    with pytest.raises(PinBlocked):
        card.change_pin(_pin(), _pin("4321"))
    with pytest.raises(PinFormat):
        card.unblock_pin(_pin("1234567"), _pin("4321"))
    with pytest.raises(WrongUnblockingCode) as caught:
        card.unblock_pin(_pin("00000000"), _pin("4321"))
    assert (caught.value.tries_left, card.tries_left()) == (1, 0)
    code, new = _pin("12345678"), _pin("4321")
    card.unblock_pin(code, new)
    assert not any(code + new)
    assert (card.tries_left(), card.unblocking_tries_left()) == (3, 10)
    card.verify_pin(_pin("4321"))


def test_a_dead_unblocking_code_is_not_tried(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    dying = FaultyCard(VirtualCps3(replace(personalisation, pin_tries_left=0, unblocking_tries_left=1)))
    readers.insert(CPS_READER, dying)
    card = desk.open_professional_card(CPS_READER)
    for _ in range(2):
        with pytest.raises(UnblockingCodeBlocked):
            card.unblock_pin(_pin("00000000"), _pin("4321"))
    assert dying.commands.count(UNBLOCK) == 1


@pytest.mark.parametrize("operation", ["change_pin", "unblock_pin"])
def test_codes_are_not_sent_again_when_the_card_leaves(opened: OpenedCps, gp_card: FaultyCard, operation: str) -> None:
    first = "1234" if operation == "change_pin" else "12345678"
    opened.tries_left()  # the PIN rules are read by then
    gp_card.leaves_at = 5
    with pytest.raises(CardRemoved):
        getattr(opened, operation)(_pin(first), _pin("4321"))
    assert sum(gp_card.commands.count(command) for command in (CHANGE, UNBLOCK)) == 1


# -- signatures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 4096])
def test_the_signature_key_signs_messages(opened: OpenedCps, length: int) -> None:
    opened.verify_pin(_pin())
    message = bytes(i % 256 for i in range(length))
    signature = opened.signer.sign(message)
    key = _public_key(opened.signer.signature_certificate)
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_the_authentication_key_signs_digests(opened: OpenedCps, name: str) -> None:
    opened.verify_pin(_pin())
    signature = opened.signer.authenticate(hashlib.new(name, b"hello", usedforsecurity=False).digest(), name)
    algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
    key = _public_key(opened.signer.authentication_certificate)
    key.verify(signature, b"hello", padding.PKCS1v15(), algorithm[name])


@pytest.mark.parametrize("digest, name", [(bytes(32), "md5"), (bytes(31), "sha256"), (b"", "sha256")])
def test_digests_that_the_card_cannot_take(opened: OpenedCps, digest: bytes, name: str) -> None:
    opened.verify_pin(_pin())
    with pytest.raises(InvalidInput):
        opened.signer.authenticate(digest, name)


def test_the_two_keys_are_not_the_same(opened: OpenedCps) -> None:
    signature = _public_key(opened.signer.signature_certificate)
    authentication = _public_key(opened.signer.authentication_certificate)
    assert signature.public_numbers() != authentication.public_numbers()


def test_a_signature_that_does_not_verify_is_not_released(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, cards_folder: Path
) -> None:
    other = cards.cps(cards_folder, CARDS["cps-urgentiste"])
    foreign = replace(personalisation.signature, key=other.signature.key)
    stranger = replace(personalisation.authentication, key=other.authentication.key)
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, signature=foreign, authentication=stranger)))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(_pin())
    with pytest.raises(WrongSignature):
        card.signer.sign(b"x")
    with pytest.raises(WrongSignature):
        card.signer.authenticate(bytes(32), "sha256")


# -- the card leaves, is reset, hangs ----------------------------------------------------------------------------------


def test_presence(opened: OpenedCps, readers: DirectTransport, gp_card: FaultyCard, desk: Desk) -> None:
    assert opened.is_present()
    changed = threading.Event()
    desk.subscribe(lambda state: changed.set())
    readers.withdraw(CPS_READER)
    assert changed.wait(5)
    assert not opened.is_present()
    readers.insert(CPS_READER, gp_card)
    with pytest.raises(CardRemoved):
        opened.tries_left()
    assert not opened.is_present()


def _commands_of(run: Callable[[], object], card: FaultyCard) -> int:
    card.heal()
    run()
    return len(card.commands)


def test_removal_at_every_command_of_every_operation(readers: DirectTransport, gp_card: FaultyCard) -> None:
    def use(card: OpenedCps) -> None:
        card.verify_pin(_pin())
        card.signer.sign(b"x" * 100)
        card.signer.authenticate(bytes(32), "sha256")

    def whole() -> None:
        desk = Desk(readers)  # one that does not know the card yet
        try:
            use(desk.open_professional_card(CPS_READER))
        finally:
            desk.close()

    readers.insert(CPS_READER, gp_card)
    total = _commands_of(whole, gp_card)
    for number in range(1, total + 1):
        gp_card.heal()
        readers.insert(CPS_READER, gp_card)
        gp_card.leaves_at = number
        with pytest.raises(CardRemoved):
            whole()
        assert gp_card.commands.count(VERIFY) <= 1
    assert isinstance(gp_card.card, VirtualCps3)
    assert gp_card.card.pin_tries_left == 3


def test_another_program_resets_the_card(opened: OpenedCps, readers: DirectTransport) -> None:
    opened.verify_pin(_pin())
    readers.reset_by_other(CPS_READER)
    assert opened.tries_left() == 3  # changes nothing: asked again by itself
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")
    opened.verify_pin(_pin())
    readers.reset_by_other(CPS_READER)
    with pytest.raises(CardReset):
        opened.signer.sign(b"x")
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")


def test_closing_resets_the_card_so_that_no_pin_outlives_the_session(
    opened: OpenedCps, readers: DirectTransport, desk: Desk
) -> None:
    opened.verify_pin(_pin())
    opened.close()
    opened.close()
    again = desk.open_professional_card(CPS_READER)
    channel = readers.connect(CPS_READER)
    assert channel.transmit(VERIFY) == (b"", 0x63C3)
    with pytest.raises(PinNeeded):
        again.signer.sign(b"x")


def test_a_closed_card_signs_no_more(opened: OpenedCps) -> None:
    opened.verify_pin(_pin())
    opened.close()
    with pytest.raises(CardRemoved):
        opened.signer.sign(b"x")


def test_the_service_stops_under_an_open_card(opened: OpenedCps, readers: DirectTransport) -> None:
    opened.verify_pin(_pin())
    readers.set_service(running=False)
    with pytest.raises(NoService):
        opened.signer.sign(b"x")
    readers.set_service(running=True)
    with pytest.raises(CardError):
        opened.signer.sign(b"x")


def test_a_slow_card_meets_the_deadline(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    impatient = Desk(readers, deadlines=Deadlines(read=0.05))
    readers.insert(CPS_READER, gp_card)
    gp_card.delay = 0.02
    with pytest.raises(CardTimeout):
        impatient.open_professional_card(CPS_READER)
    impatient.close()
    gp_card.heal()
    assert desk.open_professional_card(CPS_READER).tries_left() == 3


def test_a_hung_card_is_given_up_and_the_reader_works_again(
    readers: DirectTransport, gp_card: FaultyCard, personalisation: CpsPersonalisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_reader.session, "_GRACE", 0.05)
    desk = Desk(readers, deadlines=Deadlines(sign=0.05))
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(_pin())
    answer = threading.Event()
    gp_card.instead = lambda _: b"\x90\x00" if answer.wait(30) else b""
    with pytest.raises(CardTimeout):
        card.signer.sign(b"x")
    assert not card.is_present()
    card.close()
    answer.set()
    readers.insert(CPS_READER, VirtualCps3(personalisation))
    assert desk.open_professional_card(CPS_READER).tries_left() == 3
    desk.close()


def test_a_pin_given_up_while_another_program_holds_the_card_is_never_sent(
    readers: DirectTransport, gp_card: FaultyCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_reader.session, "_GRACE", 0.05)
    readers.insert(CPS_READER, gp_card)
    worker = ReaderWorker(CPS_READER)
    session = CardSession(worker, readers.connect(CPS_READER))
    other = readers.connect(CPS_READER)
    with other.transaction(), pytest.raises(CardTimeout):
        session.once(lambda wire: Cps3(wire).verify(_pin(), PinEntry(1, 4, 4, b"")), 0.05)
    worker._thread.join(10)  # it had the card in the end, too late
    assert not worker._thread.is_alive()
    assert VERIFY not in gp_card.commands


def test_closing_the_desk_resets_the_cards_still_open(readers: DirectTransport, gp_card: FaultyCard) -> None:
    desk = Desk(readers)
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(_pin())
    desk.close()
    assert readers.connect(CPS_READER).transmit(VERIFY) == (b"", 0x63C3)


def test_operations_of_several_threads_do_not_mix(opened: OpenedCps) -> None:
    opened.verify_pin(_pin())
    key = _public_key(opened.signer.signature_certificate)
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for turn in range(5):
                message = f"{name} {turn}".encode() * 40
                key.verify(opened.signer.sign(message), message, padding.PKCS1v15(), hashes.SHA256())
                opened.signer.authenticate(hashlib.sha256(message).digest(), "sha256")
                assert opened.tries_left() == 3
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
