"""Durable encrypted outbox: nothing accepted for sending is lost, nothing is sent twice.

A delivery goes through the states of ``TRANSITIONS`` (printed in the documentation, walked by the tests). Before a try
the state SENDING is on disk; after a crash there, nobody knows whether the server has it: it restarts as UNCERTAIN and
is sent again with the same unique identifiers, which the server recognises.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from praticien.access import Access
from praticien.documents.model import DocumentKind
from praticien.errors import InvalidInput, PraticienError, Refused
from praticien.metadata import Submission
from praticien.outbox_codec import CodecError, pack, unpack
from praticien.outbox_store import Damaged, OutboxBusy, OutboxUnavailable, Store, WrongOutboxKey, new_name
from praticien.ports import DmpGateway

__all__ = [
    "TRANSITIONS",
    "Delivery",
    "DeliveryState",
    "Event",
    "NotDeliverable",
    "Outbox",
    "OutboxBusy",
    "OutboxUnavailable",
    "Owner",
    "Summary",
    "UnknownDelivery",
    "WrongOutboxKey",
    "YoursAlone",
]

ALREADY_DEPOSITED = "dmp.already_deposited"


class DeliveryState(Enum):
    """Where a delivery stands.

    The two ``_AGAIN`` states remember that an earlier try may have arrived. DAMAGED is outside the table: its file
    cannot be read any more.
    """

    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENDING_AGAIN = "sending_again"
    SENT = "sent"
    REFUSED = "refused"
    REFUSED_AGAIN = "refused_again"
    DAMAGED = "damaged"

    @property
    def is_sending(self) -> bool:
        """A try is under way."""
        return self in (DeliveryState.SENDING, DeliveryState.SENDING_AGAIN)

    @property
    def is_waiting(self) -> bool:
        """Ready for a try, the first one or another."""
        return self in (DeliveryState.WAITING, DeliveryState.UNCERTAIN)

    @property
    def is_refused(self) -> bool:
        """The server said no: to correct, to try again or to discard."""
        return self in (DeliveryState.REFUSED, DeliveryState.REFUSED_AGAIN)


class Event(Enum):
    """What happens to a delivery."""

    START = "start"
    ACKNOWLEDGED = "acknowledged"
    ALREADY_THERE = "already there"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CUT = "cut"
    RETRY = "retry"


_S, _E = DeliveryState, Event
TRANSITIONS: dict[tuple[DeliveryState, Event], DeliveryState] = {
    (_S.WAITING, _E.START): _S.SENDING,
    (_S.SENDING, _E.ACKNOWLEDGED): _S.SENT,
    (_S.SENDING, _E.ALREADY_THERE): _S.REFUSED,  # never sent by us: somebody else's identifier
    (_S.SENDING, _E.REFUSED): _S.REFUSED,
    (_S.SENDING, _E.UNREACHABLE): _S.WAITING,
    (_S.SENDING, _E.CUT): _S.UNCERTAIN,
    (_S.UNCERTAIN, _E.START): _S.SENDING_AGAIN,
    (_S.SENDING_AGAIN, _E.ACKNOWLEDGED): _S.SENT,
    (_S.SENDING_AGAIN, _E.ALREADY_THERE): _S.SENT,  # the earlier try had arrived
    (_S.SENDING_AGAIN, _E.REFUSED): _S.REFUSED_AGAIN,
    (_S.SENDING_AGAIN, _E.UNREACHABLE): _S.UNCERTAIN,
    (_S.SENDING_AGAIN, _E.CUT): _S.UNCERTAIN,
    (_S.REFUSED, _E.RETRY): _S.WAITING,
    (_S.REFUSED_AGAIN, _E.RETRY): _S.UNCERTAIN,
}
"""Every pair that may happen; a crash is a CUT. All others are refused (NotDeliverable)."""


class UnknownDelivery(InvalidInput):
    """No delivery of that id (discarded meanwhile)."""

    code = "outbox.unknown"


class YoursAlone(Refused):
    """The delivery was accepted in the name of another professional or structure."""

    code = "outbox.other_owner"


class NotDeliverable(Refused):
    """The state of the delivery does not allow what was asked; ``state`` says which."""

    code = "outbox.not_now"

    def __init__(self, state: DeliveryState) -> None:
        super().__init__(rule=state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Owner:
    """In whose name: PS_IdNat of the card holder and Struct_IdNat. Nobody else delivers it."""

    professional_id: str
    structure_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """What the list of deliveries shows; encrypted on disk, clear in memory alone."""

    title: str
    kind: DocumentKind
    patient_label: str
    owner: Owner


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """One submission in the outbox. ``summary`` is None for a damaged item. Datetimes are aware UTC.

    ``error_code`` and ``error_rule`` say why the last try failed, empty when it did not.
    """

    id: str
    state: DeliveryState
    created_at: datetime
    summary: Summary | None = None
    tries: int = 0
    last_try_at: datetime | None = None
    acknowledged_at: datetime | None = None
    error_code: str = ""
    error_rule: str = ""
    document_ids: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Delivery({self.id}, {self.state.value})"


@dataclass(frozen=True, slots=True, repr=False)
class _Record:
    """What a file holds; the submission is gone once acknowledged."""

    delivery: Delivery
    submission: Submission | None


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Outbox:
    """The deliveries of one folder. Safe to call from several threads.

    Raises OutboxBusy (another process), OutboxUnavailable (disk), WrongOutboxKey. ``key`` is 32 bytes
    (``praticien.secrets_at_rest``).
    """

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._mutex = threading.RLock()
        self._store = Store(folder, key)
        self._deliveries: dict[str, Delivery] = {}
        try:
            self._load()
        except BaseException:
            self._store.close()
            raise

    def close(self) -> None:
        """Let the folder go; never raises."""
        self._store.close()

    def put(self, submission: Submission, summary: Summary) -> Delivery:
        """Keep a submission; durable on return. The same document again gives the delivery it already has.

        Raises OutboxUnavailable: then nothing was accepted.
        """
        ids = tuple(document.entry.unique_id for document in submission.documents)
        with self._mutex:
            known = [d for d in self._deliveries.values() if ids and d.document_ids == ids]
            if known:
                return known[0]
            delivery = Delivery(new_name(), DeliveryState.WAITING, self._clock(), summary, document_ids=ids)
            try:
                return self._keep(delivery, submission)
            except OutboxUnavailable:
                with contextlib.suppress(OutboxUnavailable):  # refused means not there after a restart either
                    self._store.erase(delivery.id)
                raise

    def deliveries(self, owner: Owner | None = None) -> tuple[Delivery, ...]:
        """All of them, or those of one owner, oldest first; damaged ones always (whose they are is unknown).

        Never waits for the disk: the window asks in its own thread.
        """
        now = self._deliveries.copy().values()
        found = [d for d in now if not (owner and d.summary and d.summary.owner != owner)]
        return tuple(sorted(found, key=lambda d: (d.created_at, d.id)))

    def submission(self, id: str) -> Submission:
        """The submission of a delivery that is not sent. Raises UnknownDelivery, NotDeliverable."""
        with self._mutex:
            return self._record(id)[1]

    def deliver(self, id: str, dmp: DmpGateway, access: Access, owner: Owner) -> Delivery:
        """One try (blocking). What goes wrong with the try is told by ``state`` and ``error_code``, not raised.

        Raises UnknownDelivery, YoursAlone, NotDeliverable (sent, refused, being sent, damaged), OutboxUnavailable.
        """
        with self._mutex:
            delivery, submission = self._record(id)
            if delivery.summary is None or delivery.summary.owner != owner:
                raise YoursAlone
            self._step(id, Event.START, submission, count=True)
        try:
            dmp.deposit(submission, access)
        except PraticienError as error:
            return self._end(id, _event_of(error), submission, error)
        except BaseException:  # our own bug, or the program is being stopped: the request may have left
            self._end(id, Event.CUT, submission, PraticienError())
            raise
        return self._end(id, Event.ACKNOWLEDGED, submission)

    def retry(self, id: str) -> Delivery:
        """Put a refused delivery back among the waiting ones. Raises UnknownDelivery, NotDeliverable."""
        with self._mutex:
            return self._step(id, Event.RETRY, self._record(id)[1])

    def discard(self, id: str) -> None:
        """The user gives it up, or clears a line: erased. Raises NotDeliverable while it is being sent."""
        with self._mutex:
            delivery = self._known(id)
            if delivery.state.is_sending:
                raise NotDeliverable(delivery.state)
            self._store.erase(id)
            del self._deliveries[id]

    # -- inside --------------------------------------------------------------------------------------------------

    def _known(self, id: str) -> Delivery:
        try:
            return self._deliveries[id]
        except KeyError:
            raise UnknownDelivery from None

    def _record(self, id: str) -> tuple[Delivery, Submission]:
        delivery = self._known(id)
        if delivery.state in (DeliveryState.DAMAGED, DeliveryState.SENT):
            raise NotDeliverable(delivery.state)
        try:
            record = self._read(id)
        except Damaged:
            self._park(id)
            raise NotDeliverable(DeliveryState.DAMAGED) from None
        if record.submission is None:
            raise NotDeliverable(record.delivery.state)
        return delivery, record.submission

    def _read(self, id: str) -> _Record:
        try:
            record = unpack(_Record, self._store.read(id))
        except CodecError:
            raise Damaged from None
        if record.delivery.id != id:
            raise Damaged
        return record

    def _keep(self, delivery: Delivery, submission: Submission | None) -> Delivery:
        self._store.write(delivery.id, pack(_Record(delivery, submission)))
        self._deliveries[delivery.id] = delivery
        return delivery

    def _step(
        self,
        id: str,
        event: Event,
        submission: Submission,
        error: PraticienError | None = None,
        *,
        count: bool = False,
    ) -> Delivery:
        """One transition, on disk before in memory; the content leaves the disk once acknowledged."""
        delivery = self._known(id)
        state = TRANSITIONS.get((delivery.state, event))
        if state is None:
            raise NotDeliverable(delivery.state)
        now = self._clock()
        failure = None if state is DeliveryState.SENT else error  # "already there" is no failure then
        after = replace(
            delivery,
            state=state,
            error_code=failure.code if failure else "",
            error_rule=failure.rule if failure else "",
            tries=delivery.tries + count,
            last_try_at=now if count else delivery.last_try_at,
            acknowledged_at=now if state is DeliveryState.SENT else None,
        )
        return self._keep(after, None if state is DeliveryState.SENT else submission)

    def _end(self, id: str, event: Event, submission: Submission, error: PraticienError | None = None) -> Delivery:
        with self._mutex:
            try:
                return self._step(id, event, submission, error)
            except OutboxUnavailable:
                # The disk still says SENDING; say UNCERTAIN in memory, which is what a restart would say.
                self._deliveries[id] = replace(self._known(id), state=DeliveryState.UNCERTAIN)
                raise

    def _load(self) -> None:
        for name in self._store.names():
            try:
                record = self._read(name)
            except Damaged:
                self._store.park(name)
                continue
            self._deliveries[name] = self._recovered(record)
        for name, when in self._store.parked():
            self._deliveries[name] = Delivery(name, DeliveryState.DAMAGED, datetime.fromtimestamp(when, UTC))

    def _recovered(self, record: _Record) -> Delivery:
        """After a crash during a try, that try counts as cut."""
        state = TRANSITIONS.get((record.delivery.state, Event.CUT))
        if state is None:
            return record.delivery
        after = replace(record.delivery, state=state)
        with contextlib.suppress(OutboxUnavailable):  # full: the disk still says SENDING, read the same way next time
            return self._keep(after, record.submission)
        return after

    def _park(self, id: str) -> None:
        self._store.park(id)
        self._deliveries[id] = replace(self._deliveries[id], state=DeliveryState.DAMAGED, summary=None)


def _event_of(error: PraticienError) -> Event:
    """What a failed try means: the server's no, nothing sent, or nobody knows.

    Connectors mark an error ``uncertain`` when the request may have arrived.
    """
    if error.code == ALREADY_DEPOSITED:
        return Event.ALREADY_THERE
    if getattr(error, "uncertain", False):
        return Event.CUT
    return Event.REFUSED if isinstance(error, Refused | InvalidInput) else Event.UNREACHABLE
