"""Background work: where results arrive, what is said, what is dropped."""

import threading

import pytest

from ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot):
    made = Tasks()
    yield made
    made.close()


def test_result_arrives_in_the_gui_thread(qtbot, tasks):
    seen = []
    work = threading.current_thread
    tasks.start(work, "").on_success(lambda worker: seen.append((worker, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, receiver = seen[0]
    assert receiver is threading.main_thread()
    assert worker is not receiver


def test_failure_arrives_as_the_exception(qtbot, tasks):
    seen = []
    tasks.start(lambda: 1 // 0, "").on_success(seen.append).on_failure(lambda error: seen.append(type(error)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [ZeroDivisionError]


def test_nothing_is_said_of_what_is_quick(qtbot, tasks):
    said, done = [], []
    tasks.doing.connect(said.append)
    tasks.start(lambda: None, "Rapide…").on_success(done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert set(said) <= {""}


def test_what_lasts_is_said_then_cancelled(qtbot, tasks):
    gate, said, told = threading.Event(), [], []
    tasks.doing.connect(said.append)
    task = tasks.start(lambda: gate.wait(10), "Long…")
    task.on_success(lambda _r: told.append("success")).on_cancel(lambda: told.append("cancel"))
    assert not tasks.cancel_shown()
    qtbot.waitUntil(lambda: "Long…" in said)
    assert tasks.cancel_shown()
    assert said[-1] == ""
    assert not tasks.is_busy()
    gate.set()
    qtbot.wait(50)
    assert told == ["cancel"]


def test_dropped_work_tells_nobody(qtbot, tasks):
    gate, told = threading.Event(), []
    task = tasks.start(lambda: gate.wait(10), "")
    task.on_success(told.append).on_failure(told.append).on_cancel(lambda: told.append("cancel"))
    task.drop()
    gate.set()
    qtbot.wait(50)
    assert told == []


def test_the_card_hears_one_request_after_the_other(qtbot, tasks):
    running, most, done = [], [], []

    def work():
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.01)
        running.pop()

    for _ in range(5):
        tasks.start(work, "", lane="card").on_success(done.append)
    qtbot.waitUntil(lambda: len(done) == 5)
    assert max(most) == 1


def test_finished_tasks_leave_nothing_behind(qtbot, tasks):
    done = []
    for _ in range(20):
        tasks.start(lambda: None, "").on_success(done.append)
    qtbot.waitUntil(lambda: len(done) == 20)
    qtbot.waitUntil(lambda: not [c for c in tasks.children() if type(c).__name__ == "Task"])
