"""One professional at one desk: what is unlocked, which patient is open, in which mode.

Every method that asks a card or a server blocks: the window calls it from a background task. An answer that arrives
for a patient who is no longer open raises PatientChanged, so nothing of one patient can show under another.
An act may name the ``turn`` in which the user asked for it: when it starts late, for somebody else, it does nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from praticien import pin_care
from praticien.access import (
    NORMAL,
    Access,
    AccessMode,
    DossierStatus,
    EmergencyReason,
    Verdict,
    may_break_glass,
    may_read,
)
from praticien.errors import InvalidInput, PatientChanged, PraticienError, Refused, SessionLocked
from praticien.identity import IdentityStatus, Ins, Patient, StrictTraits
from praticien.matching import same_person
from praticien.metadata import DocumentEntry, RetrievedDocument
from praticien.pin_care import CodesLeft, LastTry
from praticien.ports import Connect, Connections, DmpGateway, InsiAnswer, ProfessionalCard
from praticien.professional import CardHolder, PracticeSituation
from praticien.vitale import Beneficiary, VitaleReading


class StaleReading(Refused):
    """The Vitale was read more than twenty minutes ago."""

    code = "vitale.stale"


class TestCardRefused(Refused):
    """A test card where the configuration says production."""

    __test__ = False  # not a pytest class
    code = "card.test_refused"


class VitaleSwapped(Refused):
    """The Vitale in the reader is no longer the one on which the patient was chosen."""

    code = "vitale.swapped"


class NoOwnNir(Refused):
    """The card has no certified NIR for this beneficiary: identity must be found by traits."""

    code = "vitale.no_own_nir"


class CenturyMissing(InvalidInput):
    """The card gives a birth year without century: ask, never guess."""

    code = "vitale.century_missing"


class IdentityMismatch(Refused):
    """INSi, the card and what was typed do not speak of the same person; ``differing`` names the traits."""

    code = "identity.mismatch"

    def __init__(self, differing: tuple[str, ...]) -> None:
        super().__init__(rule="INS")
        self.differing = differing


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A patient open on this desk: what is known, and how the professional came in."""

    patient: Patient
    status: DossierStatus | None = None
    access: Access = NORMAL
    documents: tuple[DocumentEntry, ...] = ()

    def __repr__(self) -> str:
        return f"Case({self.access.mode.value})"


