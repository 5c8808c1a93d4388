"""Reports received: durable, encrypted, once each; their versions; a full disk, a wrong key, a damaged file."""

from datetime import UTC, datetime

import pytest

from connectors.hl7v2.oru import read_reports
from demonstration import people
from demonstration.laboratory import blood_test, urine_culture
from praticien import outbox_store
from praticien.deposit import new_oid
from praticien.lab_inbox import InboxUnavailable, LabInbox, UnknownReport

KEY = bytes(32)
NOW = datetime(2026, 11, 20, 9, 30, 15)
FIRST = blood_test(people.SOLO, NOW).encode()
CORRECTION = blood_test(people.SOLO, NOW, status="C").encode()
OTHER = urine_culture(people.LINA, NOW).encode("latin-1")


def reports_of(content):
    return read_reports(content, production=False)


def open_inbox(folder, key=KEY):
    return LabInbox(folder, key, reports_of, new_oid)


@pytest.fixture
def inbox(tmp_path):
    made = open_inbox(tmp_path / "inbox")
    yield made
    made.close()


def put(inbox, content):
    inbox.put(content, reports_of(content))
    return inbox.reports()[0] if len(inbox.reports()) == 1 else None


def test_what_was_put_is_there_after_a_restart(tmp_path, inbox):
    line = put(inbox, FIRST)
    inbox.close()
    again = open_inbox(tmp_path / "inbox")
    assert again.reports() == (line,)
    assert next(again.report(line.id).analyses).name == "Hémoglobine"
    again.close()


def test_nothing_is_in_clear(tmp_path, inbox):
    put(inbox, FIRST)
    for path in (tmp_path / "inbox").iterdir():
        content = path.read_bytes()
        for word in (b"TESTEXEMPLE", people.SOLO.ins.matricule.encode(), "Hémoglobine".encode(), b"OBX"):
            assert word not in content
        assert "TEST" not in path.name


def test_the_same_message_again_changes_nothing(inbox):
    put(inbox, FIRST)
    put(inbox, FIRST)
    assert len(inbox.reports()) == 1


def test_a_message_about_two_patients_gives_two_reports(inbox):
    both = FIRST + OTHER[OTHER.index(b"PID") :].decode("latin-1").encode()
    inbox.put(both, reports_of(both))
    assert {line.label for line in inbox.reports()} == {"TESTEXEMPLE ZOÉ LÉA", "TESTFAMILLE LINA ROSE"}
    patients = {inbox.report(line.id).patient.ins for line in inbox.reports()}
    assert patients == {people.SOLO.ins, people.LINA.ins}


def test_a_correction_shares_the_set_of_what_it_corrects(inbox):
    first = put(inbox, FIRST)
    assert inbox.former(first.id) is None
    inbox.mark_deposited(first.id, 1)
    put(inbox, CORRECTION)
    correction = next(line for line in inbox.reports() if line.id != first.id)
    assert correction.set_id == first.set_id
    assert correction.document_id != first.document_id
    assert inbox.former(correction.id) is None, "deposited, not yet arrived"
    inbox.mark_sent(first.document_id)
    assert inbox.former(correction.id).document_id == first.document_id
    assert inbox.former(correction.id).version == 1


def test_a_number_given_again_to_somebody_else_is_another_report(inbox):
    first = put(inbox, FIRST)
    inbox.mark_deposited(first.id, 1)
    inbox.mark_sent(first.document_id)
    inbox.put(again := blood_test(people.LINA, NOW).encode(), reports_of(again))
    (other,) = [line for line in inbox.reports() if line.id != first.id]
    assert inbox.former(other.id) is None
    assert other.set_id != first.set_id


def test_another_request_is_another_set(inbox):
    put(inbox, FIRST)
    put(inbox, OTHER)
    assert len({line.set_id for line in inbox.reports()}) == 2


def test_once_sent_the_content_leaves_the_disk(tmp_path, inbox):
    line = put(inbox, FIRST)
    before = (tmp_path / "inbox" / f"{line.id}.item").stat().st_size
    inbox.mark_sent(line.document_id)
    assert (tmp_path / "inbox" / f"{line.id}.item").stat().st_size < before / 2
    assert inbox.reports()[0].sent_at.tzinfo is UTC
    with pytest.raises(UnknownReport):
        inbox.report(line.id)
    inbox.mark_sent("2.25.1")  # none of ours


def test_erased(tmp_path, inbox):
    line = put(inbox, FIRST)
    inbox.erase(line.id)
    assert inbox.reports() == ()
    with pytest.raises(UnknownReport):
        inbox.report(line.id)
    inbox.close()
    again = open_inbox(tmp_path / "inbox")
    assert again.reports() == ()
    again.close()


def test_listeners_hear_of_changes(inbox):
    heard = []
    stop = inbox.subscribe(lambda: heard.append(len(inbox.reports())))
    line = put(inbox, FIRST)
    inbox.erase(line.id)
    stop()
    put(inbox, FIRST)
    assert heard == [1, 0]


def test_a_full_disk_accepts_nothing(tmp_path, inbox, monkeypatch):
    both = FIRST + OTHER[OTHER.index(b"PID") :].decode("latin-1").encode()
    real, written = outbox_store._replace, []

    def full(path, data):
        if written:
            raise OSError(28, "no space left")
        written.append(path)
        real(path, data)

    monkeypatch.setattr(outbox_store, "_replace", full)
    with pytest.raises(InboxUnavailable):
        inbox.put(both, reports_of(both))
    assert inbox.reports() == ()
    inbox.close()
    monkeypatch.undo()
    again = open_inbox(tmp_path / "inbox")
    assert again.reports() == (), "the first of the two was written: it must not come back"
    again.close()


def test_a_wrong_key_opens_nothing_and_breaks_nothing(tmp_path, inbox):
    put(inbox, FIRST)
    inbox.close()
    with pytest.raises(InboxUnavailable):
        open_inbox(tmp_path / "inbox", b"x" * 32)
    again = open_inbox(tmp_path / "inbox")
    assert len(again.reports()) == 1
    again.close()


def test_two_programs_do_not_share_a_folder(tmp_path, inbox):
    with pytest.raises(InboxUnavailable):
        open_inbox(tmp_path / "inbox")


def test_a_damaged_file_is_set_aside_and_counted(tmp_path, inbox):
    line = put(inbox, FIRST)
    put(inbox, OTHER)
    path = tmp_path / "inbox" / f"{line.id}.item"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UnknownReport):
        inbox.report(line.id)
    assert inbox.damaged == 1
    inbox.close()
    again = open_inbox(tmp_path / "inbox")
    assert len(again.reports()) == 1
    assert again.damaged == 1
    again.close()
