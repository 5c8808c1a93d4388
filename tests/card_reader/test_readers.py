"""Readers, cards, service and other programs in any order: what the desk says is what there is, and no try is spent."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import CardBusy, CardError, CardRemoved, CardReset, NoCard, NoReader, NoService, PinNeeded
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from praticien.ports import DeskState, SlotState
from tests.effort import examples

READERS = ("A", "B", "C")
PIN = b"1234"
VERIFY_ASKED, VERIFY_WITH_PIN = bytes.fromhex("00200001"), 6
names = st.sampled_from(READERS)


class PinCounted(FaultyCard):
    """Counts the PINs that reach it."""

    pins = 0

    def transmit(self, command: bytes) -> bytes:
        self.pins += command[1] == 0x20 and len(command) >= VERIFY_WITH_PIN
        return super().transmit(command)


class ReadersAndCards(RuleBasedStateMachine):
    """The user's hand, other programs and the system against one desk; ``self.*`` is what should be seen."""

    made: Callable[[], tuple[VirtualCard, VirtualCard]]

    def __init__(self) -> None:
        super().__init__()
        self.transport = DirectTransport(READERS[:2])
        self.desk = Desk(self.transport)
        self.cards = [PinCounted(card) for card in type(self).made()]
        self.plugged: dict[str, PinCounted | None] = dict.fromkeys(READERS[:2])
        self.running = True
        self.held: set[str] = set()
        self.opened: OpenedCps | None = None
        self.where = ""
        self.is_verified = False
        self.typed = 0

    # -- the user's hand, the system ---------------------------------------------------------------------------

    @rule(reader=names)
    def plug(self, reader: str) -> None:
        if reader not in self.plugged:
            self.transport.plug(reader)
            self.plugged[reader] = None

    @rule(reader=names)
    def unplug(self, reader: str) -> None:
        if reader in self.plugged:
            self.transport.unplug(reader)
            del self.plugged[reader]
            self.held.discard(reader)
            self._gone(reader)

    @rule(reader=names, number=st.integers(0, 1))
    def insert(self, reader: str, number: int) -> None:
        card = self.cards[number]
        if reader in self.plugged and card not in self.plugged.values():
            self._gone(reader)
            self.transport.insert(reader, card)
            self.plugged[reader] = card

    @rule(reader=names)
    def withdraw(self, reader: str) -> None:
        if self.plugged.get(reader) is not None:
            self.transport.withdraw(reader)
            self.plugged[reader] = None
            self._gone(reader)

    @rule()
    def stop_service(self) -> None:
        if self.running:
            self.transport.set_service(running=False)
            self.running, self.opened, self.is_verified = False, None, False

    @rule()
    def start_service(self) -> None:
        if not self.running:
            self.transport.set_service(running=True)
            self.running = True

    def _gone(self, reader: str) -> None:
        if reader == self.where:
            self.opened, self.where, self.is_verified = None, "", False

    # -- other programs ----------------------------------------------------------------------------------------

    @rule(reader=names, held=st.booleans())
    def hold_exclusively(self, reader: str, held: bool) -> None:
        if reader in self.plugged:
            self.transport.hold_exclusively(reader, held=held)
            (self.held.add if held else self.held.discard)(reader)

    @rule(reader=names)
    def reset_by_other(self, reader: str) -> None:
        if reader in self.plugged:
            self.transport.reset_by_other(reader)
            if reader == self.where:
                self.is_verified = False

    # -- what the application does -----------------------------------------------------------------------------

    @rule(reader=names)
    def open(self, reader: str) -> None:
        expected = self._refusal(reader)
        if expected is not None:
            with pytest.raises(expected):
                self.desk.open_native_card(reader)
            return
        card = self.desk.open_native_card(reader)
        if self.opened is not None:
            self.opened.close()
        self.opened, self.where, self.is_verified = card, reader, False

    def _refusal(self, reader: str) -> type[CardError] | None:
        if not self.running:
            return NoService
        if reader not in self.plugged:
            return NoReader
        if self.plugged[reader] is None:
            return NoCard
        return CardBusy if reader in self.held else None

    @precondition(lambda self: self.opened is not None)
    @rule()
    def verify(self) -> None:
        """One entry is one VERIFY at most, also when another program reset the card meanwhile."""
        assert self.opened is not None
        self.typed += 1
        try:
            self.opened.verify_pin(bytearray(PIN))
        except (CardRemoved, CardReset, NoService):
            self.is_verified = False
        else:
            self.is_verified = True

    @precondition(lambda self: self.opened is not None)
    @rule()
    def sign(self) -> None:
        assert self.opened is not None
        try:
            self.opened.signer.sign(b"x")
        except (PinNeeded, CardReset):
            assert not self.is_verified
        else:
            assert self.is_verified

    # -- what always holds -------------------------------------------------------------------------------------

    @invariant()
    def the_desk_says_what_there_is(self) -> None:
        wanted = self._expected()
        with self.desk._changed:
            assert self.desk._changed.wait_for(lambda: _summary(self.desk._state) == wanted, 10), (
                _summary(self.desk._state),
                wanted,
            )

    def _expected(self) -> tuple[bool, dict[str, bool]]:
        return self.running, {r: c is not None for r, c in self.plugged.items()} if self.running else {}

    @invariant()
    def a_card_is_present_while_it_is_the_same(self) -> None:
        if self.opened is not None:
            assert self.opened.is_present()

    @invariant()
    def no_pin_is_tried_in_vain(self) -> None:
        assert sum(card.pins for card in self.cards) <= self.typed
        for card in self.cards:
            assert isinstance(card.card, VirtualCps3)
            assert card.card.pin_tries_left == 3

    @invariant()
    def no_transaction_is_held(self) -> None:
        """Between two acts the user may type or think for long: another program gets every card at once."""
        for slot in self.transport._slots.values():
            free = threading.Thread(target=lambda slot=slot: slot.lock.acquire() and slot.lock.release())
            free.start()
            free.join(10)
            assert not free.is_alive()

    def teardown(self) -> None:
        self.desk.close()
        left = [card for card in self.plugged.values() if card is not None] if self.running else []
        states = [card.card.transmit(VERIFY_ASKED)[-2:] for card in left]
        assert b"\x90\x00" not in states, "a verified PIN outlived the session"


def _summary(state: DeskState) -> tuple[bool, dict[str, bool]]:
    return state.service, {slot.reader: slot.state is SlotState.PROFESSIONAL_CARD for slot in state.slots}


def test_readers_cards_service_and_programs_in_any_order(personalisation: CpsPersonalisation) -> None:
    class Machine(ReadersAndCards):
        @staticmethod
        def made() -> tuple[VirtualCard, VirtualCard]:
            return VirtualCps3(personalisation), VirtualCps3(personalisation)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples(15),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
