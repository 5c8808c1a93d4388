"""The notice that each user confirms, every 180 days; nothing begins before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration.people import EMERGENCY, GP
from praticien.pledge import DAYS, is_due
from ui.pages import Page
from ui.session import Phase

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "days,due", [(0, False), (1, False), (DAYS - 1, False), (DAYS, True), (DAYS + 400, True), (-1, True)]
)
def test_every_180_days(days, due):
    assert is_due((TODAY - timedelta(days=days)).isoformat(), TODAY) is due


@given(st.text(max_size=12))
def test_what_is_no_day_was_no_answer(kept):
    try:
        date.fromisoformat(kept)
    except ValueError:
        assert is_due(kept, TODAY)


@pytest.fixture
def new_user(world, window, hands):
    world.now.append(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    world.settings.values[f"understood/{EMERGENCY.national_id}"] = ""
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()


def test_nothing_begins_before_it_is_confirmed(world, window, hands, new_user):
    assert window.page is Page.PLEDGE
    for keys in ("Esc", "F2", "Ctrl+F2", "F6", "F9", "Ctrl+F9", "F10", "Ctrl+M", "Ctrl+G", "Shift+F1", "Ctrl+F1"):
        hands.press(keys)
        assert window.phase is Phase.PLEDGE
    if window.page is not Page.PLEDGE:
        hands.press("Esc")
    assert window.page is Page.PLEDGE
    assert not window.banner.isVisible()
    hands.press("Return")
    assert window.page is Page.PATIENT


def again(world, hands, **later):
    world.now.append(world.now[-1] + timedelta(**later))
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()


def test_remembered_for_its_holder_and_asked_again_in_time(world, window, hands, new_user):
    hands.press("Return")
    again(world, hands, days=179)
    assert window.page is Page.PATIENT
    again(world, hands, days=1)
    assert window.page is Page.PLEDGE
    assert f"understood/{GP.national_id}" not in world.settings.values


def test_read_again_at_any_time(window, hands, emergency):
    hands.press("Ctrl+F1")
    assert window.page is Page.PLEDGE
    assert not hands.find("pledge.understood").isVisible()
    hands.press("Esc")
    assert window.page is Page.PATIENT


def test_locking_is_always_possible(world, window, hands, new_user):
    hands.press("Ctrl+L")
    assert window.phase is Phase.PIN
    hands.withdraw(world.desk, "cps-urgentiste")
    assert window.page is Page.WELCOME
