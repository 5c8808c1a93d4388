"""A TLS socket that knows the deadline of the exchange under way in its thread, and gives up when asked to."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from connectors.endpoint import Limits
from connectors.errors import (
    Cancelled,
    ConnectTimeout,
    OurCertificateExpired,
    OurCertificateRefused,
    ServerCertificateExpired,
    ServerCertificateUnknown,
    ServerNameMismatch,
    ServerUnreachable,
    Timeout,
    TlsFailed,
    WireProblem,
)

T = TypeVar("T")

_SLICE = 0.25  # seconds between two looks at the cancellation
_current = threading.local()


class Watch:
    """The time left for one exchange, and whether it is still wanted."""

    def __init__(self, limits: Limits, cancelled: threading.Event) -> None:
        self._end = time.monotonic() + limits.total
        self._silence = limits.read
        self._cancelled = cancelled

    def run(self, sock: ssl.SSLSocket, operation: Callable[[], T]) -> T:
        """``operation`` once it has something to do. Raises Cancelled, Timeout."""
        until = min(self._end, time.monotonic() + self._silence)
        while True:
            if self._cancelled.is_set():
                raise Cancelled
            left = until - time.monotonic()
            if left <= 0:
                raise Timeout
            sock.settimeout(min(left, _SLICE))
            try:
                return operation()
            except TimeoutError:
                continue  # nothing was lost: TLS resumes a read or a write where it stood

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Every watched socket of this thread obeys this watch inside the block."""
        _current.watch = self
        try:
            yield
        finally:
            _current.watch = None


_VERIFY_ERRORS: dict[int, type[TlsFailed]] = {
    9: ServerCertificateExpired,  # not yet valid
    10: ServerCertificateExpired,
    62: ServerNameMismatch,
    64: ServerNameMismatch,  # address instead of a name
}
_ALERTS: dict[str, type[TlsFailed]] = {
    "CERTIFICATE_EXPIRED": OurCertificateExpired,
    "UNKNOWN_CA": OurCertificateRefused,
    "BAD_CERTIFICATE": OurCertificateRefused,
    "CERTIFICATE_UNKNOWN": OurCertificateRefused,
    "CERTIFICATE_REVOKED": OurCertificateRefused,
    "UNSUPPORTED_CERTIFICATE": OurCertificateRefused,
    "ACCESS_DENIED": OurCertificateRefused,
    "CERTIFICATE_REQUIRED": OurCertificateRefused,
}


def handshake_problem(error: Exception) -> WireProblem:
    """What a failed handshake means: their certificate, ours (by the alert received), or a lost connection."""
    if isinstance(error, WireProblem):
        return ConnectTimeout() if isinstance(error, Timeout) else error
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY_ERRORS.get(error.verify_code, ServerCertificateUnknown)(error.verify_message)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return ServerUnreachable("connection lost in the handshake")
    reason = str(getattr(error, "reason", None) or "")
    alert = reason.partition("_ALERT_")[2]
    return _ALERTS.get(alert, TlsFailed)(reason)


class WatchedSocket(ssl.SSLSocket):
    """An SSLSocket whose handshake, reads and writes obey the watch of their thread.

    Under TLS 1.3 the handshake ends for us before the server has looked at our certificate and given its session:
    ``on_answer`` is called once, after the first read, and until then ``explain`` says what a broken exchange means.
    """

    on_answer: Callable[[WatchedSocket], None] | None = None
    explain: Callable[[WireProblem], BaseException] | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As the parent, within the time of the exchange. A connection merely lost may have answered before."""
        try:
            received = self._watched(lambda: ssl.SSLSocket.recv_into(self, *args, **kwargs))
        except ssl.SSLError as error:
            raise (error if isinstance(error, ssl.SSLEOFError) else self._explained(error)) from None
        told, self.on_answer, self.explain = self.on_answer, None, None
        if told:
            told(self)
        return received

    def send(self, *args: Any, **kwargs: Any) -> int:
        """As the parent, within the time of the exchange (``sendall`` comes here too)."""
        try:
            return self._watched(lambda: ssl.SSLSocket.send(self, *args, **kwargs))
        except ssl.SSLError as error:
            raise self._explained(error) from None

    def _explained(self, error: ssl.SSLError) -> BaseException:
        return self.explain(handshake_problem(error)) if self.explain else error

    def do_handshake(self, block: bool = False) -> None:
        """As the parent, within the time of the exchange. Raises ConnectTimeout, TlsFailed, ServerUnreachable."""
        try:
            self._watched(lambda: ssl.SSLSocket.do_handshake(self, block))
        except (WireProblem, OSError) as error:
            self.close()  # the parent closes for its own errors only
            raise handshake_problem(error) from None

    def _watched(self, operation: Callable[[], T]) -> T:
        watch: Watch | None = getattr(_current, "watch", None)
        return watch.run(self, operation) if watch else operation()
