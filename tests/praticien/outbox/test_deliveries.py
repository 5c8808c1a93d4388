"""Each delivery from its form to the acknowledgement: tries, failures, crashes, who may send it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from praticien.access import NORMAL
from praticien.deposit import prepare
from praticien.errors import InvalidInput, SessionLocked
from praticien.outbox import DeliveryState, NotDeliverable, UnknownDelivery, YoursAlone
from tests.praticien import forms
from tests.praticien.outbox.support import (
    ME,
    NOW,
    AlreadyDeposited,
    Crash,
    Cut,
    Dmp,
    ServerRefuses,
    Unreachable,
    crash,
    in_state,
    submission_of,
    summary,
)


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
