"""Fake cards, DMP and INSi around the real practice, outbox and deposit; people are the demonstration's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from connectors.lab_files.reading import read_file
from demonstration.people import CARDS, DOSSIERS, SAMU, VITALES, CardPerson, DossierSeed
from praticien.access import Access, AccessMode, Authorisation, DossierState, DossierStatus
from praticien.consents import ConsentRegister
from praticien.deposit import new_oid, prepare
from praticien.documents.lab_report import LabReport
from praticien.documents.model import DocumentKind, NewDocument, Party, TypedText
from praticien.emergency import EmergencyRules
from praticien.errors import EnvironmentProblem, Refused
from praticien.habilitations import AuthorisationAct
from praticien.identity import IdentityStatus, Ins, InsOid, Patient, StrictTraits
from praticien.lab_inbox import LabInbox
from praticien.metadata import (
    Acknowledgement,
    Association,
    AssociationType,
    Availability,
    DocumentEntry,
    RetrievedDocument,
    Submission,
)
from praticien.outbox import Outbox
from praticien.ports import Connections, DeskState, InsiAnswer, PadAct, Slot, SlotState
from praticien.practice import Practice
from praticien.professional import CardHolder, CardKind, PracticeSituation
from praticien.regulation import Candidate, Found, SearchCriteria
from praticien.reviews import ReviewQueue
from praticien.visits import Visits
from praticien.vitale import Beneficiary, VitaleHolder, VitaleReading
from tests.ui.fake_registry import FakeRegistry, Registry
from ui.dependencies import CardFace, Dependencies

OID = "2.25.1234567890"


def read_results(content: bytes) -> Sequence[LabReport]:
    """As ``main`` hands it in, training messages accepted."""
    return read_file(content, production=False)


class WrongPin(Refused):
    """The fake card said no."""

    code = "pin.wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__(rule="PIN")
        self.tries_left = tries_left


class WrongUnblockingCode(WrongPin):
    """The fake card said no to the other code."""

    code = "pin.unblocking_wrong"


class Blocked(WrongPin):
    """No try left."""

    code = "pin.blocked"


class Opposed(Refused):
    """The patient said no to break-glass."""

    code = "dmp.break_glass_opposed"


class OpposedToRegulation(Refused):
    """The patient said no to the regulation centre."""

    code = "dmp.regulation_opposed"


class NobodyFound(Refused):
    """INSi knows nobody with these traits."""

    code = "insi.none"


class Unreachable(EnvironmentProblem):
    """The server cannot be reached."""

    code = "server.unreachable"


class FakeSigner:
    """Never asked for a signature by the window."""

    authentication_certificate = b""
    signature_certificate = b""
    supports_pss = False


class FakeCard:
    """A card whose PIN counter survives the session, as on a real one."""

    def __init__(self, desk: FakeDesk, person: CardPerson, slot: Slot) -> None:
        self._desk, self._person, self._slot = desk, person, slot
        self.signer = FakeSigner()
        self.closed = False
        self.holder = CardHolder(
            person.card_kind, person.serial, person.professional, person.situations, is_test_card=True
        )

    def tries_left(self) -> int:
        return self._desk.tries[self._person.name]

    @property
    def on_pad(self) -> frozenset[PadAct]:
        return frozenset()

    def verify_pin(self, pin: bytearray) -> None:
        self._desk.pins_seen.append(len(pin))
        if bytes(pin) == self._person.pin.encode():
            self._desk.tries[self._person.name] = 3
            return
        self._desk.tries[self._person.name] -= 1
        left = self._desk.tries[self._person.name]
        raise WrongPin(left) if left else Blocked(0)

    def change_pin(self, pin: bytearray, new: bytearray) -> None:
        self.verify_pin(pin)
        self._desk.changed_to.append(bytes(new))

    def unblocking_tries_left(self) -> int:
        return self._desk.unblocking_tries[self._person.name]

    def unblock_pin(self, unblocking_code: bytearray, new: bytearray) -> None:
        left = self._desk.unblocking_tries
        if bytes(unblocking_code) != b"12345678":
            left[self._person.name] -= 1
            raise WrongUnblockingCode(left[self._person.name])
        self._desk.tries[self._person.name] = 3
        self._desk.changed_to.append(bytes(new))

    def is_present(self) -> bool:
        return self._slot in self._desk.state().slots

    def close(self) -> None:
        self.closed = True


class FakeDesk:
    """Two readers; changes are told from another thread, as the real one does."""

    def __init__(self) -> None:
        self._state = DeskState(True, (Slot("lecteur 1", SlotState.EMPTY), Slot("lecteur 2", SlotState.EMPTY)))
        self._listeners: list[Callable[[DeskState], None]] = []
        self._names: dict[str, str] = {}
        self._insertion = 0
        self.tries = dict.fromkeys(CARDS, 3)
        self.unblocking_tries = dict.fromkeys(CARDS, 10)
        self.pins_seen: list[int] = []
        self.changed_to: list[bytes] = []
        self.read_at: datetime | None = None

    def state(self) -> DeskState:
        return self._state

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open_professional_card(self, reader: str) -> FakeCard:
        slot = next(s for s in self._state.slots if s.reader == reader)
        return FakeCard(self, CARDS[self._names[reader]], slot)

    def read_vitale(self, reader: str) -> VitaleReading:
        family = VITALES[self._names[reader]]
        first = family.beneficiaries[0]
        holder = VitaleHolder(first.nir, first.birth_name, first.first_name, first.birth_date)
        return VitaleReading(family.serial, self.read_at or datetime.now(UTC), holder, family.beneficiaries, True)

    def close(self) -> None:
        self._listeners.clear()

    def insert(self, name: str) -> None:
        state = SlotState.PROFESSIONAL_CARD if name in CARDS else SlotState.VITALE
        reader = next(s.reader for s in self._state.slots if s.state is SlotState.EMPTY)
        self._names[reader] = name
        self.put(reader, state)

    def withdraw(self, name: str) -> None:
        reader = next(r for r, n in self._names.items() if n == name)
        del self._names[reader]
        self.put(reader, SlotState.EMPTY)

    def add_reader(self, reader: str) -> None:
        """Another reader, empty."""
        self.become(replace(self._state, slots=(*self._state.slots, Slot(reader, SlotState.EMPTY))))

    def become_holder_of(self, name: str, other: str) -> None:
        """Another card in the same reader, faster than anybody could see."""
        reader = next(r for r, n in self._names.items() if n == name)
        self._names[reader] = other

    def inserted(self) -> frozenset[str]:
        return frozenset(self._names.values())

    def put(self, reader: str, state: SlotState) -> None:
        self._insertion += 1
        slots = tuple(Slot(reader, state, self._insertion) if s.reader == reader else s for s in self._state.slots)
        self.become(replace(self._state, slots=slots))

    def become(self, state: DeskState) -> None:
        self._state = state
        teller = threading.Thread(target=lambda: [listener(state) for listener in list(self._listeners)])
        teller.start()
        teller.join()


@dataclass
class FakeDmp(FakeRegistry):
    """Dossiers of the demonstration in memory; ``calls`` says what was asked, ``gate`` holds answers back."""

    holder: CardHolder
    dossiers: dict[str, DossierSeed]
    authorised: dict[str, Authorisation] = field(default_factory=dict)
    documents: dict[str, list[tuple[DocumentEntry, bytes]]] = field(default_factory=dict)
    calls: list[tuple[str, str, AccessMode]] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    submitted: list[Submission] = field(default_factory=list)
    gate: threading.Event | None = None
    failing: Exception | None = None
    closed: bool = False
    registry: Registry = field(default_factory=Registry)

    def _enter(self, name: str, patient: Ins, access: Access) -> DossierSeed:
        if access.secret:
            self.secret.append(name)
        self._pass(name, patient.matricule, access.mode)
        return self.dossiers[patient.matricule]

    def _pass(self, name: str, matricule: str = "", mode: AccessMode = AccessMode.NORMAL) -> None:
        self.calls.append((name, matricule, mode))
        gate = self.gate
        if gate:
            gate.wait(20)
        if self.failing:
            raise self.failing

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        seed = self._enter("status", patient, access)
        mine = seed.authorisations.get(self.holder.professional.national_id, Authorisation.NONE)
        mine = self.authorised.get(patient.matricule, mine)
        treating = self.registry.treating.get(patient.matricule, seed.treating == self.holder.professional.national_id)
        if patient.matricule in self.registry.closed:
            return DossierStatus(DossierState.CLOSED, closed_on="20261122")
        if seed.state is not DossierState.OPEN:
            return DossierStatus(seed.state, closed_on=seed.closed_on)
        attached = patient.matricule not in self.registry.detached
        return DossierStatus(seed.state, mine, treating, traits=seed.traits, attached=attached)

    def revised(self, patient: Ins, act: AuthorisationAct) -> None:
        action, role = act.value
        if role:
            self.registry.treating[patient.matricule] = action == "AJOUT"
        if action == "AJOUT":
            self.authorised[patient.matricule] = Authorisation.VALID
        elif not role:
            self.authorised[patient.matricule] = Authorisation.NONE
            self.registry.treating[patient.matricule] = False

    def search(self, criteria: SearchCriteria, access: Access) -> Found:
        self.calls.append(("search", "", access.mode))
        if self.failing:
            raise self.failing
        return found_among(self.dossiers.values(), criteria)

    def declare_authorisation(self, patient: Ins, *, secret: bool = False) -> None:
        self._enter("declare", patient, Access(secret=secret))
        self.authorised[patient.matricule] = Authorisation.VALID

    def deposit(self, submission: Submission, access: Access) -> Acknowledgement:
        ins = submission.submission_set.patient_id
        self._enter("deposit", ins, access)
        self.submitted.append(submission)
        for document in submission.documents:
            entry = replace(document.entry, availability=Availability.APPROVED, entry_uuid=f"urn:uuid:{uuid4()}")
            self._replaced(ins, entry, document.replaces)
            self.documents.setdefault(ins.matricule, []).insert(0, (entry, document.content))
        return Acknowledgement(submission.submission_set.unique_id, datetime.now(UTC))

    def _replaced(self, ins: Ins, entry: DocumentEntry, former: str) -> None:
        if former:
            self.registry.edges.append(Association(AssociationType.REPLACE, entry.entry_uuid, former))
            held = self.documents[ins.matricule]
            held[:] = [
                (replace(e, availability=Availability.DEPRECATED) if e.entry_uuid == former else e, c) for e, c in held
            ]

    def find_documents(
        self, patient: Ins, access: Access, statuses: Iterable[Availability] = (Availability.APPROVED,)
    ) -> tuple[DocumentEntry, ...]:
        seed = self._enter("list", patient, access)
        if access.mode is AccessMode.BREAK_GLASS and seed.opposed_to_break_glass:
            raise Opposed(rule="OPPOSITION_BRIS_DE_GLACE")
        if access.mode is AccessMode.REGULATION and seed.opposed_to_regulation:
            raise OpposedToRegulation(rule="OPPOSITION_ACCES_URGENCE")
        wanted = set(statuses)
        return tuple(e for e, _content in self.documents.get(patient.matricule, ()) if e.availability in wanted)

    def technical_ids(self, patient: Ins, unique_id: str, access: Access) -> tuple[str, ...]:
        self._enter("technical_id", patient, access)
        mine = self.documents.get(patient.matricule, ())
        return tuple(f"urn:uuid:{unique_id}" for entry, _content in mine if entry.unique_id == unique_id)

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        self._enter("retrieve", patient, access)
        content = next(c for e, c in self.documents[patient.matricule] if e.unique_id == entry.unique_id)
        return RetrievedDocument(entry.unique_id, entry.mime_type, content)

    def close(self) -> None:
        self.closed = True


def found_among(seeds: Iterable[DossierSeed], criteria: SearchCriteria) -> Found:
    """The open dossiers whose name begins so."""
    found = tuple(
        Candidate(s.traits, s.ins, city=s.city, postal_code=s.postal_code, degree=100, opposed=s.opposed_to_regulation)
        for s in seeds
        if s.state is DossierState.OPEN
        and s.traits.birth_name.startswith(criteria.family_name.upper())
        and s.traits.first_name.startswith(criteria.given_name.upper())
        and criteria.birth_date in ("", s.traits.birth_date)
    )
    return Found(found, len(found))


@dataclass
class FakeInsi:
    """Finds the people of the demonstration."""

    dossiers: dict[str, DossierSeed]
    gate: threading.Event | None = None

    def by_vitale(self, beneficiary: Beneficiary) -> InsiAnswer:
        gate = self.gate
        if gate:
            gate.wait(20)
        seed = self.dossiers[beneficiary.own_nir]
        return InsiAnswer(seed.ins, seed.traits)

    def by_traits(self, traits: StrictTraits) -> InsiAnswer:
        gate = self.gate
        if gate:
            gate.wait(20)
        for seed in self.dossiers.values():
            known = seed.traits
            if (known.birth_name, known.birth_date, known.sex) == (traits.birth_name, traits.birth_date, traits.sex):
                return InsiAnswer(seed.ins, known)
        raise NobodyFound


class Memory:
    """Settings that live as long as the test; whoever is not said to have, has just confirmed the notice."""

    def __init__(self, today: Callable[[], str]) -> None:
        self.values: dict[str, str] = {}
        self._today = today

    def get(self, name: str) -> str:
        return self.values.get(name, self._today() if name.startswith("understood/") else "")

    def set(self, name: str, value: str) -> None:
        self.values[name] = value


class FakeTable:
    """The card table over the fake desk."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.caused: list[tuple[str, str]] = []

    def names(self) -> Sequence[str]:
        return (*CARDS, *VITALES)

    def face(self, name: str) -> CardFace:
        if name in CARDS:
            person = CARDS[name]
            who = person.professional
            structure = person.situations[0].structure.name
            return CardFace(name, person.card_kind.name, f"{who.given_name} {who.family_name}", structure, person.pin)
        first = VITALES[name].beneficiaries[0]
        many = len(VITALES[name].beneficiaries)
        return CardFace(name, "Vitale", f"{first.first_name} {first.birth_name}", f"{many} bénéficiaire(s)")

    def inserted(self) -> frozenset[str]:
        return self._desk.inserted()

    def insert(self, name: str) -> None:
        self._desk.insert(name)

    def withdraw(self, name: str) -> None:
        self._desk.withdraw(name)

    def faults(self) -> Sequence[tuple[str, str]]:
        return (("mute", "Rendre muette"), ("blocked", "Bloquer le code porteur"))

    def cause(self, name: str, fault: str) -> None:
        self.caused.append((name, fault))


