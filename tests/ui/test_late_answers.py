"""What arrives late, or while a system dialog is open: never shown, printed, sent or noted for somebody else."""

import threading

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from demonstration.people import LINA, MAISON, NORA, SOLO
from praticien.access import EmergencyReason
from praticien.deposit import prepare
from praticien.document_acts import DocumentAct
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.model import DocumentKind
from praticien.errors import PatientChanged
from praticien.habilitations import AuthorisedHolder
from praticien.identity import IdentityStatus, Patient
from praticien.outbox import DeliveryState
from praticien.practice import Case
from tests.ui.fakes import OID, Unreachable, sample
from tests.ui.test_authorisation_journey import nora
from ui.pages import Page
from ui.wanted import NoLongerWanted, Wanted

__all__ = ["nora"]


class Held:
    """``prepare`` that waits to be let go, in the window's place of it."""

    def __init__(self) -> None:
        self.gate, self.asked, self.failing = threading.Event(), 0, False

    def __call__(self, document, *, text_compared=False):
        self.asked += 1
        self.gate.wait(20)
        if self.failing:
            raise PermissionError
        return prepare(document, software_oid=OID, text_compared=text_compared)


@pytest.fixture
def held(monkeypatch, window):
    made = Held()
    monkeypatch.setattr(window.outgoing, "_prepare", made)
    yield made
    made.gate.set()


def confirm(window, hands, text="Repos fictif"):
    """Fill and confirm; what was started goes on."""
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type(text)
    window.pages.deposit.confirm()
    QApplication.processEvents()


def late(window, qtbot):
    """The window says what it is doing: it can be given up."""
    qtbot.waitUntil(lambda: any(task.is_late for task in window.tasks._running), timeout=5000)


# -- deposits ---------------------------------------------------------------------------------------------------------


def test_confirmed_twice_leaves_once(world, window, hands, nora, held):
    confirm(window, hands)
    window.pages.deposit.confirm()
    held.gate.set()
    hands.wait()
    assert held.asked == 1
    assert [d.state for d in world.outbox.deliveries()] == [DeliveryState.SENT]


def test_given_up_while_it_is_prepared_it_never_leaves(world, window, hands, *, nora, held, qtbot):
    confirm(window, hands)
    late(window, qtbot)
    window.conductor.back()
    assert window.page is Page.DEPOSIT
    assert "rien n’est parti" in window.pages.deposit.notice.text
    held.gate.set()
    window.tasks._lanes["file"].waitForDone(5000)
    hands.wait()
    assert world.outbox.deliveries() == ()
    hands.press("Ctrl+Return")
    assert [d.state for d in world.outbox.deliveries()] == [DeliveryState.SENT]


def test_an_act_is_done_or_given_up():
    first, second = Wanted(), Wanted()
    assert first.do(lambda: 1) == 1
    assert first.give_up() == 1
    assert second.give_up() is None
    with pytest.raises(NoLongerWanted):
        second.do(lambda: 1)


def test_a_refusal_is_said_by_its_title_once_another_form_is_open(world, window, hands, nora, held):
    held.failing = True
    confirm(window, hands)
    window.conductor.leave_page()
    window.flow.forget()
    opened(window, SOLO)
    window.conductor.open_deposit(DocumentKind.PRESCRIPTION)
    assert window.page is Page.DEPOSIT
    held.gate.set()
    hands.wait()
    assert window.pages.deposit.notice.text == ""
    assert "« Ordonnance » n’est pas parti" in window.notice.text.replace("\u00a0", " ")


def opened(window, seed):
    """Another patient is open, without a search."""
    practice = window.flow._practice
    practice.adopt(Case(Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins)), practice.begin())
    window.flow.case_changed.emit()


def test_nothing_leaves_in_the_name_of_the_structure_before(world, window, hands, nora):
    world.dmp.failing = Unreachable()
    confirm(window, hands)
    hands.wait()
    assert [d.state for d in world.outbox.deliveries(window.session.owner)] == [DeliveryState.WAITING]
    other = next(s for s in world.practice.holder.situations if s.structure == MAISON)
    world.practice.choose_situation(other)  # in its task; the window has not heard of it
    window.outgoing.deliver_waiting()
    hands.wait()
    assert world.dmp.calls == []
    assert [d.tries for d in world.outbox.deliveries()] == [1]


# -- reading ----------------------------------------------------------------------------------------------------------


def test_holders_that_arrive_after_the_patient_left_are_not_shown(world, window, hands, nora, qtbot):
    world.registry.holders = (AuthorisedHolder("899700000199", "TESTAUTRE", "Paul", "", blocked=False, treating=False),)
    window.conductor.stewardship.show_authorisation()
    for lane in window.tasks._lanes.values():
        assert lane.waitForDone(5000)  # answered; the window has not heard of it
    window.flow.forget()
    hands.wait()
    assert "TESTAUTRE" not in words_of(window.pages.authorisation)


def words_of(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_what_was_read_is_noted_in_its_own_emergency(world, window, hands, emergency, monkeypatch):
    practice = world.practice
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance de Nora", "x")]
    opened(window, NORA)
    case = practice.break_glass(EmergencyReason.UNCONSCIOUS, "")
    checked, noted = practice._same_case, []

    def another_opens_at_once(turn, access):
        checked(turn, access)
        opened(window, SOLO)

    monkeypatch.setattr(practice, "_same_case", another_opens_at_once)
    monkeypatch.setattr(practice, "note_read", lambda review, entry: noted.append((review, entry.title)))
    practice.open_document(case.documents[0])
    assert noted == [(case.review, "Ordonnance de Nora")]
    assert case.review


def test_acts_on_a_document_want_its_own_patient_open(world, window, hands, gp):
    entry = sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", "x")[0]
    opened(window, SOLO)
    for act in (
        lambda: world.practice.change_document(DocumentAct.DELETE, entry),
        lambda: world.practice.relations(entry),
    ):
        with pytest.raises(PatientChanged):
            act()
    assert world.dmp.calls == []


def test_what_was_read_in_secret_or_in_an_emergency_is_proposed_nowhere_else(world, window, hands, gp):
    read = window.conductor._depositing.read
    entry = sample(LINA, DocumentKind.PRESCRIPTION, "Ordonnance", "x")[0]
    opened(window, LINA)

    def reading():
        read.add(entry, CodedFacts())
        return read.of(LINA.ins)

    assert reading()
    window.conductor.secrecy.toggle()
    assert read.of(LINA.ins) == ()
    assert reading()
    window.conductor.secrecy.toggle()
    assert read.of(LINA.ins) == ()
    hands.wait()
    world.practice.break_glass(EmergencyReason.UNCONSCIOUS, "")
    window.flow.case_changed.emit()
    assert reading()
    window.conductor.emergency.end()
    assert read.of(LINA.ins) == ()
    hands.wait()
