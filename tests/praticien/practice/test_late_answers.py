"""Answers that come after the patient, the card or the mode has changed."""

from __future__ import annotations

import pytest

from demonstration import people
from praticien.access import AccessMode
from praticien.errors import PatientChanged, SessionLocked
from tests.praticien.fakes import FakeCard
from tests.praticien.practice.support import glass, other_patient

ACTS = {
    "look": lambda d, e: d.practice.look(),
    "consent": lambda d, e: d.practice.record_consent(),
    "glass": lambda d, e: glass(d),
    "list": lambda d, e: d.practice.list_documents(),
    "open": lambda d, e: d.practice.open_document(e),
}
MEANWHILE = {
    "forget": lambda d: d.practice.forget_patient(),
    "lock": lambda d: d.practice.lock(),
    "abandon": lambda d: d.practice.abandon(),
    "other card": lambda d: d.practice.present(FakeCard(people.CARDS["cps-urgentiste"])),
    "other patient": other_patient,
}


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("meanwhile", list(MEANWHILE))
def test_a_late_answer_is_dropped(desk, entry, act, meanwhile):
    desk.dmp.meanwhile = lambda: MEANWHILE[meanwhile](desk)
    with pytest.raises((PatientChanged, SessionLocked)):
        ACTS[act](desk, entry)
    case = desk.practice.case
    if meanwhile == "other patient":
        assert case.patient.ins == people.NORA.ins
    if case is not None:
        assert case.status is None
        assert case.documents == ()
        assert case.access.mode is AccessMode.NORMAL


@pytest.mark.parametrize("act", ["look", "record_consent", "list_documents"])
def test_an_act_asked_for_a_former_patient_does_not_start(desk, act):
    turn = desk.practice.turn
    other_patient(desk)
    desk.dmp.calls.clear()
    with pytest.raises(PatientChanged):
        getattr(desk.practice, act)(turn=turn)
    assert desk.dmp.calls == []


def test_consent_for_a_former_patient_is_not_given_to_the_next(desk):
    turn = desk.practice.turn
    other_patient(desk)
    with pytest.raises(PatientChanged):
        desk.practice.record_consent(turn=turn)
    assert "declare" not in desk.dmp.asked


def test_an_entry_of_another_patient_is_not_opened(desk, entry):
    other_patient(desk)
    with pytest.raises(PatientChanged):
        desk.practice.open_document(entry)
    assert "retrieve" not in desk.dmp.asked


def test_two_answers_do_not_undo_each_other(desk, entry):
    """The list arrives while TD0.2 is on its way: both are kept."""

    def list_arrives():
        desk.dmp.meanwhile = lambda: None
        desk.practice.list_documents()

    desk.dmp.meanwhile = list_arrives
    desk.practice.look()
    assert desk.practice.case.documents == (entry,)
    assert desk.practice.case.status == desk.dmp.status