@dataclass
class World:
    """Everything around one window."""

    desk: FakeDesk
    practice: Practice
    outbox: Outbox
    insi: FakeInsi
    settings: Memory
    documents: dict[str, list[tuple[DocumentEntry, bytes]]]
    connections: list[FakeDmp]
    chosen: dict[str, Path | None]
    now: list[datetime]
    inbox: LabInbox
    registry: Registry

    @property
    def dmp(self) -> FakeDmp:
        """The latest connection."""
        return self.connections[-1]

    def dependencies(self, **changes) -> Dependencies:
        """What the window is handed."""
        from demonstration.people import RADIOLOGIST

        def preparing(document: NewDocument, *, text_compared: bool = False) -> Submission:
            return prepare(document, software_oid=OID, text_compared=text_compared)

        given = Dependencies(
            practice=self.practice,
            desk=self.desk,
            outbox=self.outbox,
            prepare=preparing,
            settings=self.settings,
            version="0.1.0",
            notice="Démonstration – patients et cartes fictifs",
            ins_oid=InsOid.TEST,
            radiologists=(RADIOLOGIST,),
            card_table=FakeTable(self.desk),
            patient_view=lambda: "<h2>Accès</h2><p>Rien encore.</p>",
            lab_inbox=self.inbox,
            read_lab_file=read_results,
            choose_lab_file=lambda: self.chosen.get("lab"),
            choose_pdf=lambda: self.chosen.get("pdf"),
            choose_dicom_file=lambda: self.chosen.get("dicom"),
            choose_dicom_folder=lambda: self.chosen.get("folder"),
            choose_register=lambda: self.chosen.get("register"),
        )
        return replace(given, **changes)


