"""A bare aiohttp handler over mutual TLS: what requests per second cost before any of our work.

It reads the request and answers as many zeros as the path says. One line of JSON first (``base_url``), then it runs
until standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys

from aiohttp import web


async def answer(request: web.Request) -> web.Response:
    """POST /SIZE."""
    await request.read()
    return web.Response(body=bytes(int(request.match_info["size"])), content_type="application/soap+xml")


def context(ca_file: str, certificate: str, key: str) -> ssl.SSLContext:
    """As the reference server's own: TLS 1.2 or later, client certificate required."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_cert_chain(certificate, key)
    made.load_verify_locations(ca_file)
    return made


async def serve(tls: ssl.SSLContext) -> None:
    """Until standard input closes."""
    application = web.Application()
    application.router.add_post("/{size}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    print(json.dumps({"base_url": f"https://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(context(*sys.argv[1:4])))
