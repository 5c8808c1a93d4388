"""Where the reference server's processor time goes: one submission, one query of ten documents, stage by stage.

The dispatcher runs in this process on the database of a running server; the functions that do a stage are replaced by
ones that add up the processor time of their thread, what a stage inside them takes left out. The last row is what the
server's own process takes for the same request under one client, less the rest: TLS, HTTP, and handing over to threads.
Processor time hardly depends on what else the machine does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import GeneratorType
from typing import Any
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks import bulk
from benchmarks.capacity import database_of, flood
from benchmarks.figures import Row, Section
from benchmarks.presigned import Practitioner
from benchmarks.processes import processor
from benchmarks.setting import Setting
from reference_server import dispatcher, mtom, soap
from reference_server.certificates import TrustStore
from reference_server.dispatcher import Dispatcher
from reference_server.exchange import Exchange
from reference_server.metadata import cda, lot_signature, registration, submission
from reference_server.services import queries
from reference_server.vihf import Verifier

TITLE = "Processor time of one request of the reference server, by stage"
_RETURNED = 10
_WARM_UP = 10
_REST = "transaction, commit, the rest"
_STAGES: tuple[tuple[str, Any, str], ...] = (
    ("MIME and SOAP read", mtom, "read"),
    ("MIME and SOAP read", soap, "read"),
    ("VIHF verified", Verifier, "verify"),
    ("metadata read, rules", submission, "read"),
    ("metadata read, rules", submission, "findings"),
    ("CDA parsed, compared", cda, "findings"),
    ("lot signature verified", lot_signature, "check"),
    ("registry objects written", registration, "filing"),
    ("caller admitted", dispatcher, "admit"),
    ("access decided", Exchange, "require"),
    ("registry asked, rows stored", registration, "check_against_registry"),
    ("registry asked, rows stored", registration, "register"),
    ("documents selected", queries, "find_documents"),
    ("trace signed, messages", Exchange, "close"),
    ("answer written", soap, "answer"),
    ("answer written", Dispatcher, "_packed"),
    (_REST, Dispatcher, "handle"),
)
"""Name of a stage, and the functions that do it: their owner, their name."""


@dataclass
class Clock:
    """Processor seconds of this thread by stage; a stage inside another is not counted twice."""

    spent: dict[str, float] = field(default_factory=dict)
    _inside: list[float] = field(default_factory=list)

    def around(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            start = time.thread_time()
            try:
                done = work(*arguments, **named)
                return list(done) if isinstance(done, GeneratorType) else done
            finally:
                took = time.thread_time() - start
                self.spent[stage] = self.spent.get(stage, 0.0) + took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return counted


@dataclass(frozen=True)
class Message:
    """One request as the dispatcher takes it."""

    service: str
    content_type: str
    body: bytes

    @classmethod
    def of(cls, octets: bytes) -> Message:
        """From a whole HTTP message of ours."""
        head, _, body = octets.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines)
        return cls(first.split()[1].strip("/"), fields["Content-Type"], body)


def measure(setting: Setting, runs: int) -> Section:
    """Samples of as many requests as ``setting.seconds`` allow, on a server of its own. Raises NotHere."""
    with setting.another(workers=1) as own:
        practitioner, asked = Practitioner(own), bulk.patient(0)
        with database_of(own) as database:
            bulk.add_dossiers(database, [asked])
            bulk.fill(database, practitioner.submission, asked, _RETURNED)
            trust = TrustStore((own.folder / "ca.pem").read_bytes())
            peer = _der(practitioner.identity.certificate)
            bench = _Bench(own, practitioner, Dispatcher(database, trust), peer, runs)
            query = practitioner.query(asked)
            count = max(2, int(own.seconds * 100))
            rows = [
                *bench.rows("submission (TD2.1)", lambda: list(practitioner.submissions(count + _WARM_UP))),
                *bench.rows("query (TD3.1)", lambda: [query] * (count + _WARM_UP)),
            ]
    return Section(TITLE, tuple(rows))


def _der(path: str) -> bytes:
    return x509.load_pem_x509_certificate(Path(path).read_bytes()).public_bytes(Encoding.DER)


@dataclass
class _Bench:
    setting: Setting
    practitioner: Practitioner
    dispatcher: Dispatcher
    peer: bytes
    runs: int

    def rows(self, what: str, requests: Callable[[], Sequence[bytes]]) -> Iterator[Row]:
        """Whole and parts, in ms."""
        samples: dict[str, list[float]] = {}
        for _ in range(self.runs):
            whole, parts = self._whole(requests()), self._parts(requests())
            for name, spent in {"": whole, **parts, "TLS, HTTP, threads": whole - sum(parts.values())}.items():
                samples.setdefault(name, []).append(max(0.0, spent))
        yield Row(f"one {what}", "ms", samples.pop(""))
        yield from (Row(f"   {name}", "ms", spent) for name, spent in samples.items())

    def _whole(self, requests: Sequence[bytes]) -> float:
        """What the server's process takes for one."""
        before = processor(self.setting.server.pid)
        answered = flood(self.setting, self.practitioner, list(requests), clients=1, repeated=False)
        return 1000 * (processor(self.setting.server.pid) - before) / answered.count

    def _parts(self, requests: Sequence[bytes]) -> dict[str, float]:
        messages = [Message.of(one) for one in requests]
        for one in messages[:_WARM_UP]:
            self._ask(one)
        clock, counted = Clock(), messages[_WARM_UP:]
        with _watched(clock):
            for one in counted:
                self._ask(one)
        order = dict.fromkeys(stage for stage, *_ in _STAGES)
        return {stage: 1000 * clock.spent[stage] / len(counted) for stage in order if stage in clock.spent}

    def _ask(self, message: Message) -> None:
        reply = self.dispatcher.handle(message.service, message.content_type, message.body, self.peer)
        assert reply.status == 200, reply.status


@contextmanager
def _watched(clock: Clock) -> Iterator[None]:
    with ExitStack() as stack:
        for stage, owner, name in _STAGES:
            work = getattr(owner, name)
            counted: Any = clock.around(stage, work)
            if isinstance(owner, type) and isinstance(vars(owner)[name], staticmethod):
                counted = staticmethod(counted)
            stack.enter_context(patch.object(owner, name, counted))
            if owner is queries:
                stack.enter_context(patch.dict(queries.QUERIES, _renewed(work, counted)))
        yield


def _renewed(work: object, counted: Any) -> dict[str, Any]:
    return {identifier: counted for identifier, query in queries.QUERIES.items() if query is work}
