"""One server for the whole module run, on fictitious dossiers, and bearers with software keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from demonstration import people
from demonstration.authority import KeyPair, TestAuthority, write_pair
from praticien.identity import Ins
from praticien.professional import CardKind, Professional, Structure
from reference_server.certificates import TrustStore
from reference_server.clockwork import Clockwork
from reference_server.dispatcher import Dispatcher
from reference_server.running import ServerConfig, ServerThread
from reference_server.schemas import Schemas
from reference_server.seeding import seed
from reference_server.storage import traces
from reference_server.storage.database import Database
from reference_server.storage.tables import TraceRow
from tests import validators
from tests.reference_server.client import Bearer, Client, DirectClient
from tests.reference_server.postgresql import cluster

__all__ = ["cluster"]

G15, R01, A00 = "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5", "1.2.250.1.213.1.1.4.6"


@pytest.fixture(scope="session")
def authority() -> TestAuthority:
    return TestAuthority.create()


@dataclass
class Keys:
    """Pairs and PEM files, made at first use."""

    authority: TestAuthority
    folder: Path

    def files(self, name: str, pair: KeyPair) -> tuple[str, str]:
        write_pair(self.folder, name, pair)
        return str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")

    def person(self, who: Professional, kind: CardKind, structure: Structure, name: str) -> Bearer:
        roles = ((who.profession, G15), (who.specialty, R01)) if who.profession else ((who.role, A00),)
        return Bearer(
            tls=self.files(name, self.authority.professional(who, kind, "", signature=False)),
            signing=self.authority.professional(who, kind, "", signature=True),
            name_id=who.national_id,
            structure=structure.national_id,
            sector=structure.sector,
            roles=tuple(role for role in roles if role[0]),
        )


@pytest.fixture(scope="session")
def keys(authority, tmp_path_factory) -> Keys:
    return Keys(authority, tmp_path_factory.mktemp("keys"))


NURSE = Professional("899700000156", "TESTINFIRMIER", "Luc", profession="60")


@pytest.fixture(scope="session")
def gp(keys) -> Bearer:
    return keys.person(people.GP, CardKind.CPS, people.LILAS, "gp")


@pytest.fixture(scope="session")
def emergency(keys) -> Bearer:
    return keys.person(people.EMERGENCY, CardKind.CPS, people.HOPITAL, "emergency")


@pytest.fixture(scope="session")
def secretary(keys) -> Bearer:
    return keys.person(people.SECRETARY, CardKind.CPE, people.IMAGERIE, "secretary")


@pytest.fixture(scope="session")
def structure_bearer(keys) -> Bearer:
    return Bearer(
        tls=keys.files("structure", keys.authority.structure(people.HOPITAL, signature=False)),
        signing=keys.authority.structure(people.HOPITAL, signature=True),
        name_id="logiciel-1",
        structure=people.HOPITAL.national_id,
        sector="SA01",
        roles=(("AUTOMATE", A00),),
        auth="INDIRECTE",
        subject_name="LOGICIEL HOSPITALIER",
    )


@dataclass
class World:
    """A running server and the way to its files and pages."""

    server: ServerThread
    ca_file: Path
    data: Path

    def client(self, bearer: Bearer) -> Client:
        client = Client(self.server.base_url, self.ca_file, bearer)
        self.clients.append(client)
        return client

    def page(self, ins: Ins) -> dict:
        with requests.get(f"{self.server.patient_url}{ins.matricule}.json", timeout=10) as response:
            return json.loads(response.text)

    def __post_init__(self) -> None:
        self.clients: list[Client] = []

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.server.close()


def start(keys: Keys, folder: Path, **changes) -> World:
    """A server on the fictitious directory and dossiers."""
    folder.mkdir(exist_ok=True)
    (folder / "ca.pem").write_bytes(keys.authority.bundle_pem)
    write_pair(folder, "server", keys.authority.server())
    schema_dir = validators.ROOT / "ihe"
    settings = {
        "data": folder / "dmp",
        "ca_bundle": folder / "ca.pem",
        "server_certificate": folder / "server.pem",
        "server_key": folder / "server.key",
        "directory": people.DIRECTORY,
        "seeds": people.DOSSIERS,
        "schema_dir": schema_dir if schema_dir.is_dir() else None,
    }
    return World(ServerThread(ServerConfig(**(settings | changes))), folder / "ca.pem", folder)


@pytest.fixture(scope="module")
def world(keys, tmp_path_factory) -> Iterator[World]:
    made = start(keys, tmp_path_factory.mktemp("server"))
    yield made
    made.close()


@dataclass
class Desk:
    """A dispatcher on its own database: the whole server but the network."""

    database: Database
    dispatcher: Dispatcher
    moment: list[datetime]

    def client(self, bearer: Bearer) -> DirectClient:
        return DirectClient("", Path(), bearer, dispatcher=self.dispatcher)

    def history(self, ins: Ins) -> list[TraceRow]:
        with self.database.reading() as session:
            rows = traces.traces_of(session, ins.matricule)
            session.expunge_all()
            return rows

    def last_trace(self) -> TraceRow:
        with self.database.reading() as session:
            row = session.scalars(select(TraceRow).order_by(TraceRow.number.desc())).first()
            session.expunge_all()
            return row

    def told(self, ins: Ins, recipient: str = "") -> list[str]:
        with self.database.reading() as session:
            rows = traces.notifications_of(session, ins.matricule)
            return [row.text for row in rows if row.recipient == recipient]

    def later(self, **parts: float) -> None:
        """The server's clock moves on."""
        self.moment[0] += timedelta(**parts)

    def turn(self) -> None:
        """The daily turn of the clockwork."""
        Clockwork(self.database, lambda: self.moment[0]).turn()


@pytest.fixture(scope="session")
def schemas() -> Schemas | None:
    """The official schemas, when they are there: every request and answer of every desk passes them."""
    folder = validators.ROOT / "ihe"
    return Schemas(folder) if folder.is_dir() else None


@pytest.fixture
def new_database_url() -> Callable[[], str]:
    """SQLite; ``test_storage`` says otherwise."""
    return str


@pytest.fixture
def make_desk(authority, tmp_path, schemas, new_database_url) -> Iterator[Callable[..., Desk]]:
    made = []

    def make(seeds=people.DOSSIERS, submissions=(), directory=people.DIRECTORY, strict=True) -> Desk:
        database = Database(tmp_path / f"dmp{len(made)}", new_database_url())
        seed(database, directory, seeds, submissions)
        moment = [datetime.now(UTC)]
        trust = TrustStore(authority.bundle_pem)
        checked = schemas if strict else None
        desk = Desk(database, Dispatcher(database, trust, clock=lambda: moment[0], schemas=checked), moment)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.database.close()


@pytest.fixture
def desk(make_desk) -> Desk:
    return make_desk()


@pytest.fixture
def bare_desk(make_desk) -> Desk:
    """Without the official schemas: what the server's own rules refuse."""
    return make_desk(strict=False)
