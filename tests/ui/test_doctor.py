"""The reader doctor's sentences and its screen."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import card_reader.diagnosis
import card_reader.errors
from praticien.ports import Finding, Level
from tests.ui.conftest import Hands
from tests.ui.fakes import Unreachable
from ui.main_window import MainWindow
from ui.messages import SENTENCES
from ui.messages.diagnosis import FINDINGS, as_text, finding_words
from ui.pages import Page

VALUES = {
    "atr": "3B00", "model": "CPS3", "kind": "CPS", "serial": "2800000012", "left": "2", "beneficiaries": "4",
    "count": "2", "use": "signature", "from": "2026-01-02", "until": "2029-01-02", "seconds": "-300",
    "path": "/opt/lib.so", "version": "5.2", "names": "ifd-ccid 1.5.2", "code": "library.crashed", "detail": "6F00",
}  # fmt: skip
TRACE = (
    Finding("service.running", Level.GOOD),
    Finding("pin.last_try", Level.WARNING, "lecteur 1", (("left", "1"),)),
    Finding("clock.wrong", Level.PROBLEM, values=(("seconds", "600"),)),
)


def said_codes() -> set[str]:
    """Every literal of the diagnosis that has the form of a code."""
    tree = ast.parse(Path(card_reader.diagnosis.__file__).read_text("utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"[a-z0-9]+\.[a-z_]+", text)}


def test_every_finding_has_its_words():
    codes = said_codes()
    assert len(codes) > 25
    assert codes - set(SENTENCES) - set(FINDINGS) == set()
    assert set(FINDINGS) <= codes


def test_every_error_of_a_card_can_be_a_finding():
    errors = vars(card_reader.errors).values()
    codes = {e.code for e in errors if isinstance(e, type) and issubclass(e, card_reader.errors.CardError)}
    for code in codes:
        assert finding_words(Finding(code, Level.PROBLEM, "lecteur", (("detail", "6F00"),))).advice


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_words_are_whole_and_well_typed(code):
    message = finding_words(Finding(code, Level.GOOD, "lecteur", tuple(VALUES.items())))
    for words in (message.text, message.advice):
        assert words.endswith((".", ")."))
        assert "{" not in words
        assert "'" not in words
        assert not re.search(r" [:;?!»]|« |[^\s\u00a0\u202f/][;?!»]", words), words


def test_text_says_the_worst_first_with_its_codes():
    text = as_text(TRACE, "Praticien 0.1.0", datetime.now(UTC))
    heads = re.findall(r"^- ([^·]+) ·", text, re.M)
    assert heads == ["À corriger", "À surveiller", "Bon"]
    assert "[pin.last_try left=1]" in text
    assert "lecteur 1" in text


@pytest.fixture
def doctor(qtbot, world):
    """A window with a doctor that says what ``found`` holds."""
    found = [TRACE]

    def diagnose():
        if isinstance(found[-1], Exception):
            raise found[-1]
        return found[-1]

    window = MainWindow(world.dependencies(diagnose=diagnose))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    yield window, Hands(qtbot, window), found
    window.close()


def test_reached_by_key_without_a_card_and_left(doctor):
    window, hands, _found = doctor
    hands.press("Ctrl+R")
    assert window.page is Page.DOCTOR
    assert hands.focus() == "doctor.rows"
    assert window.pages.doctor.lines[0].startswith("À corriger")
    assert "Réglez la date" in window.pages.doctor.lines[0]
    assert window.pages.doctor.state == "1\u00a0point à corriger."
    hands.press("Esc")
    assert window.page is Page.WELCOME


def test_reached_by_button_while_the_pin_is_asked(world, doctor):
    window, hands, _found = doctor
    hands.insert(world.desk, "cps-medecin")
    hands.type("12")
    hands.find("session_bar.doctor").click()
    hands.wait()
    assert window.page is Page.DOCTOR
    assert hands.find("pin_panel.field").length == 0
    hands.press("Esc")
    assert window.page is Page.PIN
    assert world.desk.pins_seen == []


def test_looked_at_again_and_copied(doctor):
    window, hands, found = doctor
    hands.press("Ctrl+R")
    found.append((replace(TRACE[0]),))
    hands.press("F5")
    assert window.pages.doctor.state == "Rien à corriger."
    hands.find("doctor.copy").click()
    assert "[service.running]" in QApplication.clipboard().text()
    found.append(Unreachable())
    hands.press("F5")
    assert window.pages.doctor.state.endswith(SENTENCES["server.unreachable"][1])


def test_without_a_doctor_no_button(window, hands):
    assert hands.find("session_bar.doctor").isHidden()
    hands.press("Ctrl+R")
    assert window.page is Page.WELCOME
