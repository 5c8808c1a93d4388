"""Every generation and kind of card: used as far as it can be, else refused with a reason of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import (
    CardError,
    CardRemoved,
    ContactlessCard,
    MalformedCard,
    NoReadingModule,
    RetiredCard,
    UnsupportedCard,
)
from card_reader.virtual.contactless import VirtualContactlessCps
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.legacy import VirtualCps2ter, VirtualVitale1
from card_reader.virtual.personalisation import CPS2TER_ATR, CpsPersonalisation
from card_reader.vitale_xml import write_reading
from demonstration import cards
from demonstration.people import CARDS, CPA, GP, INTERN, UNNAMED, VITALES, CardPerson
from praticien.professional import Professional
from tests.cards_fixtures import CPS_READER, VITALE_READER

FAMILY = VITALES["vitale-famille"].beneficiaries


@pytest.fixture
def vitale1() -> FaultyCard:
    """A Vitale of the first generation with four beneficiaries."""
    return FaultyCard(VirtualVitale1(write_reading(FAMILY)))


# -- kinds of professional cards -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "person,who",
    [
        (CARDS["cpf-interne"], INTERN),
        (CARDS["cpe-sans-nom"], UNNAMED),
        (CPA, replace(CPA.professional, role="SECRETARIAT_MEDICAL")),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_holders_of_every_kind(
    desk: Desk, readers: DirectTransport, cards_folder: Path, person: CardPerson, who: Professional
) -> None:
    readers.insert(CPS_READER, VirtualCps3(cards.cps(cards_folder, person)))
    card = desk.open_professional_card(CPS_READER)
    assert (card.holder.card_kind, card.holder.professional) == (person.card_kind, who)
    card.verify_pin(bytearray(b"1234"))
    assert card.holder.situations == person.situations
    assert card.signer.sign(b"message")
    card.close()


# -- contactless -----------------------------------------------------------------------------------------------------


def test_a_contactless_card_says_which_it_is_and_opens_nothing(desk: Desk, readers: DirectTransport) -> None:
    card = FaultyCard(VirtualContactlessCps("0000990097"))
    readers.insert(CPS_READER, card)
    assert desk.read_contactless_serial(CPS_READER) == "0000990097"
    card.commands.clear()
    with pytest.raises(ContactlessCard):
        desk.open_professional_card(CPS_READER)
    assert card.commands == []


def test_the_contact_side_is_shut_to_the_antenna() -> None:
    card = VirtualContactlessCps("0000990097")
    assert (
        card.transmit(bytes.fromhex("00A4090C0000013F000001")[:4] + bytes.fromhex("06 3F00 0001 7001")) == b"\x90\x00"
    )
    assert card.transmit(bytes.fromhex("00B0000001")) == b"\x69\x82"
    assert card.transmit(bytes.fromhex("0020000104") + b"1234") == b"\x6d\x00"


def test_removal_at_every_command_of_a_contactless_reading(desk: Desk, readers: DirectTransport) -> None:
    card = FaultyCard(VirtualContactlessCps("0000990097"))
    readers.insert(CPS_READER, card)
    desk.read_contactless_serial(CPS_READER)
    for number in range(1, len(card.commands) + 1):
        card.heal()
        readers.insert(CPS_READER, card)
        card.leaves_at = number
        with pytest.raises(CardRemoved):
            desk.read_contactless_serial(CPS_READER)


def test_a_card_in_a_slot_is_no_contactless_one(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    readers.insert(CPS_READER, gp_card)
    with pytest.raises(UnsupportedCard):
        desk.read_contactless_serial(CPS_READER)


# -- CPS2ter ---------------------------------------------------------------------------------------------------------


def test_the_card_itself_tells_a_cps2ter_from_a_cps3(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, atr=CPS2TER_ATR)))
    card = desk.open_professional_card(CPS_READER)
    assert card.holder.professional == GP
    card.close()
    old = FaultyCard(VirtualCps2ter())
    readers.insert(CPS_READER, old)
    with pytest.raises(RetiredCard) as caught:
        desk.open_professional_card(CPS_READER)
    assert caught.value.detail == "CPS2ter"
    assert not any(command[1] in (0x20, 0x24, 0x2C) for command in old.commands)


def test_a_cps3_that_fails_is_not_called_retired(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    gp_card.instead = lambda _: b"\x6e\x00"
    readers.insert(CPS_READER, gp_card)
    with pytest.raises(CardError) as caught:
        desk.open_professional_card(CPS_READER)
    assert not isinstance(caught.value, UnsupportedCard)


# -- Vitale 1 --------------------------------------------------------------------------------------------------------


def test_a_vitale_1_by_the_reading_module(desk: Desk, readers: DirectTransport, vitale1: FaultyCard) -> None:
    readers.insert(VITALE_READER, vitale1)
    reading = desk.read_vitale(VITALE_READER)
    assert reading.beneficiaries == FAMILY
    assert (reading.holder.nir, reading.is_test_card) == (FAMILY[0].nir, True)
    assert reading.is_fresh(datetime.now(UTC))


def test_another_vitale_1_is_another_card(desk: Desk, readers: DirectTransport, vitale1: FaultyCard) -> None:
    readers.insert(VITALE_READER, vitale1)
    first = desk.read_vitale(VITALE_READER)
    assert desk.read_vitale(VITALE_READER).serial == first.serial
    readers.insert(VITALE_READER, VirtualVitale1(write_reading(FAMILY[:2])))
    assert desk.read_vitale(VITALE_READER).serial != first.serial
    assert not any(person.nir[:13] in first.serial for person in FAMILY)


def test_a_real_vitale_1_needs_the_licensed_module(desk: Desk, readers: DirectTransport, vitale1: FaultyCard) -> None:
    vitale1.instead = lambda _: b"\x6e\x00"
    readers.insert(VITALE_READER, vitale1)
    with pytest.raises(NoReadingModule):
        desk.read_vitale(VITALE_READER)


def test_a_module_that_answers_nonsense_about_a_vitale_1(desk: Desk, readers: DirectTransport) -> None:
    readers.insert(VITALE_READER, VirtualVitale1(b"<other/>"))
    with pytest.raises(MalformedCard):
        desk.read_vitale(VITALE_READER)


def test_removal_at_every_command_of_a_vitale_1(desk: Desk, readers: DirectTransport, vitale1: FaultyCard) -> None:
    readers.insert(VITALE_READER, vitale1)
    desk.read_vitale(VITALE_READER)
    for number in range(1, len(vitale1.commands) + 1):
        vitale1.heal()
        readers.insert(VITALE_READER, vitale1)
        vitale1.leaves_at = number
        with pytest.raises(CardRemoved):
            desk.read_vitale(VITALE_READER)
