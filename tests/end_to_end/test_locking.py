"""The card leaves: the window is locked at once, whatever it waits for. Nothing here is timed (see benchmarks)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from demonstration.people import CARDS, NORA
from tests.end_to_end.bench import CONTROL, Bench, Key
from ui.pages import Page
from ui.session import Phase

SHORT = "Paracétamol 500 mg, trois jours"


class Locking:
    """Looks at the screen in the very moment of locking."""

    def __init__(self, bench: Bench) -> None:
        self.seen: list[str] = []
        self._bench = bench
        bench.window.session.locked.connect(self._look)  # after the window's own: it is called after them

    def _look(self) -> None:
        self.seen.append("nobody shown" if self._bench.shows_nobody() else "somebody shown")


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Set to let go what a test holds, at the latest at its end."""
    event = threading.Event()
    yield event
    event.set()


def test_nobody_is_shown_from_the_moment_of_locking(open_bench, readers):
    bench = open_bench(readers)
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    locking = Locking(bench)
    bench.withdraw()
    assert locking.seen == ["nobody shown"]
    bench.rest()
    assert bench.practice.holder is None


def test_locked_while_the_server_does_not_answer(open_bench, readers, proxy):
    bench = open_bench(readers)
    bench.arrive()
    bench.open(NORA)
    proxy.hold()
    bench.read_first()
    bench.hand.wait("la question partie", lambda: bench.window.is_busy)
    locking = Locking(bench)
    bench.withdraw()
    assert locking.seen == ["nobody shown"], "the answer was waited for"
    proxy.release()
    bench.rest()
    assert bench.shows_nobody()


def test_locked_while_the_card_does_not_answer(bench, in_process, held):
    """The card's own lane is busy: locking is not queued behind it."""
    card = in_process.cards["cps-medecin"]
    bench.arrive()
    asked = threading.Event()

    def hang(command: bytes) -> bytes:
        asked.set()
        held.wait(10)
        return card.card.transmit(command)

    card.instead = hang
    bench.type_identity(NORA)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("la carte interrogée", asked.is_set)
    locking = Locking(bench)
    bench.withdraw()
    assert locking.seen == ["nobody shown"]
    assert not held.is_set()
    held.set()
    bench.rest()
    assert bench.shows_nobody()
    card.instead = None
    bench.arrive()


def test_another_card_put_in_before_anybody_looks(open_bench, readers):
    """Its holder is asked for a PIN; nothing of the session goes on with it (nor does it when somebody did look)."""
    bench = open_bench(readers)
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    readers.swap("cps-medecin", "cps-urgentiste")
    other = CARDS["cps-urgentiste"]
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("l’autre carte", lambda: bench.window.page is Page.PIN)
    bench.hand.wait_for_text(other.professional.family_name, "pin_panel.who")
    assert "3 essais" in bench.hand.read("pin_panel.tries")
    assert bench.shows_nobody()
    bench.unlock("cps-urgentiste")
    assert bench.window.phase is Phase.READY


def test_the_same_card_out_and_in_before_anybody_looks(open_bench, readers):
    bench = open_bench(readers)
    bench.arrive()
    bench.type_identity(NORA)
    readers.swap("cps-medecin", "cps-medecin")
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("la demande de code", lambda: bench.window.page is Page.PIN)
    bench.unlock()
    bench.open(NORA)
