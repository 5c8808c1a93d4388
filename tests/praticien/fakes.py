"""Ports played in memory. ``meanwhile`` runs inside a call: what happens while the answer is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from demonstration import people
from demonstration.people import CardPerson, DossierSeed
from praticien.access import Access, Authorisation, DossierState, DossierStatus
from praticien.administrative import AdministrativeData
from praticien.errors import Refused
from praticien.habilitations import AuthorisationAct, AuthorisedDossier, AuthorisedHolder
from praticien.identity import Ins, StrictTraits
from praticien.metadata import (
    Acknowledgement,
    Association,
    Availability,
    Code,
    DocumentEntry,
    Reference,
    RetrievedDocument,
    Submission,
)
from praticien.ports import Connections, InsiAnswer, PadAct
from praticien.practice import Practice
from praticien.professional import CardHolder
from praticien.regulation import Found, SearchCriteria
from praticien.visits import Visits
from praticien.vitale import Beneficiary, VitaleHolder, VitaleReading

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def nothing() -> None:
    """Nothing happens meanwhile."""


class WrongPin(Refused):
    code = "card.pin_wrong"


class FakeSigner:
    authentication_certificate = b"authentication"
    signature_certificate = b"signature"
    supports_pss = False

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        return b""

    def sign(self, message: bytes) -> bytes:
        return b""


class FakeCard:
    def __init__(self, person: CardPerson, *, tries: int = 3) -> None:
        self._person = person
        self.tries = tries
        self.pins: list[bytes] = []
        self.closed = 0
        self.signer = FakeSigner()
        self.meanwhile: Callable[[], None] = nothing

    @property
    def holder(self) -> CardHolder:
        person = self._person
        return CardHolder(person.card_kind, person.serial, person.professional, person.situations, True)

    def tries_left(self) -> int:
        return self.tries

    @property
    def on_pad(self) -> frozenset[PadAct]:
        return frozenset()

    def verify_pin(self, pin: bytearray) -> None:
        self.pins.append(bytes(pin))
        self.meanwhile()
        if bytes(pin) != self._person.pin.encode():
            self.tries -= 1
            raise WrongPin
        self.tries = 3

    def is_present(self) -> bool:
        return True

    def close(self) -> None:
        self.closed += 1


@dataclass
class FakeDmp:
    """A dossier that answers; ``calls`` says what was asked, and in which mode."""

    status: DossierStatus = field(default_factory=lambda: DossierStatus(DossierState.OPEN, Authorisation.VALID))
    documents: tuple[DocumentEntry, ...] = ()
    calls: list[tuple[str, Access | None]] = field(default_factory=list)
    meanwhile: Callable[[], None] = nothing
    error: Exception | None = None
    data: AdministrativeData = field(default_factory=AdministrativeData)
    found: Found = field(default_factory=Found)
    closed: int = 0
    sets: dict[str, datetime] = field(default_factory=dict)
    edges: tuple[Association, ...] = ()
    changed: list[tuple[str, object]] = field(default_factory=list)

    def _answer(self, name: str, access: Access | None = None) -> None:
        self.calls.append((name, access))
        self.meanwhile()
        if self.error:
            raise self.error

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        self._answer("status", access)
        return self.status

    def administrative_data(self, patient: Ins, access: Access) -> AdministrativeData:
        self._answer("administrative", access)
        return self.data

    def search(self, criteria: SearchCriteria, access: Access) -> Found:
        self._answer("search", access)
        return self.found

    def declare_authorisation(self, patient: Ins, *, secret: bool = False) -> None:
        self._answer("declare", Access(secret=secret))
        self.status = DossierStatus(self.status.state, Authorisation.VALID)

    def deposit(self, submission: Submission, access: Access) -> Acknowledgement:
        self._answer("deposit", access)
        return Acknowledgement(submission.submission_set.unique_id, NOW)

    def find_documents(
        self, patient: Ins, access: Access, statuses: Iterable[Availability] = (Availability.APPROVED,)
    ) -> tuple[DocumentEntry, ...]:
        self._answer("find", access)
        wanted = tuple(statuses)
        return tuple(one for one in self.documents if one.availability in wanted)

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        self._answer("retrieve", access)
        return RetrievedDocument(entry.unique_id, entry.mime_type, b"<ClinicalDocument/>")

    def find_by_reference(
        self, patient: Ins, references: Iterable[Reference], access: Access
    ) -> tuple[DocumentEntry, ...]:
        self._answer("reference", access)
        return tuple(one for one in self.documents if set(one.references) & set(references))

    def get_entries(self, patient: Ins, entry_uuids: Iterable[str], access: Access) -> tuple[DocumentEntry, ...]:
        self._answer("entries", access)
        wanted = tuple(entry_uuids)
        return tuple(one for one in self.documents if one.entry_uuid in wanted)

    def submitted_since(self, patient: Ins, since: datetime, access: Access) -> tuple[str, ...]:
        self._answer("sets", access)
        return tuple(name for name, moment in self.sets.items() if moment >= since)

    def associations(self, patient: Ins, identifiers: Iterable[str], access: Access) -> tuple[Association, ...]:
        self._answer("associations", access)
        wanted = tuple(identifiers)
        return tuple(one for one in self.edges if one.source in wanted or one.target in wanted)

    def set_availability(self, patient: Ins, entry: DocumentEntry, status: Availability, access: Access) -> None:
        self._answer("availability", access)
        self.changed.append((entry.unique_id, status))

    def set_visibility(
        self, patient: Ins, entry: DocumentEntry, confidentiality: Iterable[Code], *, secret: bool = False
    ) -> None:
        self._answer("visibility", Access(secret=secret))
        self.changed.append((entry.unique_id, tuple(code.code for code in confidentiality)))

    def revise_authorisation(self, patient: Ins, act: AuthorisationAct, *, secret: bool = False) -> None:
        self._answer("revise", Access(secret=secret))
        self.changed.append(("authorisation", act))

    def authorised_dossiers(self) -> tuple[AuthorisedDossier, ...]:
        self._answer("mine")
        return ()

    def authorised_holders(self, patient: Ins, *, secret: bool = False) -> tuple[AuthorisedHolder, ...]:
        self._answer("holders", Access(secret=secret))
        return ()

    def correct_data(
        self, patient: Ins, traits: StrictTraits, data: AdministrativeData, *, secret: bool = False
    ) -> None:
        self._answer("correct", Access(secret=secret))
        self.data = data

    def close_dossier(self, patient: Ins, traits: StrictTraits, *, secret: bool = False) -> None:
        self._answer("close", Access(secret=secret))
        self.status = DossierStatus(DossierState.CLOSED)

    def close(self) -> None:
        self.closed += 1

    @property
    def asked(self) -> list[str]:
        return [name for name, _ in self.calls]


@dataclass
class FakeInsi:
    answer: InsiAnswer
    meanwhile: Callable[[], None] = nothing
    asked: int = 0

    def by_vitale(self, beneficiary: Beneficiary) -> InsiAnswer:
        return self._give()

    def by_traits(self, traits: StrictTraits) -> InsiAnswer:
        return self._give()

    def _give(self) -> InsiAnswer:
        self.asked += 1
        self.meanwhile()
        return self.answer


def insi_answer(seed: DossierSeed) -> InsiAnswer:
    return InsiAnswer(seed.ins, seed.traits)


def vitale(name: str, *, read_at: datetime = NOW) -> VitaleReading:
    family = people.VITALES[name]
    first = family.beneficiaries[0]
    holder = VitaleHolder(first.nir, first.birth_name, first.first_name, first.birth_date)
    return VitaleReading(family.serial, read_at, holder, family.beneficiaries, True)


class Desk:
    """A practice with its fakes, a card unlocked and (when asked) a patient open and qualified."""

    def __init__(
        self, card: str = "cps-medecin", seed: DossierSeed = people.SOLO, visits: Visits | None = None
    ) -> None:
        self.card = FakeCard(people.CARDS[card])
        self.dmp = FakeDmp()
        self.insi = FakeInsi(insi_answer(seed))
        self.connected: list[str] = []
        self.while_connecting: Callable[[], None] = nothing
        self.seed = seed
        self.now = NOW
        self.practice = Practice(self._connect, clock=lambda: self.now, visits=visits)

    def _connect(self, signer, holder, situation) -> Connections:  # type: ignore[no-untyped-def]
        self.connected.append(situation.structure.national_id)
        self.while_connecting()
        return Connections(self.dmp, self.insi)

    def unlocked(self) -> Desk:
        self.practice.present(self.card)
        situations = self.practice.unlock(bytearray(b"1234"))
        if not self.practice.is_unlocked:
            self.practice.choose_situation(situations[0])
        return self

    def with_patient(self) -> Desk:
        self.unlocked()
        self.practice.take_traits(self.seed.traits)
        self.practice.confirm_identity()
        return self
