"""An act at the end of background work, which the user may give up until it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from praticien.errors import Refused

T = TypeVar("T")


class NoLongerWanted(Refused):
    """Given up before it was done."""

    code = "wire.cancelled"


class Wanted(Generic[T]):
    """Done or given up, never both: whoever comes second learns of the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_given_up = False
        self._done: T | None = None

    def do(self, act: Callable[[], T]) -> T:
        """In the worker thread. Raises NoLongerWanted, and what ``act`` raises."""
        with self._lock:
            if self._is_given_up:
                raise NoLongerWanted
            self._done = act()
            return self._done

    def give_up(self) -> T | None:
        """What was already done, None when nothing ever will be; waits for an act under way."""
        with self._lock:
            self._is_given_up = True
            return self._done
