"""What is put to the driver directly says and keeps the same as SQLAlchemy would."""

import pytest
from sqlalchemy import bindparam, select

from demonstration import people
from reference_server.storage import documents
from reference_server.storage.database import Database
from reference_server.storage.documents import Listed
from reference_server.storage.prepared import Prepared, PreparedInsert
from reference_server.storage.tables import Base, ContentRow, DocumentRow, PersonRow, SubmissionRow, TraceRow

INS = people.NORA.ins
SAID = {
    "state": "open", "closed_on": "", "opposed_to_break_glass": True, "opposed_to_regulation": False,
    "masked_visible_in_emergency": False, "notice_sent_on": "", "opposed_to_creation": False,
}  # fmt: skip
PERSON = {
    "matricule": INS.matricule, "oid": INS.oid, "birth_name": "TESTÉ'; --", "first_names": ["ÉLÉONORE", "%s ? :a"],
    "birth_date": "19840621", "sex": "F", "birth_place": "99999", "birth_rank": 1, **SAID,
}  # fmt: skip
SUBMISSION = {
    "unique_id": "1.2", "entry_uuid": "urn:uuid:s", "matricule": INS.matricule, "received_at": "2026-11-22",
    "depositor": "TEST", "structure": "TEST", "xml": b"<a>\xc3\xa9\x00\xff</a>",
}  # fmt: skip
DOCUMENT = {
    "entry_uuid": "urn:uuid:d", "unique_id": "1.2.3", "matricule": INS.matricule, "submission": "1.2", "content": "ff",
    "status": "approved", "mime_type": "text/xml", "title": "", "masked": True, "invisible_to_patient": False,
    "author_ids": ["é"], "facets": {"type": ["a^^b"], "author": []}, "xml": b"\x00\x01",
}  # fmt: skip
TRACE = dict.fromkeys((column.key for column in TraceRow.__table__.columns), "") | {
    "number": 1, "documents": ["1.2.3"], "secret": True
}  # fmt: skip
ROWS = {
    PersonRow: PERSON, SubmissionRow: SUBMISSION, ContentRow: {"sha256": "ff", "octets": bytes(range(256))},
    DocumentRow: DOCUMENT, TraceRow: TRACE,
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request, tmp_path):
    url = "" if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()
    database = Database(tmp_path / "dmp", url)
    with database.transaction() as session:
        for table, values in ROWS.items():
            PreparedInsert(table).keep(session, [values])
        yield session
    database.close()


def told(row: Base):
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


@pytest.mark.parametrize("table", ROWS)
def test_what_is_kept_is_what_sqlalchemy_reads_and_the_other_way(session, table):
    (row,) = session.scalars(select(table))
    assert told(row) == ROWS[table]
    columns = [column.key for column in table.__table__.columns]
    read = Prepared(
        select(*(getattr(table, name) for name in columns)), lambda *values: dict(zip(columns, values, strict=True))
    )
    assert read.rows(session) == [ROWS[table]]
    types = {name: type(value) for name, value in ROWS[table].items()}
    assert {name: type(value) for name, value in read.rows(session)[0].items()} == types


def test_what_the_session_has_not_written_yet_is_seen(session):
    session.get(DocumentRow, "urn:uuid:d").masked = False
    (found,) = documents.listed(session, INS)
    assert found == Listed(**{name: DOCUMENT[name] for name in Listed._fields} | {"masked": False})


def test_parameters_and_constants(session):
    named = Prepared(
        select(PersonRow.sex).where(PersonRow.birth_name == bindparam("name"), PersonRow.birth_rank == 1).limit(1), str
    )
    assert named.first(session, name=PERSON["birth_name"]) == "F"
    assert named.first(session, name="x' OR '1'='1") is None
    with pytest.raises(KeyError):
        named.first(session)
