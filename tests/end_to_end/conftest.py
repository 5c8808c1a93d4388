"""One TEST authority, one reference server and one private pcscd a worker; a new window for each test."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from card_reader.virtual.card import VirtualCard
from card_reader.virtual.pcscd import PcscdMissing, find_programs
from connectors.endpoint import DmpEndpoint, Limits
from demonstration.authority import TestAuthority
from demonstration.cards import every_card
from demonstration.child import Child
from tests.cards_fixtures import card_host, card_service, cards_folder
from tests.end_to_end.bench import Bench, dependencies
from tests.end_to_end.network import Proxy
from tests.end_to_end.personal import leaked
from tests.end_to_end.programs import Played, play
from tests.end_to_end.readers import InProcessReaders, PcscdReaders, Readers
from tests.windows import bare_application

__all__ = ["bare_application", "card_host", "card_service", "cards_folder"]

QUICK = Limits(connect=10, read=1.5, total=10)
"""Silence is given up early: nothing here is slow but on purpose."""


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/end_to_end/" in item.nodeid:  # the offscreen platform says this of every window of bounded size
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


@pytest.fixture(autouse=True)
def nothing_personal_in_logs(caplog) -> Iterator[None]:
    """Whatever happens in these tests, no log record says who the patient is."""
    caplog.set_level(logging.DEBUG)
    yield
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            assert not leaked(record.getMessage().encode()), record.name


@pytest.fixture(scope="session")
def authority(cards_folder: Path) -> TestAuthority:
    return TestAuthority.open_or_create(cards_folder / "authority")


@pytest.fixture(scope="session")
def all_cards(cards_folder: Path, authority: TestAuthority) -> dict[str, VirtualCard]:
    return every_card(cards_folder)


@pytest.fixture(scope="session")
def server(cards_folder: Path, authority: TestAuthority) -> Iterator[Child]:
    """The demonstration's reference server, in a process of its own as in the demonstration."""
    running = Child("server", "--demo", "--data", str(cards_folder), log=cards_folder / "server.log")
    yield running
    running.close()
    assert (cards_folder / "server.log").read_text("utf-8") == ""


@pytest.fixture(scope="session")
def played_in_process(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demonstration on an empty folder, its cards in process, everything logged."""
    return play(tmp_path_factory.mktemp("played"), "--in-process")


@pytest.fixture(scope="session")
def played_over_pcscd(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The same with the private pcscd."""
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    try:
        find_programs()
    except PcscdMissing as missing:
        pytest.skip(f"private pcscd impossible: {missing}")
    return play(tmp_path_factory.mktemp("pcscd"))


@pytest.fixture
def made_cards(cards_folder: Path, all_cards: dict[str, VirtualCard], tmp_path: Path) -> Path:
    """A data folder for programs, with authority and cards already made: keys take time."""
    for name in ("authority", "cards"):
        shutil.copytree(cards_folder / name, tmp_path / "data" / name)
    return tmp_path / "data"


@pytest.fixture
def proxy(server: Child) -> Iterator[Proxy]:
    """The way to the server that a test may damage."""
    made = Proxy(int(server.ready["base_url"].rpartition(":")[2]))
    yield made
    made.close()


@pytest.fixture
def endpoint(proxy: Proxy, server: Child) -> DmpEndpoint:
    return DmpEndpoint(f"https://127.0.0.1:{proxy.port}", Path(server.ready["ca_file"]), QUICK)


@pytest.fixture
def in_process(all_cards: dict[str, VirtualCard]) -> InProcessReaders:
    return InProcessReaders(all_cards)


@pytest.fixture(params=["in-process", pytest.param("pcscd", marks=pytest.mark.pcscd)])
def readers(request: pytest.FixtureRequest) -> Readers:
    """The same test on cards in this process and over the private pcscd."""
    if request.param == "in-process":
        found: Readers = request.getfixturevalue("in_process")
        return found
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    return PcscdReaders(request.getfixturevalue("card_host"))


OpenBench = Callable[..., Bench]


@pytest.fixture
def open_bench(qapp, endpoint: DmpEndpoint, tmp_path: Path) -> Iterator[OpenBench]:
    """Makes windows; ends them, and looks whether anything personal was left on the disk."""
    made: list[Bench] = []

    def make(readers: Readers, endpoint: DmpEndpoint = endpoint) -> Bench:
        made.append(Bench(dependencies(endpoint, readers, tmp_path / "application"), readers))
        return made[-1]

    yield make
    for bench in made:
        bench.end()
    for path in (tmp_path / "application").rglob("*"):
        assert not (path.is_file() and leaked(path.read_bytes())), path.name


@pytest.fixture
def bench(open_bench: OpenBench, in_process: InProcessReaders) -> Bench:
    """A window on cards in this process."""
    return open_bench(in_process)
