"""Outbox: the table walked, deliveries, crashes, damage. Folders are temporary, the key is fixed."""

from __future__ import annotations

import itertools
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from praticien.access import NORMAL
from praticien.deposit import prepare
from praticien.documents.model import DocumentKind
from praticien.errors import EnvironmentProblem, InvalidInput, Refused, SessionLocked
from praticien.metadata import Acknowledgement
from praticien.outbox import (
    TRANSITIONS,
    DeliveryState,
    Event,
    NotDeliverable,
    Outbox,
    OutboxBusy,
    OutboxUnavailable,
    Owner,
    Summary,
    UnknownDelivery,
    WrongOutboxKey,
    YoursAlone,
)
from tests.effort import examples
from tests.praticien import forms

KEY = bytes(range(32))
ME = Owner("899700000123", "499700000123401")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LABEL = "TESTEXEMPLE Zoé, née le 12/03/1987"


class Unreachable(EnvironmentProblem):
    code = "server.unreachable"
    uncertain = False


class Cut(EnvironmentProblem):
    code = "server.cut"
    uncertain = True


class ServerRefuses(Refused):
    code = "dmp.refused"


class AlreadyDeposited(Refused):
    code = "dmp.already_deposited"


class Crash(BaseException):
    """The process dies."""


class Dmp:
    """A server that keeps what it gets under its unique identifier, as the real one must."""

    def __init__(self):
        self.stored: dict[str, bytes] = {}
        self.failures: list[BaseException] = []
        self.after_storing: list[BaseException] = []
        self.received = 0

    def deposit(self, submission, access):
        if self.failures:
            raise self.failures.pop(0)
        self.received += 1
        document = submission.documents[0]
        known = document.entry.unique_id in self.stored
        if known:
            raise AlreadyDeposited
        self.stored[document.entry.unique_id] = document.content
        if self.after_storing:
            raise self.after_storing.pop(0)
        return Acknowledgement(submission.submission_set.unique_id, NOW)


def submission_of(number=0):
    form = forms.prescription(unique_id=f"2.25.{9000 + number}", title=f"Ordonnance n° {number}")
    return prepare(form, software_oid=forms.SOFTWARE_OID)


def summary(title="Ordonnance", owner=ME):
    return Summary(title, DocumentKind.PRESCRIPTION, LABEL, owner)


@pytest.fixture(scope="module")
def submission():
    return submission_of()


@pytest.fixture
def opened(tmp_path):
    boxes = []

    def open_box(**more):
        box = Outbox(tmp_path / "outbox", KEY, **({"clock": lambda: NOW} | more))
        boxes.append(box)
        return box

    yield open_box
    for box in boxes:
        box.close()


def crash(box):
    """Let the folder go as the death of the process does."""
    box.close()


def in_state(box, dmp, submission, state):
    """A delivery brought to ``state`` by what happens in life."""
    delivery = box.put(submission, summary())
    if state is DeliveryState.WAITING:
        return delivery
    dmp.failures = [
        {DeliveryState.UNCERTAIN: Cut, DeliveryState.REFUSED: ServerRefuses, DeliveryState.REFUSED_AGAIN: Cut}[state]()
    ]
    delivery = box.deliver(delivery.id, dmp, NORMAL, ME)
    if state is DeliveryState.REFUSED_AGAIN:
        dmp.failures = [ServerRefuses()]
        delivery = box.deliver(delivery.id, dmp, NORMAL, ME)
    assert delivery.state is state
    return delivery


# -- one delivery ------------------------------------------------------------------------------------------------


def test_deposit(opened, submission):
    box, dmp = opened(), Dmp()
    delivery = box.put(submission, summary())
    assert (delivery.state, delivery.tries, delivery.created_at) == (DeliveryState.WAITING, 0, NOW)
    sent = box.deliver(delivery.id, dmp, NORMAL, ME)
    assert (sent.state, sent.tries, sent.last_try_at, sent.acknowledged_at) == (DeliveryState.SENT, 1, NOW, NOW)
    assert dmp.stored == {"2.25.9000": submission.documents[0].content}
    assert box.deliveries() == (sent,)


def test_what_was_put_survives_the_process(opened, submission):
    box = opened()
    delivery = box.put(submission, summary())
    crash(box)
    box = opened()
    assert box.deliveries() == (delivery,)
    assert box.submission(delivery.id) == submission