def sample(seed: DossierSeed, kind: DocumentKind, title: str, text: str, **changes) -> tuple[DocumentEntry, bytes]:
    """A document already in a dossier, built as the application builds them."""
    gp = CARDS["cps-medecin"]
    party = Party(gp.professional, gp.situations[0].structure)
    made = datetime.now(UTC) - timedelta(days=changes.pop("days", 10))
    number = abs(hash((title, seed.ins.matricule))) % 10**12
    document = NewDocument(
        kind=kind,
        title=title,
        body=TypedText(text),
        patient=Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins),
        author=party,
        legal_authenticator=party,
        created_at=made,
        service_start=made,
        unique_id=f"2.25.{number}1",
        set_id=f"2.25.{number}2",
    )
    document = replace(document, **changes)
    submitted = prepare(document, software_oid=OID).documents[0]
    return replace(submitted.entry, entry_uuid=f"urn:uuid:{uuid4()}"), submitted.content


def world(folder: Path) -> World:
    """A fresh one; its outbox lives in ``folder``."""
    dossiers = {seed.ins.matricule: seed for seed in DOSSIERS}
    documents: dict[str, list[tuple[DocumentEntry, bytes]]] = {}
    connections: list[FakeDmp] = []
    insi = FakeInsi(dossiers)
    now: list[datetime] = []
    registry = Registry()

    def connect(signer: object, holder: CardHolder, situation: PracticeSituation) -> Connections:
        dmp = FakeDmp(holder, dossiers, documents=documents, registry=registry)
        connections.append(dmp)
        return Connections(dmp, insi)

    return World(
        desk=FakeDesk(),
        practice=Practice(
            connect,
            clock=lambda: now[-1] if now else datetime.now(UTC),
            visits=Visits(folder / "visits.json", bytes(32)),
            emergencies=EmergencyRules(centres=frozenset({SAMU.national_id})),
            consents=ConsentRegister(folder / "consents", bytes(32)),
            reviews=ReviewQueue(folder / "reviews", bytes(32), clock=lambda: now[-1] if now else datetime.now(UTC)),
        ),
        outbox=Outbox(folder / "outbox", bytes(32)),
        insi=insi,
        settings=Memory(lambda: (now[-1] if now else datetime.now(UTC)).astimezone().date().isoformat()),
        documents=documents,
        connections=connections,
        chosen={},
        now=now,
        inbox=LabInbox(folder / "laboratory", bytes(32), read_results, new_oid),
        registry=registry,
    )


__all__ = ["CardKind", "FakeDesk", "FakeDmp", "World", "sample", "world"]
