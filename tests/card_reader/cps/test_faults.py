"""The card leaves, is reset, hangs; its service stops."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

import card_reader.session
from card_reader.cps import Deadlines, OpenedCps
from card_reader.cps3 import Cps3
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import CardError, CardRemoved, CardReset, CardTimeout, NoService, PinNeeded
from card_reader.pkcs15 import PinEntry
from card_reader.session import CardSession
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from card_reader.worker import ReaderWorker
from tests.card_reader.cps.support import VERIFY, pin, public_key
from tests.cards_fixtures import CPS_READER


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
        card.verify_pin(pin())
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
    opened.verify_pin(pin())
    readers.reset_by_other(CPS_READER)
    assert opened.tries_left() == 3  # changes nothing: asked again by itself
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")
    opened.verify_pin(pin())
    readers.reset_by_other(CPS_READER)
    with pytest.raises(CardReset):
        opened.signer.sign(b"x")
    with pytest.raises(PinNeeded):
        opened.signer.sign(b"x")


def test_closing_resets_the_card_so_that_no_pin_outlives_the_session(
    opened: OpenedCps, readers: DirectTransport, desk: Desk
) -> None:
    opened.verify_pin(pin())
    opened.close()
    opened.close()
    again = desk.open_professional_card(CPS_READER)
    channel = readers.connect(CPS_READER)
    assert channel.transmit(VERIFY) == (b"", 0x63C3)
    with pytest.raises(PinNeeded):
        again.signer.sign(b"x")


def test_a_closed_card_signs_no_more(opened: OpenedCps) -> None:
    opened.verify_pin(pin())
    opened.close()
    with pytest.raises(CardRemoved):
        opened.signer.sign(b"x")


def test_the_service_stops_under_an_open_card(opened: OpenedCps, readers: DirectTransport) -> None:
    opened.verify_pin(pin())
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
    card.verify_pin(pin())
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
        session.once(lambda wire: Cps3(wire).verify(pin(), PinEntry(1, 4, 4, b"")), 0.05)
    worker._thread.join(10)  # it had the card in the end, too late
    assert not worker._thread.is_alive()
    assert VERIFY not in gp_card.commands


def test_closing_the_desk_resets_the_cards_still_open(readers: DirectTransport, gp_card: FaultyCard) -> None:
    desk = Desk(readers)
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(pin())
    desk.close()
    assert readers.connect(CPS_READER).transmit(VERIFY) == (b"", 0x63C3)


def test_operations_of_several_threads_do_not_mix(opened: OpenedCps) -> None:
    opened.verify_pin(pin())
    key = public_key(opened.signer.signature_certificate)
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
