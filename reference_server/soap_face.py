"""The face turned to professionals: mutual TLS, HTTP, SOAP. In the server's own process, or in each of its workers."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from reference_server import http_log
from reference_server.application import READ_BUFFER, SoapApplication
from reference_server.certificates import TrustStore
from reference_server.dispatcher import Dispatcher
from reference_server.errors import CannotStart
from reference_server.faults.panel import Panel
from reference_server.listening import TlsDoor

THREADS = 4
"""Requests that one process works on at once; others wait."""
GRACE = 5.0
"""Seconds given to running requests when the server stops."""
TLS12_SUITES = (
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
)
"""ANSSI, security recommendations for TLS (SDE-NT-35): forward secrecy and authenticated encryption alone.

TLS 1.3 has no other kind: OpenSSL's own three suites, all recommended.
"""


def credentials(ca_bundle: Path, certificate: Path, key: Path) -> tuple[TrustStore, ssl.SSLContext]:
    """Whom the server trusts, and its TLS. Raises CannotStart."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(TLS12_SUITES))
    context.verify_mode = ssl.CERT_REQUIRED
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(ca_bundle)
        return TrustStore(ca_bundle.read_bytes()), context
    except (OSError, ValueError) as error:
        raise CannotStart("certificates") from error


@asynccontextmanager
async def soap_door(
    dispatcher: Dispatcher, tls: ssl.SSLContext, pool: ThreadPoolExecutor, panel: Panel | None = None
) -> AsyncIterator[TlsDoor]:
    """A door that lets connections in; at the end running requests have their time, then all connections end."""
    soap = SoapApplication(dispatcher, pool, panel)
    # no access log: URLs and addresses are nobody's business
    runner = web.AppRunner(
        soap.build(),
        access_log=None,
        logger=http_log.log,
        shutdown_timeout=GRACE,
        read_bufsize=READ_BUFFER,
        auto_decompress=False,
    )
    await runner.setup()
    server = runner.server
    assert server is not None

    def guarded() -> web.RequestHandler:
        protocol = server()
        soap.watch(protocol)
        return protocol

    door = TlsDoor(tls, guarded)
    try:
        yield door
    finally:
        await runner.cleanup()
        await door.abort()
