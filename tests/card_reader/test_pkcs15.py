"""PKCS#15 directories as other cards may write them, and as none should."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.errors import MalformedCard
from card_reader.pkcs15 import parse_certificates, parse_odf, parse_pin, parse_private_keys
from card_reader.tlv import encode
from card_reader.virtual import cps3_files
from card_reader.virtual.personalisation import CpsPersonalisation


def _seq(*values: bytes) -> bytes:
    return encode(0x30, *values)


LABEL = _seq(encode(0x0C, b"label"))
PATH = _seq(encode(0x04, bytes.fromhex("3F0000017001")))


def test_the_virtual_card_s_own_directories(personalisation: CpsPersonalisation) -> None:
    directories = parse_odf(cps3_files._odf() + bytes(20))
    assert directories[0xA4] == bytes.fromhex("3F0000017002")
    certificates = parse_certificates(cps3_files._certificates(personalisation))
    assert [entry.identifier for entry in certificates] == [b"\x10", b"\x20"]
    assert [key.reference for key in parse_private_keys(cps3_files._private_keys(cps3_files.Layout()))] == [0x81, 0x82]
    pin = parse_pin(cps3_files._authentication_objects(cps3_files.Layout()))
    assert (pin.reference, pin.min_length, pin.max_length) == (1, 4, 4)


@pytest.mark.parametrize("reference, expected", [("020181", 0x81), ("02020081", 0x81), ("020102", 2)])
def test_key_references_signed_or_not(reference: str, expected: int) -> None:
    key = _seq(LABEL, _seq(encode(0x04, b"\x20"), bytes.fromhex(reference)), encode(0xA1, _seq(PATH)))
    assert parse_private_keys(key)[0].reference == expected


def test_keys_without_reference_and_other_kinds_are_left_out() -> None:
    key = _seq(LABEL, _seq(encode(0x04, b"\x20")), encode(0xA1, _seq(PATH)))
    assert parse_private_keys(key + encode(0xA0, key)) == ()
    assert parse_certificates(encode(0xA0, key)) == ()


def _pin(*attributes: bytes) -> bytes:
    return _seq(LABEL, _seq(encode(0x04, b"\x01")), encode(0xA1, _seq(*attributes)))


FOUR, EIGHT = encode(0x02, b"\x04"), encode(0x02, b"\x08")


def test_pin_rules_with_and_without_the_optional_parts() -> None:
    assert parse_pin(_pin(FOUR, EIGHT)).max_length == 8
    whole = parse_pin(_pin(FOUR, FOUR, EIGHT, encode(0x80, b"\x81"), PATH))
    assert (whole.min_length, whole.max_length, whole.reference, whole.path[-2:]) == (4, 8, 0x81, b"\x70\x01")


@pytest.mark.parametrize(
    "attributes", [(), (FOUR,), (EIGHT, FOUR), (encode(0x02, b"\x00"), FOUR), (FOUR, encode(0x02, b"\x7f"))]
)
def test_pin_rules_that_make_no_sense(attributes: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedCard):
        parse_pin(_pin(*attributes))


@pytest.mark.parametrize("path", [b"", b"\x3f", b"\x3f\x00\x01", bytes(18)])
def test_paths_that_make_no_sense(path: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_odf(encode(0xA4, _seq(encode(0x04, path))))


@pytest.mark.parametrize("parse", [parse_odf, parse_certificates, parse_private_keys, parse_pin])
@given(data=st.binary(max_size=120) | st.binary(max_size=60).map(lambda data: _seq(_seq(), _seq(data))))
def test_any_directory_is_read_or_refused(parse: object, data: bytes) -> None:
    with contextlib.suppress(MalformedCard):
        parse(data)  # type: ignore[operator]
