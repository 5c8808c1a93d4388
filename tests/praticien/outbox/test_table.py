"""The table of states, walked in any order against a plain model."""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from praticien.access import NORMAL
from praticien.outbox import TRANSITIONS, DeliveryState, Event, NotDeliverable, Outbox
from tests.effort import examples
from tests.praticien.outbox.support import KEY, ME, Crash, Cut, Dmp, ServerRefuses, Unreachable, submission_of, summary


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
    page = (Path(__file__).parents[3] / "docs" / "outbox.md").read_text("utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if "|" in line]
    printed = set(rows[2:])
    assert printed == {(s.value, e.value, after.value) for (s, e), after in TRANSITIONS.items()}
