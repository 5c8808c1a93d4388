"""Codes typed on the reader's own keys: structures as other people's headers have them, one entry for one command."""

from __future__ import annotations

import shutil
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader import pin_pad
from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardRemoved,
    PadCancelled,
    PadEntriesDiffer,
    PadFailed,
    PadLength,
    PadTimeout,
    PinBlocked,
    WrongPin,
)
from card_reader.pin_pad import PinPad, find_pad, modify_structure, verify_structure
from card_reader.transport import Channel
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.pad import CANCEL, CORRECT, VALIDATE, VirtualPad
from card_reader.virtual.personalisation import CpsPersonalisation
from praticien.errors import PraticienError
from praticien.ports import PadAct
from tests.card_reader.fingers import typed
from tests.cards_fixtures import CPS_READER

VERIFY = b"\x00\x20\x00\x01"
REQUEST = pin_pad.FEATURE_REQUEST
PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include <stddef.h>
#include <reader.h>
int main(void) {
    unsigned char raw[64] = {0};
    size_t got = fread(raw, 1, sizeof raw, stdin);
    PIN_VERIFY_STRUCTURE v; PIN_MODIFY_STRUCTURE m;
    memcpy(&v, raw, sizeof v); memcpy(&m, raw, sizeof m);
    size_t verify = offsetof(PIN_VERIFY_STRUCTURE, abData), modify = offsetof(PIN_MODIFY_STRUCTURE, abData);
    printf("%u %u %u %u %u %x %u %x %d\n", v.bTimerOut, v.bmFormatString, v.bmPINBlockString,
           v.bEntryValidationCondition, v.bNumberMessage, v.wPINMaxExtraDigit, v.bMsgIndex, v.wLangId,
           verify + v.ulDataLength == got);
    printf("%u %u %u %u %u %u %u %x %u %u %u %x %d\n", m.bTimerOut, m.bmFormatString, m.bmPINBlockString,
           m.bInsertionOffsetOld, m.bInsertionOffsetNew, m.bConfirmPIN, m.bNumberMessage, m.wPINMaxExtraDigit,
           m.bMsgIndex1, m.bMsgIndex2, m.bMsgIndex3, m.wLangId, modify + m.ulDataLength == got);
    return 0;
}
"""


@pytest.fixture(scope="session")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[str]]:
    """A program compiled with pcsc-lite's own header, which says what it finds in a structure."""
    include = Path("/usr/include/PCSC")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not (include / "reader.h").exists():
        pytest.skip("no C compiler or no header of pcsc-lite (libpcsclite-dev)")
    folder = tmp_path_factory.mktemp("part10")
    (folder / "look.c").write_text(PROGRAM)
    subprocess.run([compiler, "-I", str(include), "-o", folder / "look", folder / "look.c"], check=True)
    return lambda raw: (
        subprocess.run([folder / "look"], input=raw, capture_output=True, check=True).stdout.decode().split("\n")
    )


def test_structures_as_pcsc_lite_declares_them(headers: Callable[[bytes], list[str]]) -> None:
    fixed, free = verify_structure(VERIFY, 4, 4), verify_structure(VERIFY, 4, 8)
    assert headers(fixed)[0] == "30 130 4 2 1 404 0 40c 1"
    assert headers(free)[0] == "30 130 0 2 1 408 0 40c 1"
    change = modify_structure(b"\x00\x24\x00\x01", 4, with_present=True)
    assert headers(change)[1] == "30 130 4 0 4 3 3 404 0 1 2 40c 1"
    new = modify_structure(b"\x01\x24\x01\x01", 4, with_present=False)
    assert headers(new)[1] == "30 130 4 0 0 1 2 404 0 1 2 40c 1"
    assert fixed.endswith(VERIFY + b"\x04\xff\xff\xff\xff")
    assert free.endswith(VERIFY + b"\x00")


def test_the_feature_request_is_pyscards() -> None:
    part10 = pytest.importorskip("smartcard.pcsc.PCSCPart10")
    assert pin_pad.FEATURE_REQUEST == part10.CM_IOCTL_GET_FEATURE_REQUEST
    answer = VirtualPad().control(pin_pad.FEATURE_REQUEST, b"", lambda _: b"", lambda: False)
    assert answer is not None
    features = dict(part10.parseFeatureRequest(list(answer)))
    assert features["FEATURE_VERIFY_PIN_DIRECT"] == 0x42330006
    assert features["FEATURE_MODIFY_PIN_DIRECT"] == 0x42330007


