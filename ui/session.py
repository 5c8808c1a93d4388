"""The professional's side of the desk: which card is there, is it unlocked, in which structure.

Listens to the readers, opens the card, and locks at once when it goes. Card work runs in the "card" lane, so a new
card is never opened before the former one is closed.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from PySide6.QtCore import QObject, Signal

from praticien import pledge
from praticien.errors import PraticienError, Refused
from praticien.outbox import Owner
from praticien.ports import CardDesk, DeskState, ProfessionalCard, Slot, SlotState
from praticien.practice import Practice
from praticien.professional import CardHolder, CardKind, PracticeSituation
from ui.dependencies import Settings
from ui.tasks import Tasks


class Phase(Enum):
    """What the professional can do now."""

    NO_SERVICE = "no_service"
    NO_READER = "no_reader"
    NO_CARD = "no_card"
    READING = "reading"
    MUTE = "mute"
    UNKNOWN = "unknown"
    UNUSABLE = "unusable"
    SEVERAL = "several"
    PIN = "pin"
    STRUCTURE = "structure"
    PLEDGE = "pledge"
    READY = "ready"


class NoSituation(Refused):
    """The card names no structure its holder works in: nothing can be done in anybody's name."""

    code = "card.no_situation"


_BY_SLOT = (
    (SlotState.READING, Phase.READING),
    (SlotState.MUTE, Phase.MUTE),
    (SlotState.UNKNOWN_CARD, Phase.UNKNOWN),
)
_GONE = (SlotState.EMPTY, SlotState.MUTE, SlotState.UNKNOWN_CARD, SlotState.VITALE)


