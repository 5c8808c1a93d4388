"""Starting and stopping the server: in the foreground for the command, in a thread for tests and the demonstration."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from praticien.metadata import Submission
from reference_server import crew, http_log
from reference_server.clockwork import Clockwork
from reference_server.crew import Crew
from reference_server.dispatcher import Dispatcher, utc_now
from reference_server.errors import CannotStart
from reference_server.faults.meanwhile import Meanwhile
from reference_server.faults.panel import Panel
from reference_server.listening import Listener
from reference_server.operator_page import OperatorPage, Revoke
from reference_server.patient_page import PatientPages
from reference_server.revocation_file import following
from reference_server.schemas import Schemas
from reference_server.seeding import seed
from reference_server.seeds import Directory, DossierSeed
from reference_server.soap_face import GRACE, THREADS, credentials, soap_door
from reference_server.storage.database import Database
from reference_server.worker import Task


@dataclass(frozen=True)
class ServerConfig:
    """How to run. ``data`` is the folder of the database, seeded only when empty.

    ``ca_bundle`` (PEM) holds the roots and intermediates of professionals' and structures' certificates. ``port`` 0
    takes any free port. ``schema_dir``, when given, has every ebXML message checked against the official XSDs.
    ``database_url`` names a PostgreSQL database that takes the place of the SQLite file in ``data``.
    ``revocation_list``: a file of the authorities' lists (PEM or DER), read again whenever it changes.
    ``faults`` adds the operator page, where faults are switched; ``revoke`` is its way to the authorities.
    ``workers`` above 1 has SOAP answered by so many processes, on Unix, without faults.
    """

    data: Path
    ca_bundle: Path
    server_certificate: Path
    server_key: Path
    host: str = "127.0.0.1"
    port: int = 0
    directory: Directory = field(default_factory=Directory)
    seeds: Sequence[DossierSeed] = ()
    submissions: Callable[[], Iterable[Submission]] = tuple
    schema_dir: Path | None = None
    clock: Callable[[], datetime] = utc_now
    database_url: str = ""
    faults: bool = False
    revoke: Revoke | None = None
    revocation_list: Path | None = None
    workers: int = 1


@dataclass(frozen=True)
class Addresses:
    """Where it answers: SOAP services are ``base_url`` + ``/patients`` and so on. ``operator_url`` may be empty."""

    base_url: str
    patient_url: str
    operator_url: str = ""


def run(config: ServerConfig, on_ready: Callable[[Addresses], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotStart."""
    asyncio.run(_run_until_signal(config, on_ready))


