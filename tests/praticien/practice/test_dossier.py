"""What may be asked of a dossier, and what is declared."""

from __future__ import annotations

import pytest

from demonstration import people
from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus, Rule
from praticien.errors import Refused
from praticien.practice import IdentityMismatch
from tests.praticien.fakes import Desk


def test_read_path(desk, entry):
    assert desk.practice.verdict() is None
    desk.practice.look()
    assert desk.practice.verdict().rule is Rule.READ_ALLOWED
    assert desk.practice.list_documents().documents == (entry,)
    assert desk.practice.open_document(entry).unique_id == entry.unique_id
    assert {access.mode for _, access in desk.dmp.calls} == {AccessMode.NORMAL}


@pytest.mark.parametrize(
    "status,rule",
    [
        (DossierStatus(DossierState.ABSENT), Rule.NO_DOSSIER),
        (DossierStatus(DossierState.CLOSED), Rule.CLOSED),
        (DossierStatus(DossierState.OPEN, Authorisation.NONE), Rule.CONSENT_NEEDED),
        (DossierStatus(DossierState.OPEN, Authorisation.EXPIRED), Rule.CONSENT_EXPIRED),
        (DossierStatus(DossierState.OPEN, Authorisation.FORBIDDEN), Rule.BLOCKED),
    ],
)
def test_what_the_table_refuses_is_not_asked(desk, status, rule):
    desk.dmp.status = status
    desk.practice.look()
    with pytest.raises(Refused) as caught:
        desk.practice.list_documents()
    assert caught.value.rule == rule.value
    assert "find" not in desk.dmp.asked


def test_what_one_may_no_longer_read_is_forgotten(desk, entry):
    desk.practice.look()
    assert desk.practice.list_documents().documents == (entry,)
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.FORBIDDEN)
    assert desk.practice.look().documents == ()


def test_a_secretary_reads_nothing():
    desk = Desk("cpe-secretaire", people.SCANNED).with_patient()
    desk.practice.look()
    with pytest.raises(Refused) as caught:
        desk.practice.list_documents()
    assert caught.value.rule == Rule.CARD_MAY_NOT_READ.value
    assert not desk.practice.emergency_verdict().allowed


def test_consent_is_declared_once_and_the_status_asked_again(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    desk.practice.record_consent()
    assert desk.dmp.asked == ["status", "declare", "status"]
    assert desk.practice.verdict().allowed


def test_looking_never_declares(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.NONE)
    desk.practice.look()
    assert "declare" not in desk.dmp.asked


def test_the_dmp_must_speak_of_the_same_person(desk):
    desk.dmp.status = DossierStatus(DossierState.OPEN, Authorisation.VALID, traits=people.NORA.traits)
    with pytest.raises(IdentityMismatch) as caught:
        desk.practice.look()
    assert "birth_name" in caught.value.differing
    assert desk.practice.case.status is None
