"""Every earlier layout comes up to date with its data; the layout and the steps that lead to it agree."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, func, insert, inspect, make_url, select, text

from demonstration import people
from reference_server.certificates import TrustStore
from reference_server.dispatcher import Dispatcher
from reference_server.errors import CannotStart
from reference_server.storage import dossiers, traces
from reference_server.storage.database import Database
from reference_server.storage.tables import Base, DocumentRow, SubmissionRow, TraceRow
from reference_server.storage.upgrade import FOLDER
from tests.reference_server.client import DirectClient
from tests.reference_server.deposits import Deposit, send

ROOT = Path(__file__).parents[2]
FIRST = Path(__file__).with_name("databases") / "first_layout.sql"
"""What the server of commit 280dfe2 wrote (``iterdump``): two dossiers, a deposit, two readings, a refusal."""
INS, DOCUMENT = people.NORA.ins, "2.25.73082912590802360998633284848138414631"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return "" if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()


def first_layout(folder, url=""):
    """A database of the first layout with its data, SQLite as it was written; copied row by row into PostgreSQL."""
    folder.mkdir()
    file = folder / ("server.sqlite" if not url else "source.sqlite")
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST.read_text("utf-8"))
    connection.close()
    if url:
        copy(create_engine(f"sqlite:///{file}"), create_engine(make_url(url).set(drivername="postgresql+psycopg")))


def copy(source, target):
    layout = MetaData()
    layout.reflect(source)
    for table in layout.tables.values():
        for column in table.columns:
            column.type = column.type.as_generic()
    layout.create_all(target)
    with source.connect() as reading, target.begin() as writing:
        for table in layout.sorted_tables:
            for row in reading.execute(select(table)).mappings().all():
                writing.execute(insert(table), dict(row))
        writing.execute(text("SELECT setval('notification_number_seq', (SELECT max(number) FROM notification))"))
    source.dispose()
    target.dispose()


def opened(folder, url=""):
    return Database(folder, url)


def test_first_layout_comes_up_to_date_with_its_data(tmp_path, url, authority, gp):
    first_layout(tmp_path / "dmp", url)
    database = opened(tmp_path / "dmp", url)
    with database.reading() as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (SubmissionRow, DocumentRow)] == [1, 2]
        assert session.scalars(select(TraceRow.outcome).order_by(TraceRow.number)).all() == [
            "allowed", "allowed", "refused", "allowed"
        ]  # fmt: skip
        assert traces.first_broken_link(session) is None
        assert dossiers.treating_physicians(session, INS.matricule) == [people.GP.national_id]
        assert len(traces.notifications_of(session, INS.matricule)) == 4
        assert not session.scalars(select(DocumentRow).where(DocumentRow.invisible_to_patient)).all()  # lot signatures
    client = DirectClient("", Path(), gp, dispatcher=Dispatcher(database, TrustStore(authority.bundle_pem)))
    assert DOCUMENT.encode() in next(iter(client.retrieve(INS, DOCUMENT).parts.values()))
    assert len(client.find(INS).body.findall(".//{*}ExtrinsicObject")) == 2  # and its lot signature, to its author
    assert send(client, Deposit(INS)).succeeded
    database.close()
    opened(tmp_path / "dmp", url).close()  # nothing left to do


def test_layout_half_grown_by_starts_of_its_time(tmp_path):
    """Missing tables were made at each start before versions were kept, missing columns were not."""
    first_layout(tmp_path / "dmp")
    with sqlite3.connect(tmp_path / "dmp" / "server.sqlite") as connection:
        connection.executescript(
            """CREATE TABLE treating (matricule VARCHAR NOT NULL REFERENCES person (matricule),
               professional VARCHAR NOT NULL, PRIMARY KEY (matricule, professional));
               INSERT INTO treating VALUES ('284069999920289', '899700000123'), ('284069999920289', '899700000131');
               CREATE TABLE professional (national_id VARCHAR NOT NULL PRIMARY KEY, family_name VARCHAR NOT NULL,
               given_name VARCHAR NOT NULL, profession VARCHAR NOT NULL, specialty VARCHAR NOT NULL);"""
        )
    connection.close()
    database = opened(tmp_path / "dmp")
    with database.reading() as session:
        assert dossiers.treating_physicians(session, INS.matricule) == ["899700000123", "899700000131"]
    database.close()


def test_traces_that_lost_their_signatures_are_not_signed_again(tmp_path):
    first_layout(tmp_path / "dmp")
    (tmp_path / "dmp" / "trace.key").write_bytes(bytes(32))
    with pytest.raises(CannotStart, match="signatures"):
        opened(tmp_path / "dmp")
    with sqlite3.connect(tmp_path / "dmp" / "server.sqlite") as connection:  # all of it or nothing
        columns = [row[1] for row in connection.execute("PRAGMA table_info(trace)")]
        assert "signature" not in columns
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert "administrative" not in tables
    connection.close()


def test_layout_and_steps_agree(tmp_path, url):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    database = opened(tmp_path / "dmp", url)
    with database.reading() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}
    database.close()


def test_later_version_is_refused_with_a_sentence(tmp_path, url):
    database = opened(tmp_path / "dmp", url)
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r999'"))
    database.close()
    with pytest.raises(CannotStart) as caught:
        opened(tmp_path / "dmp", url)
    assert "version plus récente" in caught.value.sentence


def test_command_says_it(tmp_path):
    database = opened(tmp_path / "dmp")
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r999'"))
    database.close()
    command = [sys.executable, "main.py", "server", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "version plus récente du serveur" in done.stderr


def test_several_threads_start_at_once(tmp_path, url):
    failures = []

    def start():
        try:
            opened(tmp_path / "dmp", url).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_steps_are_one_line_and_installed():
    from configparser import ConfigParser

    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(FOLDER))
    assert [one.revision for one in script.walk_revisions()][-1] == "r1"
    assert len(script.get_heads()) == 1
    packaging = ConfigParser()
    packaging.read(ROOT / "setup.cfg", "utf-8")
    patterns = packaging["options.package_data"]["reference_server.storage"].split(", ")
    shipped = {path for pattern in patterns for path in FOLDER.parent.glob(pattern)}
    assert shipped == set(FOLDER.rglob("*.py"))
