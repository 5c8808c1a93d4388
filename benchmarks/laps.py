"""A stopwatch for the steps of one walk, counting the card's commands on the way; and a signer that is timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.figures import Row
from praticien.ports import Signer


class Laps:
    """Samples by label, over several walks: seconds, and commands received by the cards."""

    def __init__(self, apdus: Callable[[], int]) -> None:
        self._apdus = apdus
        self._seconds: dict[str, list[float]] = {}
        self._commands: dict[str, list[int]] = {}

    @contextmanager
    def lap(self, label: str) -> Iterator[None]:
        """Time what is done inside; laps may be nested."""
        seconds, commands = self._seconds.setdefault(label, []), self._commands.setdefault(label, [])
        before, start = self._apdus(), time.perf_counter()
        yield
        seconds.append(time.perf_counter() - start)
        commands.append(self._apdus() - before)

    def rows(self) -> tuple[Row, ...]:
        """One row a label, in milliseconds, in the order of their first beginning."""
        return tuple(
            Row(
                label,
                "ms",
                [value * 1000 for value in seconds],
                self._commands[label] if any(self._commands[label]) else (),
            )
            for label, seconds in self._seconds.items()
        )


class TimedSigner:
    """The card's two keys, each use a lap of its own. Implements Signer."""

    def __init__(self, signer: Signer, laps: Laps) -> None:
        self._signer, self._laps = signer, laps

    @property
    def authentication_certificate(self) -> bytes:
        """See Signer."""
        return self._signer.authentication_certificate

    @property
    def signature_certificate(self) -> bytes:
        """See Signer."""
        return self._signer.signature_certificate

    @property
    def supports_pss(self) -> bool:
        """See Signer."""
        return self._signer.supports_pss

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """See Signer."""
        with self._laps.lap("   of which one TLS signature by the card"):
            return self._signer.authenticate(digest, hash_name)

    def authenticate_pss(self, encoded: bytes) -> bytes:
        """See Signer."""
        with self._laps.lap("   of which one TLS signature by the card"):
            return self._signer.authenticate_pss(encoded)

    def sign(self, message: bytes) -> bytes:
        """See Signer."""
        with self._laps.lap("   of which one VIHF or lot signature by the card"):
            return self._signer.sign(message)
