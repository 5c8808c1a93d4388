"""The MLLP listener: laboratories connect, send ORU^R01, and are answered once what they sent is kept.

Plain TCP as MLLP is, or TLS alone when it is given a context: bound to the configured address, peers outside
``allowed`` are cut at once. Bounded: connections, bytes of a message, seconds a message may take. One thread a
connection, which also makes the TLS handshake; ``close`` ends them all.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.hl7v2.acknowledgement import acknowledge
from connectors.hl7v2.er7 import MAX_BYTES, Message, parse
from connectors.hl7v2.errors import CannotListen, Hl7Problem
from connectors.hl7v2.framing import Deframer, framed
from connectors.hl7v2.oru import read_reports
from praticien.documents.lab_report import LabReport
from praticien.errors import PraticienError

_LOG = logging.getLogger(__name__)
_TICK = 0.5  # seconds between two looks at whether to stop
_CHUNK = 65_536

Keep = Callable[[bytes, Sequence[LabReport]], None]
"""Keeps a message and the reports read in it; durable when it returns. Raises EnvironmentProblem when it cannot."""


@dataclass(frozen=True, slots=True)
class MllpLimits:
    """Bytes of one message, seconds for one message, connections at once, seconds of silence between messages.

    ``handshake_seconds`` is for the whole TLS handshake.
    """

    message_bytes: int = MAX_BYTES
    message_seconds: float = 60
    connections: int = 16
    idle_seconds: float = 3600
    handshake_seconds: float = 5


class MllpListener:
    """Listens from the moment it is made. Raises CannotListen."""

    def __init__(
        self,
        host: str,
        port: int,
        keep: Keep,
        *,
        allowed: Sequence[str] = (),
        production: bool = True,
        limits: MllpLimits = MllpLimits(),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._keep, self._production, self._limits, self._tls = keep, production, limits, tls
        self._allowed = [ipaddress.ip_network(each) for each in allowed]
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        try:
            self._socket = socket.create_server((host, port))
        except OSError as error:
            raise CannotListen(f"errno {error.errno}") from None
        self._socket.settimeout(_TICK)
        self._thread = threading.Thread(target=self._accept, name="mllp", daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that are listened to."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    def close(self) -> None:
        """Stop listening; a message being kept is finished first. Never raises."""
        self._stop.set()
        self._thread.join(timeout=10)
        self._socket.close()
        with self._lock:
            threads = list(self._connections.values())
        for thread in threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, peer = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                if not self._stop.wait(_TICK):  # no more descriptors, perhaps: later
                    continue
                return
            if not self._is_allowed(str(peer[0])) or not self._start(connection):
                connection.close()

    def _is_allowed(self, host: str) -> bool:
        address = ipaddress.ip_address(host.partition("%")[0])
        return not self._allowed or any(address in network for network in self._allowed)

    def _start(self, connection: socket.socket) -> bool:
        with self._lock:
            if len(self._connections) >= self._limits.connections:
                return False
            thread = threading.Thread(target=self._serve, args=(connection,), name="mllp-connection", daemon=True)
            self._connections[connection] = thread
        thread.start()
        return True

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, self._secured(connection) as line:
                line.settimeout(_TICK)
                self._converse(line)
        except OSError:
            pass  # the peer went away: what was acknowledged is kept, the rest it sends again
        except Exception as error:  # our own bug must not end the listener, nor print a patient
            _LOG.error("MLLP connection ended by %s", type(error).__name__)
        finally:
            with self._lock:
                self._connections.pop(connection, None)

    def _secured(self, connection: socket.socket) -> socket.socket:
        """The same connection, inside TLS when that is asked. Raises OSError, ssl.SSLError included."""
        if self._tls is None:
            return connection
        connection.settimeout(self._limits.handshake_seconds)
        try:
            return self._tls.wrap_socket(connection, server_side=True)
        except ssl.SSLError as error:
            _LOG.warning("MLLP: TLS handshake refused (%s)", error.reason)
            raise

    def _converse(self, connection: socket.socket) -> None:
        deframer, since = Deframer(self._limits.message_bytes), time.monotonic()
        while not self._stop.is_set():
            allowed = self._limits.message_seconds if deframer.is_inside else self._limits.idle_seconds
            if time.monotonic() - since > allowed:
                return
            try:
                data = connection.recv(_CHUNK)
            except TimeoutError:
                continue
            if not data:
                return
            was_inside = deframer.is_inside
            try:
                messages = deframer.feed(data)
            except Hl7Problem as error:
                self._send(connection, acknowledge(None, _now(), error))
                return
            for message in messages:
                self._send(connection, self.answer(message))
            if messages or not was_inside:
                since = time.monotonic()

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        connection.settimeout(self._limits.message_seconds)
        connection.sendall(framed(answer))
        connection.settimeout(_TICK)

    def answer(self, content: bytes) -> bytes:
        """Read, keep, acknowledge: in this order."""
        message: Message | None = None
        try:
            message = parse(content)
            self._keep(content, read_reports(content, production=self._production))
        except PraticienError as error:
            return acknowledge(message, _now(), error)
        except Exception as error:  # our own bug: not kept, so not acknowledged
            _LOG.error("a message could not be handled: %s", type(error).__name__)
            return acknowledge(message, _now(), PraticienError())
        return acknowledge(message, _now())


def _now() -> datetime:
    return datetime.now().astimezone()
