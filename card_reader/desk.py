"""The readers of this machine as the practice sees them (praticien.ports.CardDesk)."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from card_reader import contactless
from card_reader.atr import Family, Model, recognise
from card_reader.cps import Deadlines, OpenedCps
from card_reader.cps3 import Cps3
from card_reader.cps4 import Cps4
from card_reader.errors import (
    CardError,
    CardRefusal,
    CardRemoved,
    ContactlessCard,
    MalformedCard,
    RetiredCard,
    UnknownCard,
    UnsupportedCard,
)
from card_reader.profile import ProfileCache
from card_reader.reading_module import ReadingModule, VirtualReadingModule
from card_reader.session import CardSession
from card_reader.transport import Channel, Disposition, Transport
from card_reader.vitale import read_vitale
from card_reader.vitale1 import read_vitale1
from card_reader.watcher import Watcher
from card_reader.worker import ReaderWorker
from praticien.ports import DeskState, ProfessionalCard, Slot, SlotState
from praticien.vitale import VitaleReading

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_CONNECT_SECONDS = 10.0
_SETTLE_SECONDS = 1.5
_APPLICATIONS: dict[Model, type[Cps3]] = {Model.CPS3: Cps3, Model.CPS4: Cps4, Model.CPS2TER: Cps3}
"""The ATR of the CPS2ter is also said to be that of a CPS3: the card itself tells."""
_REFUSALS: dict[Model, type[UnsupportedCard]] = {Model.CPS3_CONTACTLESS: ContactlessCard}
_OTHERWISE = tuple(_APPLICATIONS)
"""Models that another opener may take; a contactless card has no PIN by any way."""
STAFF_ROLE = "SECRETARIAT_MEDICAL"


class ProfessionalOpener(Protocol):
    """Another way to a professional card (``card_reader.pkcs11.choice``)."""

    def __call__(
        self,
        reader: str,
        *,
        staff_role: str,
        is_same_insertion: Callable[[], bool],
        on_close: Callable[[], None],
        deadlines: Deadlines,
    ) -> ProfessionalCard | None:
        """The card, or None for the native way; ``on_close`` resets the card once it was let go."""


class Desk:
    """Watches readers from construction to ``close``. Thread-safe.

    ``staff_role`` is the role (TRE_A00) given to the holders of cards without profession (CPE, CPA).
    ``professional_opener`` is asked first for a professional card.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        reading_module: ReadingModule | None = None,
        professional_opener: ProfessionalOpener | None = None,
        staff_role: str = STAFF_ROLE,
        deadlines: Deadlines | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._transport = transport
        self._reading_module = reading_module or VirtualReadingModule()
        self._professional_opener = professional_opener
        self._opened_otherwise: list[ProfessionalCard] = []
        self._staff_role, self._deadlines, self._clock = staff_role, deadlines or Deadlines(), clock
        self._cache = ProfileCache()
        self._changed = threading.Condition()
        self._state = DeskState(service=True)
        self._listeners: list[Callable[[DeskState], None]] = []
        self._sessions: list[CardSession] = []
        self._workers: dict[str, ReaderWorker] = {}
        self._known = threading.Event()
        self._watcher = Watcher(transport, self._publish)
        self._watcher.start()

    # -- what the readers hold -----------------------------------------------------------------------------

    def state(self) -> DeskState:
        """See CardDesk. Right after construction it waits for the first look at the readers."""
        self._known.wait(_SETTLE_SECONDS)
        with self._changed:
            return self._state

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        """See CardDesk."""
        with self._changed:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._changed:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def _publish(self, state: DeskState) -> None:
        with self._changed:
            if state == self._state and self._known.is_set():
                return
            self._state = state
            listeners = tuple(self._listeners)
            self._known.set()
            self._changed.notify_all()
        for listener in listeners:
            try:
                listener(state)
            except Exception as error:  # one listener's bug must not silence the others; its words may name somebody
                _LOG.error("a listener of the card desk failed: %s", type(error).__name__)

    # -- cards ---------------------------------------------------------------------------------------------

    def open_professional_card(self, reader: str) -> ProfessionalCard:
        """See CardDesk. Raises CardError: NoReader, NoCard, MuteCard, UnknownCard, UnsupportedCard, MalformedCard…"""
        return self._open_otherwise(reader) or self.open_native_card(reader)

    def open_native_card(self, reader: str) -> OpenedCps:
        """The same over PC/SC, whatever other way there is. Raises as ``open_professional_card``."""
        session, model = self._connect(reader, Family.PROFESSIONAL, tuple(_APPLICATIONS))
        insertion = self._insertion(reader)
        try:
            card = OpenedCps(
                session,
                is_same_insertion=lambda: self._holds(reader, insertion),
                staff_role=self._staff_role,
                deadlines=self._deadlines,
                cache=self._cache,
                application=_APPLICATIONS[model],
            )
        except BaseException as problem:
            session.close()
            if model is Model.CPS2TER and isinstance(problem, CardRefusal | MalformedCard):
                raise RetiredCard(model.value) from problem
            raise
        return card

    def read_contactless_serial(self, reader: str) -> str:
        """Which card lies on a contactless reader. Raises CardError."""
        session, _ = self._connect(reader, Family.PROFESSIONAL, (Model.CPS3_CONTACTLESS,))
        try:
            return session.read(contactless.read_serial, self._deadlines.read)
        finally:
            session.close(Disposition.LEAVE)

    def _open_otherwise(self, reader: str) -> ProfessionalCard | None:
        """Through the other opener, once the card was recognised and let go: both ways refuse the same cards alike."""
        if self._professional_opener is None:
            return None
        session, _ = self._connect(reader, Family.PROFESSIONAL, _OTHERWISE)
        session.close(Disposition.LEAVE)
        insertion = self._insertion(reader)
        card = self._professional_opener(
            reader,
            staff_role=self._staff_role,
            is_same_insertion=lambda: self._holds(reader, insertion),
            on_close=lambda: self._reset(reader, insertion),
            deadlines=self._deadlines,
        )
        if card is not None:
            with self._changed:
                self._opened_otherwise = [*(c for c in self._opened_otherwise if c.is_present()), card]
        return card

    def _reset(self, reader: str, insertion: int) -> None:
        """The library let the card go, maybe with its PIN still verified."""
        if self._holds(reader, insertion):
            with contextlib.suppress(CardError):
                self._worker(reader).call(
                    lambda: self._transport.connect(reader).close(Disposition.RESET), _CONNECT_SECONDS
                )

    def read_vitale(self, reader: str) -> VitaleReading:
        """See CardDesk. Raises CardError: NoReader, NoCard, MuteCard, UnknownCard, NoReadingModule, MalformedCard…"""
        session, model = self._connect(reader, Family.VITALE, (Model.VITALE2, Model.VITALE1))
        read = read_vitale if model is Model.VITALE2 else read_vitale1
        try:
            return session.read(
                lambda wire: read(wire, reader, self._reading_module, self._clock()), self._deadlines.read
            )
        finally:
            session.close(Disposition.LEAVE)

    def close(self) -> None:
        """See CardDesk. Cards still open are let go, reset."""
        for card in self._opened_otherwise:
            card.close()
        self._watcher.stop()
        for session in self._sessions:
            session.close()
        for worker in self._workers.values():
            worker.stop()

    def _connect(self, reader: str, family: Family, models: tuple[Model, ...]) -> tuple[CardSession, Model]:
        worker = self._worker(reader)
        channel = worker.call(lambda: self._transport.connect(reader), _CONNECT_SECONDS)
        model = recognise(channel.atr)
        session = CardSession(worker, channel, lambda: self._watcher.doubt(reader))
        if model in models:
            with self._changed:
                self._sessions = [*(other for other in self._sessions if not other.is_gone), session]
            return session, model
        session.close(Disposition.LEAVE)
        raise _refusal(channel, model, family)

    def _worker(self, reader: str) -> ReaderWorker:
        with self._changed:
            worker = self._workers.get(reader)
            if worker is None or worker.is_abandoned:
                worker = self._workers[reader] = ReaderWorker(reader)
            return worker

    def _slot(self, reader: str) -> Slot | None:
        return next((slot for slot in self._state.slots if slot.reader == reader), None)

    def _insertion(self, reader: str) -> int:
        """The number of the card now in ``reader``; the watcher may learn of it a moment after we do."""

        def seen() -> Slot | None:
            slot = self._slot(reader)
            return slot if slot and slot.state is SlotState.PROFESSIONAL_CARD else None

        with self._changed:
            slot = self._changed.wait_for(seen, _SETTLE_SECONDS)
        if slot is None:
            raise CardRemoved
        return slot.insertion

    def _holds(self, reader: str, insertion: int) -> bool:
        with self._changed:
            slot = self._slot(reader)
            return slot is not None and slot.insertion == insertion and slot.state is SlotState.PROFESSIONAL_CARD


def _refusal(channel: Channel, model: Model | None, family: Family) -> UnknownCard | UnsupportedCard:
    if model is None or model.family is not family:
        return UnknownCard(channel.atr.hex().upper())
    return _REFUSALS.get(model, UnsupportedCard)(model.value)
