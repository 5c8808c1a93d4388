"""What the reference server carries on two processors: submissions and queries a second, with a full database.

Everything as it is for anybody: mutual TLS, signatures of VIHF and lot, rules, one signed trace each, all on disk
before it is acknowledged. One VIHF serves many requests, as in a session. Two worker processes. The clients are one
process that sends what was signed beforehand; they run on the same two processors, and the share they take is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from benchmarks import bulk, raw_client
from benchmarks.figures import Row, Section
from benchmarks.presigned import Practitioner
from benchmarks.processes import processor
from benchmarks.raw_client import Answered, Flood
from benchmarks.setting import Setting
from praticien.identity import Ins
from reference_server.storage.database import Database

TITLE = "Submissions and queries per second of the reference server, two workers, full database"
CLIENTS = (1, 4, 16)
WORKERS = 2
_DOSSIERS = 1000
_RETURNED = 10
"""Documents in the dossiers that are asked about."""
_SUBMISSIONS_PER_SECOND = 250
"""Signed beforehand for one second: more than the server takes."""
GROWTH = (10, 100, 1000, 10_000)


def measure(setting: Setting, runs: int) -> Section:
    """Samples of ``setting.seconds`` each, on a server of its own."""
    with setting.another(workers=WORKERS) as own:
        return _measured(own, runs)


def _measured(setting: Setting, runs: int) -> Section:
    practitioner = Practitioner(setting)
    asked = [bulk.patient(90_000 + number) for number in range(20)]
    with database_of(setting) as database:
        _fill(setting, database, practitioner, asked)
    queries = [practitioner.query(ins) for ins in asked]
    rows: list[Row] = []
    shares: list[float] = []
    for clients in CLIENTS:
        rows += _carried(setting, practitioner, queries, clients=clients, runs=runs, shares=shares)
    rows += _growth(setting, practitioner, runs)
    return Section(TITLE, tuple(rows), notes=(f"{setting.documents} documents in the database", _said(shares)))


def _fill(setting: Setting, database: Database, practitioner: Practitioner, asked: list[Ins]) -> None:
    others = [bulk.patient(number) for number in range(min(_DOSSIERS, setting.documents))]
    bulk.add_dossiers(database, [*others, *asked])
    bulk.spread(database, practitioner.submission, others, setting.documents)
    bulk.spread(database, practitioner.submission, asked, _RETURNED * len(asked))


@contextmanager
def database_of(setting: Setting) -> Iterator[Database]:
    """The running server's database, opened beside it."""
    setting.server  # noqa: B018 - makes it
    with closing(Database(setting.folder / "dmp")) as database:
        yield database


def _carried(
    setting: Setting, practitioner: Practitioner, queries: list[bytes], *, clients: int, runs: int, shares: list[float]
) -> Iterator[Row]:
    people = "1 client" if clients == 1 else f"{clients} clients"
    rates: dict[str, list[float]] = {"submissions (TD2.1)": [], "queries (TD3.1)": []}
    costs: dict[str, list[float]] = {name: [] for name in rates}
    for _ in range(runs):
        made = list(practitioner.submissions(max(4 * clients, int(setting.seconds * _SUBMISSIONS_PER_SECOND))))
        for name, requests in zip(rates, (made, queries), strict=True):
            before = processor(setting.server.pid)
            answered = flood(setting, practitioner, requests, clients=clients, repeated=requests is queries)
            rates[name].append(answered.per_second)
            costs[name].append(1000 * (processor(setting.server.pid) - before) / answered.count)
            shares.append(answered.processor / answered.elapsed)
    for name, rate in rates.items():
        yield Row(f"{name}, {people}", "req/s", rate)
        yield Row("   processor time of the server for one", "ms", costs[name])


def flood(
    setting: Setting, practitioner: Practitioner, requests: list[bytes], *, clients: int, repeated: bool
) -> Answered:
    """Ask for ``setting.seconds``."""
    address = urlsplit(practitioner.url(""))
    assert address.hostname is not None
    assert address.port is not None
    return raw_client.run(
        Flood((address.hostname, address.port), practitioner.identity, requests, clients, setting.seconds, repeated)
    )


def _growth(setting: Setting, practitioner: Practitioner, runs: int) -> Iterator[Row]:
    """One client asks for a whole dossier, of more and more documents."""
    ins = bulk.patient(99_000)
    there = 0
    with database_of(setting) as database:
        bulk.add_dossiers(database, [ins])
        for size in GROWTH:
            if size > max(setting.documents, GROWTH[0]):
                return
            bulk.fill(database, practitioner.submission, ins, size - there)
            there, samples = size, []
            for _ in range(runs):
                answered = flood(setting, practitioner, [practitioner.query(ins)], clients=1, repeated=True)
                samples.append(1000 * answered.elapsed / answered.count)
            octets = answered.octets / answered.count / 1000
            yield Row(f"one query of a dossier of {size} documents ({octets:.0f} kB)", "ms", samples)


def _said(shares: list[float]) -> str:
    return f"the clients took {min(shares):.0%} to {max(shares):.0%} of one of {os.cpu_count()} processors"
