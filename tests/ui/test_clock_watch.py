"""The clock of this machine against the server's, in every page (PRE_TPS)."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import Hands
from ui.clock_watch import EVERY_MS, ClockWatch, drift_words
from ui.main_window import MainWindow


class Compared:
    """What the server's clock says, and how it was asked."""

    def __init__(self) -> None:
        self.ahead: timedelta | None = timedelta(seconds=3)
        self.asked: list[bool] = []

    def __call__(self, anew: bool) -> timedelta | None:
        self.asked.append(anew)
        return self.ahead


@pytest.fixture
def compared():
    return Compared()


@pytest.fixture
def window(qtbot, world, compared):
    made = MainWindow(world.dependencies(compare_clocks=compared))
    qtbot.addWidget(made)
    made.show()
    made.start()
    Hands(qtbot, made).wait()
    yield made
    made.close()


def look_again(window: MainWindow, qtbot) -> None:
    watch = window.findChild(ClockWatch)
    watch.findChild(QTimer).timeout.emit()
    Hands(qtbot, window).wait()


def test_compared_at_the_start_and_every_hour(window, compared):
    timer = window.findChild(ClockWatch).findChild(QTimer)
    assert timer.isActive()
    assert timer.interval() == EVERY_MS <= 24 * 3600 * 1000
    assert compared.asked == [False]
    assert window.clock_bar.text == ""


@pytest.mark.parametrize(
    "minutes,words", [(7, "retarde de 7 min"), (-7, "avance de 7 min"), (125, "retarde de 2 h 05")]
)
def test_a_drift_is_told_on_every_page_until_it_is_over(window, compared, qtbot, minutes, words):
    compared.ahead = timedelta(minutes=minutes)
    look_again(window, qtbot)
    assert words in window.clock_bar.text.replace("\u00a0", " ")
    compared.ahead = None  # the server is away: what was known is still true
    look_again(window, qtbot)
    assert window.clock_bar.text
    compared.ahead = timedelta(seconds=-20)
    look_again(window, qtbot)
    assert window.clock_bar.text == ""


def test_the_button_asks_the_server_anew(window, compared, qtbot):
    compared.ahead = timedelta(minutes=30)
    look_again(window, qtbot)
    window.clock_bar.act.click()
    QApplication.processEvents()
    Hands(qtbot, window).wait()
    assert compared.asked == [False, False, True]


def test_nothing_is_said_where_nothing_compares(qtbot, world):
    made = MainWindow(world.dependencies())
    qtbot.addWidget(made)
    made.start()
    assert made.clock_bar.text == ""


def test_words():
    assert drift_words(timedelta(hours=-3, minutes=-4)).replace("\u00a0", " ") == "3 h 04"
