"""Commands of a card in which codes travel, and what several tests need."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from card_reader.cps import OpenedCps

VERIFY, CHANGE, UNBLOCK = b"\x00\x20\x00\x01", b"\x00\x24\x00\x01", b"\x00\x2c\x00\x01"
Open = Callable[[], OpenedCps]


def pin(text: str = "1234") -> bytearray:
    return bytearray(text.encode())


def public_key(der: bytes) -> rsa.RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key
