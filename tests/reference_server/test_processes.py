"""Several server processes on one database, and one of them killed at any point: nothing acknowledged is lost."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from demonstration import people
from demonstration.server_command import config
from reference_server.errors import CannotStart
from reference_server.running import ServerThread
from reference_server.storage import documents, traces
from reference_server.storage.database import Database
from reference_server.storage.tables import AssociationRow, DocumentRow, SubmissionRow
from tests.effort import examples
from tests.reference_server.client import Client
from tests.reference_server.deposits import Deposit, send

ROOT = Path(__file__).parents[2]
INS = people.NORA.ins
CODE = """
import sys
from pathlib import Path
from demonstration import people
from reference_server.running import ServerConfig, run
folder, url, workers, fatal = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
import os
import signal
from reference_server.metadata import registration
from reference_server.storage import group_commit, traces

def die_at(place, owner, name, after):
    original = getattr(owner, name)
    def fatally(*arguments, **named):
        if not (folder / "armed").exists():
            return original(*arguments, **named)
        if after:
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    if fatal == place:
        setattr(owner, name, fatally)

die_at("before the first row", registration, "register", after=False)
die_at("before the trace", registration, "register", after=True)
die_at("before the commit", group_commit._Group, "end", after=False)
die_at("after the commit", group_commit._Group, "end", after=True)
config = ServerConfig(folder / "dmp", folder / "ca.pem", folder / "server.pem", folder / "server.key",
                      directory=people.DIRECTORY, seeds=people.DOSSIERS, database_url=url, workers=workers)
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

    def launch(count, workers=1, fatal=""):
        command = [sys.executable, "-c", CODE, str(tmp_path), url, str(workers), fatal]
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
    wait_for(acknowledged, 20, threads)
    stop.set()
    for thread in threads:
        thread.join()
    assert check(tmp_path, url, acknowledged) == len(acknowledged)


@pytest.mark.parametrize("seed", range(examples(1)))
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


POINTS = {"before the first row": 0, "before the trace": 0, "before the commit": 0, "after the commit": 1}
"""Where a server dies while a submission is being stored, and how many submissions it leaves."""


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_this_very_point(launch, gp, tmp_path, url, point):
    ((process, base_url),) = launch(1, fatal=point)
    client = Client(base_url, tmp_path / "ca.pem", gp)
    kept, lost = Deposit(INS), Deposit(INS)
    assert send(client, kept).succeeded
    (tmp_path / "armed").touch()
    with pytest.raises(requests.exceptions.ConnectionError):
        send(client, lost)
    client.close()
    assert process.wait(20) == -signal.SIGKILL
    (tmp_path / "armed").unlink()
    assert check(tmp_path, url, [kept]) == 1 + POINTS[point]
    ((_, again),) = launch(1)
    client = Client(again, tmp_path / "ca.pem", gp)
    answer = send(client, lost)  # sent again, as the client's outbox does
    assert answer.rules == ["SS-KNOWN", "UID-KNOWN"] if POINTS[point] else answer.succeeded
    assert check(tmp_path, url, [kept, lost]) == 2
    client.close()


# -- workers --------------------------------------------------------------------------------------------------------


def workers_of(process):
    """Process identifiers of the children, from the system."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("no /proc with children here")
    return [int(one) for one in children.read_text().split()]


def at_work(base_url, tmp_path, gp, count=4):
    acknowledged, stop = [], threading.Event()
    threads = [
        threading.Thread(target=insist, args=(base_url, tmp_path / "ca.pem", gp, acknowledged, stop))
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    return acknowledged, stop, threads


def insist(base_url, ca_file, bearer, acknowledged, stop):
    """Deposit, on a new connection each time the old one is gone."""
    while not stop.is_set():
        work(base_url, ca_file, bearer, acknowledged, stop)


def wait_for(acknowledged, count, threads):
    while len(acknowledged) < count:
        assert any(thread.is_alive() for thread in threads)
        time.sleep(0.01)


@pytest.mark.parametrize("faults", [True, False])
def test_workers_where_they_cannot_be_are_refused_with_a_sentence(keys, tmp_path, monkeypatch, faults):
    """With faults, which one process switches; where a connection cannot be handed over (Windows). Nothing is made."""
    if not faults:
        monkeypatch.delattr(socket, "send_fds")
    settings = replace(config(tmp_path, keys.authority, faults=faults), workers=2)
    with pytest.raises(CannotStart) as caught:
        ServerThread(settings)
    assert "lancez le serveur sans --workers" in caught.value.sentence
    assert ("--faults" in caught.value.sentence) is faults
    assert not (tmp_path / "dmp").exists()


def test_workers_share_one_database_and_one_chain(launch, gp, tmp_path, url):
    ((process, base_url),) = launch(1, workers=2)
    both = workers_of(process)
    assert len(both) == 2
    before = [processor_time(one) for one in both]
    acknowledged, stop, threads = at_work(base_url, tmp_path, gp)
    wait_for(acknowledged, 24, threads)
    stop.set()
    for thread in threads:
        thread.join()
    assert all(processor_time(one) > start for one, start in zip(both, before, strict=True)), "one does nothing"
    assert check(tmp_path, url, acknowledged) == len(acknowledged)
    process.terminate()
    assert process.wait(20) == 0
    assert not any(Path(f"/proc/{one}").exists() for one in both)


def processor_time(identifier):
    fields = Path(f"/proc/{identifier}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_killed_worker_is_replaced_and_nothing_acknowledged_is_lost(launch, gp, tmp_path, url):
    ((process, base_url),) = launch(1, workers=2)
    acknowledged, stop, threads = at_work(base_url, tmp_path, gp)
    for wanted in (6, 14):
        wait_for(acknowledged, wanted, threads)
        os.kill(workers_of(process)[0], signal.SIGKILL)
    wait_for(acknowledged, 30, threads)
    stop.set()
    for thread in threads:
        thread.join()
    submissions = check(tmp_path, url, acknowledged)
    assert len(acknowledged) <= submissions <= len(acknowledged) + 2 * len(threads)


def test_workers_end_with_their_parent(launch, gp, tmp_path, url):
    ((process, base_url),) = launch(1, workers=2)
    both = workers_of(process)
    acknowledged, stop, threads = at_work(base_url, tmp_path, gp, count=2)
    wait_for(acknowledged, 4, threads)
    process.kill()
    stop.set()
    for thread in threads:
        thread.join()
    while any(Path(f"/proc/{one}").exists() and "Z" not in status_of(one) for one in both):
        time.sleep(0.05)
    check(tmp_path, url, acknowledged)


def status_of(identifier):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{identifier}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"
