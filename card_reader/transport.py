"""The two interfaces under which readers and cards are reached: PC/SC in the field, virtual cards in this process.

Every method blocks; errors are those of ``card_reader.errors``. A Channel belongs to one thread.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """One reader as the service sees it.

    ``events`` counts insertions and removals since the service started: two equal states with different counts are
    two different insertions. ``atr`` is empty while the card is absent, mute or still powering up.
    """

    reader: str
    present: bool = False
    mute: bool = False
    events: int = 0
    atr: bytes = b""


class Disposition(Enum):
    """What happens to the card when a channel closes."""

    LEAVE = "leave"
    RESET = "reset"
    UNPOWER = "unpower"


class Protocol7816(Enum):
    """Transmission protocol of a channel."""

    T0 = 0
    T1 = 1


class Channel(Protocol):
    """A shared connection to one card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""

    @property
    def protocol(self) -> Protocol7816:
        """T=0 or T=1."""

    def transmit(self, command: bytes | bytearray) -> tuple[bytes, int]:
        """One APDU; data and status word. Raises CardRemoved, CardReset, TransportFailed…"""

    def control(self, code: int, data: bytes) -> bytes:
        """A request to the reader itself, not to the card. Raises PadFailed when it does not take it, CardRemoved…"""

    def transaction(self) -> AbstractContextManager[None]:
        """No other program speaks to the card inside. Raises CardReset when one reset it since the last time."""

    def reset(self) -> None:
        """Reset the card and go on with the new session."""

    def close(self, disposition: Disposition) -> None:
        """Let the card go; never raises."""


class Transport(Protocol):
    """The readers of this machine."""

    def wait_for_change(self, known: tuple[ReaderStatus, ...], seconds: float) -> tuple[ReaderStatus, ...]:
        """All readers, as soon as something differs from ``known``, at the latest after ``seconds``. One thread only.

        Raises NoService; the next call starts anew.
        """

    def wake(self) -> None:
        """Make a waiting ``wait_for_change`` return soon; from any thread; never raises."""

    def connect(self, reader: str) -> Channel:
        """Connect, shared. Raises NoService, NoReader, NoCard, MuteCard, CardBusy."""

    def close(self) -> None:
        """Release what watching holds; never raises."""
