"""PC/SC through pyscard's thin layer: the only module that imports it.

pyscard's own monitor and global context do not survive a stopped service; here watching has one context that is made
again when lost, and each connection has its own, so that a hung card blocks nobody else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from card_reader.errors import (
    CardBusy,
    CardError,
    CardRemoved,
    CardReset,
    MuteCard,
    NoCard,
    NoReader,
    NoService,
    PadFailed,
    TransportFailed,
)
from card_reader.transport import Disposition, Protocol7816, ReaderStatus

_PNP = r"\\?PnP?\Notification"
_SETTLE_MS = 700
"""pcscd polls its readers: how long a broken exchange waits to learn whether the card left."""

_ERRORS: dict[int, type[CardError]] = {
    scard.SCARD_E_NO_SERVICE: NoService,
    scard.SCARD_E_SERVICE_STOPPED: NoService,
    scard.SCARD_E_SERVER_TOO_BUSY: NoService,
    scard.SCARD_E_INVALID_HANDLE: NoService,
    scard.SCARD_W_SECURITY_VIOLATION: NoService,
    scard.SCARD_E_UNKNOWN_READER: NoReader,
    scard.SCARD_E_NO_READERS_AVAILABLE: NoReader,
    scard.SCARD_E_READER_UNAVAILABLE: NoReader,
    scard.SCARD_E_NO_SMARTCARD: NoCard,
    scard.SCARD_W_UNPOWERED_CARD: MuteCard,
    scard.SCARD_W_UNRESPONSIVE_CARD: MuteCard,
    scard.SCARD_W_UNSUPPORTED_CARD: MuteCard,
    scard.SCARD_E_PROTO_MISMATCH: MuteCard,
    scard.SCARD_W_REMOVED_CARD: CardRemoved,
    scard.SCARD_W_RESET_CARD: CardReset,
    scard.SCARD_E_SHARING_VIOLATION: CardBusy,
}
_ABSENT_AFTER_CONNECT = (NoCard, NoReader)
_DISPOSITIONS = {
    Disposition.LEAVE: scard.SCARD_LEAVE_CARD,
    Disposition.RESET: scard.SCARD_RESET_CARD,
    Disposition.UNPOWER: scard.SCARD_UNPOWER_CARD,
}
_ANY_PROTOCOL = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


def _error(result: int) -> CardError:
    number = result & 0xFFFFFFFF
    kind = next((kind for code, kind in _ERRORS.items() if code & 0xFFFFFFFF == number), TransportFailed)
    return kind(f"PC/SC {number:08X}")


def _check(result: int) -> None:
    if result != scard.SCARD_S_SUCCESS:
        raise _error(result)


def _is(result: int, *codes: int) -> bool:
    return result & 0xFFFFFFFF in [code & 0xFFFFFFFF for code in codes]


def _context() -> Any:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise NoService(f"PC/SC {result & 0xFFFFFFFF:08X}")
    return context


def _readers(context: Any) -> tuple[str, ...]:
    result, readers = scard.SCardListReaders(context, [])
    if _is(result, scard.SCARD_E_NO_READERS_AVAILABLE):
        return ()
    _check(result)
    return tuple(readers)


class PcscTransport:
    """The machine's readers. ``PCSCLITE_CSOCK_NAME`` must be set before the first use in a process, if at all."""

    def __init__(self) -> None:
        self._watching: Any = None
        self._raw: dict[str, int] = {}

    def wait_for_change(self, known: tuple[ReaderStatus, ...], seconds: float) -> tuple[ReaderStatus, ...]:
        """See Transport."""
        try:
            context = self._watching = self._watching or _context()
            names = _readers(context)
            same = tuple(status.reader for status in known) == names
            return self._statuses(context, names, int(seconds * 1000) if same else 0)
        except CardError as problem:
            self.close()
            if isinstance(problem, NoService):
                raise
            raise NoService(problem.detail) from problem

    def _statuses(self, context: Any, names: tuple[str, ...], milliseconds: int) -> tuple[ReaderStatus, ...]:
        """The raw states of the last answer go back to the service: it then waits for a change of any of their bits."""
        states = [(name, self._raw.get(name, scard.SCARD_STATE_UNAWARE)) for name in names]
        result, answers = scard.SCardGetStatusChange(context, milliseconds, [*states, (_PNP, len(names) << 16)])
        if _is(result, scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED, scard.SCARD_E_UNKNOWN_READER) and names:
            result, answers = scard.SCardGetStatusChange(
                context, 0, [(name, scard.SCARD_STATE_UNAWARE) for name in names]
            )
        elif not names:
            return ()
        _check(result)
        seen = [answer for answer in answers if answer[0] != _PNP]
        self._raw = {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in seen}
        return tuple(_status(*answer) for answer in seen)

    def wake(self) -> None:
        """See Transport."""
        context = self._watching
        if context is not None:
            scard.SCardCancel(context)

    def connect(self, reader: str) -> PcscChannel:
        """See Transport."""
        context = _context()
        try:
            result, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, _ANY_PROTOCOL)
            _check(result)
            return PcscChannel(context, reader, card, protocol)
        except CardError:
            scard.SCardReleaseContext(context)
            raise

    def close(self) -> None:
        """See Transport."""
        context, self._watching = self._watching, None
        self._raw = {}
        if context is not None:
            scard.SCardReleaseContext(context)


