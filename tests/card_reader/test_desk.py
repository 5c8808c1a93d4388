"""What the desk says of its readers, whatever happens to them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardBusy,
    CardRemoved,
    MuteCard,
    NoCard,
    NoReader,
    NoService,
    TransportFailed,
    UnknownCard,
)
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from demonstration import cards
from demonstration.people import CARDS
from praticien.ports import CardDesk, DeskState, SlotState
from tests.cards_fixtures import CPS_READER, VITALE_READER


class Seen:
    """Collects what a desk publishes and waits for it."""

    def __init__(self, desk: Desk) -> None:
        self._changed = threading.Condition()
        self.states = [desk.state()]
        self.stop = desk.subscribe(self._take)

    def _take(self, state: DeskState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def wait(self, condition: Callable[[DeskState], bool]) -> DeskState:
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.states[-1]), 10)
            return self.states[-1]

    def wait_for(self, reader: str, state: SlotState) -> int:
        """The insertion number once ``reader`` is in ``state``."""
        found = self.wait(lambda desk: any((s.reader, s.state) == (reader, state) for s in desk.slots))
        return next(slot.insertion for slot in found.slots if slot.reader == reader)


@pytest.fixture
def seen(desk: Desk) -> Iterator[Seen]:
    seen = Seen(desk)
    yield seen
    seen.stop()


def test_the_desk_is_the_port_of_the_practice(desk: Desk) -> None:
    port: CardDesk = desk
    assert port.state().service


def test_cards_come_and_go(seen: Seen, readers: DirectTransport, gp_card: FaultyCard, family_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    readers.insert(VITALE_READER, family_card)
    seen.wait_for(VITALE_READER, SlotState.VITALE)
    readers.withdraw(CPS_READER)
    seen.wait_for(CPS_READER, SlotState.EMPTY)
    readers.insert(CPS_READER, gp_card)
    assert seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD) > first


def test_a_quick_swap_is_another_insertion(seen: Seen, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    readers.insert(CPS_READER, gp_card)  # out and in again before anybody looks
    swapped = seen.wait(lambda state: any(slot.insertion > first for slot in state.slots))
    assert swapped.first(SlotState.PROFESSIONAL_CARD) is not None


def test_a_card_that_came_unseen_is_another_insertion(
    seen: Seen, desk: Desk, readers: DirectTransport, gp_card: FaultyCard, cards_folder: Path
) -> None:
    """The service missed it: the broken exchange tells, and the newcomer gets no PIN meant for the other."""
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    card = desk.open_native_card(CPS_READER)
    card.verify_pin(bytearray(b"1234"))
    newcomer = FaultyCard(VirtualCps3(cards.cps(cards_folder, CARDS["cps-urgentiste"])))
    readers.swap_unnoticed(CPS_READER, newcomer)
    with pytest.raises(TransportFailed):
        card.signer.sign(b"x")
    seen.wait(lambda state: state.slots[0].insertion > first)
    assert not card.is_present()
    with pytest.raises(CardRemoved):
        card.verify_pin(bytearray(b"1234"))
    assert newcomer.commands == []
    assert desk.open_native_card(CPS_READER).holder.card_serial == "0000990002"


def test_a_bad_contact_is_not_taken_for_new_cards_for_ever(
    seen: Seen, desk: Desk, readers: DirectTransport, gp_card: FaultyCard
) -> None:
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    for _ in range(4):
        card = desk.open_native_card(CPS_READER)
        readers.swap_unnoticed(CPS_READER, gp_card)
        with pytest.raises(TransportFailed):
            card.tries_left()
    assert seen.states[-1].slots[0].insertion == first + 2
    readers.insert(CPS_READER, gp_card)
    assert seen.wait(lambda state: state.slots[0].insertion > first + 2)


def test_unknown_and_mute_cards(seen: Seen, desk: Desk, readers: DirectTransport, cards_folder: Path) -> None:
    faulty = cards.fault_cards(cards_folder)
    readers.insert(CPS_READER, faulty["carte-inconnue"])
    seen.wait_for(CPS_READER, SlotState.UNKNOWN_CARD)
    with pytest.raises(UnknownCard) as caught:
        desk.open_professional_card(CPS_READER)
    assert caught.value.detail == "3B80800101"
    readers.insert(CPS_READER, faulty["carte-muette"])
    seen.wait_for(CPS_READER, SlotState.MUTE)
    with pytest.raises(MuteCard):
        desk.open_professional_card(CPS_READER)


def test_a_card_of_the_other_family_is_not_taken(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, family_card: FaultyCard
) -> None:
    readers.insert(CPS_READER, family_card)
    readers.insert(VITALE_READER, gp_card)
    with pytest.raises(UnknownCard):
        desk.open_professional_card(CPS_READER)
    with pytest.raises(UnknownCard):
        desk.read_vitale(VITALE_READER)


def test_no_card_no_reader_no_service_busy(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    with pytest.raises(NoCard):
        desk.open_professional_card(CPS_READER)
    with pytest.raises(NoReader):
        desk.read_vitale("Lecteur débranché")
    readers.insert(CPS_READER, gp_card)
    readers.hold_exclusively(CPS_READER, held=True)
    with pytest.raises(CardBusy):
        desk.open_professional_card(CPS_READER)
    readers.hold_exclusively(CPS_READER, held=False)
    desk.open_professional_card(CPS_READER).close()
    readers.set_service(running=False)
    with pytest.raises(NoService):
        desk.open_professional_card(CPS_READER)


def test_the_service_stops_and_comes_back(seen: Seen, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    readers.set_service(running=False)
    seen.wait(lambda state: not state.service)
    assert seen.states[-1].slots == ()
    readers.set_service(running=True)
    assert seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD) > first


def test_the_service_comes_back_without_any_reader(seen: Seen, readers: DirectTransport) -> None:
    """Nothing to see is something to say: it is not waited for as a change would be."""
    for reader in (CPS_READER, VITALE_READER):
        readers.unplug(reader)
    readers.set_service(running=False)
    seen.wait(lambda state: not state.service)
    readers.set_service(running=True)
    assert seen.wait(lambda state: state.service).slots == ()


def test_readers_are_plugged_and_unplugged(seen: Seen, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    first = seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    readers.unplug(CPS_READER)
    seen.wait(lambda state: [slot.reader for slot in state.slots] == [VITALE_READER])
    readers.unplug(VITALE_READER)
    seen.wait(lambda state: state.service and not state.slots)
    readers.plug(CPS_READER)
    seen.wait_for(CPS_READER, SlotState.EMPTY)
    readers.insert(CPS_READER, gp_card)
    assert seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD) > first


def test_a_listener_that_fails_blinds_nobody(
    desk: Desk, seen: Seen, readers: DirectTransport, gp_card: FaultyCard, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(state: DeskState) -> None:
        raise RuntimeError("bug")

    stop = desk.subscribe(fails)
    late = Seen(desk)
    readers.insert(CPS_READER, gp_card)
    late.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    readers.withdraw(CPS_READER)
    seen.wait_for(CPS_READER, SlotState.EMPTY)
    stop()
    stop()
    assert "listener" in caplog.text


def test_listeners_hear_changes_only(seen: Seen, desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.wake()
    readers.insert(CPS_READER, gp_card)
    seen.wait_for(CPS_READER, SlotState.PROFESSIONAL_CARD)
    assert all(before != after for before, after in zip(seen.states, seen.states[1:], strict=False))


def test_closing_twice_and_closing_without_service(readers: DirectTransport) -> None:
    desk = Desk(readers)
    readers.set_service(running=False)
    desk.close()
    desk.close()


def test_many_insertions_leave_no_thread_behind(
    desk: Desk, seen: Seen, readers: DirectTransport, gp_card: FaultyCard
) -> None:
    for _ in range(200):
        readers.insert(CPS_READER, gp_card)
        desk.open_professional_card(CPS_READER).close()
        readers.withdraw(CPS_READER)
    assert threading.active_count() < 12
