"""Few commands on the usual card, and the same answers from cards that are arranged otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import NoCertificate
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.files import DedicatedFile, ElementaryFile
from card_reader.virtual.personalisation import CpsPersonalisation
from demonstration.people import GP
from tests.cards_fixtures import CPS_READER

ODF, PRKDF, CDF, DODF, AODF = 0x5031, 0x7001, 0x7002, 0x7003, 0x7004
SELECT_WITH_PARAMETERS = b"\x00\xa4\x09\x04"


def file(card: FaultyCard, fid: int) -> ElementaryFile:
    """A file of the PKCS#15 application."""
    assert isinstance(card.card, VirtualCps3)
    application = card.card._master.children[1]
    assert isinstance(application, DedicatedFile)
    found = application.children[fid]
    assert isinstance(found, ElementaryFile)
    return found


def use(desk: Desk, readers: DirectTransport, card: FaultyCard) -> OpenedCps:
    """The card opened, unlocked and used once with each key."""
    readers.insert(CPS_READER, card)
    opened = desk.open_native_card(CPS_READER)
    opened.verify_pin(bytearray(b"1234"))
    opened.signer.sign(b"x")
    opened.signer.authenticate(bytes(32), "sha256")
    assert opened.holder.professional == GP
    return opened


def indexes(card: OpenedCps) -> list[int]:
    return [situation.index for situation in card.holder.situations]


def test_what_a_card_new_to_the_program_costs(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    """pkcs15-tool needs 36 commands for identity and certificates, 42 with PIN rules and keys (see benchmarks)."""
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    assert len(gp_card.commands) == 18
    assert card.access.pin.max_length == 4
    assert len(gp_card.commands) == 22
    assert SELECT_WITH_PARAMETERS not in gp_card.commands


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + bytes(40),
        lambda content: content + b"\xff" * 300,
        lambda content: bytes.fromhex("A2023000") + content if content[0] != 0x30 else content,
        lambda content: bytes.fromhex("A50430020500") * 60 + content,
    ],
    ids=["padded", "padded beyond one answer", "one more entry before", "more than one answer before"],
)
@pytest.mark.parametrize("fid", [PRKDF, CDF, AODF])
def test_directories_of_other_lengths(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, fid: int, change: Callable[[bytes], bytes]
) -> None:
    directory = file(gp_card, fid)
    directory.content = change(directory.content)
    assert indexes(use(desk, readers, gp_card)) == [1, 2]


def test_a_shorter_object_directory(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    """Without data objects: all sixteen places of situations are tried."""
    directory = file(gp_card, ODF)
    directory.content = directory.content[:24] + directory.content[36:]
    assert indexes(use(desk, readers, gp_card)) == [1, 2]


def test_the_length_of_one_card_s_directory_helps_with_the_next(
    desk: Desk, readers: DirectTransport, personalisation: CpsPersonalisation
) -> None:
    costs = []
    for serial in ("0000990001", "0000990091"):
        card = FaultyCard(VirtualCps3(replace(personalisation, serial=serial)))
        directory = file(card, CDF)
        directory.content = bytes.fromhex("A2023000") + directory.content
        readers.insert(CPS_READER, card)
        desk.open_native_card(CPS_READER).close()
        costs.append(len(card.commands))
    assert costs == [20, 18]


def test_a_card_that_refuses_lengths_beyond_the_file(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    """6700 instead of 6Cxx: its directories are asked for their length."""

    def strict(command: bytes) -> bytes:
        answer = gp_card.card.transmit(command)
        return b"\x67\x00" if answer[-2] == 0x6C else answer

    directory = file(gp_card, AODF)
    directory.content = directory.content.replace(b"Code porteur", b"Code").replace(b"\x0c\x0c", b"\x0c\x04")
    directory.content = directory.content[:1] + bytes([directory.content[1] - 8]) + directory.content[2:]
    directory.content = directory.content.replace(b"\x30\x12", b"\x30\x0a")
    gp_card.instead = strict
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    assert card.access.pin.max_length == 4
    assert gp_card.commands.count(SELECT_WITH_PARAMETERS) == 1


def test_identifiers_as_in_the_published_dump_of_a_real_card(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard
) -> None:
    """CKA_ID ending 01 and 02 where the Cryptolib shows 10 and 20."""
    for fid in (CDF, PRKDF):
        directory = file(gp_card, fid)
        for shown, stored in ((b"\x04\x01\x10", b"\x04\x01\x01"), (b"\x04\x01\x20", b"\x04\x01\x02")):
            directory.content = directory.content.replace(shown, stored)
    use(desk, readers, gp_card)


def test_a_key_that_is_not_there_is_missed_before_any_pin(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard
) -> None:
    directory = file(gp_card, PRKDF)
    directory.content = directory.content[: 2 + directory.content[1]]
    readers.insert(CPS_READER, gp_card)
    card = desk.open_native_card(CPS_READER)
    with pytest.raises(NoCertificate):
        card.verify_pin(bytearray(b"1234"))
    assert b"\x00\x20\x00\x01" not in gp_card.commands


# -- situations --------------------------------------------------------------------------------------------------------


def situations_asked(card: FaultyCard) -> int:
    return card.commands.count(SELECT_WITH_PARAMETERS) - 1  # the directory itself


def test_only_situations_listed_are_asked_for(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    use(desk, readers, gp_card).close()
    assert situations_asked(gp_card) == 2
    gp_card.heal()
    use(desk, readers, gp_card)
    assert situations_asked(gp_card) + 1 == 2, "the directory was read again"


@pytest.mark.parametrize(
    "content", [b"", b"\x30\x80", bytes(30), bytes.fromhex("3000")], ids=["empty", "cut", "padding", "no entry"]
)
def test_a_directory_that_lists_none_hides_none(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, content: bytes
) -> None:
    file(gp_card, DODF).content = content
    assert indexes(use(desk, readers, gp_card)) == [1, 2]
    assert situations_asked(gp_card) == 16


def test_situations_elsewhere_than_listed_are_found(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    directory = file(gp_card, DODF)
    for listed, other in ((b"\xd1\x20", b"\xd1\x2e"), (b"\xd1\x21", b"\xd1\x2f")):
        directory.content = directory.content.replace(listed, other)
    assert indexes(use(desk, readers, gp_card)) == [1, 2]


def test_paths_from_the_application_on(desk: Desk, readers: DirectTransport, gp_card: FaultyCard) -> None:
    """04 02 D120 instead of 04 06 3F00 0001 D120, in an entry made shorter accordingly."""
    directory = file(gp_card, DODF)
    content, entries = directory.content, b""
    while content:
        entry, content = content[: 2 + content[1]], content[2 + content[1] :]
        inner = entry[2:].replace(b"\xa1\x0a\x30\x08\x04\x06\x3f\x00\x00\x01", b"\xa1\x06\x30\x04\x04\x02")
        entries += bytes([0x30, len(inner)]) + inner
    directory.content = entries
    assert indexes(use(desk, readers, gp_card)) == [1, 2]
    assert situations_asked(gp_card) == 2
