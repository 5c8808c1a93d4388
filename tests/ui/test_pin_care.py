"""Changing and unblocking the PIN by the keyboard: counters said, one try a confirmation, nothing left behind."""

import pytest
from PySide6.QtWidgets import QApplication

from ui.pages import Page
from ui.pin_panel import PinField
from ui.session import Phase


@pytest.fixture
def page(world, window, hands):
    """The page, reached from the PIN page."""
    hands.insert(world.desk, "cps-medecin")
    hands.press("Ctrl+K")
    assert window.page is Page.PIN_CARE
    return window.pages.pin_care


def fill(hands, *codes):
    for code in codes:
        hands.type(code)
        hands.press("Return")


def lengths(window):
    return {field.length for field in window.pages.pin_care.findChildren(PinField)}


def test_changed_by_the_keyboard_then_asked_for(world, window, hands, page):
    assert page.tries == "Il reste 3\u00a0essais du code porteur."
    assert hands.focus() == "pin_care.current"
    fill(hands, "1234", "4321", "4321")
    assert world.desk.changed_to == [b"4321"]
    assert window.page is Page.PIN
    assert "saisissez le nouveau" in window.notice.text
    assert hands.focus() == "pin_panel.field"
    assert lengths(window) == {0}


def test_two_different_new_codes_never_reach_the_card(world, window, hands, page):
    fill(hands, "1234", "4321", "4322")
    assert "diffèrent" in hands.find("pin_care.again.error").text()
    assert (world.desk.pins_seen, world.desk.changed_to) == ([], [])
    assert lengths(window) == {0}
    assert hands.focus() == "pin_care.current"


def test_wrong_code_spends_one_try_and_says_what_is_left(world, window, hands, page):
    fill(hands, "9999", "4321", "4321")
    assert "incorrect" in page.error
    assert page.tries == "Il reste 2\u00a0essais du code porteur."
    assert lengths(window) == {0}
    assert world.desk.pins_seen == [4]
    hands.press("Return", "Esc")
    assert world.desk.pins_seen == [4]
    assert "2\u00a0essais" in window.pages.pin.tries


def test_last_try_is_confirmed_first(world, window, hands):
    world.desk.tries["cps-medecin"] = 1
    hands.insert(world.desk, "cps-medecin")
    hands.press("Ctrl+K")
    assert hands.focus() == "pin_care.last_try"
    assert not hands.find("pin_care.current").isEnabled()
    hands.press("Space")
    fill(hands, "1234", "4321", "4321")
    assert world.desk.changed_to == [b"4321"]


def test_blocked_card_is_unblocked(world, window, hands):
    world.desk.tries["cps-medecin"] = 0
    hands.insert(world.desk, "cps-medecin")
    hands.find("pin_panel.care").click()
    hands.wait()
    assert hands.focus() == "pin_care.code"
    assert not hands.find("pin_care.change").isEnabled()
    assert window.pages.pin_care.tries == "Il reste 10\u00a0essais du code de déblocage."
    fill(hands, "87654321", "4321", "4321")
    assert "9\u00a0essais" in window.pages.pin_care.tries
    assert "déblocage incorrect" in window.pages.pin_care.error
    fill(hands, "12345678", "4321", "4321")
    assert world.desk.changed_to == [b"4321"]
    assert window.page is Page.PIN
    assert "3\u00a0essais" in window.pages.pin.tries


def test_last_unblocking_try_is_confirmed(world, window, hands):
    world.desk.tries["cps-medecin"], world.desk.unblocking_tries["cps-medecin"] = 0, 1
    hands.insert(world.desk, "cps-medecin")
    hands.press("Ctrl+K")
    assert hands.focus() == "pin_care.last_try"
    hands.press("Space")
    fill(hands, "12345678", "4321", "4321")
    assert world.desk.changed_to == [b"4321"]


def test_short_codes_are_not_sent(world, window, hands, page):
    fill(hands, "123", "4321", "4321")
    assert world.desk.pins_seen == []
    assert window.page is Page.PIN_CARE


@pytest.mark.usefixtures("gp")
def test_an_unlocked_session_is_locked_first(world, window, hands):
    assert window.phase is Phase.READY
    hands.press("Ctrl+K")
    assert window.page is Page.PIN_CARE
    assert not world.practice.is_unlocked


@pytest.mark.usefixtures("page")
def test_codes_do_not_outlive_the_page_or_the_card(world, window, hands):
    hands.type("12")
    hands.press("Esc")
    assert lengths(window) == {0}
    hands.press("Ctrl+K")
    hands.type("12")
    hands.withdraw(world.desk, "cps-medecin")
    QApplication.processEvents()
    assert window.page is Page.WELCOME
    assert lengths(window) == {0}


def test_codes_handed_over_are_overwritten(world, window, hands, page, monkeypatch):
    handed = []
    change = world.practice.change_pin
    monkeypatch.setattr(
        world.practice, "change_pin", lambda *codes, **more: handed.extend(codes) or change(*codes, **more)
    )
    fill(hands, "9999", "4321", "4321")
    assert handed == [bytearray(4), bytearray(4)]


def test_without_a_card_nothing_opens(window, hands):
    hands.press("Ctrl+K")
    assert window.page is Page.WELCOME
