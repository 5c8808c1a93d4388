"""Transactions that share a commit: each all or nothing, none acknowledged before it is durable."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from reference_server.storage import group_commit
from reference_server.storage.database import Database
from reference_server.storage.group_commit import CommitFailed
from reference_server.storage.tables import StructureRow

PATIENCE = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = "" if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()
    made = Database(tmp_path / "dmp", url)
    yield made
    made.close()


@pytest.fixture
def commits(database):
    """What is kept, as seen by others, after each commit of the database."""
    made = []
    event.listen(database._engine, "commit", lambda _: made.append(None))
    return made


def names(database):
    with database.reading() as session:
        return set(session.scalars(select(StructureRow.national_id)))


def keep(database, name, last=lambda session: None):
    with database.transaction() as session:
        session.add(StructureRow(national_id=name, name="FICTIF", sector="SA07"))
        session.flush()
        last(session)
    return name in names(database)


def together(database, *jobs):
    """Futures of jobs that wait for each other's commit: the first goes on when the others stand behind it."""
    started, others = threading.Event(), threading.Event()

    def first(session):
        started.set()
        assert others.wait(PATIENCE)

    with ThreadPoolExecutor(len(jobs) + 1) as pool:
        leader = pool.submit(keep, database, "first", first)
        assert started.wait(PATIENCE)
        following = [pool.submit(job) for job in jobs]
        while database._writers._waiting < len(jobs):
            pass
        others.set()
    return [leader, *following]


def test_one_commit_for_all_who_wait_and_nobody_is_told_before(database, commits):
    made = together(database, *(lambda name=name: keep(database, name) for name in "abcd"))
    assert [one.result() for one in made] == [True] * 5, "told before others could see it"
    assert len(commits) == 1
    assert names(database) == {"first", *"abcd"}


def test_a_failure_undoes_what_failed_alone(database):
    def fail(_session):
        raise ValueError("refused")

    made = together(database, lambda: keep(database, "bad", fail), lambda: keep(database, "good"))
    assert made[0].result()
    assert isinstance(made[1].exception(), ValueError)
    assert made[2].result()
    assert names(database) == {"first", "good"}


def test_a_transaction_that_the_database_undid_is_acknowledged_to_nobody(database):
    """SQLite may undo a whole transaction by itself when a disk is full; COMMIT then says nothing."""

    def undone(session):
        session.connection().connection.dbapi_connection.rollback()
        raise OSError("disk full")

    made = together(database, lambda: keep(database, "bad", undone), lambda: keep(database, "later"))
    assert isinstance(made[0].exception(), CommitFailed)
    assert made[1].exception() is not None
    told = made[2].exception() is None  # unless it came before the one that failed
    assert names(database) == ({"later"} if told else set())


def test_a_group_is_bounded(database, commits, monkeypatch):
    monkeypatch.setattr(group_commit, "MAX_GROUP", 2)
    made = together(database, *(lambda name=name: keep(database, name) for name in "abc"))
    assert all(one.result() for one in made)
    assert len(commits) == 2


def test_readers_wait_for_nobody_and_see_what_was_committed(database):
    with database.transaction() as session:
        session.add(StructureRow(national_id="open", name="FICTIF", sector="SA07"))
        session.flush()
        assert names(database) == set()
    assert names(database) == {"open"}
