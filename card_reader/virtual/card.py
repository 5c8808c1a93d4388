"""What every virtual card is: an ATR and an answer to each APDU; no file, socket or clock behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Withdrawn(Exception):
    """The card leaves the reader in the middle of this command (raised by fault cards, obeyed by the front ends)."""


class VirtualCard(Protocol):
    """A card as its contacts see it. An empty ``atr`` is a mute card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""

    def power_on(self) -> None:
        """Cold reset: forget the selected file, the security environment, the verified PIN."""

    def reset(self) -> None:
        """Warm reset: the same."""

    def renew(self) -> None:
        """As if the card were just made: counters and codes of its personalisation."""

    def transmit(self, command: bytes) -> bytes:
        """Answer one command APDU with data and status word."""


class StatusWord(Exception):
    """Ends a command with this status word."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


@dataclass(frozen=True, slots=True)
class Command:
    """A short command APDU, parsed. ``le`` is the expected length 1 to 256, None when the command asks for none."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @property
    def p1p2(self) -> int:
        """P1 and P2 as one number."""
        return self.p1 << 8 | self.p2


def parse_command(raw: bytes) -> Command:
    """Case 1, 2, 3 or 4 short. Raises StatusWord(6700) for anything else (extended length among it)."""
    if len(raw) < 4:
        raise StatusWord(0x6700)
    cla, ins, p1, p2 = raw[:4]
    body = raw[4:]
    if not body:
        return Command(cla, ins, p1, p2)
    if len(body) == 1:
        return Command(cla, ins, p1, p2, le=body[0] or 256)
    length, data = body[0], body[1:]
    if length and len(data) == length:
        return Command(cla, ins, p1, p2, data)
    if length and len(data) == length + 1:
        return Command(cla, ins, p1, p2, data[:-1], data[-1] or 256)
    raise StatusWord(0x6700)
