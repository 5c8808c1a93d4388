"""The virtual CPS3 itself: T=0 manners, files, PIN, security environment. It must be no easier than a real card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from card_reader.tlv import dig, encode
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.personalisation import CpsPersonalisation

EF_SN = "00A40904043F00D003"
VERIFY = "0020000104" + b"1234".hex()


class Terminal:
    """Sends hexadecimal, expects a status word."""

    def __init__(self, card: VirtualCps3) -> None:
        self.card = card

    def __call__(self, command: str, sw: str = "9000") -> bytes:
        answer = self.card.transmit(bytes.fromhex(command.replace(" ", "")))
        assert answer[-2:].hex().upper() == sw.upper()
        return answer[:-2]


@pytest.fixture
def card(gp_card: FaultyCard) -> Terminal:
    assert isinstance(gp_card.card, VirtualCps3)
    return Terminal(gp_card.card)


def test_an_answer_waits_for_get_response(card: Terminal) -> None:
    card(EF_SN, "6119")
    card("00C00000FF", "6C19")
    assert dig(card("00C0000019"), 0x62, 0x83).value == b"\xd0\x03"
    card("00C0000000", "6985")


def test_an_answer_not_fetched_is_lost(card: Terminal) -> None:
    card(EF_SN, "6119")
    card("00B000000C")
    card("00C0000000", "6985")


def test_a_wrong_length_is_corrected(card: Terminal) -> None:
    card(EF_SN, "6119")
    card("00B00000E7", "6C0C")
    assert card("00B000000C").hex().upper() == "5A0A80250000010000990001"
    card("00B000000D", "6C0C")
    card("00B0000C01", "6B00")


@pytest.mark.parametrize(
    "command, sw",
    [
        ("00A4", "6700"),
        ("00A40904023F0000", "6700"),  # data and Le
        ("00B00000000100", "6700"),  # extended length
        ("80A40904023F00", "6E00"),
        ("00FF0000", "6D00"),
        ("00A40904043F00BEEF", "6A82"),
        ("00A40500023F00", "6A86"),
        ("00CB3FFF034D01FF", "6A80"),
        ("00CB00000100", "6A88"),
        ("002041AA00", "6A88"),
        ("002000020431323334", "6A88"),
        ("0022410103800140", "6A86"),
        ("002A000001FF", "6A86"),
    ],
)
def test_refusals(card: Terminal, command: str, sw: str) -> None:
    card(command, sw)


def test_the_serial_number_by_short_identifier(card: Terminal) -> None:
    assert card("00B09C000C")[:7].hex() == "5a0a8025000001"


def test_nothing_is_selected_at_first(card: Terminal) -> None:
    card("00B0000001", "6986")


def test_situations_are_behind_the_pin(card: Terminal) -> None:
    path = "00A4090406 3F00 0001 D120"
    card(path, "6119")
    card("00B0000001", "6982")
    card(VERIFY)
    card(path, "6119")
    card("00B0000001")
    card.card.reset()
    card(path, "6119")
    card("00B0000001", "6982")


def test_the_counter_of_the_pin(card: Terminal) -> None:
    card("00200001", "63C3")
    card("0020000104" + b"0000".hex(), "63C2")
    card("0020000100", "63C2")
    card.card.power_on()
    card("00200001", "63C2")  # survives the loss of power
    card(VERIFY)
    card("00200001", "9000")
    card("0020000104" + b"0000".hex(), "63C2")
    card("00200001", "63C2")  # a wrong try ends the verified state
    card("0020000104" + b"0000".hex(), "63C1")
    card("0020000104" + b"0000".hex(), "63C0")
    card(VERIFY, "6983")
    card("00200001", "6983")


def test_change_and_unblock(card: Terminal) -> None:
    card("0024000108" + b"00009999".hex(), "63C2")
    card("0024000108" + b"12349999".hex())
    card(VERIFY, "63C2")
    for left in ("63C1", "63C0"):
        card(VERIFY, left)
    card("002C00010C" + b"000000004321".hex(), "63C9")
    card("002C00010C" + b"123456784321".hex())
    card("0020000104" + b"4321".hex())
    card("0024000108" + b"4321abcd".hex(), "6A80")


def test_keys_need_pin_and_environment(card: Terminal) -> None:
    digest_info = "3031300D060960864801650304020105000420" + "00" * 32
    card("0088000033" + digest_info, "6985")
    card("002241A406840182800102")
    card("0088000033" + digest_info, "6982")
    card(VERIFY)
    card("0088000033" + digest_info, "6100")
    assert len(card("00C0000000")) == 256
    card("0088000067" + "00" * 0x67, "6700")  # more than 40 % of the modulus


def test_keys_are_not_for_each_other(card: Terminal) -> None:
    card(VERIFY)
    card("002241A406840181800102")
    card("0088000001AA", "6985")
    card("002241B606840182800142")
    card("002A9E9A00", "6985")


def test_the_last_round_of_the_hash_is_made_on_the_card(card: Terminal) -> None:
    last_block = (encode(0x90) + encode(0x80, b"hello")).hex()
    hash_command = f"002A90A0{len(last_block) // 2:02X}{last_block}"
    card(VERIFY)
    card(hash_command, "6985")
    card("002241AA03800140")
    card("002241B606840181800142")
    card("002A9E9A00", "6985")  # nothing hashed yet
    card("002A9E9A20" + "00" * 32, "6A80")  # a hash made outside
    card(hash_command)
    assert len(card("002A9E9A00")) == 256
    card("002A9E9A00", "6985")  # one signature for one hash


@pytest.mark.parametrize("start", ["00" * 39, "00" * 40 + "00", "00" * 32 + "0000000000000001"])
def test_an_impossible_state_is_refused(card: Terminal, start: str) -> None:
    data = (encode(0x90, bytes.fromhex(start)) + encode(0x80, b"x")).hex()
    card("002241AA03800140")
    card(f"002A90A0{len(data) // 2:02X}{data}", "6A80")


def test_some_cards_take_a_hash_made_outside(personalisation: CpsPersonalisation) -> None:
    card = Terminal(VirtualCps3(replace(personalisation, accepts_outside_hash=True)))
    card(VERIFY)
    card("002241B606840181800142")
    card("002A9E9A20" + "00" * 32, "6100")


def test_chained_commands_are_put_together(card: Terminal) -> None:
    card("1088000001AA")
    card("002241A406840182800102", "6A80")  # AA before the template
    card(EF_SN, "6119")
    for _ in range(8):
        card("10880000FF" + "00" * 255)
    card("10880000FF" + "00" * 255, "6884")
    card(EF_SN, "6119")
