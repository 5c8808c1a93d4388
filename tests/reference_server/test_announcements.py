"""Documents hidden from the patient: a reminder at two weeks, visible at one month (CSP R.1111-53)."""

import pytest

from demonstration import people
from reference_server.storage import documents
from tests.reference_server.client import Words
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_updates import entry_in, row_of

INS = people.SOLO.ins
HIDDEN = ("INVISIBLE_PATIENT",)


def touch(desk, gp):
    """Any call about the dossier."""
    assert desk.client(gp).status(INS, Words(INS, issued=desk.moment[0])).status == 200


@pytest.fixture
def hidden(desk, gp):
    deposit = Deposit(INS, visibility=HIDDEN)
    assert send(desk.client(gp), deposit).succeeded
    return deposit


def test_author_is_reminded_once(desk, gp, hidden):
    desk.later(days=13)
    touch(desk, gp)
    assert desk.told(INS, people.GP.national_id) == []
    desk.later(days=1)
    touch(desk, gp)
    touch(desk, gp)
    (reminder,) = desk.told(INS, people.GP.national_id)
    assert hidden.title in reminder
    assert desk.told(INS) == []


def test_visible_after_a_month(desk, gp, hidden):
    desk.later(days=29)
    touch(desk, gp)
    assert row_of(desk, hidden).invisible_to_patient
    desk.later(days=1)
    touch(desk, gp)
    touch(desk, gp)
    assert not row_of(desk, hidden).invisible_to_patient
    assert len(desk.told(INS)) == 1
    client, words = desk.client(gp), Words(INS, issued=desk.moment[0])
    client.authorise(INS, words=words)
    entry = entry_in(client.find(INS, words))
    assert "INVISIBLE_PATIENT" not in {one.get("nodeRepresentation") for one in entry}


def test_what_is_not_hidden_and_the_lot_signature_stay_as_they_are(desk, gp):
    deposit = Deposit(INS)
    assert send(desk.client(gp), deposit).succeeded
    desk.later(days=60)
    touch(desk, gp)
    assert len(desk.told(INS)) == 1
    with desk.database.reading() as session:
        hidden = [row for row in documents.of_patient(session, INS) if b'"INVISIBLE_PATIENT"' in row.xml]
        assert [row.title for row in hidden] == ["Source"]
