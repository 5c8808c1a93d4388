"""The professional at the desk: card presented, PIN verified, structure chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from praticien import pin_care
from praticien.errors import InvalidInput, Refused, SessionLocked
from praticien.pin_care import CodesLeft, LastTry
from praticien.ports import Connect, Connections, DmpGateway, PadAct, ProfessionalCard
from praticien.practice.case import Case
from praticien.practice.refusals import NoProfession, NoRights, TestCardRefused
from praticien.professional import CardHolder, CardKind, PracticeSituation
from praticien.visits import Visits


@dataclass(frozen=True, slots=True)
class _Unlocked:
    """A card whose PIN was verified, working in one structure."""

    card: ProfessionalCard
    situation: PracticeSituation
    connections: Connections


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Session:
    """Who is unlocked. Safe to call from several threads."""

    def __init__(
        self,
        connect: Connect,
        *,
        clock: Callable[[], datetime] = utc_now,
        production: bool = False,
        visits: Visits | None = None,
    ) -> None:
        self._connect = connect
        self._visits = visits
        self._production = production
        self._clock = clock
        self._lock = threading.RLock()
        self._card: ProfessionalCard | None = None
        self._verified: ProfessionalCard | None = None  # the card whose PIN was verified
        self._unlocked: _Unlocked | None = None
        self._case: Case | None = None
        self._turn = 0  # grows whenever the open patient changes

    @property
    def holder(self) -> CardHolder | None:
        """Who holds the presented card, unlocked or not."""
        card = self._card
        return card.holder if card else None

    @property
    def situation(self) -> PracticeSituation | None:
        """The structure in whose name one works, once chosen."""
        unlocked = self._unlocked
        return unlocked.situation if unlocked else None

    @property
    def is_unlocked(self) -> bool:
        """Whether the PIN was verified and a structure chosen."""
        return self._unlocked is not None

    def present(self, card: ProfessionalCard) -> None:
        """A card was inserted and opened; whatever was open before is closed.

        Raises TestCardRefused, NoRights, NoProfession, having let the card go: no PIN is asked for nothing.
        """
        self.lock()
        try:
            self._require_of_use(card.holder)
        except Refused:
            card.close()
            raise
        with self._lock:
            self._card = card

    def _require_of_use(self, holder: CardHolder) -> None:
        if self._production and holder.is_test_card:
            raise TestCardRefused
        if holder.card_kind is CardKind.CPA:
            raise NoRights
        who = holder.professional
        if holder.card_kind is not CardKind.CPE and not (who.profession or who.future_profession):
            raise NoProfession

    def unlock(self, pin: bytearray | None, *, last_try_confirmed: bool = False) -> tuple[PracticeSituation, ...]:
        """Verify the PIN once; return the practice situations. A single one is chosen at once.

        ``pin`` is overwritten whatever happens; None when it is typed on the reader (``on_pad``). Raises SessionLocked
        (no card, or withdrawn meanwhile), LastTry, the card's own PIN errors.
        """
        try:
            card = self._presented()
            if card.tries_left() <= 1 and not last_try_confirmed:
                raise LastTry
            card.verify_pin(pin)
        finally:
            pin_care.wipe(pin)
        with self._lock:
            self._still_presented(card)
            self._verified = card
        situations = card.holder.situations
        if len(situations) == 1:
            self.choose_situation(situations[0])
        return situations

    @property
    def on_pad(self) -> frozenset[PadAct]:
        """What is typed on the reader's own keys, with the presented card."""
        card = self._card
        return card.on_pad if card else frozenset()

    def tries_left(self) -> int:
        """PIN tries left on the presented card, asked of it, costing none. Raises SessionLocked."""
        return self._presented().tries_left()

    def codes_left(self) -> CodesLeft:
        """Tries left of the PIN and of the unblocking code. Raises SessionLocked, the card's errors."""
        return pin_care.codes_left(self._presented())

    def change_pin(self, pin: bytearray | None, new: bytearray | None, *, last_try_confirmed: bool = False) -> None:
        """One try with ``pin``; both are overwritten. Raises SessionLocked, and as ``pin_care.change``."""
        try:
            pin_care.change(self._locked(), pin, new, last_try_confirmed=last_try_confirmed)
        finally:
            pin_care.wipe(pin, new)

    def unblock_pin(self, code: bytearray | None, new: bytearray | None, *, last_try_confirmed: bool = False) -> None:
        """One try with the unblocking code; both are overwritten. Raises SessionLocked, and as ``pin_care.unblock``."""
        try:
            pin_care.unblock(self._locked(), code, new, last_try_confirmed=last_try_confirmed)
        finally:
            pin_care.wipe(code, new)

    def _locked(self) -> ProfessionalCard:
        """The presented card, its PIN not verified: a change would take the PIN away from work under way."""
        card = self._presented()
        if self._verified is card:
            raise SessionLocked("lock first")
        return card

    def choose_situation(self, situation: PracticeSituation) -> None:
        """Work in the name of this structure; the open patient is forgotten.

        Raises SessionLocked (PIN not verified, or the card withdrawn meanwhile), InvalidInput for a structure that is
        none of the card's.
        """
        card = self._presented()
        if self._verified is not card:
            raise SessionLocked("PIN not verified")
        if situation not in card.holder.situations:
            raise InvalidInput("not a situation of this card", field="situation")
        connections = self._connect(card.signer, card.holder, situation)
        try:
            with self._lock:
                self._still_presented(card)
                former, self._unlocked = self._unlocked, _Unlocked(card, situation, connections)
                self.forget_patient()
        except SessionLocked:
            connections.dmp.close()
            raise
        self._close(former)

    def lock(self) -> None:
        """Forget the patient and everything unlocked, reset the card. Never raises."""
        with self._lock:
            self.forget_patient()
            former, self._unlocked = self._unlocked, None
            card, self._card, self._verified = self._card, None, None
        self._close(former)  # outside the lock: a slow connection must not keep the window from locking
        if card:
            card.close()

    @staticmethod
    def _close(unlocked: _Unlocked | None) -> None:
        if unlocked:
            unlocked.connections.dmp.close()

    def _still_presented(self, card: ProfessionalCard) -> None:
        if self._card is not card:
            raise SessionLocked("card withdrawn meanwhile")

    def _presented(self) -> ProfessionalCard:
        if self._card is None:
            raise SessionLocked("no professional card")
        return self._card

    def _open_desk(self) -> _Unlocked:
        if self._unlocked is None:
            raise SessionLocked("PIN not verified")
        return self._unlocked

    @property
    def dmp(self) -> DmpGateway:
        """The DMP in the professional's name. Raises SessionLocked."""
        return self._open_desk().connections.dmp

    def forget_patient(self) -> None:
        """No patient open any more; answers still on their way will be dropped."""
        with self._lock:
            self._turn += 1
            self._case = None
