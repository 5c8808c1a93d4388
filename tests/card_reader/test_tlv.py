"""BER-TLV: what is written is read again, what lies is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.errors import MalformedCard
from card_reader.tlv import MAX_ELEMENTS, dig, encode, find, parse

TAGS = st.sampled_from([0x04, 0x30, 0x5A, 0x62, 0x84, 0xA0, 0xEE, 0x7F41, 0x5F20, 0xBF8101, 0xBF9002])


@given(st.lists(st.tuples(TAGS, st.binary(max_size=400)), max_size=6))
def test_what_is_encoded_is_parsed(elements: list[tuple[int, bytes]]) -> None:
    content = b"".join(encode(tag, value) for tag, value in elements)
    assert [(tlv.tag, tlv.value) for tlv in parse(content)] == elements


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        elements = parse(data, padded=True)
    except MalformedCard:
        return
    assert sum(len(element.value) for element in elements) <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        "5A",
        "5A05",
        "5A0501020304",
        "5A81",
        "5A80",
        "5A850000000001",
        "5A84FFFFFFFF",
        "BF81",
        "BF818181010100",
        "0000",
        "5A8201",
    ],
)
def test_truncated_or_lying_data_is_refused(data: str) -> None:
    with pytest.raises(MalformedCard):
        parse(bytes.fromhex(data))


def test_padding_is_allowed_only_where_said() -> None:
    content = encode(0x5A, b"1") + bytes(3)
    assert len(parse(content, padded=True)) == 1
    with pytest.raises(MalformedCard):
        parse(content)


def test_garbage_after_the_content_is_not_padding() -> None:
    with pytest.raises(MalformedCard):
        parse(encode(0x5A, b"1") + b"\x00\x01\x00", padded=True)


def test_a_flood_of_elements_is_refused() -> None:
    with pytest.raises(MalformedCard):
        parse(encode(0x5A) * (MAX_ELEMENTS + 1))


def test_digging_goes_down_and_names_no_value_when_it_fails() -> None:
    content = encode(0x70, encode(0xBF8101, encode(0xA0, encode(0x9B, b"\x03"))))
    assert dig(content, 0x70, 0xBF8101, 0xA0, 0x9B).value == b"\x03"
    with pytest.raises(MalformedCard) as caught:
        find(parse(encode(0x80, b"TESTMED")), 0x81)
    assert "TESTMED" not in str(caught.value)
    assert "TESTMED" not in repr(parse(encode(0x80, b"TESTMED")))


def test_a_primitive_element_has_no_children() -> None:
    with pytest.raises(MalformedCard):
        parse(encode(0x80, encode(0x81, b"1")))[0].children()
