"""Examinations received: durable, encrypted, complete after a quiet time, gone after a week."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from praticien.documents import received
from praticien.documents.dicom_header import InstanceHeader
from praticien.documents.imaging import Exposure
from praticien.documents.received import ReceivedFull, ReceivedStudies
from praticien.outbox_store import OutboxBusy, WrongOutboxKey

KEY = bytes(range(32))
HEADER = InstanceHeader(
    study_uid="2.25.1",
    sop_class="1.2.840.10008.5.1.4.1.1.2",
    sop_uid="2.25.100",
    series_uid="2.25.10",
    modality="CT",
    patient_number="IPP-TEST-0042",
    patient_family_name="TESTIMAGE",
    patient_given_name="HÉLÈNE",
    exposures=(Exposure("113830", "9.5", "mGy"),),
)


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def sleep(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opened(tmp_path, clock):
    made = []

    def open_(key=KEY):
        made.append(ReceivedStudies(tmp_path / "received", key, clock=clock))
        return made[-1]

    yield open_
    for one in made:
        one.close()


def numbered(number, **changes):
    return replace(HEADER, sop_uid=f"2.25.10{number}", **changes)


def test_a_study_is_complete_after_a_quiet_time_and_becomes_one_file(opened, clock, tmp_path):
    store = opened()
    for number in range(4):
        store.keep(numbered(number))
        clock.sleep(seconds=20)
    (found,) = store.studies()
    assert (found.is_complete, found.study.files) == (False, 4)
    assert len(list((tmp_path / "received").glob("*.item"))) == 5  # and the key's own
    clock.sleep(seconds=30)
    (found,) = store.studies()
    assert (found.is_complete, found.study.files) == (True, 4)
    assert len(list((tmp_path / "received").glob("*.item"))) == 2
    assert found.study.exposures == (Exposure("113830", "9.5", "mGy"),)


def test_everything_is_there_after_a_restart_even_between_two_objects(opened, clock):
    first = opened()
    first.keep(numbered(1))
    first.keep(numbered(2))
    first.close()
    second = opened()
    second.keep(numbered(3))
    assert second.studies()[0].study.files == 3


def test_nothing_is_in_clear_on_disk_nor_in_memory(opened, tmp_path):
    store = opened()
    store.keep(HEADER)
    for file in (tmp_path / "received").iterdir():
        content = file.read_bytes()
        assert b"TESTIMAGE" not in content
        assert b"2.25.1" not in content
    assert "TESTIMAGE" not in repr(store.studies()) + repr(vars(store))


def test_an_object_sent_twice_counts_once(opened, clock):
    store = opened()
    for _ in range(3):
        store.keep(HEADER)
    assert store.studies()[0].study.files == 1
    clock.sleep(minutes=1)
    assert store.studies()[0].study.files == 1


def test_the_latest_comes_first_and_a_dropped_one_is_gone(opened, clock, tmp_path):
    store = opened()
    store.keep(HEADER)
    clock.sleep(minutes=5)
    store.keep(replace(HEADER, study_uid="2.25.2"))
    assert [one.study_uid for one in store.studies()] == ["2.25.2", "2.25.1"]
    store.drop("2.25.2")
    store.drop("2.25.2")
    assert [one.study_uid for one in store.studies()] == ["2.25.1"]
    store.close()
    assert [one.study_uid for one in opened().studies()] == ["2.25.1"]


def test_objects_of_two_patients_under_one_study_are_said(opened):
    store = opened()
    store.keep(numbered(1))
    store.keep(numbered(2, patient_number="IPP-TEST-0043"))
    (found,) = store.studies()
    assert (found.study, found.problem) == (None, "dicom.several_patients")


def test_after_a_week_it_is_erased(opened, clock):
    store = opened()
    store.keep(HEADER)
    clock.sleep(days=7, seconds=1)
    assert store.studies() == ()
    store.close()
    assert opened().studies() == ()


def test_what_is_too_much_is_refused(opened, monkeypatch):
    monkeypatch.setattr(received, "MAX_STUDIES", 1)
    monkeypatch.setattr(received, "MAX_FILES", 2)
    store = opened()
    for number in range(2):
        store.keep(numbered(number))
    with pytest.raises(ReceivedFull):
        store.keep(numbered(3))
    with pytest.raises(ReceivedFull):
        store.keep(replace(HEADER, study_uid="2.25.2"))


def test_a_damaged_file_is_set_aside_and_the_rest_is_read(opened, tmp_path):
    store = opened()
    for number in range(3):
        store.keep(numbered(number))
    store.close()
    victim = next(file for file in (tmp_path / "received").glob("*.item") if len(file.stem) == 32)
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    assert opened().studies()[0].study.files == 2
    assert victim.with_suffix(".damaged").exists()


def test_another_key_or_another_process_is_refused(opened):
    store = opened()
    store.keep(HEADER)
    with pytest.raises(OutboxBusy):
        opened()
    store.close()
    with pytest.raises(WrongOutboxKey):
        opened(bytes(32))
