"""A software signer and a small HTTPS server that says what it is told to say."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from lxml import etree

from card_reader.virtual.rsa import raw_private
from connectors.endpoint import DmpEndpoint, Limits, Software
from connectors.soap import mtom
from demonstration.authority import KeyPair

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
SOFTWARE = Software("Praticien TEST", "0.1", "INSTALLATION-FICTIVE", "2.25.1234567890", "FICTIF-0000")
QUICK = Limits(connect=5, read=0.6, total=1.5, answer=400_000, xml=200_000)
"""For tests that wait for the end of a limit; others get time enough for a machine that has other work."""
PATIENT = replace(QUICK, read=5, total=20)


class SoftwareSigner:
    """Both keys in memory; counts what is asked and fails on request."""

    supports_pss = False

    def __init__(self, authentication: KeyPair, signature: KeyPair) -> None:
        self._authentication, self._signature = authentication, signature
        self.authentications = 0
        self.signatures = 0
        self.error: BaseException | None = None

    @property
    def authentication_certificate(self) -> bytes:
        return self._authentication.certificate_der

    @property
    def signature_certificate(self) -> bytes:
        return self._signature.certificate_der

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        self.authentications += 1
        self._fail()
        assert hash_name == "sha256"
        return self._authentication.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))

    def authenticate_pss(self, encoded: bytes) -> bytes:
        self.authentications += 1
        self._fail()
        return raw_private(self._authentication.key, encoded)

    def sign(self, message: bytes) -> bytes:
        self.signatures += 1
        self._fail()
        return self._signature.key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@dataclass
class Received:
    """One request as the server got it."""

    path: str
    content_type: str
    body: bytes
    peer: str

    @property
    def package(self) -> mtom.Package:
        if self.content_type.startswith("multipart/"):
            return mtom.read(self.content_type, self.body)
        return mtom.Package(self.body, {})

    @property
    def envelope(self) -> etree._Element:
        return etree.fromstring(self.package.root)

    @property
    def message_id(self) -> str:
        return self.envelope.findtext(f".//{{{WSA}}}MessageID")

    @property
    def content(self) -> etree._Element:
        return self.envelope.find(f"{{{SOAP}}}Body")[0]


@dataclass
class Answering:
    """What the server sends back; ``raw`` replaces everything, headers included."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/soap+xml; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[socket.socket], None] | None = None


Responder = Callable[[Received], Answering]


class FakeServer:
    """Mutual TLS on the loopback interface, in a thread."""

    def __init__(self, folder: Path, pair: KeyPair, trusted: bytes, *, client_certificate: bool = True) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (folder / "server.pem").write_bytes(pair.certificate_pem)
        (folder / "server.key").write_bytes(pair.key_pem)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        context.load_verify_locations(cadata=trusted.decode())
        context.verify_mode = ssl.CERT_REQUIRED if client_certificate else ssl.CERT_NONE
        self.received: list[Received] = []
        self.handshakes: list[bool] = []
        self.versions: list[str | None] = []
        self.respond: Responder = lambda _: Answering(status=404)
        self.released = threading.Event()
        self.context = context
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def endpoint(self, ca_file: Path, limits: Limits = PATIENT) -> DmpEndpoint:
        return DmpEndpoint(f"https://127.0.0.1:{self._server.server_port}", ca_file, limits)

    def serve(self, respond: Responder) -> None:
        self.respond = respond

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeServer

    def finish_request(self, request: socket.socket, address: object) -> None:
        """The handshake runs in the thread of its connection; a client that breaks it off is no error of the test."""
        request.settimeout(20)
        try:
            secured = self.fake.context.wrap_socket(request, server_side=True)
        except OSError:
            return
        self.fake.handshakes.append(bool(secured.session_reused))
        self.fake.versions.append(secured.version())
        try:
            self.RequestHandlerClass(secured, address, self)
        except OSError:
            pass
        finally:
            secured.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        peer = dict(pair for rdn in self.connection.getpeercert().get("subject", ()) for pair in rdn)
        received = Received(self.path, self.headers["Content-Type"], body, peer.get("commonName", ""))
        self.server.fake.received.append(received)
        answering = self.server.fake.respond(received)
        if answering.raw is not None:
            self.close_connection = True
            answering.raw(self.connection)
            return
        self.send_response(answering.status)
        for name, value in {"Content-Type": answering.content_type, **answering.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answering.body)))
        self.end_headers()
        self.wfile.write(answering.body)

    def log_message(self, *_: object) -> None:
        pass


def envelope(content: str | bytes, relates_to: str | None) -> bytes:
    """An answer around its Body's content."""
    inner = content.decode() if isinstance(content, bytes) else content
    relation = f"<a:RelatesTo xmlns:a='{WSA}'>{relates_to}</a:RelatesTo>" if relates_to else ""
    return f"<S:Envelope xmlns:S='{SOAP}'><S:Header>{relation}</S:Header><S:Body>{inner}</S:Body></S:Envelope>".encode()


def soap(content: str | bytes) -> Responder:
    """Answers each request with this content, related to it."""
    return lambda received: Answering(envelope(content, received.message_id))


def fault(subcode: str, *, code: str = "Sender", status: int = 400, reason: str = "refus") -> Responder:
    """Answers with a SOAP 1.2 fault."""
    content = (
        f"<S:Fault><S:Code><S:Value>S:{code}</S:Value><S:Subcode><S:Value xmlns:d='urn:d'>d:{subcode}</S:Value>"
        f"</S:Subcode></S:Code><S:Reason><S:Text xml:lang='fr'>{reason}</S:Text></S:Reason></S:Fault>"
    )
    return lambda received: replace(soap(content)(received), status=status)


def in_turn(*responders: Responder) -> Responder:
    """The first responder for the first request, and so on; the last one stays."""
    left = list(responders)

    def respond(received: Received) -> Answering:
        return (left.pop(0) if len(left) > 1 else left[0])(received)

    return respond
