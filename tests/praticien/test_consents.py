"""Agreements kept: encrypted, per professional and patient, and what follows from one given outside the care team."""

from datetime import timedelta

import pytest

from demonstration import people
from praticien.access import Authorisation, DossierState, DossierStatus, Rule
from praticien.consents import Consent, ConsentRegister, Giver, Recorded
from tests.praticien.fakes import NOW, Desk

KEY = bytes(32)
GP, OTHER = people.GP.national_id, people.EMERGENCY.national_id
OUTSIDE = Consent(care_team=False)


@pytest.fixture
def register(tmp_path):
    made = ConsentRegister(tmp_path / "consents", KEY)
    yield made
    made.close()


def test_the_latest_counts_for_that_professional_and_patient_alone(register):
    register.record(GP, people.SOLO.ins, OUTSIDE, NOW)
    register.record(GP, people.SOLO.ins, Consent(Giver.GUARDIAN), NOW + timedelta(days=1))
    assert register.latest(GP, people.SOLO.ins) == Recorded(Consent(Giver.GUARDIAN), NOW + timedelta(days=1))
    assert register.latest(OTHER, people.SOLO.ins) is None
    assert register.latest(GP, people.NORA.ins) is None


def test_survives_and_says_nothing_in_clear(register, tmp_path):
    register.record(GP, people.SOLO.ins, OUTSIDE, NOW)
    register.close()
    for path in (tmp_path / "consents").iterdir():
        for word in (people.SOLO.ins.matricule, GP, "care_team"):
            assert word.encode() not in path.read_bytes()
            assert word not in path.name
    again = ConsentRegister(tmp_path / "consents", KEY)
    assert again.latest(GP, people.SOLO.ins).consent == OUTSIDE
    again.close()


def test_a_damaged_file_is_set_aside(register, tmp_path):
    register.record(GP, people.SOLO.ins, OUTSIDE, NOW)
    for path in (tmp_path / "consents").glob("*.item"):
        if path.stem != "key":
            path.write_bytes(path.read_bytes()[:-1])
    assert register.latest(GP, people.SOLO.ins) is None
    register.record(GP, people.SOLO.ins, Consent(), NOW)
    assert register.latest(GP, people.SOLO.ins).consent == Consent()


@pytest.fixture
def desk(register):
    desk = Desk().with_patient()
    desk.practice.consents = register
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    return desk


def reopened(desk):
    desk.practice.take_traits(desk.seed.traits)
    desk.practice.confirm_identity()
    desk.practice.look()


def test_within_the_care_team_once_is_enough(desk):
    desk.practice.record_consent(Consent())
    reopened(desk)
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED


def test_a_disk_that_fails_keeps_nobody_from_the_patient(desk, register, tmp_path, monkeypatch):
    """The DMP has the agreement: what is kept here only says how it was given."""
    desk.practice.record_consent(OUTSIDE)
    desk.practice.take_traits(desk.seed.traits)
    desk.practice.confirm_identity()

    def failing(*_given, **_named):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("praticien.outbox_store.os.open", failing)
    monkeypatch.setattr("praticien.outbox_store.Path.read_bytes", failing)
    desk.practice.look()
    assert desk.practice.verdict().allowed
    assert desk.practice.last_consent is None
    assert desk.practice.record_consent(Consent()).consented


def test_outside_the_care_team_it_is_asked_at_each_consultation(desk):
    desk.practice.record_consent(OUTSIDE)
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED
    reopened(desk)
    assert desk.practice.verdict().rule is Rule.CONSENT_EACH_TIME
    assert desk.practice.emergency_verdict().allowed  # a right that must be asked for again is none in an emergency
    desk.practice.record_consent(OUTSIDE)
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED
    assert desk.dmp.asked.count("declare") == 2


def test_the_treating_physician_belongs_to_the_care_team(desk):
    desk.practice.record_consent(OUTSIDE)
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.VALID, treating_physician=True)
    reopened(desk)
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED
