"""What several tests of the practice do."""

from __future__ import annotations

from demonstration import people
from praticien.access import EmergencyReason
from tests.praticien.fakes import insi_answer


def glass(desk, words="inconscient", **more):
    return desk.practice.break_glass(EmergencyReason.UNCONSCIOUS, words, **more)


def other_patient(desk):
    desk.dmp.meanwhile = lambda: None
    desk.insi.answer = insi_answer(people.NORA)
    desk.practice.take_traits(people.NORA.traits)
    desk.practice.confirm_identity()