class _Answers:
    """A channel whose reader answers control requests from a table."""

    def __init__(self, answers: dict[int, bytes]) -> None:
        self._answers = answers

    def control(self, code: int, _data: bytes) -> bytes:
        if code not in self._answers:
            raise PadFailed
        return self._answers[code]


def _channel(answers: dict[int, bytes]) -> Channel:
    return _Answers(answers)  # type: ignore[return-value]


def _features(**codes: int) -> bytes:
    tags = {"verify": 6, "modify": 7, "properties": 0x12, "display": 0x11}
    return b"".join(bytes([tags[name], 4]) + struct.pack(">I", code) for name, code in codes.items())


@pytest.mark.parametrize(
    "answers,expected",
    [
        ({}, None),
        ({REQUEST: b""}, None),
        ({REQUEST: _features(display=5, modify=7)}, None),
        ({REQUEST: _features(verify=9)}, PinPad(9)),
        ({REQUEST: _features(verify=9, modify=8)}, PinPad(9, 8)),
        (
            {REQUEST: _features(verify=9, properties=4), 4: bytes([6, 1, 4, 7, 1, 12])},
            PinPad(9, 0, 4, 12),
        ),
        ({REQUEST: _features(verify=9, properties=4), 4: bytes([1, 2, 16, 2, 7, 1, 0])}, PinPad(9)),
        ({REQUEST: _features(verify=9)[:-1]}, None),
    ],
)
def test_what_a_reader_says_of_itself(answers: dict[int, bytes], expected: PinPad | None) -> None:
    assert find_pad(_channel(answers)) == expected


@given(st.binary(max_size=60), st.binary(max_size=30))
def test_a_reader_may_answer_anything(features: bytes, properties: bytes) -> None:
    codes = {REQUEST: features}
    codes.update(dict.fromkeys((int.from_bytes(features[i : i + 4], "big") for i in range(len(features))), properties))
    pad = find_pad(_channel(codes))
    assert pad is None or pad.verify


@given(st.binary(max_size=80))
def test_a_virtual_reader_takes_any_structure(structure: bytes) -> None:
    pad = VirtualPad(patience=0.001)
    for code in (0x42330006, 0x42330007):
        answer = pad.control(code, structure, lambda _: pytest.fail("a command was sent"), lambda: True)
        assert answer in (b"\x6b\x80", b"\x64\x00")


# -- a card in a reader with keys ------------------------------------------------------------------------------------


@pytest.fixture
def pad(readers: DirectTransport) -> VirtualPad:
    made = VirtualPad()
    readers.give_pad(CPS_READER, made)
    return made


@pytest.fixture
def opened(desk: Desk, readers: DirectTransport, gp_card: FaultyCard, pad: VirtualPad) -> Iterator[OpenedCps]:
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    yield card
    card.close()


def test_verified_by_the_keys_alone(opened: OpenedCps, pad: VirtualPad, gp_card: FaultyCard) -> None:
    assert opened.on_pad == {PadAct.VERIFY, PadAct.CHANGE}
    gp_card.commands.clear()
    typed(pad, lambda: opened.verify_pin(None), "9" + CORRECT + "1234" + VALIDATE)
    assert (gp_card.commands.count(VERIFY), pad.entries, pad.display) == (1, 1, "")
    assert opened.holder.situations
    opened.signer.sign(b"message")


@pytest.mark.parametrize(
    "keys,error", [(CANCEL, PadCancelled), ("12" + VALIDATE, PadLength), ("12345" + VALIDATE, PadLength)]
)
def test_what_is_not_sent_costs_no_try(
    opened: OpenedCps, pad: VirtualPad, gp_card: FaultyCard, keys: str, error: type[PraticienError]
) -> None:
    gp_card.commands.clear()
    with pytest.raises(error):
        typed(pad, lambda: opened.verify_pin(None), keys)
    assert VERIFY not in gp_card.commands
    assert opened.tries_left() == 3


