"""Our end of the helper process: one at a time, each call with its deadline, a new one after a crash."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from card_reader import ending
from card_reader.errors import CardTimeout, MalformedCard
from card_reader.pkcs11 import framing
from card_reader.pkcs11.errors import LibraryCrashed, from_return_value

_ROOT = Path(__file__).parents[2]
_FAREWELL = 3.0
_TRACING = ("CPS3_PKCS11_TRACES", "CPS3_DEBUG", "OPENSC_DEBUG", "PKCS11SPY", "PKCS11SPY_OUTPUT")
"""Variables that make libraries write what they exchange with the card, PIN included: the helper never sees them."""


class HelperProcess:
    """One child process; once it failed or was closed it answers nothing more. Thread-safe."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in _TRACING}
        paths = [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
        self._lock = threading.Lock()
        self._late = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "card_reader.pkcs11.helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment | {"PYTHONPATH": os.pathsep.join(paths)},
        )

    @property
    def process_id(self) -> int:
        """Of the helper."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """False once it ended, was killed or closed."""
        return self._process.poll() is None

    def call(self, seconds: float, verb: str, *fields: bytes | bytearray) -> list[bytearray]:
        """One request, never repeated. Raises CardTimeout (the helper is then killed), LibraryCrashed, card errors."""
        request = framing.pack(str(math.ceil(seconds)).encode(), verb.encode(), *fields)
        try:
            with self._lock:
                answer = self._exchange(request, seconds)
        finally:
            request[:] = bytes(len(request))
        if answer and answer[0] == b"ok":
            return answer[1:]
        if len(answer) == 2 and answer[0] == b"error":
            raise from_return_value(answer[1].decode("ascii", "replace"))
        self.kill()
        raise LibraryCrashed("answer")

    def _exchange(self, request: bytearray, seconds: float) -> list[bytearray]:
        watchdog = threading.Timer(seconds, self._give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            framing.write(self._pipe(self._process.stdin), request)
            answer = framing.read(self._pipe(self._process.stdout))
        except (OSError, ValueError, MalformedCard):
            answer = None
        finally:
            watchdog.cancel()
        if answer is None:
            self.kill()
            raise CardTimeout if self._late else LibraryCrashed
        return answer

    def _give_up(self) -> None:
        self._late = True
        self._process.kill()

    @staticmethod
    def _pipe(stream: object) -> BinaryIO:
        assert stream is not None
        return stream  # type: ignore[return-value]  # unbuffered pipes of bytes

    def kill(self) -> None:
        """At once; never raises."""
        ending.kill(self._process)

    def close(self) -> None:
        """Let it log out and end, then make it end; never raises."""
        ending.end(self._process, _FAREWELL)