def test_the_same_document_twice_is_one_delivery(opened, submission):
    box = opened()
    delivery = box.put(submission, summary())
    again = prepare(forms.prescription(unique_id="2.25.9000"), software_oid=forms.SOFTWARE_OID)
    assert box.put(again, summary()) == delivery
    assert len(box.deliveries()) == 1


@pytest.mark.parametrize(
    "error,state",
    [
        (Unreachable(), DeliveryState.WAITING),
        (SessionLocked(), DeliveryState.WAITING),
        (Cut(), DeliveryState.UNCERTAIN),
        (ServerRefuses(rule="dossier.closed"), DeliveryState.REFUSED),
        (InvalidInput(), DeliveryState.REFUSED),
        (AlreadyDeposited(), DeliveryState.REFUSED),
    ],
)
def test_a_failed_try_says_why_and_keeps_the_content(opened, submission, error, state):
    box, dmp = opened(), Dmp()
    dmp.failures = [error]
    delivery = box.deliver(box.put(submission, summary()).id, dmp, NORMAL, ME)
    assert (delivery.state, delivery.error_code, delivery.error_rule) == (state, error.code, error.rule)
    assert delivery.tries == 1
    assert box.submission(delivery.id) == submission


def test_the_next_try_forgets_the_former_error(opened, submission):
    box, dmp = opened(), Dmp()
    dmp.failures = [Unreachable()]
    delivery = box.deliver(box.put(submission, summary()).id, dmp, NORMAL, ME)
    sent = box.deliver(delivery.id, dmp, NORMAL, ME)
    assert (sent.state, sent.error_code, sent.tries) == (DeliveryState.SENT, "", 2)


def test_an_answer_cut_after_the_server_stored_it_is_not_sent_twice(opened, submission):
    box, dmp = opened(), Dmp()
    dmp.after_storing = [Cut()]
    delivery = box.deliver(box.put(submission, summary()).id, dmp, NORMAL, ME)
    assert delivery.state is DeliveryState.UNCERTAIN
    sent = box.deliver(delivery.id, dmp, NORMAL, ME)
    assert (sent.state, sent.error_code) == (DeliveryState.SENT, "")
    assert dmp.received == 2
    assert len(dmp.stored) == 1


def test_a_crash_while_sending_restarts_uncertain_with_the_same_identifiers(opened, submission):
    box, dmp = opened(), Dmp()
    delivery = box.put(submission, summary())
    dmp.after_storing = [Crash()]
    original = box._store.write
    box._store.write = lambda name, data: original(name, data) if dmp.received == 0 else None
    with pytest.raises(Crash):
        box.deliver(delivery.id, dmp, NORMAL, ME)
    crash(box)
    box = opened()
    (found,) = box.deliveries()
    assert found.state is DeliveryState.UNCERTAIN
    assert box.submission(found.id) == submission
    assert box.deliver(found.id, dmp, NORMAL, ME).state is DeliveryState.SENT


def test_our_own_bug_during_a_try_is_told_and_leaves_it_uncertain(opened, submission):
    box, dmp = opened(), Dmp()
    dmp.failures = [ZeroDivisionError()]
    delivery = box.put(submission, summary())
    with pytest.raises(ZeroDivisionError):
        box.deliver(delivery.id, dmp, NORMAL, ME)
    assert box.deliveries()[0].state is DeliveryState.UNCERTAIN


@pytest.mark.parametrize(
    "start,after",
    [(DeliveryState.REFUSED, DeliveryState.WAITING), (DeliveryState.REFUSED_AGAIN, DeliveryState.UNCERTAIN)],
)
def test_retry(opened, submission, start, after):
    box, dmp = opened(), Dmp()
    delivery = in_state(box, dmp, submission, start)
    with pytest.raises(NotDeliverable):
        box.deliver(delivery.id, dmp, NORMAL, ME)
    assert box.retry(delivery.id).state is after
    assert box.deliver(delivery.id, dmp, NORMAL, ME).state is DeliveryState.SENT


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.UNCERTAIN])
def test_only_a_refused_delivery_is_put_back(opened, submission, state):
    box = opened()
    delivery = in_state(box, Dmp(), submission, state)
    with pytest.raises(NotDeliverable) as caught:
        box.retry(delivery.id)
    assert caught.value.state is state


