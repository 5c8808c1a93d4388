"""Who holds the professional card, and where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import CardOutOfUse, MalformedCard, NoCertificate, WrongPin, WrongUnblockingCode
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation
from demonstration import cards
from demonstration.people import CARDS, GP, IMAGERIE, LILAS, MAISON, SECRETARY
from praticien.pin_care import CodesLeft
from praticien.ports import ProfessionalCard, Signer
from praticien.practice import Practice
from praticien.professional import CardKind
from tests.card_reader.cps.support import pin
from tests.cards_fixtures import CPS_READER


def test_the_holder_is_read_without_pin(opened: OpenedCps) -> None:
    holder = opened.holder
    assert (holder.card_kind, holder.card_serial, holder.is_test_card) == (CardKind.CPS, "0000990001", True)
    assert holder.professional == GP
    assert holder.situations == ()


def test_the_doors_are_those_of_the_practice(opened: OpenedCps) -> None:
    card: ProfessionalCard = opened
    signer: Signer = card.signer
    assert not signer.supports_pss


def test_pin_changed_and_unblocked_through_the_practice(opened: OpenedCps) -> None:
    practice = Practice(lambda *_: pytest.fail("nothing is connected to"))
    practice.present(opened)
    assert practice.codes_left() == CodesLeft(3, 10)
    practice.change_pin(pin(), pin("4321"))
    with pytest.raises(WrongPin):
        practice.change_pin(pin(), pin("5555"))
    with pytest.raises(WrongUnblockingCode):
        practice.unblock_pin(pin("87654321"), pin("5555"))
    assert practice.codes_left() == CodesLeft(2, 9)
    practice.unblock_pin(pin("12345678"), pin("5555"))
    assert practice.codes_left().pin == 3
    opened.verify_pin(pin("5555"))


def test_situations_come_with_the_pin(opened: OpenedCps) -> None:
    opened.verify_pin(pin())
    assert [(s.index, s.structure) for s in opened.holder.situations] == [(1, LILAS), (2, MAISON)]


def test_situations_need_not_be_contiguous(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    last = replace(personalisation.situations[0], index=16)
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, situations=(last,))))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(pin())
    assert [s.index for s in card.holder.situations] == [16]


def test_a_card_updated_since_is_asked_for_all_situations(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    update = bytes.fromhex("EC0C810420261101820420261102")
    more = (*personalisation.situations, replace(personalisation.situations[0], index=7))
    for card, expected in (
        (personalisation, [1, 2]),
        (replace(personalisation, situations=more, last_update=update), [1, 2, 7]),
    ):
        readers.insert(CPS_READER, VirtualCps3(card))
        opened = desk.open_native_card(CPS_READER)
        opened.verify_pin(pin())
        assert [s.index for s in opened.holder.situations] == expected
        opened.close()
        readers.withdraw(CPS_READER)


def test_a_staff_card(desk: Desk, readers: DirectTransport, cards_folder: Path) -> None:
    readers.insert(CPS_READER, VirtualCps3(cards.cps(cards_folder, CARDS["cpe-secretaire"])))
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(pin())
    assert card.holder.card_kind is CardKind.CPE
    assert card.holder.professional == SECRETARY
    assert [s.structure for s in card.holder.situations] == [IMAGERIE]


def test_the_two_certificates_must_name_the_same_person(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, cards_folder: Path
) -> None:
    other = cards.cps(cards_folder, CARDS["cps-urgentiste"])
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, authentication=other.authentication)))
    with pytest.raises(MalformedCard):
        desk.open_professional_card(CPS_READER)


def test_swapped_certificates_are_refused(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    swapped = replace(
        personalisation, signature=personalisation.authentication, authentication=personalisation.signature
    )
    readers.insert(CPS_READER, VirtualCps3(swapped))
    with pytest.raises(NoCertificate):
        desk.open_professional_card(CPS_READER)


def test_a_card_known_already_costs_five_commands_at_most(opened: OpenedCps, desk: Desk, gp_card: FaultyCard) -> None:
    holder = opened.holder
    opened.close()
    gp_card.heal()
    again = desk.open_professional_card(CPS_READER)
    assert again.holder == holder
    assert len(gp_card.commands) <= 5
    again.verify_pin(pin())
    again.signer.sign(b"x")


def test_an_updated_card_is_read_again(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    for update in (None, "EC0A81042611220082021200", "EC0A81042611230082021200"):
        card = FaultyCard(VirtualCps3(replace(personalisation, last_update=update and bytes.fromhex(update))))
        readers.insert(CPS_READER, card)
        desk.open_professional_card(CPS_READER).close()
        assert len(card.commands) > 12
        card.heal()
        desk.open_professional_card(CPS_READER).close()
        assert len(card.commands) <= 5


@pytest.mark.parametrize("update", ["", "EC00", "EC068104261122008200", "EC0481000000", "FFFF", "EC0A8104261122008104"])
def test_a_card_whose_update_was_cut_is_out_of_use(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation, update: str
) -> None:
    readers.insert(CPS_READER, VirtualCps3(replace(personalisation, last_update=bytes.fromhex(update))))
    with pytest.raises(CardOutOfUse):
        desk.open_professional_card(CPS_READER)