class Session(QObject):
    """Signals tell the window; it asks nothing of the desk by itself."""

    phase_changed = Signal(object)
    pin_refused = Signal(object)
    pad_left = Signal()
    locked = Signal()
    vitale_inserted = Signal(str)
    vitale_withdrawn = Signal()
    bystander_changed = Signal(object)
    _desk_changed = Signal(object)

    def __init__(self, practice: Practice, desk: CardDesk, settings: Settings, tasks: Tasks) -> None:
        super().__init__()
        self._practice, self._desk, self._settings, self._tasks = practice, desk, settings, tasks
        self.phase = Phase.NO_CARD
        self.tries_left: int | None = None
        self.situations: tuple[PracticeSituation, ...] = ()
        self.error: BaseException | None = None
        self.candidates: tuple[tuple[Slot, CardHolder | None], ...] = ()
        self._slot: Slot | None = None
        self._asked: tuple[Slot, ...] = ()  # the professional cards among which the user is asked to choose
        self._vitales: tuple[Slot, ...] = ()
        self._round = 0  # grows whenever the card in use changes: late answers of the former one are ignored
        self._is_closed = False
        self._desk_changed.connect(self._on_desk)
        self._unsubscribe = desk.subscribe(self._desk_changed.emit)

    def start(self) -> None:
        """Look at the readers a first time."""
        self._on_desk(self._desk.state())

    def close(self) -> None:
        """Stop listening and lock."""
        self._is_closed = True  # a change told just before may still be on its way
        self._unsubscribe()
        self._practice.forget_patient()
        self._tasks.start(self._practice.lock, "", lane="card")

    @property
    def is_ready(self) -> bool:
        """Whether patients can be worked on."""
        return self.phase is Phase.READY

    @property
    def is_staff(self) -> bool:
        """Whether the card is one of staff (CPE, CPA): it deposits, it does not read."""
        holder = self._practice.holder
        return holder is not None and holder.card_kind in (CardKind.CPE, CardKind.CPA)

    @property
    def round(self) -> int:
        """Changes whenever the card in use does: what was asked of the former one is over."""
        return self._round

    @property
    def vitale_reader(self) -> str:
        """The reader that holds the Vitale (the first of several), empty when none does."""
        return self._vitales[0].reader if self._vitales else ""

    @property
    def vitale_readers(self) -> tuple[str, ...]:
        """All readers that hold a Vitale."""
        return tuple(slot.reader for slot in self._vitales)

    @property
    def owner(self) -> Owner | None:
        """In whose name documents leave now."""
        return owner_of(self._practice)

    # -- readers ---------------------------------------------------------------------------------------------

    def _on_desk(self, state: DeskState) -> None:
        if self._is_closed:
            return
        self._watch_vitale(state)
        if self._slot and not _still_there(state, self._slot):
            self._lock_now()
        if self._slot is None:
            self._look_for_card(state)
        elif self.phase is Phase.READY:
            self.bystander_changed.emit(state)

    def _look_for_card(self, state: DeskState) -> None:
        slots = tuple(slot for slot in state.slots if slot.state is SlotState.PROFESSIONAL_CARD)
        if len(slots) > 1:
            self._ask_which(slots)
            return
        self._asked, self.candidates = (), ()
        if slots:
            self._open(slots[0])
        elif not state.service:
            self._enter(Phase.NO_SERVICE)
        elif not state.slots:
            self._enter(Phase.NO_READER)
        else:
            found = (phase for slot_state, phase in _BY_SLOT if state.first(slot_state))
            self._enter(next(found, Phase.NO_CARD))

    def _watch_vitale(self, state: DeskState) -> None:
        former, self._vitales = self._vitales, tuple(s for s in state.slots if s.state is SlotState.VITALE)
        if any(not _among(slot, self._vitales) for slot in former):
            self.vitale_withdrawn.emit()
        for slot in self._vitales:
            if not _among(slot, former):
                self.vitale_inserted.emit(slot.reader)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_changed.emit(phase)

    # -- which card ------------------------------------------------------------------------------------------

    def _ask_which(self, slots: tuple[Slot, ...]) -> None:
        """Two professional cards: whose they are is read, then the user chooses."""
        if slots == self._asked:
            return
        self._asked, self.candidates = slots, ()
        self._round += 1
        round_ = self._round
        self._enter(Phase.READING)
        task = self._tasks.start(
            lambda: tuple((slot, self._holder_in(slot)) for slot in slots), self.tr("Lecture des cartes…"), lane="card"
        )
        task.on_success(lambda found: self._ask(round_, found))
        task.on_failure(lambda _error: self._ask(round_, tuple((slot, None) for slot in slots)))
        task.on_cancel(lambda: self._ask(round_, tuple((slot, None) for slot in slots)))

    def _holder_in(self, slot: Slot) -> CardHolder | None:
        try:
            card = self._desk.open_professional_card(slot.reader)
        except PraticienError:  # told when it is chosen
            return None
        card.close()
        return card.holder

    def _ask(self, round_: int, found: tuple[tuple[Slot, CardHolder | None], ...]) -> None:
        if round_ == self._round:
            self.candidates = found
            self._enter(Phase.SEVERAL)

    def use_card(self, slot: Slot) -> None:
        """The user chose among several; a card gone meanwhile is not opened."""
        self._asked, self.candidates = (), ()
        state = self._desk.state()
        if _still_there(state, slot):
            self._open(slot)
        else:
            self._on_desk(state)

    # -- the card --------------------------------------------------------------------------------------------

    def _open(self, slot: Slot) -> None:
        self._slot = slot
        self._round += 1
        round_ = self._round
        self.error, self.tries_left = None, None
        self._enter(Phase.READING)
        task = self._tasks.start(lambda: self._present(slot, round_), self.tr("Lecture de la carte…"), lane="card")
        task.on_success(lambda tries: self._opened(round_, tries))
        task.on_failure(lambda error: self._unusable(round_, error))
        task.on_cancel(lambda: self._unusable(round_, None))

    def _present(self, slot: Slot, round_: int) -> int:
        card: ProfessionalCard = self._desk.open_professional_card(slot.reader)
        self._practice.present(card)
        if round_ != self._round:
            self._practice.lock()
        return self._practice.tries_left()

    def _opened(self, round_: int, tries: int) -> None:
        if round_ == self._round:
            self.tries_left = tries
            self._enter(Phase.PIN)

    def _unusable(self, round_: int, error: BaseException | None) -> None:
        if round_ == self._round:
            self.error = error
            self._enter(Phase.UNUSABLE)

    def reopen(self) -> None:
        """Try the card in the reader again."""
        self._slot = None
        self._on_desk(self._desk.state())

    def unlock(self, pin: bytearray | None, *, last_try_confirmed: bool = False) -> None:
        """One try with this PIN, overwritten whatever happens; None when it is typed on the reader."""
        round_ = self._round
        by_the_card, on_pad = self.tr("Vérification du code par la carte…"), self.tr("Code attendu sur le lecteur…")
        task = self._tasks.start(
            lambda: self._practice.unlock(pin, last_try_confirmed=last_try_confirmed),
            by_the_card if pin is not None else on_pad,
            lane="card",
        )
        task.on_success(lambda situations: self._unlocked(round_, situations))
        task.on_failure(lambda error: self._refused(round_, error))
        task.on_cancel(self.lock if pin is not None else self.leave_pad)

    def leave_pad(self) -> None:
        """Nothing can call the reader back: whatever is still typed there opens a card that is reset at once."""
        self.lock()
        self.pad_left.emit()

    def _unlocked(self, round_: int, situations: tuple[PracticeSituation, ...]) -> None:
        if round_ != self._round:
            return
        self.situations = situations
        if not situations:
            self._unusable(round_, NoSituation())
            return
        if self._practice.is_unlocked:
            self._begin()
            return
        remembered = self._settings.get(self._setting())
        chosen = next((s for s in situations if s.structure.national_id == remembered), None)
        self.choose(chosen) if chosen else self._enter(Phase.STRUCTURE)

    def _refused(self, round_: int, error: BaseException) -> None:
        if round_ != self._round:
            return
        self.tries_left = getattr(error, "tries_left", self.tries_left)
        self.pin_refused.emit(error)

    def choose(self, situation: PracticeSituation) -> None:
        """Work in the name of this structure; remembered for this card."""
        self._settings.set(self._setting(), situation.structure.national_id)
        round_ = self._round
        task = self._tasks.start(
            lambda: self._practice.choose_situation(situation), self.tr("Ouverture de la structure…"), lane="card"
        )
        task.on_success(lambda _done: self._begin() if round_ == self._round else None)
        task.on_failure(lambda error: self._unusable(round_, error))
        task.on_cancel(self.lock)

    def _begin(self) -> None:
        """Work begins, once the holder of the card confirmed having understood what it implies."""
        due = pledge.is_due(self._settings.get(self._pledge()), self._today())
        self._enter(Phase.PLEDGE if due else Phase.READY)

    def understood(self) -> None:
        """The holder read the notice: remembered for ``pledge.DAYS`` days."""
        if self.phase is Phase.PLEDGE:
            self._settings.set(self._pledge(), self._today().isoformat())
            self._enter(Phase.READY)

    def _today(self) -> date:
        return self._practice.now().astimezone().date()

    def _pledge(self) -> str:
        holder = self._practice.holder
        return f"understood/{holder.professional.national_id}" if holder else "understood"

    def _setting(self) -> str:
        holder = self._practice.holder
        return f"structure/{holder.card_serial}" if holder else "structure"

    # -- locking ---------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Ctrl+L: forget everything; the card, still there, asks for its PIN again."""
        if self._slot:
            self._lock_now()
            self._on_desk(self._desk.state())

    def _lock_now(self) -> None:
        self._slot = None
        self._round += 1
        self.situations = ()
        self._asked, self.candidates = (), ()
        self.tries_left = None
        self._practice.forget_patient()
        self.phase = Phase.NO_CARD
        self.locked.emit()
        self._tasks.start(self._practice.lock, self.tr("Fermeture de la session…"), lane="card")


def owner_of(practice: Practice) -> Owner | None:
    """In whose name the practice speaks now."""
    holder, situation = practice.holder, practice.situation
    if holder is None or situation is None:
        return None
    return Owner(holder.professional.national_id, situation.structure.national_id)


def _same(one: Slot, other: Slot) -> bool:
    return one.reader == other.reader and one.insertion == other.insertion


def _among(slot: Slot, slots: tuple[Slot, ...]) -> bool:
    return any(_same(slot, other) for other in slots)


def _still_there(state: DeskState, slot: Slot) -> bool:
    return any(_same(now, slot) and now.state not in _GONE for now in state.slots)
