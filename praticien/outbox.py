"""Durable encrypted outbox: nothing accepted for sending is lost, nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from praticien.access import Access
from praticien.documents.model import DocumentKind
from praticien.metadata import Submission
from praticien.ports import DmpGateway


class DeliveryState(Enum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    REFUSED = "refused"
    DAMAGED = "damaged"


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

    def __repr__(self) -> str:
        return f"Delivery({self.id}, {self.state.value})"


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Outbox:
    """The deliveries of one folder. One process at a time: raises OutboxBusy otherwise."""

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        raise NotImplementedError

    def put(self, submission: Submission, summary: Summary) -> Delivery:
        """Keep a submission; durable on return. The same document again gives the same delivery."""
        raise NotImplementedError

    def deliveries(self) -> tuple[Delivery, ...]:
        """All of them, oldest first, damaged ones too."""
        raise NotImplementedError

    def deliver(self, id: str, dmp: DmpGateway, access: Access, owner: Owner) -> Delivery:
        """One try (blocking). Errors of the try do not come out: see ``state`` and ``error_code``.

        Raises UnknownDelivery, NotYours (another professional or structure), NotDeliverable (sent or damaged).
        """
        raise NotImplementedError

    def submission(self, id: str) -> Submission:
        """The submission of a delivery that is not sent, to correct it."""
        raise NotImplementedError

    def retry(self, id: str) -> Delivery:
        """Put a refused delivery back among the waiting ones."""
        raise NotImplementedError

    def discard(self, id: str) -> None:
        """The user gives it up: erased. Refused while it is being sent or uncertain."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the folder go; never raises."""
        raise NotImplementedError
