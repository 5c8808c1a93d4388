"""A virtual card that can be made to misbehave: mute, slow, gone in the middle of a command, answering anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from card_reader.virtual.card import VirtualCard, Withdrawn


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a card takes, in seconds: for each command, for each byte either way, for a private key's operation."""

    command: float = 0.0
    byte: float = 0.0
    key: float = 0.0

    def seconds(self, command: bytes, answer: bytes) -> float:
        """For this exchange."""
        uses_key = command[1] == 0x88 or command[1:4] in (b"\x2a\x9e\x9a", b"\x2a\x80\x86")
        return self.command + self.byte * (len(command) + len(answer)) + (self.key if uses_key else 0.0)


_AT_ONCE = Pace()


class FaultyCard:
    """Wraps a card. Without faults it is the card itself; faults stay until ``heal``."""

    def __init__(self, card: VirtualCard) -> None:
        self.card = card
        self.heal()

    def heal(self) -> None:
        """No fault any more."""
        self.is_mute = False
        self.delay = 0.0
        """Seconds before each answer."""
        self.pace = Pace()
        """How fast a card without fault is."""
        self.leaves_at = 0
        """Counts down at each command; the card vanishes when it reaches 0 (0: never)."""
        self.instead: Callable[[bytes], bytes] | None = None
        """Answers in the card's place."""
        self.commands: list[bytes] = []
        """Headers (CLA INS P1 P2) of the commands received since the last ``heal``."""

    @property
    def atr(self) -> bytes:
        """Empty while mute."""
        return b"" if self.is_mute else self.card.atr

    def power_on(self) -> None:
        """Cold reset."""
        self.card.power_on()

    def reset(self) -> None:
        """Warm reset."""
        self.card.reset()

    def renew(self) -> None:
        """The card within as if just made."""
        self.card.renew()

    @property
    def present_pin(self) -> str:
        """Of the card within, empty when it has none."""
        return str(getattr(self.card, "present_pin", ""))

    def transmit(self, command: bytes) -> bytes:
        """Raises Withdrawn at the chosen command."""
        self.commands.append(command[:4])
        if self.leaves_at:
            self.leaves_at -= 1
            if not self.leaves_at:
                raise Withdrawn
        if self.delay:
            time.sleep(self.delay)
        answer = self.instead(command) if self.instead else self.card.transmit(command)
        if self.pace != _AT_ONCE:
            time.sleep(self.pace.seconds(command, answer))
        return answer
