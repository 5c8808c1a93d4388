"""Faults between the answer and the client: late, refused by a front end, cut, or never sent."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from aiohttp import web

from reference_server.faults.panel import Faults

SILENCE = 120.0
"""Seconds of saying nothing; the connection is closed after that."""
_LOOK = 0.05


async def suffer(
    request: web.Request, faults: Faults, work: Callable[[], Awaitable[web.Response]]
) -> web.StreamResponse:
    """The answer of ``work`` (which commits), as these faults let it through."""
    if faults.latency or faults.jitter:
        await asyncio.sleep((faults.latency + random.uniform(0, faults.jitter)) / 1000)  # noqa: S311
    if faults.status:
        return _front_end(faults.status)
    response = await work()
    if faults.silent:
        await _silence(request)
        response.force_close()
        return response
    if faults.cut_at is not None:
        return await _cut(request, response, faults.cut_at)
    return response


def _front_end(status: int) -> web.Response:
    """What a machine before the DMP would say: no SOAP. The request is not read, so the connection ends."""
    response = web.Response(
        status=status, text=f"<html><body><h1>{status}</h1></body></html>", content_type="text/html"
    )
    response.force_close()
    return response


async def _silence(request: web.Request) -> None:
    end = asyncio.get_running_loop().time() + SILENCE
    while request.transport and not request.transport.is_closing():
        if asyncio.get_running_loop().time() >= end:
            request.transport.abort()
            return
        await asyncio.sleep(_LOOK)


async def _cut(request: web.Request, response: web.Response, octets: int) -> web.StreamResponse:
    """Headers that announce everything, then the first ``octets`` of the body."""
    body = response.body
    assert isinstance(body, bytes)
    if octets >= len(body):
        return response
    headers = {"Content-Type": response.headers["Content-Type"], "Content-Length": str(len(body))}
    begun = web.StreamResponse(status=response.status, headers=headers)
    begun.force_close()
    await begun.prepare(request)
    if octets:
        await begun.write(body[:octets])
    if request.transport:
        request.transport.close()
    return begun
