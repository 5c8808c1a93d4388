"""A light client: one process, a thread a connection, octets written beforehand; looks at the status and one word.

So that what is measured is the server. The share of the processors that it takes is measured too.
"""

from __future__ import annotations

import itertools
import multiprocessing
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from benchmarks.load import PATIENCE, Identity, Refused

_SPAWN = multiprocessing.get_context("spawn")
_SUCCESS = b"ResponseStatusType:Success"


@dataclass(frozen=True)
class Flood:
    """Ask these, each connection the next one, until ``seconds`` have passed; over and over when ``repeated``."""

    address: tuple[str, int]
    identity: Identity
    requests: Sequence[bytes]
    connections: int
    seconds: float
    repeated: bool = False


@dataclass
class Answered:
    """How many in how long (seconds), and the client's own processor time (seconds)."""

    count: int = 0
    elapsed: float = 0.0
    processor: float = 0.0
    octets: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.count / self.elapsed


def run(flood: Flood) -> Answered:
    """In a process of its own. Raises Refused when anything but success was answered."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_work, args=(theirs, flood), daemon=True)
    process.start()
    try:
        if not ours.poll(flood.seconds + 2 * PATIENCE):
            raise TimeoutError
        answered: Answered = ours.recv()
    finally:
        process.join(PATIENCE)
        ours.close()
        theirs.close()
    if answered.failures:
        raise Refused(answered.failures[0])
    return answered


def _work(pipe: Connection, flood: Flood) -> None:
    pipe.send(flooded(flood))


def flooded(flood: Flood) -> Answered:
    """All connections first, then all at once."""
    requests = itertools.cycle(flood.requests) if flood.repeated else iter(flood.requests)
    answered, lock = Answered(), threading.Lock()
    with _connections(flood) as connections:
        start, processor = time.perf_counter(), time.process_time()
        end = start + flood.seconds
        threads = [threading.Thread(target=_ask_on, args=(one, requests, lock, answered, end)) for one in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answered.elapsed = time.perf_counter() - start
        answered.processor = time.process_time() - processor
    return answered


@contextmanager
def _connections(flood: Flood) -> Iterator[list[ssl.SSLSocket]]:
    context = flood.identity.context()
    with ExitStack() as stack:
        made = []
        for _ in range(flood.connections):
            plain = socket.create_connection(flood.address, timeout=PATIENCE)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.append(stack.enter_context(context.wrap_socket(plain, server_hostname=flood.address[0])))
        yield made


def _ask_on(
    connection: ssl.SSLSocket, requests: Iterator[bytes], lock: threading.Lock, answered: Answered, end: float
) -> None:
    while time.perf_counter() < end:
        with lock:
            request = next(requests, None)
        if request is None:
            return
        try:
            answer = _exchange(connection, request)
        except (OSError, ValueError) as error:
            answered.failures.append(type(error).__name__)
            return
        with lock:
            answered.count += 1
            answered.octets += len(answer)
            if not answer.startswith(b"HTTP/1.1 200") or _SUCCESS not in answer:
                answered.failures.append(answer[:15].decode("latin-1"))


def _exchange(connection: ssl.SSLSocket, request: bytes) -> bytes:
    connection.sendall(request)
    answer = bytearray()
    wanted = 0
    while not wanted or len(answer) < wanted:
        octets = connection.recv(65536)
        if not octets:
            raise ConnectionError
        answer += octets
        if not wanted and (head := answer.find(b"\r\n\r\n")) >= 0:
            wanted = head + 4 + _length(bytes(answer[:head]))
    return bytes(answer)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("no Content-Length")
