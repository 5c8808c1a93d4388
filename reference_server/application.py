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
BODY_PATIENCE = 60.0
"""Seconds given to a client to send its whole request."""
HEAD_PATIENCE = 20.0
"""Seconds given to a new connection to send its first headers, once its handshake is done."""


class SoapApplication:
    """Reads a request within bounds, hands it to the dispatcher in a worker thread, writes the answer."""

    def __init__(self, dispatcher: Dispatcher, pool: ThreadPoolExecutor, faults: Panel | None = None) -> None:
        self._dispatcher = dispatcher
        self._pool = pool
        self._faults = faults
        self._mute: set[web.RequestHandler] = set()

    def build(self) -> web.Application:
        """The aiohttp application: one POST route a service."""
        application = web.Application(client_max_size=MAX_BODY)
        for service in SERVICES:
            application.router.add_post(f"/{service}", self._handler(service))
        return application

    def watch(self, protocol: web.RequestHandler) -> None:
        """A connection that asks nothing in time is closed: it would hold its place for ever."""
        self._mute.add(protocol)
        asyncio.get_running_loop().call_later(HEAD_PATIENCE, self._close_if_mute, protocol)

    def _close_if_mute(self, protocol: web.RequestHandler) -> None:
        if protocol in self._mute and protocol.transport is not None:
            protocol.transport.close()
        self._mute.discard(protocol)

    def _handler(self, service: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self._mute.discard(request.protocol)
            if self._faults is None:
                return await self._answer(service, request)
            return await wire.suffer(request, self._faults.take(service), lambda: self._answer(service, request))

        return handle

    async def _answer(self, service: str, request: web.Request) -> web.Response:
        if (request.content_length or 0) > MAX_BODY:
            return self._refused(service, "elle dépasse 64 Mio", 413)
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._refused(service, "elle dépasse 64 Mio", 413)
        except TimeoutError:
            return self._refused(service, "elle n'est pas arrivée à temps", 408)
        loop = asyncio.get_running_loop()
        content_type = request.headers.get("Content-Type", "")
        peer = _peer_certificate(request)
        reply = await loop.run_in_executor(self._pool, self._dispatcher.handle, service, content_type, body, peer)
        return _response(reply)

    def _refused(self, service: str, why: str, status: int) -> web.Response:
        """The rest of the request is not read: the connection ends with the answer."""
        response = _response(self._dispatcher.fault_reply(service, BadRequest("RequestRefused", why, status=status)))
        response.force_close()
        return response


def _peer_certificate(request: web.Request) -> bytes:
    transport = request.transport
    tls = transport.get_extra_info("ssl_object") if transport else None
    certificate = tls.getpeercert(binary_form=True) if isinstance(tls, SSLObject) else None
    if not certificate:  # the connection is already gone: nobody reads this
        raise web.HTTPBadRequest
    return certificate


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})
