"""Two readers and the cards of the demonstration, in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from demonstration.people import CARDS, VITALES, CardPerson
from praticien.errors import Refused
from praticien.ports import DeskState, PadAct, Slot, SlotState
from praticien.professional import CardHolder
from praticien.vitale import VitaleHolder, VitaleReading
from ui.dependencies import CardFace


class WrongPin(Refused):
    """The fake card said no."""

    code = "pin.wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__(rule="PIN")
        self.tries_left = tries_left


class WrongUnblockingCode(WrongPin):
    """The fake card said no to the other code."""

    code = "pin.unblocking_wrong"


class Blocked(WrongPin):
    """No try left."""

    code = "pin.blocked"


class FakeSigner:
    """Never asked for a signature by the window."""

    authentication_certificate = b""
    signature_certificate = b""
    supports_pss = False


class FakeCard:
    """A card whose PIN counter survives the session, as on a real one."""

    def __init__(self, desk: FakeDesk, person: CardPerson, slot: Slot) -> None:
        self._desk, self._person, self._slot = desk, person, slot
        self.signer = FakeSigner()
        self.closed = False
        self.holder = CardHolder(
            person.card_kind, person.serial, person.professional, person.situations, is_test_card=True
        )

    def tries_left(self) -> int:
        return self._desk.tries[self._person.name]

    @property
    def on_pad(self) -> frozenset[PadAct]:
        return frozenset()

    def verify_pin(self, pin: bytearray) -> None:
        self._desk.pins_seen.append(len(pin))
        if bytes(pin) == self._person.pin.encode():
            self._desk.tries[self._person.name] = 3
            return
        self._desk.tries[self._person.name] -= 1
        left = self._desk.tries[self._person.name]
        raise WrongPin(left) if left else Blocked(0)

    def change_pin(self, pin: bytearray, new: bytearray) -> None:
        self.verify_pin(pin)
        self._desk.changed_to.append(bytes(new))

    def unblocking_tries_left(self) -> int:
        return self._desk.unblocking_tries[self._person.name]

    def unblock_pin(self, unblocking_code: bytearray, new: bytearray) -> None:
        left = self._desk.unblocking_tries
        if bytes(unblocking_code) != b"12345678":
            left[self._person.name] -= 1
            raise WrongUnblockingCode(left[self._person.name])
        self._desk.tries[self._person.name] = 3
        self._desk.changed_to.append(bytes(new))

    def is_present(self) -> bool:
        return self._slot in self._desk.state().slots

    def close(self) -> None:
        self.closed = True


class FakeDesk:
    """Two readers; changes are told from another thread, as the real one does."""

    def __init__(self) -> None:
        self._state = DeskState(True, (Slot("lecteur 1", SlotState.EMPTY), Slot("lecteur 2", SlotState.EMPTY)))
        self._listeners: list[Callable[[DeskState], None]] = []
        self._names: dict[str, str] = {}
        self._insertion = 0
        self.tries = dict.fromkeys(CARDS, 3)
        self.unblocking_tries = dict.fromkeys(CARDS, 10)
        self.pins_seen: list[int] = []
        self.changed_to: list[bytes] = []
        self.read_at: datetime | None = None

    def state(self) -> DeskState:
        return self._state

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open_professional_card(self, reader: str) -> FakeCard:
        slot = next(s for s in self._state.slots if s.reader == reader)
        return FakeCard(self, CARDS[self._names[reader]], slot)

    def read_vitale(self, reader: str) -> VitaleReading:
        family = VITALES[self._names[reader]]
        first = family.beneficiaries[0]
        holder = VitaleHolder(first.nir, first.birth_name, first.first_name, first.birth_date)
        return VitaleReading(family.serial, self.read_at or datetime.now(UTC), holder, family.beneficiaries, True)

    def close(self) -> None:
        self._listeners.clear()

    def insert(self, name: str) -> None:
        state = SlotState.PROFESSIONAL_CARD if name in CARDS else SlotState.VITALE
        reader = next(s.reader for s in self._state.slots if s.state is SlotState.EMPTY)
        self._names[reader] = name
        self.put(reader, state)

    def withdraw(self, name: str) -> None:
        reader = next(r for r, n in self._names.items() if n == name)
        del self._names[reader]
        self.put(reader, SlotState.EMPTY)

    def add_reader(self, reader: str) -> None:
        """Another reader, empty."""
        self.become(replace(self._state, slots=(*self._state.slots, Slot(reader, SlotState.EMPTY))))

    def become_holder_of(self, name: str, other: str) -> None:
        """Another card in the same reader, faster than anybody could see."""
        reader = next(r for r, n in self._names.items() if n == name)
        self._names[reader] = other

    def inserted(self) -> frozenset[str]:
        return frozenset(self._names.values())

    def put(self, reader: str, state: SlotState) -> None:
        self._insertion += 1
        slots = tuple(Slot(reader, state, self._insertion) if s.reader == reader else s for s in self._state.slots)
        self.become(replace(self._state, slots=slots))

    def become(self, state: DeskState) -> None:
        self._state = state
        teller = threading.Thread(target=lambda: [listener(state) for listener in list(self._listeners)])
        teller.start()
        teller.join()


class FakeTable:
    """The card table over the fake desk."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.caused: list[tuple[str, str]] = []

    def names(self) -> Sequence[str]:
        return (*CARDS, *VITALES)

    def face(self, name: str) -> CardFace:
        if name in CARDS:
            person = CARDS[name]
            who = person.professional
            structure = person.situations[0].structure.name
            return CardFace(name, person.card_kind.name, f"{who.given_name} {who.family_name}", structure, person.pin)
        first = VITALES[name].beneficiaries[0]
        many = len(VITALES[name].beneficiaries)
        return CardFace(name, "Vitale", f"{first.first_name} {first.birth_name}", f"{many} bénéficiaire(s)")

    def inserted(self) -> frozenset[str]:
        return self._desk.inserted()

    def insert(self, name: str) -> None:
        self._desk.insert(name)

    def withdraw(self, name: str) -> None:
        self._desk.withdraw(name)

    def faults(self) -> Sequence[tuple[str, str]]:
        return (("mute", "Rendre muette"), ("blocked", "Bloquer le code porteur"))

    def cause(self, name: str, fault: str) -> None:
        self.caused.append((name, fault))
