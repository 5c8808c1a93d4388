"""The TLS door: accepts connections, and lets go of every one of them when the server stops.

``loop.create_server`` keeps no hold on a connection still in its handshake, nor on one whose peer never answers the TLS
shutdown: stopped in a thread, such a server would leave their sockets to the collector.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakSet

HANDSHAKE_PATIENCE = 20.0
"""Seconds given to a new connection to finish its handshake."""
MAX_CONNECTIONS = 500
"""Connections open at once in one process; one more is closed at once."""
SHUTDOWN_PATIENCE = 5.0
"""Seconds given to a peer to answer the end of TLS."""
_BACKLOG = 100
_OUT_OF_DESCRIPTORS_PAUSE = 0.5
_TURNS_TO_CLOSE = 3


class TlsDoor:
    """Lets connections in, in TLS, and ends every one of them."""

    def __init__(self, tls: ssl.SSLContext, make_protocol: Callable[[], asyncio.Protocol]) -> None:
        self._tls, self._make_protocol = tls, make_protocol
        self._connecting: set[asyncio.Task[None]] = set()
        self._open: WeakSet[asyncio.BaseTransport] = WeakSet()

    def admit(self, connection: socket.socket) -> None:
        """Take over an accepted connection."""
        if len(self._connecting) + sum(not one.is_closing() for one in self._open) >= MAX_CONNECTIONS:
            connection.close()
            return
        task = asyncio.get_running_loop().create_task(self._shake_hands(connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def abort(self) -> None:
        """End what is left, whatever its state; to be called once requests had their time."""
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        for transport in list(self._open):
            transport.abort()  # type: ignore[attr-defined]  # any TLS transport has it
        for _ in range(_TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    async def _shake_hands(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            transport, _protocol = await loop.connect_accepted_socket(
                self._make_protocol,
                connection,
                ssl=self._tls,
                ssl_handshake_timeout=HANDSHAKE_PATIENCE,
                ssl_shutdown_timeout=SHUTDOWN_PATIENCE,
            )
        except OSError:  # a peer without a welcome certificate, or gone: asyncio closed the socket
            return
        self._open.add(transport)


class Listener:
    """Listens from the start, and hands each connection over. Raises OSError when the port cannot be had."""

    def __init__(self, address: tuple[str, int], admit: Callable[[socket.socket], None]) -> None:
        self._admit = admit
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._socket = socket.create_server(address, family=family, backlog=_BACKLOG)
        self._socket.setblocking(False)
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    async def refuse(self) -> None:
        """No new connection from now on."""
        self._accepting.cancel()
        with suppress(asyncio.CancelledError):
            await self._accepting
        self._socket.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _address = await loop.sock_accept(self._socket)
            except OSError:  # no descriptor left: those in use come back
                await asyncio.sleep(_OUT_OF_DESCRIPTORS_PAUSE)
                continue
            self._admit(connection)
