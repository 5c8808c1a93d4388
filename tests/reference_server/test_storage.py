"""Traces that show tampering, submissions that are all or nothing, seeding once."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from demonstration import people
from demonstration.samples import sample_submissions
from praticien.documents.cda_reader import read
from reference_server import trace_file
from reference_server.errors import CannotStart
from reference_server.seeding import Directory, seed
from reference_server.storage import documents, prepared, traces
from reference_server.storage.database import Database
from reference_server.storage.tables import ContentRow, DocumentRow, NotificationRow, SubmissionRow, TraceRow
from reference_server.storage.traces import Extract, Trace
from tests.effort import examples
from tests.reference_server.client import NS
from tests.reference_server.deposits import Deposit, send

INS = people.NORA.ins


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request):
    """Every test of this file that stores something does it in both."""
    return str if request.param == "sqlite" else request.getfixturevalue("cluster").new_database


def broken_link(desk):
    with desk.database.reading() as session:
        return traces.first_broken_link(session)


@pytest.fixture
def three(desk, gp):
    client = desk.client(gp)
    client.status(INS)
    client.find(INS)
    client.find(people.SOLO.ins)
    assert broken_link(desk) is None
    return desk


@pytest.mark.parametrize("column", ["at", "actor", "reason", "matricule", "outcome", "rule", "message_id", "digest"])
def test_altered_trace_is_found(three, column):
    with three.database.transaction() as session:
        session.execute(update(TraceRow).where(TraceRow.number == 2).values({column: "autre"}))
    assert broken_link(three) == 2


@pytest.mark.parametrize("number", [1, 2])
def test_removed_trace_is_found(three, number):
    with three.database.transaction() as session:
        session.execute(delete(NotificationRow))
        session.execute(delete(TraceRow).where(TraceRow.number == number))
    assert broken_link(three) == number


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
OTHERS = {"documents": st.lists(words, max_size=2), "secret": st.booleans(), "number": st.integers(10, 99)}
said = {column: OTHERS.get(column, words) for column in Trace.__dataclass_fields__}


@settings(max_examples=examples(20))
@given(rows=st.lists(st.builds(Trace, **said), min_size=1, max_size=4), data=st.data())
def test_any_column_of_any_row(tmp_path_factory, rows, data):
    """The database and its export both name the first row that was altered."""
    folder = tmp_path_factory.mktemp("chain")
    database = Database(folder)
    column = data.draw(st.sampled_from(sorted(one.key for one in TraceRow.__table__.columns)))
    number = data.draw(st.integers(1, len(rows)))
    with database.transaction() as session:
        for row in rows:
            traces.append(session, replace(row, at=f"2026-11-22T10:00:00+00:00{row.at}"))
        old = getattr(session.get(TraceRow, number), column)
        new = data.draw(OTHERS.get(column, words).filter(lambda value: value != old))
    with database.transaction() as session:
        session.execute(update(TraceRow).where(TraceRow.number == number).values({column: new}))
    with database.reading() as session:
        assert traces.first_broken_link(session) == number
        (folder / "export").write_bytes(b"".join(traces.export(session, Extract())))
    database.close()
    report = trace_file.verify(folder / "export")
    assert report.altered == number


def counts(desk):
    with desk.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(t)) for t in (SubmissionRow, DocumentRow, ContentRow)]


TABLES = ("submission", "content", "document", "association", "trace", "notification")


class FailingOnce:
    """A driver's cursor that cannot write the first row of a table."""

    def __init__(self, cursor, table, failed):
        self._cursor, self._table, self._failed = cursor, table, failed

    def execute(self, statement, *values):
        if statement.startswith(f"INSERT INTO {self._table} ") and not self._failed:
            self._failed.append(statement)
            raise OSError("disk full")
        return self._cursor.execute(statement, *values)

    def fetchall(self):
        return self._cursor.fetchall()


@pytest.mark.parametrize("table", TABLES)
def test_failure_in_mid_submission_leaves_nothing(desk, gp, table, monkeypatch):
    """The first row of each table that a submission writes cannot be written."""
    failed, real = [], prepared._cursor

    @contextmanager
    def cursor(connection):
        with real(connection) as one:
            yield FailingOnce(one, table, failed)

    monkeypatch.setattr(prepared, "_cursor", cursor)
    answer = send(desk.client(gp), Deposit(INS))
    assert failed
    assert (answer.status, answer.subcode) == (500, "InternalError")
    assert counts(desk) == [0, 0, 0]
    assert desk.told(INS) == []
    row = desk.history(INS)[0]
    assert (row.outcome, row.transaction) == ("failed", "TD2.1")
    assert send(desk.client(gp), Deposit(INS)).succeeded
    assert broken_link(desk) is None


def test_seeding_happens_once(desk):
    assert not seed(desk.database, people.DIRECTORY, people.DOSSIERS)


def test_empty_dmp(tmp_path):
    database = Database(tmp_path / "empty")
    assert seed(database, Directory(), ())
    assert database.is_empty
    database.close()


def test_failed_seeding_leaves_an_empty_database(tmp_path):
    database = Database(tmp_path / "broken")

    def submissions():
        yield from ()
        raise OSError("no sample")

    with pytest.raises(OSError, match="no sample"):
        seed(database, people.DIRECTORY, people.DOSSIERS, submissions())
    assert database.is_empty
    database.close()


def test_seeded_documents_are_listed_and_read_like_deposits(make_desk, gp):
    mine = [one for one in sample_submissions() if one.submission_set.patient_id == INS]
    desk = make_desk(submissions=mine)
    client = desk.client(gp)
    answer = client.find(INS)
    assert answer.succeeded, answer.reason
    entries = answer.body.findall(".//rim:ExtrinsicObject", NS)
    wanted = {one.entry.title: one for submission in mine for one in submission.documents}
    assert {entry.find("rim:Name/*", NS).get("value") for entry in entries} == set(wanted)
    for title, one in wanted.items():
        (content,) = client.retrieve(INS, one.entry.unique_id).parts.values()
        assert content == one.content, title
        assert read(content) is not None


def test_seeded_metadata_keep_the_rules_of_deposits(make_desk):
    from lxml import etree

    from reference_server.metadata import cda, rules
    from reference_server.metadata.views import Entry

    mine = [one for one in sample_submissions() if one.submission_set.patient_id == INS]
    desk = make_desk(submissions=mine)
    with desk.database.reading() as session:
        rows = documents.of_patient(session, INS)
        assert rows
        for row in rows:
            entry = Entry(etree.fromstring(row.xml))
            broken = [*rules.entry_findings(entry), *cda.findings(entry, documents.content(session, row))]
            assert broken == []


@pytest.mark.parametrize("url", ["mysql://x/y", "pas une adresse", "postgresql://praticien@/x?host=/nulle/part"])
def test_unusable_database_url(tmp_path, url):
    with pytest.raises(CannotStart):
        Database(tmp_path / "dmp", url)
