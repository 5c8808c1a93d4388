"""Cards that answer anything at all: always a typed error or the truth, never a hang, never a PIN try for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from card_reader.cps import OpenedCps
from card_reader.direct import DirectTransport
from card_reader.errors import CardError
from card_reader.reading_module import VirtualReadingModule
from card_reader.session import CardSession
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from card_reader.virtual.vitale2 import VirtualVitale2
from card_reader.vitale import read_vitale
from card_reader.worker import ReaderWorker
from demonstration import cards
from demonstration.people import VITALES
from praticien.errors import PraticienError

_NOW = datetime(2026, 11, 22, tzinfo=UTC)
VERIFY = b"\x00\x20\x00\x01"
SHARED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANSWERS = st.one_of(
    st.binary(min_size=2, max_size=260),
    st.sampled_from(
        [b"\x90\x00", b"\x61\x00", b"\x61\x10", b"\x6c\x00", b"\x6c\x10", b"\x62\x82", b"\x00\x00", b"\x9f\x10"]
    ),
    st.binary(max_size=250).map(lambda data: data + b"\x90\x00"),
    st.binary(max_size=250).map(lambda data: b"\x30\x82\xff\xff" + data + b"\x90\x00"),
)


@contextmanager
def _session(card: FaultyCard) -> Iterator[CardSession]:
    readers = DirectTransport(["R"])
    readers.insert("R", card)
    worker = ReaderWorker("R")
    session = CardSession(worker, readers.connect("R"))
    try:
        yield session
    finally:
        session.close()
        worker.stop()


def _use(session: CardSession) -> OpenedCps:
    card = OpenedCps(session, is_same_insertion=lambda: True, staff_role="")
    card.verify_pin(bytearray(b"1234"))
    card.signer.sign(b"message")
    return card


def _sequence(answers: list[bytes]) -> Callable[[bytes], bytes]:
    turn = iter(range(10**9))
    return lambda _: answers[next(turn) % len(answers)]


@SHARED
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


@SHARED
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


@SHARED
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


@SHARED
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


@SHARED
@given(st.binary(min_size=1, max_size=300))
def test_a_virtual_card_answers_any_bytes(personalisation: CpsPersonalisation, command: bytes) -> None:
    for card in (VirtualCps3(personalisation), VirtualVitale2(cards.vitale(VITALES["vitale-seule"]))):
        answer = card.transmit(command)
        assert 2 <= len(answer) <= 258