@dataclass(frozen=True, slots=True)
class _Unlocked:
    """A card whose PIN was verified, working in one structure."""

    card: ProfessionalCard
    situation: PracticeSituation
    connections: Connections


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Practice:
    """The state of one desk. Safe to call from several threads; answers for a patient gone are dropped."""

    def __init__(self, connect: Connect, *, clock: Callable[[], datetime] = utc_now, production: bool = False) -> None:
        self._connect = connect
        self._production = production
        self._clock = clock
        self._lock = threading.RLock()
        self._card: ProfessionalCard | None = None
        self._verified: ProfessionalCard | None = None  # the card whose PIN was verified
        self._unlocked: _Unlocked | None = None
        self._case: Case | None = None
        self._turn = 0  # grows whenever the open patient changes

    # -- the professional ------------------------------------------------------------------------------------

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

        Raises TestCardRefused, having let the card go.
        """
        self.lock()
        if self._production and card.holder.is_test_card:
            card.close()
            raise TestCardRefused
        with self._lock:
            self._card = card

    def unlock(self, pin: bytearray, *, last_try_confirmed: bool = False) -> tuple[PracticeSituation, ...]:
        """Verify the PIN once; return the practice situations. A single one is chosen at once.

        ``pin`` is overwritten whatever happens. Raises SessionLocked (no card, or withdrawn meanwhile), LastTry, the
        card's own PIN errors.
        """
        try:
            card = self._presented()
            if card.tries_left() <= 1 and not last_try_confirmed:
                raise LastTry
            card.verify_pin(pin)
        finally:
            pin[:] = bytes(len(pin))
        with self._lock:
            self._still_presented(card)
            self._verified = card
        situations = card.holder.situations
        if len(situations) == 1:
            self.choose_situation(situations[0])
        return situations

    def tries_left(self) -> int:
        """PIN tries left on the presented card, asked of it, costing none. Raises SessionLocked."""
        return self._presented().tries_left()

    def codes_left(self) -> CodesLeft:
        """Tries left of the PIN and of the unblocking code. Raises SessionLocked, the card's errors."""
        return pin_care.codes_left(self._presented())

    def change_pin(self, pin: bytearray, new: bytearray, *, last_try_confirmed: bool = False) -> None:
        """One try with ``pin``; both are overwritten. Raises SessionLocked, and as ``pin_care.change``."""
        try:
            pin_care.change(self._locked(), pin, new, last_try_confirmed=last_try_confirmed)
        finally:
            pin[:], new[:] = bytes(len(pin)), bytes(len(new))

    def unblock_pin(self, code: bytearray, new: bytearray, *, last_try_confirmed: bool = False) -> None:
        """One try with the unblocking code; both are overwritten. Raises SessionLocked, and as ``pin_care.unblock``."""
        try:
            pin_care.unblock(self._locked(), code, new, last_try_confirmed=last_try_confirmed)
        finally:
            code[:], new[:] = bytes(len(code)), bytes(len(new))

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

    # -- the patient -----------------------------------------------------------------------------------------

    @property
    def case(self) -> Case | None:
        """The open patient."""
        return self._case

    @property
    def turn(self) -> int:
        """Changes whenever another patient (or none) becomes the open one."""
        return self._turn

    def take_beneficiary(
        self,
        reading: VitaleReading,
        beneficiary: Beneficiary,
        *,
        read_again: Callable[[], VitaleReading] | None = None,
        turn: int | None = None,
    ) -> Case:
        """Open the patient chosen on a Vitale card: INS asked of INSi, status RECUP.

        ``read_again`` reads the card now in the reader: it must be the one on which the patient was chosen.
        Raises TestCardRefused, VitaleSwapped, what ``read_again`` raises, StaleReading, NoOwnNir, CenturyMissing,
        IdentityMismatch, and INSi's errors.
        """
        if self._production and reading.is_test_card:
            raise TestCardRefused
        if not reading.is_fresh(self._clock()):
            raise StaleReading
        if not beneficiary.own_nir:
            raise NoOwnNir
        if beneficiary.birth_date.startswith("??"):
            raise CenturyMissing(field="birth_date")
        turn = self._begin(turn)
        if read_again and read_again().serial != reading.serial:
            raise VitaleSwapped
        answer = self._open_desk().connections.insi.by_vitale(beneficiary)
        differing = same_person(
            answer.traits,
            birth_name=beneficiary.birth_name,
            birth_date=beneficiary.birth_date,
            first_name=beneficiary.first_name,
        )
        return self._take(turn, answer, differing, beneficiary.used_name)

    def take_traits(self, traits: StrictTraits, typed_ins: Ins | None = None, *, turn: int | None = None) -> Case:
        """Open a patient found by traits; a typed matricule must be the one INSi gives.

        Raises IdentityMismatch and INSi's errors.
        """
        turn = self._begin(turn)
        answer = self._open_desk().connections.insi.by_traits(traits)
        differing = same_person(
            answer.traits, birth_name=traits.birth_name, birth_date=traits.birth_date, sex=traits.sex
        )
        if typed_ins and typed_ins.matricule != answer.ins.matricule:
            differing = ("ins", *differing)
        return self._take(turn, answer, differing)

    def _begin(self, asked: int | None) -> int:
        self._open_desk()
        with self._lock:
            if asked is not None:
                self._same_turn(asked)
            self.forget_patient()
            return self._turn

    def _take(self, turn: int, answer: InsiAnswer, differing: tuple[str, ...], used_name: str = "") -> Case:
        if differing:
            raise IdentityMismatch(differing)
        case = Case(Patient(answer.traits, IdentityStatus.RETRIEVED, answer.ins, used_name))
        with self._lock:
            self._same_turn(turn)
            self._case = case
            return case

    def confirm_identity(self) -> Case:
        """The user checked an official identity document: the identity is qualified."""
        turn, case = self._open_case()
        return self._change(turn, case.access, patient=case.patient.with_identity_checked())

    def forget_patient(self) -> None:
        """No patient open any more; answers still on their way will be dropped."""
        with self._lock:
            self._turn += 1
            self._case = None

    def abandon(self) -> None:
        """The user cancelled: answers still on their way are dropped, the open patient stays as they are."""
        with self._lock:
            self._turn += 1

    def _open_case(self, asked: int | None = None) -> tuple[int, Case]:
        with self._lock:
            if asked is not None:
                self._same_turn(asked)
            if self._case is None:
                raise PatientChanged("no patient open")
            return self._turn, self._case

    def _change(self, turn: int, asked_in: Access, **changes: Any) -> Case:
        """Change the open case, if it is still the one, in the mode, for which the answer was asked."""
        with self._lock:
            self._same_case(turn, asked_in)
            self._case = case = replace(self._open_case()[1], **changes)
            return case

    def _same_case(self, turn: int, asked_in: Access) -> None:
        with self._lock:
            self._same_turn(turn)
            if self._open_case()[1].access != asked_in:
                raise PatientChanged("the access mode is no longer the same")

    def _same_turn(self, turn: int) -> None:
        if turn != self._turn:
            raise PatientChanged

    # -- the dossier -----------------------------------------------------------------------------------------

    def look(self, *, turn: int | None = None) -> Case:
        """TD0.2 in the current mode: does the dossier exist, may one read it?"""
        turn, case = self._open_case(turn)
        status = self.dmp.dossier_status(case.patient.qualified_ins, case.access)
        if status.traits:
            self._refuse_other_person(status.traits, case.patient)
        return self._change(turn, case.access, status=status)

    @staticmethod
    def _refuse_other_person(known: StrictTraits, patient: Patient) -> None:
        mine = patient.traits
        differing = same_person(
            known,
            birth_name=mine.birth_name,
            birth_date=mine.birth_date,
            first_name=mine.first_name,
            sex=mine.sex,
        )
        if differing:
            raise IdentityMismatch(differing)

    def verdict(self) -> Verdict | None:
        """May one read now, and by which rule? None while TD0.2 has not answered."""
        case, card = self._case, self._card
        if case is None or case.status is None or card is None:
            return None
        return may_read(case.status, case.access.mode, card.holder.card_kind)

    def emergency_verdict(self) -> Verdict | None:
        """Is break-glass of any use here? None while TD0.2 has not answered."""
        case, card = self._case, self._card
        if case is None or case.status is None or card is None:
            return None
        return may_break_glass(case.status, card.holder.card_kind)

    def record_consent(self, *, turn: int | None = None) -> Case:
        """TD0.3: the patient agreed, the user says so by an act; then TD0.2 again."""
        turn, case = self._open_case(turn)
        self.dmp.declare_authorisation(case.patient.qualified_ins)
        self._same_turn(turn)
        return self.look(turn=turn)

    def break_glass(self, reason: EmergencyReason, words: str, *, turn: int | None = None) -> Case:
        """Enter by break-glass and read the list in one go; when the server refuses, the mode stays normal."""
        if not words.strip():
            raise InvalidInput("a reason in words is required", field="words", rule="L.1111-17")
        turn, case = self._open_case(turn)
        access = Access(AccessMode.BREAK_GLASS, reason, words.strip(), self._clock())
        documents = self.dmp.find_documents(case.patient.qualified_ins, access)
        return self._change(turn, case.access, access=access, documents=documents)

    def end_emergency(self) -> Case:
        """Back to normal access; what was read in the emergency leaves the screen, what is on its way is dropped."""
        with self._lock:
            turn, case = self._open_case()
            return self._change(turn, case.access, access=NORMAL, documents=())

    def list_documents(self, *, turn: int | None = None) -> Case:
        """TD3.1 in the current mode. Raises Refused when the table already says no."""
        turn, case = self._open_case(turn)
        verdict = self.verdict()
        if verdict is not None and not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        documents = self.dmp.find_documents(case.patient.qualified_ins, case.access)
        return self._change(turn, case.access, documents=documents)

    def open_document(self, entry: DocumentEntry, *, turn: int | None = None) -> RetrievedDocument:
        """TD3.2 in the current mode."""
        turn, case = self._open_case(turn)
        if entry.patient_id != case.patient.ins:
            raise PatientChanged("entry of another patient")
        document = self.dmp.retrieve(case.patient.qualified_ins, entry, case.access)
        self._same_case(turn, case.access)
        return document


def error_code(error: BaseException) -> str:
    """The sentence key of any error: its own code, or "internal" when it is our bug."""
    return error.code if isinstance(error, PraticienError) else "internal"
