"""Clients that ask as fast as they are answered, each a process with one TLS connection kept open.

Their requests are ready before the clock starts: what is counted is the server's work and the wire's, not the
client's signatures.
"""

from __future__ import annotations

import http.client
import multiprocessing
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

PATIENCE = 30.0
"""Seconds before a client that says nothing is given up."""
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Identity:
    """PEM files of one client: whom it trusts, its certificate, its key."""

    ca_file: str
    certificate: str
    key: str

    def context(self) -> ssl.SSLContext:
        """TLS 1.2, as with a card."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.maximum_version = ssl.TLSVersion.TLSv1_2
        made.load_verify_locations(self.ca_file)
        made.load_cert_chain(self.certificate, self.key)
        return made


@dataclass(frozen=True)
class Job:
    """Ask ``url`` these bodies, over and over, for so many seconds."""

    url: str
    bodies: Sequence[bytes]
    seconds: float


class Refused(Exception):
    """The server answered something else than 200: nothing was measured."""


class Clients:
    """So many client processes, ready to work; closed by ``clients``."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def per_second(self, jobs: Sequence[Job]) -> float:
        """Requests answered per second, by one client a job, all together. Raises Refused, TimeoutError."""
        busy = self._pipes[: len(jobs)]
        for pipe, job in zip(busy, jobs, strict=True):
            pipe.send(job)
        for pipe in busy:
            _received(pipe)  # connected, first answer seen
        for pipe in busy:
            pipe.send("start")
        return sum(_received(pipe) for pipe in busy)


@contextmanager
def clients(count: int, identity: Identity) -> Iterator[Clients]:
    """Start them; end them."""
    pairs = [_SPAWN.Pipe() for _ in range(count)]
    processes = [_SPAWN.Process(target=_work, args=(theirs, identity), daemon=True) for _, theirs in pairs]
    for process in processes:
        process.start()
    try:
        yield Clients([ours for ours, _ in pairs])
    finally:
        for ours, _ in pairs:
            ours.send(None)
        for process in processes:
            process.join(PATIENCE)
        for pipe in (end for pair in pairs for end in pair):
            pipe.close()


def _received(pipe: Connection) -> float:
    if not pipe.poll(PATIENCE):
        raise TimeoutError
    answer: float | str = pipe.recv()
    if isinstance(answer, str):
        raise Refused(answer)
    return answer


def _work(pipe: Connection, identity: Identity) -> None:
    """In the client process: jobs until there is none."""
    context = identity.context()
    while job := pipe.recv():
        try:
            pipe.send(_done(pipe, job, context))
        except Refused as refusal:
            pipe.send(str(refusal))


def _done(pipe: Connection, job: Job, context: ssl.SSLContext) -> float:
    parts = urlsplit(job.url)
    bodies = cycle(job.bodies)
    with closing(http.client.HTTPSConnection(parts.netloc, context=context, timeout=PATIENCE)) as connection:
        _ask(connection, parts.path, next(bodies))
        pipe.send(0.0)
        pipe.recv()
        start, count = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - start) < job.seconds:
            _ask(connection, parts.path, next(bodies))
            count += 1
        return count / elapsed


def _ask(connection: http.client.HTTPSConnection, path: str, body: bytes) -> int:
    connection.request("POST", path, body, {"Content-Type": "application/soap+xml; charset=utf-8"})
    response = connection.getresponse()
    size = len(response.read())
    if response.status != 200:
        raise Refused(f"status {response.status}")
    return size


def answer_size(job: Job, identity: Identity) -> int:
    """How many bytes come back for the first body. Raises Refused."""
    parts = urlsplit(job.url)
    with closing(http.client.HTTPSConnection(parts.netloc, context=identity.context(), timeout=PATIENCE)) as connection:
        return _ask(connection, parts.path, job.bodies[0])