async def _run_until_signal(config: ServerConfig, on_ready: Callable[[Addresses], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: no loop handlers; wake the loop from the plain handler
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await _serve(config, on_ready, stop)


class ServerThread:
    """The same server in a thread; usable at once. Raises CannotStart."""

    def __init__(self, config: ServerConfig) -> None:
        self._ready = threading.Event()
        self._addresses: Addresses | None = None
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._main, args=(config,), name="reference-server", daemon=True)
        self._thread.start()
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        self._ready.wait()
        if self._failure:
            self._thread.join()
            raise self._failure

    @property
    def base_url(self) -> str:
        """Where the SOAP services are."""
        assert self._addresses is not None
        return self._addresses.base_url

    @property
    def patient_url(self) -> str:
        """Where the patients' pages are."""
        assert self._addresses is not None
        return self._addresses.patient_url

    @property
    def operator_url(self) -> str:
        """Where faults are switched, or empty."""
        assert self._addresses is not None
        return self._addresses.operator_url

    def close(self) -> None:
        """Stop and wait; calling it again does nothing."""
        if self._thread.is_alive() and self._loop:
            with suppress(RuntimeError):  # the loop ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _main(self, config: ServerConfig) -> None:
        try:
            with asyncio.Runner() as runner:  # ends what connections still have under way
                self._loop = runner.get_loop()
                runner.run(_serve(config, self._is_ready, self._stop))
        except BaseException as error:  # handed to the thread that waits for us
            self._failure = error
        finally:
            self._ready.set()

    def _is_ready(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._ready.set()


async def _serve(config: ServerConfig, on_ready: Callable[[Addresses], None], stop: asyncio.Event) -> None:
    _check_workers(config)
    trust, tls = credentials(config.ca_bundle, config.server_certificate, config.server_key)
    beforehand = following(config.revocation_list, trust)
    schemas = Schemas(config.schema_dir) if config.schema_dir else None
    database = Database(config.data, config.database_url)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reference-server")
    try:
        seed(database, config.directory, config.seeds, config.submissions())
        panel = Panel() if config.faults else None
        clock = config.clock
        if panel:
            database.is_disk_full, clock = panel.is_disk_full, lambda: panel.shifted(config.clock())
        meanwhile = Meanwhile(panel) if panel else None
        dispatcher = Dispatcher(
            database, trust, clock=clock, schemas=schemas, beforehand=beforehand, meanwhile=meanwhile
        )
        pages, clockwork = PatientPages(database, pool, clock), Clockwork(database, clock)
        clockwork.turn()
        operator = None
        if panel:
            operator = OperatorPage(panel, trust, database, pool, clockwork=clockwork, revoke=config.revoke)
        async with clockwork.daily(pool), AsyncExitStack() as stack:
            door = await stack.enter_async_context(soap_door(dispatcher, tls, pool, panel))
            admit = _crew(config, stack).hand if config.workers > 1 else door.admit
            await _listen(config, stack, admit, pages=pages, operator=operator, on_ready=on_ready)
            await stop.wait()
    finally:
        pool.shutdown()
        database.close()


def _check_workers(config: ServerConfig) -> None:
    """Before anything is opened. Raises CannotStart."""
    if config.workers == 1:
        return
    if config.faults or config.clock is not utc_now:
        raise CannotStart("faults with workers", sentence=_FAULTS_ALONE)
    crew.check_possible()


_FAULTS_ALONE = (
    "Les pannes (--faults) se règlent dans un seul processus : lancez le serveur sans --workers, ou sans --faults."
)


def _crew(config: ServerConfig, stack: AsyncExitStack) -> Crew:
    task = Task(
        data=str(config.data.absolute()),
        ca_bundle=str(config.ca_bundle.absolute()),
        server_certificate=str(config.server_certificate.absolute()),
        server_key=str(config.server_key.absolute()),
        schema_dir=str(config.schema_dir.absolute()) if config.schema_dir else "",
        database_url=config.database_url,
        revocation_list=str(config.revocation_list.absolute()) if config.revocation_list else "",
    )
    made = Crew(config.workers, task)
    stack.callback(made.close)
    return made


async def _listen(
    config: ServerConfig,
    stack: AsyncExitStack,
    admit: Callable[[socket.socket], None],
    *,
    pages: PatientPages,
    operator: OperatorPage | None,
    on_ready: Callable[[Addresses], None],
) -> None:
    try:
        listener = Listener((config.host, config.port), admit)
    except OSError as error:
        raise CannotStart("port") from error
    stack.push_async_callback(listener.refuse)
    patient_url = await _listen_page(config, stack, pages)
    operator_url = await _listen_page(config, stack, operator) if operator else ""
    on_ready(Addresses(f"https://{config.host}:{listener.port}", patient_url, operator_url))


async def _listen_page(config: ServerConfig, stack: AsyncExitStack, page: PatientPages | OperatorPage) -> str:
    runner = web.AppRunner(page.build(), access_log=None, logger=http_log.log, shutdown_timeout=GRACE)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    site = web.TCPSite(runner, config.host, 0)
    try:
        await site.start()
    except OSError as error:
        raise CannotStart("port") from error
    return f"http://{config.host}:{runner.addresses[0][1]}/{page.token}/"
