"""Requests per second of the reference server, TLS and VIHF verified, beside a bare handler over the same TLS.

Each request passes mutual TLS, the VIHF's signature and certificate chain, the access rules, one database transaction
with a trace. "Fresh VIHF": each request has an assertion of its own; "reused": one assertion serves all, as in a
session. The bare handler reads as many bytes and answers as many.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils

from benchmarks.figures import Row, Section
from benchmarks.load import Clients, Identity, Job, answer_size, clients
from benchmarks.setting import SOFTWARE_OID, Setting
from connectors.dmp import td0_2, td3_1, vihf
from connectors.dmp.sender import Sender, utc_now
from connectors.endpoint import Software
from connectors.soap import envelope
from connectors.soap.parsing import Element
from demonstration import cards
from demonstration.authority import KeyPair, read_pair
from demonstration.people import CARDS, NORA
from praticien.access import NORMAL
from praticien.professional import CardHolder

TITLE = "Requests per second of the reference server, TLS and VIHF verified"
CLIENTS = (1, 4)
_CARD = CARDS["cps-medecin"]
_FRESH_PER_SECOND = 200
"""Assertions made beforehand for one client and second; used up, they serve again (the server remembers none)."""


@dataclass(frozen=True)
class Transaction:
    """A question that changes nothing: its name, service, WS-Addressing action, and the body for one call."""

    name: str
    service: str
    action: str
    body: Callable[[], Element]


class SoftwareSigner:
    """The keys of the general practitioner's virtual card without the card. Implements Signer."""

    supports_pss = False

    def __init__(self, authentication: KeyPair, signature: KeyPair) -> None:
        self._authentication, self._signature = authentication, signature

    @property
    def authentication_certificate(self) -> bytes:
        """See Signer."""
        return self._authentication.certificate_der

    @property
    def signature_certificate(self) -> bytes:
        """See Signer."""
        return self._signature.certificate_der

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """See Signer; SHA-256 alone."""
        assert hash_name == "sha256"
        return self._authentication.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))

    def authenticate_pss(self, encoded: bytes) -> bytes:
        """See Signer: never asked for."""
        raise NotImplementedError

    def sign(self, message: bytes) -> bytes:
        """See Signer."""
        return self._signature.key.sign(message, padding.PKCS1v15(), hashes.SHA256())


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
        endpoint, self._seconds = setting.endpoint, setting.seconds
        self.many = max(2, int(setting.seconds * _FRESH_PER_SECOND))
        cards.cps(setting.folder, _CARD)  # makes the keys when no card table did
        kept = setting.folder / "cards"
        tls = kept / f"{_CARD.name}-authentication"
        self._endpoint = endpoint
        self.identity = Identity(str(endpoint.ca_file), f"{tls}.pem", f"{tls}.key")
        signer = SoftwareSigner(read_pair(kept, tls.name), read_pair(kept, f"{_CARD.name}-signature"))
        holder = CardHolder(_CARD.card_kind, _CARD.serial, _CARD.professional, _CARD.situations)
        self._software = Software("Praticien", "0", SOFTWARE_OID, SOFTWARE_OID)
        self._sender = Sender(signer, holder, _CARD.situations[0], self._software, utc_now())

    def transactions(self) -> tuple[Transaction, ...]:
        """TD0.2 and TD3.1 about a patient who gave their authorisation."""
        return (
            Transaction("TD0.2", "patients", td0_2.ACTION, lambda: td0_2.request(NORA.ins, self._software, utc_now())),
            Transaction("TD3.1", "registry", td3_1.ACTION, lambda: td3_1.find_documents(NORA.ins)),
        )

    def job(self, transaction: Transaction, assertions: int) -> Job:
        """Requests with so many different assertions."""
        url = self._endpoint.url(transaction.service)
        return Job(url, [self._request(transaction, url) for _ in range(assertions)], self._seconds)

    def _request(self, transaction: Transaction, url: str) -> bytes:
        assertion = vihf.build(self._sender, NORA.ins, NORMAL, utc_now())
        return envelope.write(envelope.Request(transaction.action, transaction.body(), assertion), url)[0]


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
