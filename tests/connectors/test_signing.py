"""Distinguished names in RFC 2253 form, and the card as a signing key."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from connectors.signing import CardSigningKey, rfc2253
from tests.connectors.support import SoftwareSigner


def named(oid: x509.ObjectIdentifier, value: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value)])


@pytest.mark.parametrize(
    "value, expected",
    [
        ("A, B", r"CN=A\, B"),
        ('"x"+y', r"CN=\"x\"\+y"),
        ("#1", r"CN=\#1"),
        (" a ", r"CN=\ a\ "),
        ("a<b>;c\\", r"CN=a\<b\>\;c\\"),
    ],
)
def test_special_characters(value: str, expected: str) -> None:
    assert rfc2253(named(NameOID.COMMON_NAME, value)) == expected


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_an_unnamed_type_is_the_der_of_its_value(value: str) -> None:
    text = rfc2253(named(NameOID.TITLE, value))
    der = bytes.fromhex(text.removeprefix("2.5.4.12=#"))
    content = value.encode()
    length = (
        bytes([len(content)])
        if len(content) < 128
        else bytes([0x80 | (len(content).bit_length() + 7) // 8])
        + len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    )
    assert der == b"\x0c" + length + content


def test_order_is_last_first() -> None:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "TEST")]
    )
    assert rfc2253(name) == "O=TEST,C=FR"


def test_the_key_signs_the_message_and_nothing_but_pkcs1_sha256(signer: SoftwareSigner) -> None:
    key = CardSigningKey(signer)
    assert key.sign(b"message", padding.PKCS1v15(), hashes.SHA256()) == signer.sign(b"message")
    with pytest.raises(AssertionError):
        key.sign(b"message", padding.PKCS1v15(), hashes.SHA512())
