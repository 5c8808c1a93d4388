"""The two HTTP faces: SOAP over mutual TLS for professionals, plain pages on the loopback interface for the patient."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from ssl import SSLObject

from aiohttp import web

from reference_server.dispatcher import SERVICES, Dispatcher, Reply
from reference_server.errors import BadRequest
from reference_server.faults import wire
from reference_server.faults.panel import Panel

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024 * 1024
MAX_HELD = 256 * 1024 * 1024
"""Octets of all request bodies that this process holds at once; one more is told to come back later."""
BODY_PATIENCE = 60.0
"""Seconds given to a client to send its whole request."""
HEAD_PATIENCE = 20.0
"""Seconds given to a new connection to send its first headers, once its handshake is done."""
NEXT_HEAD_PATIENCE = 300.0
"""Seconds given to a connection to send the headers of its next request."""
READ_BUFFER = 64 * 1024
"""Octets read ahead of what is asked for, on each connection (twice that at most)."""


class SoapApplication:
    """Reads a request within bounds, hands it to the dispatcher in a worker thread, writes the answer."""

    def __init__(self, dispatcher: Dispatcher, pool: ThreadPoolExecutor, faults: Panel | None = None) -> None:
        self._dispatcher = dispatcher
        self._pool = pool
        self._faults = faults
        self._deadlines: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        self._held = 0

    def build(self) -> web.Application:
        """The aiohttp application: one POST route a service."""
        application = web.Application()
        for service in SERVICES:
            application.router.add_post(f"/{service}", self._handler(service))
        return application

    def watch(self, protocol: web.RequestHandler, patience: float | None = None) -> None:
        """A connection that asks nothing in time is closed: it would hold its place for ever."""
        self._stop_watching(protocol)
        loop, seconds = asyncio.get_running_loop(), HEAD_PATIENCE if patience is None else patience
        self._deadlines[protocol] = loop.call_later(seconds, self._close, protocol)

    def _stop_watching(self, protocol: web.RequestHandler) -> None:
        deadline = self._deadlines.pop(protocol, None)
        if deadline:
            deadline.cancel()

    def _close(self, protocol: web.RequestHandler) -> None:
        del self._deadlines[protocol]
        if protocol.transport is not None:
            protocol.transport.close()

    def _handler(self, service: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self._stop_watching(request.protocol)
            try:
                if self._faults is None:
                    return await self._answer(service, request)
                return await wire.suffer(request, self._faults.take(service), lambda: self._answer(service, request))
            finally:
                self.watch(request.protocol, NEXT_HEAD_PATIENCE)

        return handle

    async def _answer(self, service: str, request: web.Request) -> web.Response:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            return self._refused(service, "elle est compressée", 415)
        held = _Held(self)
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                body = await held.body(request)
            loop = asyncio.get_running_loop()
            content_type = request.headers.get("Content-Type", "")
            peer = _peer_certificate(request)
            reply = await loop.run_in_executor(self._pool, self._dispatcher.handle, service, content_type, body, peer)
            return _response(reply)
        except _TooLarge:
            return self._refused(service, "elle dépasse 64 Mio", 413)
        except _Overloaded:
            return self._refused(service, "le serveur en reçoit trop à la fois, à refaire plus tard", 503)
        except TimeoutError:
            return self._refused(service, "elle n'est pas arrivée à temps", 408)
        finally:
            self._held -= held.size

    def hold(self, octets: int) -> None:
        """Count octets of a body as held by this process. Raises _Overloaded."""
        self._held += octets
        if self._held > MAX_HELD:
            raise _Overloaded

    def _refused(self, service: str, why: str, status: int) -> web.Response:
        """The rest of the request is not read: the connection ends with the answer."""
        response = _response(self._dispatcher.fault_reply(service, BadRequest("RequestRefused", why, status=status)))
        response.force_close()
        return response


class _TooLarge(Exception):
    """A body above MAX_BODY."""


class _Overloaded(Exception):
    """Bodies above MAX_HELD."""


class _Held:
    """A body as it comes: no more of it is kept than is counted."""

    def __init__(self, application: SoapApplication) -> None:
        self._application = application
        self.size = 0

    async def body(self, request: web.Request) -> bytes:
        """Raises _TooLarge, _Overloaded."""
        if (request.content_length or 0) > MAX_BODY:
            raise _TooLarge
        chunks = []
        async for chunk in request.content.iter_any():
            self.size += len(chunk)
            if self.size > MAX_BODY:
                raise _TooLarge
            self._application.hold(len(chunk))
            chunks.append(chunk)
        return b"".join(chunks)


def _peer_certificate(request: web.Request) -> bytes:
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    certificate = tls.getpeercert(binary_form=True) if isinstance(tls, SSLObject) else None
    if not certificate:  # the connection is already gone: nobody reads this
        raise web.HTTPBadRequest
    return certificate


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})
