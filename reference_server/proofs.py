"""A bounded memory of what was proven, by digest of the very octets that prove it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Proofs(Generic[T]):
    """The latest ``size`` proofs; safe from several threads. Keeps only what stays true: no date, no revocation."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """What was kept under this key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, proof: T) -> None:
        """Keep it; the one that served longest ago goes when there are too many."""
        with self._lock:
            self._kept[key] = proof
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
