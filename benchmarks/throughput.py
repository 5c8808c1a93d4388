"""Requests per second of the reference server, TLS and VIHF verified, beside a bare handler over the same TLS.

Each request passes mutual TLS, the VIHF's signature and certificate chain, the access rules, one database transaction
with a trace. "Fresh VIHF": each request has an assertion of its own; "reused": one assertion serves all, as in a
session, and its signature is proven once. The bare handler reads as many bytes and answers as many.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Row, Section
from benchmarks.load import Clients, Job, answer_size, clients
from benchmarks.presigned import Practitioner
from benchmarks.setting import Setting
from connectors.dmp import td0_2, td3_1
from connectors.dmp.sender import utc_now
from connectors.soap.parsing import Element
from demonstration.people import NORA

TITLE = "Requests per second of the reference server, TLS and VIHF verified"
CLIENTS = (1, 4)
_FRESH_PER_SECOND = 200
"""Assertions made beforehand for one client and second; used up, they serve again (the server then has proven them)."""


@dataclass(frozen=True)
class Transaction:
    """A question that changes nothing: its name, service, WS-Addressing action, and the body for one call."""

    name: str
    service: str
    action: str
    body: Callable[[], Element]


def measure(setting: Setting, runs: int) -> Section:
    """Samples of ``setting.seconds``; ours and the bare handler's alternate."""
    bench = _Bench(setting)
    rows: list[Row] = []
    with bare_server(setting.folder) as bare, clients(max(CLIENTS), bench.identity) as working:
        for count in CLIENTS:
            for transaction in bench.transactions():
                rows += _compared(bench, transaction, bare, working, count=count, runs=runs)
    return Section(TITLE, tuple(rows))


def _compared(
    bench: _Bench, transaction: Transaction, bare: str, working: Clients, *, count: int, runs: int
) -> list[Row]:
    """Fresh VIHF, reused VIHF, bare handler, in turn."""
    fresh = [bench.job(transaction, bench.many) for _ in range(count)]
    reused = [bench.job(transaction, 1) for _ in range(count)]
    size = answer_size(reused[0], bench.identity)
    empty = [Job(f"{bare}/{size}", job.bodies, job.seconds) for job in reused]
    ways = {"fresh VIHF": fresh, "reused VIHF": reused, "bare handler": empty}
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, jobs in ways.items():
            samples[name].append(working.per_second(jobs))
    people = "1 client" if count == 1 else f"{count} clients"
    first, second, peer = (Row(f"{transaction.name}, {people}, {name}", "req/s", samples[name]) for name in ways)
    return [first.beside(peer), second.beside(peer), peer]


class _Bench:
    """Requests ready to be sent in the name of the general practitioner."""

    def __init__(self, setting: Setting) -> None:
        self._seconds, self._practitioner = setting.seconds, Practitioner(setting)
        self.many = max(2, int(setting.seconds * _FRESH_PER_SECOND))
        self.identity = self._practitioner.identity

    def transactions(self) -> tuple[Transaction, ...]:
        """TD0.2 and TD3.1 about a patient who gave their authorisation."""
        software = self._practitioner.software
        return (
            Transaction("TD0.2", "patients", td0_2.ACTION, lambda: td0_2.request(NORA.ins, software, utc_now())),
            Transaction("TD3.1", "registry", td3_1.ACTION, lambda: td3_1.find_documents(NORA.ins)),
        )

    def job(self, transaction: Transaction, assertions: int) -> Job:
        """Requests with so many different assertions."""
        url = self._practitioner.url(transaction.service)
        return Job(url, [self._request(transaction) for _ in range(assertions)], self._seconds)

    def _request(self, transaction: Transaction) -> bytes:
        assertion = self._practitioner.assertion(NORA.ins)
        return self._practitioner.envelope(transaction.action, transaction.body(), assertion, transaction.service)


@contextmanager
def bare_server(folder: Path) -> Iterator[str]:
    """The bare handler with the reference server's own certificate, in a process of its own; its ``base_url``."""
    files = [str(folder / name) for name in ("ca.pem", "server.pem", "server.key")]
    command = [sys.executable, "-m", "benchmarks.bare_server", *files]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.communicate()  # closes its standard input: it ends
