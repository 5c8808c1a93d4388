"""Changing a PIN and unblocking it: counters read before and after, the last try confirmed, every code overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from praticien.errors import PraticienError, Refused
from praticien.ports import ChangeablePin, PadAct, ProfessionalCard, UnblockablePin


class LastTry(Refused):
    """One PIN try is left: it takes an explicit confirmation."""

    code = "pin.last_try"


class LastUnblockingTry(Refused):
    """One try of the unblocking code is left: a wrong one makes the card useless."""

    code = "pin.unblocking_last_try"


class NoPinCare(Refused):
    """The way this card is reached (or its model) offers neither change nor unblocking here."""

    code = "pin.no_care"


@dataclass(frozen=True, slots=True)
class CodesLeft:
    """Tries left of the PIN and of the unblocking code; None where the card does not say. ``on_pad`` is the card's."""

    pin: int
    unblocking: int | None
    on_pad: frozenset[PadAct] = frozenset()


def codes_left(card: ProfessionalCard) -> CodesLeft:
    """Both counters, asked of the card, costing no try. Raises the card's errors."""
    pin = card.tries_left()
    if not isinstance(card, UnblockablePin):
        return CodesLeft(pin, None, card.on_pad)
    try:
        return CodesLeft(pin, card.unblocking_tries_left(), card.on_pad)
    except PraticienError:  # a model whose unblocking nobody describes: the PIN can be changed all the same
        return CodesLeft(pin, None, card.on_pad)


def change(card: ProfessionalCard, pin: bytearray | None, new: bytearray | None, *, last_try_confirmed: bool) -> None:
    """One CHANGE; both codes are overwritten whatever happens, None on a pad.

    Raises NoPinCare, LastTry, the card's PIN errors.
    """
    try:
        if not isinstance(card, ChangeablePin):
            raise NoPinCare
        if card.tries_left() == 1 and not last_try_confirmed:
            raise LastTry
        card.change_pin(pin, new)
    finally:
        wipe(pin, new)


def unblock(card: ProfessionalCard, code: bytearray | None, new: bytearray | None, *, last_try_confirmed: bool) -> None:
    """One try of the unblocking code; both are overwritten, None on a pad.

    Raises NoPinCare, LastUnblockingTry, the card's errors.
    """
    try:
        if not isinstance(card, UnblockablePin):
            raise NoPinCare
        if card.unblocking_tries_left() == 1 and not last_try_confirmed:
            raise LastUnblockingTry
        card.unblock_pin(code, new)
    finally:
        wipe(code, new)


def wipe(*codes: bytearray | None) -> None:
    """Overwrite with zeros, keeping the length; None is a code that was typed on the reader."""
    for code in codes:
        if code is not None:
            code[:] = bytes(len(code))
