"""The secret codes of a virtual card: counters that survive a reset, comparison in constant time."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from card_reader.virtual.card import StatusWord

BLOCKED = 0x6983


@dataclass(slots=True, repr=False)
class SecretCode:
    """A PIN or an unblocking code. ``tries_left`` counts down at each wrong try and is refilled by a right one."""

    value: bytes
    max_tries: int
    tries_left: int
    min_length: int
    max_length: int

    def check(self, given: bytes) -> None:
        """Raises StatusWord: 6983 blocked, 63Cx wrong."""
        if self.tries_left == 0:
            raise StatusWord(BLOCKED)
        self.tries_left -= 1
        if not hmac.compare_digest(given, self.value):
            raise StatusWord(0x63C0 | self.tries_left)
        self.tries_left = self.max_tries

    def replace(self, new: bytes) -> None:
        """Take ``new`` and refill the counter. Raises StatusWord(6A80) when it cannot be a code."""
        if not self.min_length <= len(new) <= self.max_length or not new.isdigit():
            raise StatusWord(0x6A80)
        self.value, self.tries_left = new, self.max_tries

    def refill(self) -> None:
        """All tries again, the same code."""
        self.tries_left = self.max_tries

    def status(self, *, verified: bool) -> None:
        """What VERIFY without data answers. Raises StatusWord unless verified."""
        if verified:
            return
        raise StatusWord(0x63C0 | self.tries_left if self.tries_left else BLOCKED)
