"""Feeds damaged samples to a target: no error but the typed ones, no hang, bounded memory."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz.mutation import mutant

DEADLINE = 20.0
"""Seconds for one input; generous, because a machine may be busy: what hangs hangs for ever."""
MEMORY = 300 * 1024 * 1024
"""Octets by which a process may grow over all inputs of a target."""


@dataclass(frozen=True)
class Target:
    """Valid samples, what reads them, and the errors that it may raise on damaged ones."""

    name: str
    samples: Sequence[bytes]
    read: Callable[[bytes], object]
    accepted: tuple[type[BaseException], ...] = ()


class Hang(BaseException):
    """Not ended in time."""


class Found(AssertionError):
    """A damaged input that broke the rule; says how to make it again."""


def run(target: Target, count: int, seed: int = 0, first: int = 0) -> None:
    """Inputs ``first`` to ``first + count`` of this seed. Raises Found; the valid samples must be read first."""
    for sample in target.samples:
        target.read(sample)
    before = _peak()
    for number in range(first, first + count):
        data = made(target, number, seed)
        try:
            with _deadline():
                target.read(data)
        except target.accepted:
            continue
        except (Exception, Hang) as error:
            raise Found(f"{target.name}: --seed {seed} --first {number} --count 1: {type(error).__name__}") from error
    if _peak() - before > MEMORY:
        raise Found(f"{target.name}: {(_peak() - before) // 2**20} MiB more after {count} inputs of seed {seed}")


def made(target: Target, number: int, seed: int = 0) -> bytes:
    """The damaged input of that number."""
    random = Random(f"{target.name} {seed} {number}")
    return mutant(random.choice(target.samples), list(target.samples), random)


def _peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextlib.contextmanager
def _deadline() -> Iterator[None]:
    """Only the main thread has a clock of its own; elsewhere the test's own timeout remains."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, DEADLINE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
