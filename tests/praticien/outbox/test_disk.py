"""What the outbox has on the disk: sealed, private, whole or parked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from praticien.access import NORMAL
from praticien.outbox import DeliveryState, NotDeliverable, Outbox, OutboxBusy, OutboxUnavailable, WrongOutboxKey
from tests.praticien.outbox.support import KEY, ME, Crash, Dmp, Unreachable, crash, submission_of, summary


def test_nothing_in_clear(opened, submission, tmp_path):
    box, dmp = opened(), Dmp()
    dmp.failures = [Unreachable()]
    box.deliver(box.put(submission, summary()).id, dmp, NORMAL, ME)
    box.deliver(box.put(submission_of(1), summary()).id, dmp, NORMAL, ME)
    names = [path.name for path in (tmp_path / "outbox").iterdir()]
    disk = b"".join(path.read_bytes() for path in (tmp_path / "outbox").iterdir())
    patient = submission.documents[0].entry.patient_id.matricule
    for word in ("TESTEXEMPLE", "Ordonnance", patient, "ClinicalDocument", "899700000123", "2.25.9000"):
        assert word.encode() not in disk
        assert not any(word in name for name in names)


def test_files_are_private(opened, submission, tmp_path):
    opened().put(submission, summary())
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "outbox").iterdir()} == {0o600}


def test_one_process_at_a_time(opened):
    box = opened()
    with pytest.raises(OutboxBusy):
        opened()
    crash(box)
    opened()


def test_a_wrong_key_touches_nothing(opened, submission, tmp_path):
    box = opened()
    delivery = box.put(submission, summary())
    crash(box)
    before = {p.name: p.read_bytes() for p in (tmp_path / "outbox").iterdir()}
    with pytest.raises(WrongOutboxKey):
        Outbox(tmp_path / "outbox", bytes(32))
    assert {p.name: p.read_bytes() for p in (tmp_path / "outbox").iterdir()} == before
    assert opened().deliveries() == (delivery,)


def test_a_lost_key_file_is_made_again(opened, submission, tmp_path):
    box = opened()
    delivery = box.put(submission, summary())
    crash(box)
    (tmp_path / "outbox" / "key.item").unlink()
    assert opened().deliveries() == (delivery,)
    assert (tmp_path / "outbox" / "key.item").exists()


def damage_truncate(path):
    path.write_bytes(path.read_bytes()[:-7])


def damage_flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def damage_empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [damage_truncate, damage_flip, damage_empty])
def test_a_damaged_file_is_parked_and_listed_never_dropped(opened, submission, tmp_path, damage):
    box = opened()
    hurt, sound = box.put(submission, summary()), box.put(submission_of(1), summary("autre"))
    crash(box)
    damage(tmp_path / "outbox" / f"{hurt.id}.item")
    for _ in range(2):  # at once, and after another restart
        box = opened()
        found = {d.id: d for d in box.deliveries()}
        assert found[hurt.id].state is DeliveryState.DAMAGED
        assert found[hurt.id].summary is None
        assert found[sound.id] == sound
        crash(box)
    assert (tmp_path / "outbox" / f"{hurt.id}.damaged").exists()
    box = opened()
    for act in (box.submission, box.retry):
        with pytest.raises(NotDeliverable):
            act(hurt.id)
    box.discard(hurt.id)
    assert [d.id for d in box.deliveries()] == [sound.id]
    assert not (tmp_path / "outbox" / f"{hurt.id}.damaged").exists()


def test_files_exchanged_between_two_deliveries_are_both_refused(opened, submission, tmp_path):
    box = opened()
    one, two = box.put(submission, summary()), box.put(submission_of(1), summary())
    crash(box)
    first, second = (tmp_path / "outbox" / f"{d.id}.item" for d in (one, two))
    first_bytes, second_bytes = first.read_bytes(), second.read_bytes()
    first.write_bytes(second_bytes)
    second.write_bytes(first_bytes)
    assert {d.state for d in opened().deliveries()} == {DeliveryState.DAMAGED}


def test_damage_found_while_running(opened, submission, tmp_path):
    box, dmp = opened(), Dmp()
    delivery = box.put(submission, summary())
    damage_flip(tmp_path / "outbox" / f"{delivery.id}.item")
    with pytest.raises(NotDeliverable):
        box.deliver(delivery.id, dmp, NORMAL, ME)
    assert dmp.received == 0
    assert box.deliveries()[0].state is DeliveryState.DAMAGED


def test_half_written_files_are_swept(opened, tmp_path):
    crash(opened())
    aside = tmp_path / "outbox" / f"{'0' * 32}.aside"
    aside.write_bytes(b"half")
    assert opened().deliveries() == ()
    assert not aside.exists()


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_accepts_nothing(opened, submission, monkeypatch, tmp_path, call):
    box = opened()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"praticien.outbox_store.os.{call}", full)
        with pytest.raises(OutboxUnavailable):
            box.put(submission, summary())
    assert box.deliveries() == ()
    crash(box)
    assert opened().deliveries() == ()


def test_a_full_disk_keeps_nobody_from_opening(opened, submission, monkeypatch):
    box = opened()
    delivery = box.put(submission, summary())
    with pytest.raises(Crash):
        box.deliver(delivery.id, Dying(box), NORMAL, ME)
    crash(box)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("praticien.outbox_store.os.fsync", full)
        again = opened()
    (found,) = again.deliveries()
    assert found.state is DeliveryState.UNCERTAIN
    assert again.deliver(delivery.id, Dmp(), NORMAL, ME).state is DeliveryState.SENT


class Dying:
    """The process dies inside the call: nothing more is written."""

    def __init__(self, box):
        self._box = box

    def deposit(self, submission, access):
        self._box._end = lambda *_: None
        raise Crash


def test_a_full_disk_after_the_acknowledgement_does_not_send_twice(opened, submission, monkeypatch):
    box, dmp = opened(), Dmp()
    delivery = box.put(submission, summary())
    original = box._store.write

    def full_after_sending(name, data):
        if dmp.received:
            raise OutboxUnavailable
        original(name, data)

    with monkeypatch.context() as patch:
        patch.setattr(box._store, "write", full_after_sending)
        with pytest.raises(OutboxUnavailable):
            box.deliver(delivery.id, dmp, NORMAL, ME)
    assert box.deliveries()[0].state is DeliveryState.UNCERTAIN
    assert box.deliver(delivery.id, dmp, NORMAL, ME).state is DeliveryState.SENT
    assert len(dmp.stored) == 1


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_the_answer(opened, submission, monkeypatch):
    box, done = opened(), []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor):
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        real_fsync(descriptor)

    def rename(path, target):
        done.append("name")
        return real_replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr("praticien.outbox_store.os.fsync", fsync)
        patch.setattr(Path, "replace", rename)
        box.put(submission, summary())
    assert done == ["bytes", "name", "folder"]


def test_no_folder_no_outbox(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxUnavailable):
        Outbox(tmp_path / "file" / "outbox", KEY)


def test_reprs_tell_no_name(opened, submission):
    delivery = opened().put(submission, summary())
    assert "TEST" not in f"{delivery!r} {delivery.summary!r}"
