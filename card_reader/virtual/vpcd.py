"""Plugs a virtual card into a vpcd reader of pcscd.

Wire: each message is a two-byte big-endian length and a body; a body of one byte from vpcd is a control (00 off, 01 on,
02 reset, 04 give the ATR), anything else a command APDU. Leaving the reader is closing the connection.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import ClassVar

from card_reader.virtual.card import VirtualCard, Withdrawn

_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0, 1, 2, 4
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)
_UNREADABLE_ATR = bytes(64)
"""Longer than any ATR: the driver sees a card but cannot power it, which is what a mute card looks like."""


class VpcdLink:
    """One card in one reader, served by its own thread until ``close`` or until the card withdraws itself."""

    _patience: ClassVar[float] = 5.0

    def __init__(self, card: VirtualCard, port: int) -> None:
        self._card = card
        self._is_powered = False
        self._settled = threading.Event()
        self.left_at = 0.0
        """When the card left (time.monotonic), 0 while it is in."""
        self._socket = _connect(port, self._patience)
        self._thread = threading.Thread(target=self._serve, name=f"vpcd-{port}", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """False once the card left."""
        return self._thread.is_alive()

    def wait_until_read(self) -> None:
        """Until pcscd powered the card and knows its ATR (or the card left): before that, programs see an empty reader.

        pcscd looks for new cards a few times a second only.
        """
        self._settled.wait(self._patience)

    def close(self) -> None:
        """Take the card out."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(self._patience)

    def _serve(self) -> None:
        with self._socket, contextlib.suppress(OSError, EOFError, Withdrawn):
            while True:
                message = self._receive()
                answer = self._answer(message)
                if answer is not None:
                    self._socket.sendall(len(answer).to_bytes(2, "big") + answer)
                if self._is_powered and message == bytes([_GET_ATR]):
                    self._settled.set()
        self.left_at = time.monotonic()
        self._settled.set()

    def _answer(self, message: bytes) -> bytes | None:
        if len(message) > 1:
            return self._card.transmit(message)
        control = message[0] if message else _POWER_OFF
        if control == _GET_ATR:
            return self._card.atr or _UNREADABLE_ATR
        if control == _POWER_ON:
            self._is_powered = True
            self._card.power_on()
        elif control in (_RESET, _POWER_OFF):
            self._card.reset()
        return None

    def _receive(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(2), "big"))

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            if _QUICKACK is not None:  # Linux forgets it after each use; without it every APDU waits 40 ms
                self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
            part = self._socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def _connect(port: int, patience: float) -> socket.socket:
    """vpcd opens its port a moment after pcscd starts: try until ``patience`` seconds have passed."""
    end = time.monotonic() + patience
    while True:
        try:
            link = socket.create_connection(("127.0.0.1", port), timeout=patience)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
            continue
        link.settimeout(None)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link
