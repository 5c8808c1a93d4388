"""One connection to one card as the rest of the application uses it: from any thread, with a deadline, once each.

Every operation runs in the reader's worker inside one short PC/SC transaction. An operation that changes nothing is
started again once when another program reset the card in between; the others are not.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from card_reader.apdu import Budget, Wire
from card_reader.errors import CardRemoved, CardReset, CardTimeout, MuteCard, NoService, TransportFailed
from card_reader.transport import Channel, Disposition
from card_reader.worker import ReaderWorker

T = TypeVar("T")

_GRACE = 1.0
"""Seconds between the deadline that the operation itself obeys and the moment its thread is given up."""


class CardSession:
    """A channel, its worker, and whether the card is still the one that was opened.

    After an exchange that broke it may be another: the session is over then, and ``on_broken`` is called.
    """

    def __init__(self, worker: ReaderWorker, channel: Channel, on_broken: Callable[[], None] = lambda: None) -> None:
        self._worker, self._channel, self._on_broken = worker, channel, on_broken
        self._wire = Wire(channel, Budget())
        self._closed = threading.Event()
        self.resets = 0
        """How often another program was seen resetting the card: each time its verified PIN was lost."""

    @property
    def is_gone(self) -> bool:
        """True once the card was seen leaving, the reader hung or the session was closed."""
        return self._closed.is_set()

    def read(self, operation: Callable[[Wire], T], seconds: float) -> T:
        """An operation that may be started again once after another program reset the card."""
        try:
            return self.once(operation, seconds)
        except CardReset:
            return self.once(operation, seconds)

    def once(self, operation: Callable[[Wire], T], seconds: float) -> T:
        """An operation that is never repeated. Raises CardRemoved, CardReset, CardTimeout, the operation's errors."""
        if self.is_gone:
            raise CardRemoved
        end = time.monotonic() + seconds  # from now: waiting for others counts, nothing is sent once we were given up
        try:
            return self._worker.call(lambda: self._run(operation, end), seconds + _GRACE)
        except CardReset:
            self.resets += 1
            raise
        except (CardRemoved, NoService):
            self.close(Disposition.LEAVE)
            raise
        except (TransportFailed, MuteCard):
            self.close(Disposition.RESET)
            self._on_broken()
            raise
        except CardTimeout:
            if self._worker.is_abandoned:
                self.close(Disposition.RESET)
            raise

    def close(self, disposition: Disposition = Disposition.RESET) -> None:
        """Let the card go, reset unless told otherwise; never raises, never waits for a hung reader."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._worker.is_abandoned:
            threading.Thread(target=self._channel.close, args=(disposition,), daemon=True).start()
            return
        with contextlib.suppress(CardTimeout):
            self._worker.call(lambda: self._channel.close(disposition), _GRACE)

    def _run(self, operation: Callable[[Wire], T], end: float) -> T:
        self._wire.budget.start(end - time.monotonic())
        with self._channel.transaction():
            return operation(self._wire)
