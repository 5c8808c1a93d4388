"""Everything that the window is handed, put together from the few parts that differ, and let go at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from card_reader.desk import Desk
from composition.doctor import doctor
from composition.receiving import lab_reader, laboratory, reception
from composition.software import NAME, version
from connectors.connecting import connecting
from connectors.endpoint import DmpEndpoint, Software
from connectors.server_clock import ServerClock
from connectors.xdm.packager import XdmPackager
from praticien.comparisons import Comparisons
from praticien.configuration import Settings
from praticien.consents import ConsentRegister
from praticien.deposit import new_oid, prepare
from praticien.deposited import Deposited
from praticien.documents import imaging_acts, prescription_products
from praticien.emergency import EmergencyRules
from praticien.imaging_configuration import ImagingConfiguration
from praticien.listening import ListenAddress, TlsFiles
from praticien.outbox import Outbox
from praticien.practice import Case, Practice
from praticien.professional import Professional
from praticien.reviews import ReviewQueue
from praticien.visits import Visits
from ui.dependencies import CardTableBackend, Dependencies, ReaderKeys


@dataclass(frozen=True)
class Parts:
    """What differs between the application and its demonstration.

    In ``production`` test cards and test messages are refused. ``listen`` is where laboratories send, in
    clear without ``listen_tls``. The last four are the demonstration's.
    """

    endpoint: DmpEndpoint
    desk: Desk
    data: Path
    outbox_key: Callable[[], bytes]
    ins_oid: str
    radiologists: tuple[Professional, ...] = ()
    production: bool = False
    products_file: Path | None = None
    pkcs11_library: Path | None = None
    emergencies: EmergencyRules | None = None
    imaging: ImagingConfiguration = field(default_factory=ImagingConfiguration)
    listen: ListenAddress | None = None
    listen_tls: TlsFiles | None = None
    notice: str = ""
    card_table: CardTableBackend | None = None
    reader_keys: ReaderKeys | None = None
    patient_view: Callable[[Callable[[], Case | None]], Callable[[], str]] | None = None


def dependencies(parts: Parts) -> Dependencies:
    """What the window is handed. Raises PraticienError: another Praticien is open, the data cannot be read."""
    settings = Settings(parts.data / "settings.json")
    installation = _installation(settings)
    clock = ServerClock()
    key = parts.outbox_key()
    outbox = Outbox(parts.data / "outbox", key)  # first: it says when another Praticien is open
    practice = _practice(parts, key, Software(NAME, version(), installation_id=installation, oid=installation), clock)
    return Dependencies(
        practice=practice,
        desk=parts.desk,
        outbox=outbox,
        prepare=partial(prepare, software_oid=installation),
        deposited=Deposited(parts.data / "deposited.json", key),
        comparisons=Comparisons(parts.data / "comparisons.jsonl", key),
        settings=settings,
        software=NAME,
        version=version(),
        notice=parts.notice,
        ins_oid=parts.ins_oid,
        radiologists=parts.radiologists,
        products=prescription_products.load(parts.products_file),
        card_table=parts.card_table,
        reader_keys=parts.reader_keys,
        patient_view=parts.patient_view and parts.patient_view(lambda: practice.case),
        packager=XdmPackager(installation, NAME),
        diagnose=doctor(parts.desk, parts.endpoint, clock, parts.pkcs11_library, production=parts.production),
        compare_clocks=partial(clock.compare, parts.endpoint),
        acts=imaging_acts.load(parts.imaging.acts_file),
        reception=reception(parts.imaging, parts.data, key),
        lab_inbox=laboratory(parts.data, key, parts.listen, parts.listen_tls, production=parts.production),
        read_lab_file=lab_reader(production=parts.production),
    )


def _installation(settings: Settings) -> str:
    """The OID of this installation, drawn at its first start."""
    if not settings.get("installation"):
        settings.set("installation", new_oid())
    return settings.get("installation")


def _practice(parts: Parts, key: bytes, software: Software, clock: ServerClock) -> Practice:
    return Practice(
        connecting(parts.endpoint, software, clock),
        production=parts.production,
        visits=Visits(parts.data / "visits.json", key),
        consents=ConsentRegister(parts.data / "consents", key),
        emergencies=parts.emergencies,
        reviews=ReviewQueue(parts.data / "reviews", key),
    )


def close(dependencies: Dependencies) -> None:
    """Let the cards, the listeners and the files go."""
    dependencies.practice.lock()
    dependencies.desk.close()
    if dependencies.lab_inbox:
        dependencies.lab_inbox.close()
    if dependencies.reception.store:
        dependencies.reception.store.close()
    dependencies.outbox.close()
    for kept in (dependencies.practice.reviews, dependencies.practice.consents):
        if kept:
            kept.close()
