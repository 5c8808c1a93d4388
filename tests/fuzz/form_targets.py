"""The forms of the patients' and the operator's pages, as octets on a socket: always an answer, never a failure."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from demonstration import people
from reference_server.clockwork import Clockwork
from reference_server.dispatcher import utc_now
from reference_server.faults.panel import Panel
from reference_server.operator_page import OperatorPage
from reference_server.patient_page import PatientPages
from tests.fuzz.runner import Target
from tests.fuzz.talk import Talk

_PLAIN = b"application/x-www-form-urlencoded"
_HOLDER = people.EMERGENCY.national_id.encode()
_CHOICES = (
    (_PLAIN, b"act=patient.block&target=" + _HOLDER),
    (_PLAIN, b"act=patient.withdraw&act=patient.unblock&target=%00%C3%A9&target=" + _HOLDER),
    (_PLAIN + b"; charset=utf-16", "act=patient.refuse_break_glass".encode("utf-16")),
    (_PLAIN + b"; charset=zlib", b"act=patient.mask&target=urn:uuid:1"),
    (_PLAIN, b"act=patient.close\xff\xfe&target=%ff%d8"),
    (_PLAIN, b"act=patient.hide_masked_in_emergency&" + b"x=1&" * 300),
    (b"multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="act"\r\n\r\nx\r\n--b--'),
    (b'multipart/form-data; boundary="b"', b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--"),
)  # fmt: skip
_FAULTS = (
    (_PLAIN, b"latency=1&jitter=0&count=1&clock_ahead=1j&service.patients=1&rights="),
    (_PLAIN, b"cut_at=12&silent=1&full_disk=&status=503"),
    (_PLAIN, b"clock_ahead=999999999999j&latency=%D9%A1"),
)
_REVOKED = ((_PLAIN, b"serial.1=1&serial.2=1"), (_PLAIN, b"serial." + b"9" * 5000 + b"=1"))
_ANSWERS = frozenset({b"200", b"303", b"400", b"403", b"404", b"409", b"413", b"415"})


class Pages:
    """Both kinds of pages on the loopback interface, in a thread."""

    def __init__(self, talk: Talk) -> None:
        self._pool, self._loop = ThreadPoolExecutor(2), asyncio.new_event_loop()
        self._patients = PatientPages(talk.database, self._pool)
        clockwork = Clockwork(talk.database, utc_now)
        panel = Panel()
        self._operator = OperatorPage(
            panel, talk.trust, talk.database, self._pool, clockwork=clockwork, revoke=lambda _: talk.revocation_lists
        )
        self.ports: list[int] = []
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), name="form pages")
        self._thread.start()
        ready.wait()

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._runners = [web.AppRunner(page.build()) for page in (self._patients, self._operator)]
        for runner in self._runners:
            self._loop.run_until_complete(runner.setup())
            site = web.TCPSite(runner, "127.0.0.1", 0)
            self._loop.run_until_complete(site.start())
            self.ports.append(runner.addresses[0][1])
        ready.set()
        self._loop.run_forever()
        for runner in self._runners:
            self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._pool.shutdown()

    @property
    def paths(self) -> tuple[tuple[int, str], tuple[int, str], tuple[int, str]]:
        """Port and path of the choices, of the faults, of the revoked certificates."""
        patients, operator = self.ports
        choices = f"/{self._patients.token}/{people.NORA.ins.matricule}/choix"
        return (patients, choices), *((operator, f"/{self._operator.token}/{name}") for name in ("faults", "revoked"))


def targets(talk: Talk) -> Iterator[Target]:
    """One a form; a sample is its content type, a line break, its body."""
    pages = Pages(talk)
    talk.closing.append(pages.close)
    names = ("patient's choices", "faults", "revoked")
    for name, samples, place in zip(names, (_CHOICES, _FAULTS, _REVOKED), pages.paths, strict=True):
        yield Target(f"server form: {name}", [b"\n".join(one) for one in samples], _posted(*place))


def _posted(port: int, path: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        kind, _, body = data.partition(b"\n")
        kind = bytes(octet for octet in kind[:2000] if octet >= 32 and octet != 127)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        status = _status(port, head.encode() + b"Content-Type: " + kind + b"\r\n\r\n" + body)
        assert status in _ANSWERS, status
        return status

    return read


def _status(port: int, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(message)
        answer = b""
        while b"\r\n" not in answer and (more := connection.recv(4096)):
            answer += more
    return answer[9:12]
