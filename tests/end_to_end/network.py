"""What can happen between the application and the server: a proxy that knows nothing of TLS, a server that answers ill.

The proxy moves octets: it can be down, slow, or cut an answer. The other one holds the demonstration's certificate and
the real dispatcher, and may change what the latter says.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from reference_server.dispatcher import Dispatcher, Reply

_CHUNK = 64 * 1024


@dataclass
class Cut:
    """Once ``up`` octets went to the server, ``down`` octets of what it says pass, then both ends are closed."""

    up: int = 0
    down: int = 0


class Proxy:
    """Between a client and a server of this machine."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._cut: Cut | None = None
        self._listener: socket.socket | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Accept connections, on the same port as before."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        """As a server that is down: nothing listens, what was open ends."""
        listener, self._listener = self._listener, None
        if listener:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            _end(end)

    def close(self) -> None:
        """End everything."""
        self._flowing.set()
        self.stop()

    def hold(self) -> None:
        """The server says nothing any more."""
        self._flowing.clear()

    def release(self) -> None:
        """It does again."""
        self._flowing.set()

    def cut(self, *, up: int = 0, down: int = 0) -> None:
        """Cut the next answer, once."""
        self._cut = Cut(up, down)

    @property
    def has_cut(self) -> bool:
        """Whether the cut asked for took place."""
        return self._cut is None

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with suppress(OSError):
                    server = socket.create_connection(("127.0.0.1", self._target))
                    self._join(client, server)

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._ends |= {client, server}
        for pump, source, sink in ((self._up, client, server), (self._down, server, client)):
            threading.Thread(target=self._pump, args=(pump, source, sink), daemon=True).start()

    def _pump(self, allow: Callable[[bytes], bytes], source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                passing = allow(data)
                sink.sendall(passing)
                if len(passing) < len(data):
                    break
        for end in (source, sink):
            _end(end)
        with self._lock:
            self._ends -= {source}
        source.close()

    def _up(self, data: bytes) -> bytes:
        with self._lock:
            if self._cut:
                self._cut.up = max(self._cut.up - len(data), 0)
        return data

    def _down(self, data: bytes) -> bytes:
        self._flowing.wait()
        with self._lock:
            if self._cut is None or self._cut.up:
                return data
            passing = data[: self._cut.down]
            self._cut = Cut(0, self._cut.down - len(data)) if self._cut.down > len(data) else None
            return passing


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


Change = Callable[[Reply], Reply]


class ChangingServer:
    """Mutual TLS and the real dispatcher; ``change`` says what becomes of the answers of one service."""

    def __init__(self, dispatcher: Dispatcher, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        context.load_verify_locations(folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.changes: dict[str, Change] = {}
        self._server = _Http(("127.0.0.1", 0), _Answering)
        self._server.context, self._server.dispatcher, self._server.changes = context, dispatcher, self.changes
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext
    dispatcher: Dispatcher
    changes: dict[str, Change]

    def finish_request(self, request: socket.socket, address: object) -> None:
        with suppress(OSError):  # the client may leave whenever it likes
            request.settimeout(20)
            with self.context.wrap_socket(request, server_side=True) as secured:
                self.RequestHandlerClass(secured, address, self)


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service = self.path.strip("/")
        peer = self.connection.getpeercert(binary_form=True)
        reply = self.server.dispatcher.handle(service, self.headers["Content-Type"], body, peer)
        if service in self.server.changes:
            reply = self.server.changes[service](reply)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        pass
