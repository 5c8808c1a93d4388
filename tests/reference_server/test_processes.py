"""Several server processes on one database, and one of them killed at any point: nothing acknowledged is lost."""

import contextlib
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from demonstration import people
from reference_server.storage import documents, traces
from reference_server.storage.database import Database
from reference_server.storage.tables import AssociationRow, DocumentRow, SubmissionRow
from tests.reference_server.client import Client
from tests.reference_server.deposits import Deposit, send

ROOT = Path(__file__).parents[2]
INS = people.NORA.ins
CODE = """
import sys
from pathlib import Path
from demonstration import people
from reference_server.running import ServerConfig, run
folder, url = Path(sys.argv[1]), sys.argv[2]
config = ServerConfig(folder / "dmp", folder / "ca.pem", folder / "server.pem", folder / "server.key",
                      directory=people.DIRECTORY, seeds=people.DOSSIERS, database_url=url)
run(config, lambda addresses: print(addresses.base_url, flush=True))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return "" if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()


@pytest.fixture
def launch(keys, tmp_path, url):
    from demonstration.authority import write_pair

    (tmp_path / "ca.pem").write_bytes(keys.authority.bundle_pem)
    write_pair(tmp_path, "server", keys.authority.server())
    running = []

    def launch(count):
        command = [sys.executable, "-c", CODE, str(tmp_path), url]
        made = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
            for _ in range(count)
        ]
        running.extend(made)
        return [(process, process.stdout.readline().strip()) for process in made]

    yield launch
    for process in running:
        process.kill()
        process.communicate()


def work(base_url, ca_file, bearer, acknowledged, stop):
    """Deposit until the server is gone."""
    client = Client(base_url, ca_file, bearer)
    with contextlib.suppress(requests.exceptions.RequestException):
        while not stop.is_set():
            deposit = Deposit(INS)
            if send(client, deposit).succeeded:
                acknowledged.append(deposit)
    client.close()


def check(tmp_path, url, acknowledged):
    """Every acknowledged document is there with its octets; each submission is whole; the chain holds."""
    database = Database(tmp_path / "dmp", url)
    with database.reading() as session:
        assert traces.first_broken_link(session) is None
        stored = {row.unique_id: row for row in session.scalars(select(DocumentRow))}
        for deposit in acknowledged:
            assert documents.content(session, stored[deposit.unique_id]) == deposit.cda()
        submissions = set(session.scalars(select(SubmissionRow.unique_id)))
        holding = list(session.scalars(select(DocumentRow.submission)))
        assert sorted(holding) == sorted([*submissions, *submissions])  # the document and its lot signature
        assert set(session.scalars(select(AssociationRow.submission))) == submissions
        assert len(traces.traces_of(session, INS.matricule)) >= len(submissions)
    database.close()
    return len(submissions)


def test_two_processes_start_together_and_share_one_database(launch, gp, tmp_path, url):
    both = launch(2)
    acknowledged, stop = [], threading.Event()
    threads = [
        threading.Thread(target=work, args=(base_url, tmp_path / "ca.pem", gp, acknowledged, stop))
        for _, base_url in [*both, *both]
    ]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 20:
        assert any(thread.is_alive() for thread in threads)
    stop.set()
    for thread in threads:
        thread.join()
    assert check(tmp_path, url, acknowledged) == len(acknowledged)


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_point(launch, gp, tmp_path, url, seed):
    chance = random.Random(f"{seed}")
    acknowledged = []
    ((process, base_url),) = launch(1)
    stop = threading.Event()
    threads = [
        threading.Thread(target=work, args=(base_url, tmp_path / "ca.pem", gp, acknowledged, stop)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    wanted = chance.randint(1, 12)
    while len(acknowledged) < wanted and any(thread.is_alive() for thread in threads):
        stop.wait(chance.uniform(0, 0.02))
    process.kill()
    for thread in threads:
        thread.join()
    assert len(acknowledged) >= wanted
    submissions = check(tmp_path, url, acknowledged)
    assert len(acknowledged) <= submissions <= len(acknowledged) + len(threads)
    ((_, again),) = launch(1)  # and it serves on
    client = Client(again, tmp_path / "ca.pem", gp)
    last = acknowledged[-1]
    assert list(client.retrieve(INS, last.unique_id).parts.values()) == [last.cda()]
    assert send(client, Deposit(INS)).succeeded
    client.close()
