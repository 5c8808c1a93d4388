"""Cards that answer anything at all: always a typed error or the truth, never a hang, never a PIN try for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.cps import OpenedCps
from card_reader.cps3 import Cps3
from card_reader.cps4 import Cps4
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import CardError
from card_reader.reading_module import VirtualReadingModule
from card_reader.session import CardSession
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.contactless import VirtualContactlessCps
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.cps4 import VirtualCps4
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.legacy import VirtualCps2ter, VirtualVitale1
from card_reader.virtual.pad import VirtualPad
from card_reader.virtual.personalisation import CPS4_ATR, CpsPersonalisation
from card_reader.virtual.vitale2 import VirtualVitale2
from card_reader.vitale import read_vitale
from card_reader.worker import ReaderWorker
from demonstration import cards
from demonstration.people import VITALES
from praticien.errors import PraticienError
from tests.card_reader.fingers import typed

_NOW = datetime(2026, 11, 22, tzinfo=UTC)
VERIFY = b"\x00\x20\x00\x01"
ANSWERS = st.one_of(
    st.binary(min_size=2, max_size=260),
    st.sampled_from(
        [b"\x90\x00", b"\x61\x00", b"\x61\x10", b"\x6c\x00", b"\x6c\x10", b"\x62\x82", b"\x00\x00", b"\x9f\x10"]
    ),
    st.binary(max_size=250).map(lambda data: data + b"\x90\x00"),
    st.binary(max_size=250).map(lambda data: b"\x30\x82\xff\xff" + data + b"\x90\x00"),
)


@contextmanager
def _session(card: FaultyCard, pad: VirtualPad | None = None) -> Iterator[CardSession]:
    readers = DirectTransport(["R"])
    readers.insert("R", card)
    if pad:
        readers.give_pad("R", pad)
    worker = ReaderWorker("R")
    session = CardSession(worker, readers.connect("R"))
    try:
        yield session
    finally:
        session.close()
        worker.stop()


def _use(session: CardSession, application: type[Cps3] = Cps3) -> OpenedCps:
    card = OpenedCps(session, is_same_insertion=lambda: True, staff_role="", application=application)
    card.verify_pin(bytearray(b"1234"))
    card.signer.sign(b"message")
    return card


def _sequence(answers: list[bytes]) -> Callable[[bytes], bytes]:
    turn = iter(range(10**9))
    return lambda _: answers[next(turn) % len(answers)]


@given(st.lists(ANSWERS, min_size=1, max_size=12))
def test_a_professional_card_that_answers_anything(personalisation: CpsPersonalisation, answers: list[bytes]) -> None:
    card = FaultyCard(VirtualCps3(personalisation))
    card.instead = _sequence(answers)
    with _session(card) as session:
        try:
            _use(session)
        except PraticienError:
            pass
        else:
            raise AssertionError("random answers opened a card")
    assert card.commands.count(VERIFY) <= 1
    assert len(card.commands) < 3000


@given(st.integers(0, 80), ANSWERS)
def test_one_wrong_answer_among_right_ones(personalisation: CpsPersonalisation, number: int, answer: bytes) -> None:
    real = VirtualCps3(personalisation)
    card = FaultyCard(real)
    count = iter(range(10**9))
    card.instead = lambda command: answer if next(count) == number else real.transmit(command)
    with _session(card) as session:
        try:
            opened = _use(session)
        except PraticienError:
            pass
        else:
            assert opened.holder.professional.national_id == "899700000123"
    assert card.commands.count(VERIFY) <= 1
    assert real.pin_tries_left == 3


@given(st.integers(0, 80), st.integers(0, 255), st.integers(0, 7))
def test_one_flipped_bit_never_gives_a_half_opened_card(
    personalisation: CpsPersonalisation, number: int, position: int, bit: int
) -> None:
    real = VirtualCps3(personalisation)
    card = FaultyCard(real)
    count = iter(range(10**9))

    def flip(command: bytes) -> bytes:
        answer = bytearray(real.transmit(command))
        if next(count) == number and command[1] != 0x20:
            answer[position % len(answer)] ^= 1 << bit
        return bytes(answer)

    card.instead = flip
    with _session(card) as session, suppress(PraticienError):
        _use(session)
    assert card.commands.count(VERIFY) <= 1


@given(st.lists(ANSWERS, min_size=1, max_size=12))
def test_a_cps4_that_answers_anything(personalisation: CpsPersonalisation, answers: list[bytes]) -> None:
    card = FaultyCard(VirtualCps4(replace(personalisation, atr=CPS4_ATR)))
    card.instead = _sequence(answers)
    with _session(card) as session:
        try:
            _use(session, Cps4)
        except PraticienError:
            pass
        else:
            raise AssertionError("random answers opened a card")
    assert len(card.commands) < 3000


@given(st.integers(0, 80), ANSWERS)
def test_one_wrong_answer_of_a_cps4(personalisation: CpsPersonalisation, number: int, answer: bytes) -> None:
    real = VirtualCps4(replace(personalisation, atr=CPS4_ATR))
    card, count, pins = FaultyCard(real), iter(range(10**9)), []

    def once_wrong(command: bytes) -> bytes:
        pins.append(command[1] == 0x20 and len(command) > 5)
        return answer if next(count) == number else real.transmit(command)

    card.instead = once_wrong
    with _session(card) as session:
        try:
            opened = _use(session, Cps4)
        except PraticienError:
            pass
        else:
            assert opened.holder.professional.national_id == "899700000123"
    assert sum(pins) <= 1
    assert real.pin_tries_left == 3


@given(st.integers(0, 60), ANSWERS, st.sampled_from(["1234V", "12V", "A", "0000V"]))
def test_a_pad_and_one_wrong_answer(personalisation: CpsPersonalisation, number: int, answer: bytes, keys: str) -> None:
    real, pad = VirtualCps3(personalisation), VirtualPad(patience=0.05)
    card, count = FaultyCard(real), iter(range(10**9))
    card.instead = lambda command: answer if next(count) == number else real.transmit(command)
    with _session(card, pad) as session, suppress(PraticienError):
        opened = OpenedCps(session, is_same_insertion=lambda: True, staff_role="")
        typed(pad, lambda: opened.verify_pin(None), keys)
    assert pad.entries <= 1
    assert card.commands.count(VERIFY) <= 1
    assert real.pin_tries_left >= (2 if keys == "0000V" else 3)


@given(st.lists(ANSWERS, min_size=1, max_size=12), st.sampled_from(["contactless", "Vitale 1", "CPS2ter"]))
def test_older_and_contactless_cards_that_answer_anything(answers: list[bytes], kind: str) -> None:
    made: dict[str, Callable[[], VirtualCard]] = {
        "contactless": lambda: VirtualContactlessCps("0000990097"),
        "Vitale 1": lambda: VirtualVitale1(b""),
        "CPS2ter": VirtualCps2ter,
    }
    card = FaultyCard(made[kind]())
    card.instead = _sequence(answers)
    readers = DirectTransport(["R"])
    readers.insert("R", card)
    desk = Desk(readers)
    acts: dict[str, Callable[[str], object]] = {
        "contactless": desk.read_contactless_serial,
        "Vitale 1": desk.read_vitale,
        "CPS2ter": desk.open_professional_card,
    }
    try:
        with pytest.raises(CardError):
            acts[kind]("R")
    finally:
        desk.close()


@given(st.lists(ANSWERS, min_size=1, max_size=12))
def test_a_vitale_that_answers_anything(answers: list[bytes]) -> None:
    card = FaultyCard(VirtualVitale2(cards.vitale(VITALES["vitale-seule"])))
    card.instead = _sequence(answers)
    with _session(card) as session:
        try:
            session.read(lambda wire: read_vitale(wire, "R", VirtualReadingModule(), _NOW), 5.0)
        except CardError:
            pass
        else:
            raise AssertionError("random answers made a patient")


@given(st.binary(min_size=1, max_size=300))
def test_a_virtual_card_answers_any_bytes(personalisation: CpsPersonalisation, command: bytes) -> None:
    cards_: tuple[VirtualCard, ...] = (
        VirtualCps3(personalisation),
        VirtualCps4(replace(personalisation, atr=CPS4_ATR)),
        VirtualVitale2(cards.vitale(VITALES["vitale-seule"])),
        VirtualContactlessCps("0000990097"),
        VirtualVitale1(b""),
        VirtualCps2ter(),
    )
    for card in cards_:
        answer = card.transmit(command)
        assert 2 <= len(answer) <= 258
