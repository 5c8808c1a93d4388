"""One card through one library: the helper behind it is started again after a crash, never the operation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from card_reader.errors import CardError, CardRemoved, CardTimeout, NoCard, NoReader, UnknownCard
from card_reader.pkcs11.errors import LibraryCrashed, LibraryFailed
from card_reader.pkcs11.library import Token, start, token_in
from card_reader.pkcs11.process import HelperProcess

_LOOK_SECONDS = 10.0
SETTLE_SECONDS, _PAUSE = 1.0, 0.1


class TokenSession:
    """Thread-safe. ``is_logged_in`` falls with the helper: a verified PIN never comes back by itself."""

    def __init__(self, library: Path, reader: str, is_same_insertion: Callable[[], bool]) -> None:
        self._library, self._reader = library, reader
        self._is_same_insertion = is_same_insertion
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.is_logged_in = False
        self._helper: HelperProcess | None = None
        with self._lock:
            self.token, self._helper = self._open()

    @property
    def is_present(self) -> bool:
        """Whether it is still the card that was opened, as far as was seen."""
        return not self._closed.is_set() and self._is_same_insertion()

    @property
    def process_id(self) -> int | None:
        """Of the helper, None while there is none."""
        helper = self._helper
        return helper.process_id if helper else None

    def ask(self, seconds: float, verb: str, *fields: bytes | bytearray) -> list[bytearray]:
        """One request, never repeated. Raises CardRemoved, CardTimeout, LibraryCrashed, LibraryFailed, PIN errors…"""
        with self._lock:
            helper = self._ready()
            try:
                return helper.call(seconds, verb, *fields)
            except (LibraryCrashed, CardTimeout):
                self._drop()
                raise
            except CardRemoved:
                self.close()
                raise
            except LibraryFailed:
                if self._still_there(helper):
                    raise
                self.close()
                raise CardRemoved from None

    def close(self) -> None:
        """Log out and end the helper; never raises, never waits for a hung call longer than the helper's farewell."""
        self._closed.set()
        self.is_logged_in = False
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()

    def _ready(self) -> HelperProcess:
        if self._closed.is_set():
            raise CardRemoved
        if self._helper is None:
            token, helper = self._open()
            if token != self.token or not self.is_present:
                helper.kill()
                self._closed.set()
                raise CardRemoved
            self._helper = helper
        elif not self._helper.is_alive:
            self._drop()
            raise LibraryCrashed
        return self._helper

    def _open(self) -> tuple[Token, HelperProcess]:
        helper, _ = start(self._library)
        try:
            token = token_in(helper, self._reader, _LOOK_SECONDS)
            helper.call(_LOOK_SECONDS, "open", token.slot.encode())
        except BaseException:
            helper.kill()
            raise
        return token, helper

    def _drop(self) -> None:
        helper, self._helper = self._helper, None
        self.is_logged_in = False
        if helper is not None:
            helper.kill()

    def _still_there(self, helper: HelperProcess) -> bool:
        """After an error that does not say: the service may see a removal only a moment later (facts A4)."""
        limit = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < limit:
            try:
                if not self.is_present or token_in(helper, self._reader, _LOOK_SECONDS) != self.token:
                    return False
            except (NoCard, NoReader, UnknownCard):
                return False
            except CardError:
                return True
            self._closed.wait(_PAUSE)
        return True
