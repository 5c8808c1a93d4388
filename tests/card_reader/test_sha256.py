"""The resumable SHA-256 against hashlib, the last round left to another."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.sha256 import finish, split


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1000])
def test_boundaries_of_the_blocks(length: int) -> None:
    message = bytes(range(256)) * 4
    assert finish(split(message[:length])) == hashlib.sha256(message[:length]).digest()


@given(st.binary(max_size=500))
def test_any_message(message: bytes) -> None:
    last = split(message)
    assert last.hashed_bits // 8 + len(last.rest) == len(message)
    assert len(last.rest) <= 64
    assert last.is_first == (len(message) <= 64)
    assert finish(last) == hashlib.sha256(message).digest()