class PcscChannel:
    """A shared connection with a context of its own."""

    def __init__(self, context: Any, reader: str, card: Any, protocol: int) -> None:
        self._context, self._reader, self._card = context, reader, card
        self._protocol = protocol
        state = self._state(scard.SCARD_STATE_UNAWARE, 0)
        self._atr, self._events = state.atr, state.events

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    @property
    def protocol(self) -> Protocol7816:
        """What was agreed at connection."""
        return Protocol7816.T1 if self._protocol == scard.SCARD_PROTOCOL_T1 else Protocol7816.T0

    def transmit(self, command: bytes | bytearray) -> tuple[bytes, int]:
        """See Channel."""
        header = scard.SCARD_PCI_T1 if self.protocol is Protocol7816.T1 else scard.SCARD_PCI_T0
        numbers = list(command)
        result, answer = scard.SCardTransmit(self._card, header, numbers)
        numbers[:] = [0] * len(numbers)
        if result != scard.SCARD_S_SUCCESS:
            raise self._explain(result)
        if len(answer) < 2:
            raise CardRemoved if self._has_left() else TransportFailed("answer without status word")
        return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]

    def control(self, code: int, data: bytes) -> bytes:
        """See Channel. Drivers refuse in many ways: what is none of the known troubles is such a refusal."""
        result, answer = scard.SCardControl(self._card, code, list(data))
        if result == scard.SCARD_S_SUCCESS:
            return bytes(answer)
        if type(_error(result)) is TransportFailed:
            raise PadFailed(f"PC/SC {result & 0xFFFFFFFF:08X}")
        raise self._explain(result)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See Channel."""
        result = scard.SCardBeginTransaction(self._card)
        if result != scard.SCARD_S_SUCCESS:
            raise self._explain(result)
        try:
            yield
        finally:
            scard.SCardEndTransaction(self._card, scard.SCARD_LEAVE_CARD)

    def reset(self) -> None:
        """See Channel."""
        self._reconnect(scard.SCARD_RESET_CARD)

    def close(self, disposition: Disposition) -> None:
        """See Channel."""
        with contextlib.suppress(Exception):
            scard.SCardDisconnect(self._card, _DISPOSITIONS[disposition])
            scard.SCardReleaseContext(self._context)

    def _reconnect(self, initialisation: int) -> None:
        result, protocol = scard.SCardReconnect(self._card, scard.SCARD_SHARE_SHARED, _ANY_PROTOCOL, initialisation)
        if result != scard.SCARD_S_SUCCESS:
            error = _error(result)
            raise CardRemoved(error.detail) if isinstance(error, _ABSENT_AFTER_CONNECT) else error
        self._protocol = protocol

    def _explain(self, result: int) -> CardError:
        """What a failed exchange means: removed, reset by another (then reconnected), service gone, bad contact."""
        error = _error(result)
        if isinstance(error, _ABSENT_AFTER_CONNECT):
            return CardRemoved(error.detail)
        if isinstance(error, NoService) and self._service_answers():
            return CardRemoved(error.detail)  # the handle died with its reader
        if isinstance(error, CardReset):
            try:
                self._reconnect(scard.SCARD_LEAVE_CARD)
            except CardError as worse:
                return worse
            return error
        if isinstance(error, TransportFailed | MuteCard) and self._has_left():
            return CardRemoved(error.detail)
        return error

    def _service_answers(self) -> bool:
        try:
            scard.SCardReleaseContext(_context())
        except NoService:
            return False
        return True

    def _has_left(self) -> bool:
        """Wait a moment for the service to notice a removal."""
        try:
            state = self._state(scard.SCARD_STATE_UNAWARE, 0)
            if state.present and state.events == self._events:
                state = self._state(
                    state.events << 16 | scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_INUSE, _SETTLE_MS
                )
        except CardError:
            return True
        return not state.present or state.events != self._events

    def _state(self, expected: int, milliseconds: int) -> ReaderStatus:
        result, answers = scard.SCardGetStatusChange(self._context, milliseconds, [(self._reader, expected)])
        if _is(result, scard.SCARD_E_TIMEOUT):
            result, answers = scard.SCardGetStatusChange(self._context, 0, [(self._reader, scard.SCARD_STATE_UNAWARE)])
        _check(result)
        return _status(*answers[0])


def _status(reader: str, state: int, atr: list[int]) -> ReaderStatus:
    present = bool(state & scard.SCARD_STATE_PRESENT)
    mute = bool(state & scard.SCARD_STATE_MUTE)
    return ReaderStatus(reader, present, mute, state >> 16 & 0xFFFF, bytes(atr) if present and not mute else b"")
