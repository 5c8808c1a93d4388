"""The PIN typed on the reader's own keys, through the real window: no field, one entry a try, every end said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget

from card_reader.direct import DirectChannel
from card_reader.virtual.pad import CANCEL, VALIDATE, VirtualPad
from tests.end_to_end.bench import CONTROL, Bench, Key
from tests.end_to_end.readers import NAMES, InProcessReaders
from ui.pages import Page
from ui.session import Phase


@pytest.fixture
def pads(in_process: InProcessReaders) -> list[VirtualPad]:
    """Keys on both readers."""
    made = [VirtualPad(), VirtualPad()]
    for name, pad in zip(NAMES, made, strict=True):
        in_process.transport.give_pad(name, pad)
    return made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Every command that went through this program to a card; none may hold a code."""
    commands: list[bytes] = []
    transmit = DirectChannel.transmit

    def recorded(self: DirectChannel, command: bytes | bytearray) -> tuple[bytes, int]:
        commands.append(bytes(command))
        return transmit(self, command)

    monkeypatch.setattr(DirectChannel, "transmit", recorded)
    yield commands
    assert [command for command in commands if command[1] in (0x20, 0x24, 0x2C) and len(command) > 5] == []


@pytest.fixture
def pad_bench(bench: Bench, pads: list[VirtualPad], sent: list[bytes]) -> Bench:
    bench.insert("cps-medecin")
    return bench


def _enter(bench: Bench, pad: VirtualPad, keys: str) -> None:
    """Enter in the window, then the keys once the reader asks."""
    bench.hand.find("pin_panel.submit")
    bench.press(Key.Key_Return)
    bench.hand.wait("la demande du lecteur", lambda: pad.is_waiting)
    pad.press(keys)


def _is_shown(bench: Bench, name: str) -> bool:
    widget = bench.window.findChild(QWidget, name)
    assert widget is not None
    return widget.isVisible()


def test_opened_from_the_reader_without_any_field(pad_bench, pads):
    assert not _is_shown(pad_bench, "pin_panel.field")
    assert "sur le lecteur" in pad_bench.hand.read("pin_panel.who")
    assert "3 essais" in pad_bench.hand.read("pin_panel.tries")
    assert pads[0].entries == 0  # another program may need the reader: nothing is asked of it before the user does
    _enter(pad_bench, pads[0], "1234" + VALIDATE)
    pad_bench.hand.wait("la carte ouverte", lambda: pad_bench.window.phase is Phase.STRUCTURE)
    assert pads[0].entries == 1


@pytest.mark.parametrize("keys,code", [(CANCEL, "pin.pad_cancelled"), ("12" + VALIDATE, "pin.pad_length")])
def test_an_entry_that_was_not_one_costs_nothing(pad_bench, pads, in_process, keys, code):
    _enter(pad_bench, pads[0], keys)
    pad_bench.wait_for(code)
    assert "3 essais" in pad_bench.hand.read("pin_panel.tries")
    assert in_process.cards["cps-medecin"].pins_received == 0
    _enter(pad_bench, pads[0], "1234" + VALIDATE)
    pad_bench.hand.wait("la carte ouverte", lambda: pad_bench.window.phase is Phase.STRUCTURE)


def test_nobody_types(pad_bench, in_process):
    in_process.transport.give_pad(NAMES[0], VirtualPad(patience=0.05))
    pad_bench.press(Key.Key_Return)
    pad_bench.wait_for("pin.pad_timeout")
    assert in_process.cards["cps-medecin"].pins_received == 0


def test_wrong_code_is_counted_once(pad_bench, pads, in_process):
    _enter(pad_bench, pads[0], "0000" + VALIDATE)
    pad_bench.wait_for("pin.wrong")
    assert "2 essais" in pad_bench.hand.read("pin_panel.tries")
    assert (in_process.cards["cps-medecin"].pins_received, pads[0].entries) == (1, 1)


def test_last_try_is_confirmed_before_the_reader_asks(bench, pads, sent):
    bench.insert("cps-dernier-essai")
    bench.press(Key.Key_Return)
    bench.rest()
    assert pads[0].entries == 0
    bench.hand.find("pin_panel.last_try").setFocus()
    bench.press(Key.Key_Space)
    _enter(bench, pads[0], "0000" + VALIDATE)
    bench.wait_for("pin.blocked")
    assert pads[0].entries == 1


def test_given_up_in_the_window(pad_bench, pads, in_process):
    pad_bench.press(Key.Key_Return)
    pad_bench.hand.wait("la demande du lecteur", lambda: pads[0].is_waiting)
    pad_bench.hand.wait_for_text("Code attendu sur le lecteur")
    pad_bench.press(Key.Key_Escape)
    pad_bench.hand.wait_for_text("touche d’annulation")
    pads[0].press("1234" + VALIDATE)  # typed all the same: the card is reset, nothing opens
    pad_bench.hand.wait("la demande de code", lambda: pad_bench.window.page is Page.PIN)
    pad_bench.rest()
    assert pad_bench.window.phase is Phase.PIN
    assert not pad_bench.practice.is_unlocked


def test_withdrawn_while_the_reader_waits(pad_bench, pads):
    pad_bench.press(Key.Key_Return)
    pad_bench.hand.wait("la demande du lecteur", lambda: pads[0].is_waiting)
    pads[0].press("12")
    pad_bench.withdraw("cps-medecin")
    pad_bench.rest()
    assert pad_bench.practice.holder is None


def test_changed_on_the_reader(pad_bench, pads):
    pad_bench.press(Key.Key_K, CONTROL)
    pad_bench.hand.wait_for_text("3 essais", "pin_care.tries")
    assert not _is_shown(pad_bench, "pin_care.current")
    pad_bench.press(Key.Key_Return)
    pad_bench.hand.wait("la demande du lecteur", lambda: pads[0].is_waiting)
    pads[0].press("1234V4321V4321V")
    pad_bench.hand.wait("la demande du nouveau code", lambda: pad_bench.window.page is Page.PIN)
    _enter(pad_bench, pads[0], "4321" + VALIDATE)
    pad_bench.hand.wait("la carte ouverte", lambda: pad_bench.window.phase is Phase.STRUCTURE)


def test_a_new_code_typed_differently_changes_nothing(pad_bench, pads):
    pad_bench.press(Key.Key_K, CONTROL)
    pad_bench.hand.wait_for_text("3 essais", "pin_care.tries")
    pad_bench.press(Key.Key_Return)
    pad_bench.hand.wait("la demande du lecteur", lambda: pads[0].is_waiting)
    pads[0].press("1234V4321V4322V")
    pad_bench.wait_for("pin.pad_different")
    assert "3 essais" in pad_bench.hand.read("pin_care.tries")


def test_unblocking_is_typed_in_the_window(bench, pads):
    """Its two codes differ in length, which part 10 cannot say."""
    bench.insert("cps-bloquee")
    bench.press(Key.Key_K, CONTROL)
    bench.hand.wait_for_text("10 essais", "pin_care.tries")
    assert _is_shown(bench, "pin_care.code")
    bench.hand.write("12345678\n4321\n4321\n")
    bench.hand.wait("la demande du nouveau code", lambda: bench.window.page is Page.PIN)