def test_nobody_types(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.give_pad(CPS_READER, VirtualPad(patience=0.01))
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    with pytest.raises(PadTimeout):
        card.verify_pin(None)
    assert card.tries_left() == 3
    card.close()


def test_wrong_code_is_counted_and_never_repeated(opened: OpenedCps, pad: VirtualPad, gp_card: FaultyCard) -> None:
    for left in (2, 1):
        gp_card.commands.clear()
        with pytest.raises(WrongPin) as caught:
            typed(pad, lambda: opened.verify_pin(None), "0000" + VALIDATE)
        assert (caught.value.tries_left, gp_card.commands.count(VERIFY)) == (left, 1)
    with pytest.raises(PinBlocked):
        typed(pad, lambda: opened.verify_pin(None), "0000" + VALIDATE)
    entries = pad.entries
    with pytest.raises(PinBlocked):
        opened.verify_pin(None)
    assert pad.entries == entries  # a blocked card is not asked for


def test_changed_by_the_keys(opened: OpenedCps, pad: VirtualPad) -> None:
    typed(pad, lambda: opened.change_pin(None, None), "1234V4321V4321V")
    opened.verify_pin(bytearray(b"4321"))


@pytest.mark.parametrize(
    "keys,error,left",
    [("1234V4321V4322V", PadEntriesDiffer, 3), ("1234V4321VA", PadCancelled, 3), ("9999V4321V4321V", WrongPin, 2)],
)
def test_a_change_that_fails_changes_nothing(
    opened: OpenedCps, pad: VirtualPad, keys: str, error: type[PraticienError], left: int
) -> None:
    with pytest.raises(error):
        typed(pad, lambda: opened.change_pin(None, None), keys)
    assert opened.tries_left() == left
    opened.verify_pin(bytearray(b"1234"))


def test_a_reader_that_only_verifies(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.give_pad(CPS_READER, VirtualPad(modify=False))
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    assert card.on_pad == {PadAct.VERIFY}
    with pytest.raises(PadFailed):
        card.change_pin(None, None)
    card.change_pin(bytearray(b"1234"), bytearray(b"4321"))
    card.close()


def test_a_pad_too_short_for_the_code_is_no_pad(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.give_pad(CPS_READER, VirtualPad(longest=3))
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    assert card.on_pad == frozenset()
    with pytest.raises(PadFailed):
        card.verify_pin(None)
    assert card.tries_left() == 3
    card.close()


def test_withdrawn_while_the_reader_waits(opened: OpenedCps, pad: VirtualPad, readers: DirectTransport) -> None:
    def leave() -> None:
        pad.wait_until_asked()
        pad.press("12")
        readers.withdraw(CPS_READER)

    thread = threading.Thread(target=leave)
    thread.start()
    with pytest.raises(CardRemoved):
        opened.verify_pin(None)
    thread.join()
    assert not opened.is_present()


def test_removal_at_every_command_of_an_entry(
    readers: DirectTransport, personalisation: CpsPersonalisation, pad: VirtualPad
) -> None:
    card = FaultyCard(VirtualCps3(personalisation))

    def whole() -> None:
        desk = Desk(readers)
        try:
            opened = desk.open_native_card(CPS_READER)
            typed(pad, lambda: opened.verify_pin(None), "1234" + VALIDATE)
        finally:
            desk.close()

    readers.insert(CPS_READER, card)
    whole()
    for number in range(1, len(card.commands) + 1):
        card.heal()
        readers.insert(CPS_READER, card)
        card.leaves_at = number
        with pytest.raises(CardRemoved):
            whole()
        assert card.commands.count(VERIFY) <= 1
    assert card.card.pin_tries_left == 3  # type: ignore[attr-defined]


def test_cards_without_pad_are_as_before(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, serial="0000990077")))
    card = desk.open_native_card(CPS_READER)
    assert card.on_pad == frozenset()
    card.verify_pin(bytearray(b"1234"))
    card.close()


# -- pyscard ---------------------------------------------------------------------------------------------------------


class _Scard:
    """What ``smartcard.scard`` answers to SCardControl."""

    def __init__(self, result: int, answer: list[int]) -> None:
        self._result, self._answer = result, answer
        self.asked: list[tuple[int, list[int]]] = []

    def control(self, _card: object, code: int, data: list[int]) -> tuple[int, list[int]]:
        self.asked.append((code, data))
        return self._result, self._answer


@pytest.mark.parametrize(
    "result,expected",
    [(0, None), (0x8010001F, PadFailed), (-0x7FEFFFE1, PadFailed), (0x1F, PadFailed), (0x80100069, CardRemoved)],
)
def test_control_through_pyscard(
    monkeypatch: pytest.MonkeyPatch, result: int, expected: type[PraticienError] | None
) -> None:
    pytest.importorskip("smartcard")
    from card_reader import pcsc

    scard = _Scard(result, [0x90, 0x00])
    monkeypatch.setattr(pcsc.scard, "SCardControl", scard.control)
    channel = pcsc.PcscChannel.__new__(pcsc.PcscChannel)
    channel._card = object()
    if expected is None:
        assert channel.control(0x42330006, b"\x01\x02") == b"\x90\x00"
    else:
        with pytest.raises(expected):
            channel.control(0x42330006, b"\x01\x02")
    assert scard.asked == [(0x42330006, [1, 2])]
