"""Fake cards, DMP and INSi around the real practice, outbox and deposit; people are the demonstration's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from connectors.lab_files.reading import read_file
from demonstration.people import CARDS, DOSSIERS, SAMU, DossierSeed
from praticien.consents import ConsentRegister
from praticien.deposit import new_oid, prepare
from praticien.documents.lab_report import LabReport
from praticien.documents.model import DocumentKind, NewDocument, Party, TypedText
from praticien.emergency import EmergencyRules
from praticien.identity import IdentityStatus, InsOid, Patient
from praticien.lab_inbox import LabInbox
from praticien.metadata import DocumentEntry, Submission
from praticien.outbox import Outbox
from praticien.ports import Connections
from praticien.practice import Practice
from praticien.professional import CardHolder, PracticeSituation
from praticien.reviews import ReviewQueue
from praticien.visits import Visits
from tests.ui.fake_cards import FakeDesk, FakeTable
from tests.ui.fake_dmp import FakeDmp, FakeInsi, Opposed, Unreachable
from tests.ui.fake_registry import Registry
from ui.dependencies import Dependencies

OID = "2.25.1234567890"


def read_results(content: bytes) -> Sequence[LabReport]:
    """As ``main`` hands it in, training messages accepted."""
    return read_file(content, production=False)


class Memory:
    """Settings that live as long as the test; whoever is not said to have, has just confirmed the notice."""

    def __init__(self, today: Callable[[], str]) -> None:
        self.values: dict[str, str] = {}
        self._today = today

    def get(self, name: str) -> str:
        return self.values.get(name, self._today() if name.startswith("understood/") else "")

    def set(self, name: str, value: str) -> None:
        self.values[name] = value


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


__all__ = ["DocumentKind", "FakeDesk", "FakeDmp", "Opposed", "Unreachable", "World", "sample", "world"]