@pytest.mark.parametrize("owner", [replace(ME, professional_id="8000"), replace(ME, structure_id="1000")])
def test_nobody_elses_card_delivers(opened, submission, owner):
    box, dmp = opened(), Dmp()
    delivery = box.put(submission, summary())
    with pytest.raises(YoursAlone):
        box.deliver(delivery.id, dmp, NORMAL, owner)
    assert dmp.received == 0
    assert box.deliveries(owner) == ()
    assert box.deliveries(ME) == (delivery,)


def test_what_is_being_sent_is_not_sent_again_nor_discarded(opened, submission):
    box = opened()
    delivery = box.put(submission, summary())
    seen = []

    class Slow(Dmp):
        def deposit(self, submission, access):
            seen.append(box.deliveries()[0].state)
            for act in (lambda: box.deliver(delivery.id, self, NORMAL, ME), lambda: box.discard(delivery.id)):
                with pytest.raises(NotDeliverable):
                    act()
            return super().deposit(submission, access)

    dmp = Slow()
    assert box.deliver(delivery.id, dmp, NORMAL, ME).state is DeliveryState.SENT
    assert seen == [DeliveryState.SENDING]
    assert dmp.received == 1


@pytest.mark.parametrize(
    "state", [DeliveryState.WAITING, DeliveryState.UNCERTAIN, DeliveryState.REFUSED, DeliveryState.REFUSED_AGAIN]
)
def test_discard(opened, submission, state, tmp_path):
    box = opened()
    delivery = in_state(box, Dmp(), submission, state)
    box.discard(delivery.id)
    assert box.deliveries() == ()
    assert list((tmp_path / "outbox").glob(f"{delivery.id}*")) == []
    for act in (box.discard, box.retry, box.submission):
        with pytest.raises(UnknownDelivery):
            act(delivery.id)


def test_after_the_acknowledgement_the_content_leaves_the_disk(opened, submission, tmp_path):
    box = opened()
    delivery = box.put(submission, summary())
    before = (tmp_path / "outbox" / f"{delivery.id}.item").stat().st_size
    sent = box.deliver(delivery.id, Dmp(), NORMAL, ME)
    assert (tmp_path / "outbox" / f"{delivery.id}.item").stat().st_size < 1500 < before
    with pytest.raises(NotDeliverable):
        box.submission(delivery.id)
    crash(box)
    assert opened().deliveries() == (sent,)


def test_oldest_first(opened):
    times = iter(NOW - timedelta(minutes=m) for m in (0, 2, 1))
    box = opened(clock=lambda: next(times))
    for number in range(3):
        box.put(submission_of(number), summary(str(number)))
    assert [d.summary.title for d in box.deliveries()] == ["1", "2", "0"]


def test_the_list_never_waits_for_the_disk(opened, submission):
    """The window asks for it in its own thread while another one writes."""
    box = opened()
    writing, go_on = threading.Event(), threading.Event()
    original = box._store.write

    def slow(name, data):
        writing.set()
        assert go_on.wait(30)
        original(name, data)

    box._store.write = slow
    thread = threading.Thread(target=box.put, args=(submission, summary()))
    thread.start()
    assert writing.wait(30)
    assert box.deliveries() == ()
    go_on.set()
    thread.join()
    assert len(box.deliveries()) == 1


# -- disk --------------------------------------------------------------------------------------------------------


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


# -- the table ---------------------------------------------------------------------------------------------------


def test_the_table_is_complete_for_sending_states():
    outcomes = set(Event) - {Event.START, Event.RETRY}
    for state in (DeliveryState.SENDING, DeliveryState.SENDING_AGAIN):
        assert {event for s, event in TRANSITIONS if s is state} == outcomes


def test_sent_is_final_and_reached_only_by_the_servers_word():
    assert not [pair for pair in TRANSITIONS if pair[0] is DeliveryState.SENT]
    into = {pair for pair, state in TRANSITIONS.items() if state is DeliveryState.SENT}
    assert into == {
        (DeliveryState.SENDING, Event.ACKNOWLEDGED),
        (DeliveryState.SENDING_AGAIN, Event.ACKNOWLEDGED),
        (DeliveryState.SENDING_AGAIN, Event.ALREADY_THERE),
    }


def test_every_state_leads_to_sent():
    reach = {DeliveryState.SENT}
    for _, ((start, _event), end) in itertools.product(DeliveryState, TRANSITIONS.items()):
        if end in reach:
            reach.add(start)
    assert reach == set(DeliveryState) - {DeliveryState.DAMAGED}


