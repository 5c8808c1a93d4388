"""What the measurements share: a folder, the reference server and the readers, each a process made at first use."""

from __future__ import annotations

import importlib.util
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from benchmarks import counted_cards
from benchmarks.figures import NotHere
from card_reader.desk import Desk
from card_reader.virtual.host import CardTableProblem, HostProcess
from card_reader.virtual.pcscd import PcscdMissing, find_programs
from connectors.connecting import connecting
from connectors.endpoint import DmpEndpoint, Software
from demonstration.authority import TestAuthority
from demonstration.child import Child
from praticien.deposit import new_oid
from praticien.ports import Connect, DeskState, SlotState

SOFTWARE_OID = new_oid()
PATIENCE = 30.0
"""Seconds before a measurement that does not move is given up."""


class Setting:
    """A context manager; everything is under one temporary folder and ends with it.

    ``seconds``: how long each sample of a rate lasts; ``endurance``: how long memory is watched, in seconds;
    ``documents``: how many fill the database; ``insertions``: of cards, while their watcher's memory is looked at;
    ``reports``: of a laboratory, whose values are read; ``workers``: processes of the server.
    """

    def __init__(
        self,
        seconds: float = 0.5,
        *,
        documents: int = 100_000,
        endurance: float = 20.0,
        insertions: int = 10_000,
        reports: int = 2_000,
        workers: int = 1,
    ) -> None:
        self.seconds, self.documents, self.endurance, self.workers = seconds, documents, endurance, workers
        self.insertions, self.reports = insertions, reports
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="praticien-bench-")))
        self._headers = self.folder / "headers"
        TestAuthority.open_or_create(self.folder / "authority")  # before two children could both make it

    def __enter__(self) -> Setting:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def another(self, *, workers: int) -> Setting:
        """One like it, with a server of its own."""
        return Setting(self.seconds, documents=self.documents, endurance=self.endurance, workers=workers)

    @cached_property
    def server(self) -> Child:
        """The reference server with the fictitious dossiers, in a process of its own."""
        workers = ("--workers", str(self.workers))
        child = Child("server", "--demo", *workers, "--data", str(self.folder), log=self.folder / "server.log")
        self._stack.callback(child.close)
        return child

    @property
    def endpoint(self) -> DmpEndpoint:
        """Where that server is."""
        return DmpEndpoint(self.server.ready["base_url"], Path(self.server.ready["ca_file"]))

    @property
    def connect(self) -> Connect:
        """The application's own way to the server."""
        return connecting(self.endpoint, Software("Praticien", "0", SOFTWARE_OID, SOFTWARE_OID))

    @cached_property
    def cards(self) -> HostProcess:
        """The private pcscd, its two readers empty; this process speaks to it from then on. Raises NotHere."""
        if importlib.util.find_spec("smartcard") is None:
            raise NotHere("pyscard is not installed")
        try:
            find_programs()
            host = HostProcess(counted_cards.command(self.folder, self._headers), patience=PATIENCE)
        except (PcscdMissing, CardTableProblem) as problem:
            raise NotHere(f"no private pcscd ({problem})") from problem
        self._stack.callback(host.close)
        host.use()
        return host

    def apdus(self) -> int:
        """Commands received by all cards so far."""
        return counted_cards.apdus(self._headers)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk over the private pcscd that has seen no card yet. Raises NotHere."""
        self.cards  # noqa: B018 - pcscd must be named before the first PC/SC call of this process
        from card_reader.pcsc import PcscTransport

        desk = Desk(PcscTransport())
        try:
            yield desk
        finally:
            desk.close()

    @contextmanager
    def inserted(self, name: str, reader: str = "") -> Iterator[None]:
        """A card in a reader, taken out afterwards."""
        self.cards.insert(name, reader)
        try:
            yield
        finally:
            self.cards.withdraw(name)


def wait_for(desk: Desk, wanted: SlotState) -> str:
    """The reader that holds such a card, once the desk has told of it. Raises TimeoutError."""
    wait_until(desk, lambda state: state.first(wanted))
    slot = desk.state().first(wanted)
    assert slot is not None, "the card left"
    return slot.reader


def wait_until(desk: Desk, condition: Callable[[DeskState], object]) -> None:
    """Until the desk tells of such a state (no polling here: it would be measured too). Raises TimeoutError."""
    told = threading.Event()

    def look(state: DeskState) -> None:
        if condition(state):
            told.set()

    unsubscribe = desk.subscribe(look)
    try:
        look(desk.state())
        if not told.wait(PATIENCE):
            raise TimeoutError
    finally:
        unsubscribe()