FAILURES = {Event.UNREACHABLE: Unreachable, Event.CUT: Cut, Event.REFUSED: ServerRefuses}
SUBMISSIONS = [submission_of(number) for number in range(3)]


class OutboxWalk(RuleBasedStateMachine):
    """Any order of puts, tries, failures, crashes, retries: against a plain model, on real files."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.box = Outbox(Path(self.folder.name), KEY)
        self.dmp = Dmp()
        self.model: dict[int, DeliveryState] = {}  # by number of the submission; random ids would not replay
        self.ids: dict[int, str] = {}

    @initialize()
    def first(self):
        self.put(0)

    @rule(number=st.integers(0, 2))
    def put(self, number):
        delivery = self.box.put(SUBMISSIONS[number], summary())
        self.model.setdefault(number, DeliveryState.WAITING)
        self.ids[number] = delivery.id

    @precondition(lambda self: self.model)
    @rule(data=st.data(), outcome=st.sampled_from([None, *FAILURES, "stored then cut"]))
    def deliver(self, data, outcome):
        number = data.draw(st.sampled_from(sorted(self.model)))
        id, state = self.ids[number], self.model[number]
        stored = f"2.25.{9000 + number}" in self.dmp.stored
        self.dmp.failures = [FAILURES[outcome]()] if outcome in FAILURES else []
        self.dmp.after_storing = [Cut()] if outcome == "stored then cut" else []
        started = TRANSITIONS.get((state, Event.START))
        if started is None:
            with pytest.raises(NotDeliverable):
                self.box.deliver(id, self.dmp, NORMAL, ME)
            return
        self.model[number] = TRANSITIONS[started, self._event(outcome, stored)]
        assert self.box.deliver(id, self.dmp, NORMAL, ME).state is self.model[number]

    def _event(self, outcome, stored):
        if outcome in FAILURES:
            return outcome
        if stored:
            return Event.ALREADY_THERE
        return Event.CUT if outcome == "stored then cut" else Event.ACKNOWLEDGED

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def retry(self, data):
        number = data.draw(st.sampled_from(sorted(self.model)))
        after = TRANSITIONS.get((self.model[number], Event.RETRY))
        if after is None:
            with pytest.raises(NotDeliverable):
                self.box.retry(self.ids[number])
        else:
            self.model[number] = self.box.retry(self.ids[number]).state
            assert self.model[number] is after

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def discard(self, data):
        number = data.draw(st.sampled_from(sorted(self.model)))
        self.box.discard(self.ids.pop(number))
        del self.model[number]

    @precondition(lambda self: any(s.is_waiting for s in self.model.values()))
    @rule(data=st.data(), stored=st.booleans())
    def crash_while_sending(self, data, stored):
        number = data.draw(st.sampled_from(sorted(n for n, state in self.model.items() if state.is_waiting)))
        box, dmp = self.box, self.dmp

        class Dying:
            def deposit(self, submission, access):
                if stored:
                    dmp.stored.setdefault(submission.documents[0].entry.unique_id, b"")
                box._store.write = lambda *_: None  # a dead process writes nothing more
                raise Crash

        with pytest.raises(Crash):
            box.deliver(self.ids[number], Dying(), NORMAL, ME)
        self.model[number] = DeliveryState.UNCERTAIN
        self.restart()

    @rule()
    def restart(self):
        self.box.close()
        self.box = Outbox(Path(self.folder.name), KEY)

    @invariant()
    def nothing_is_lost(self):
        found = {d.id: d.state for d in self.box.deliveries()}
        assert found == {self.ids[number]: state for number, state in self.model.items()}
        for number, state in self.model.items():
            if state is not DeliveryState.SENT:
                assert self.box.submission(self.ids[number]) == SUBMISSIONS[number]

    def teardown(self):
        self.box.close()
        self.folder.cleanup()


TestOutboxWalk = OutboxWalk.TestCase
TestOutboxWalk.settings = settings(max_examples=examples(20), stateful_step_count=25)


def test_the_documentation_prints_the_table():
    page = (Path(__file__).parents[2] / "docs" / "outbox.md").read_text("utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if "|" in line]
    printed = set(rows[2:])
    assert printed == {(s.value, e.value, after.value) for (s, e), after in TRANSITIONS.items()}
