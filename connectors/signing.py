"""The card's signature key as XML signature needs it, and certificate names as the DMP compares them."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import NameOID

from praticien.ports import Signer

_SHORT_NAMES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COUNTRY_NAME: "C",
    NameOID.STREET_ADDRESS: "STREET",
    NameOID.DOMAIN_COMPONENT: "DC",
    NameOID.USER_ID: "UID",
}


class CardSigningKey:
    """What signxml calls a private key: it gets the message itself, as the card does."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: bytes, padding: padding.AsymmetricPadding, algorithm: hashes.HashAlgorithm) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256, the one thing the signature key of a card does."""
        assert padding.name == "EMSA-PKCS1-v1_5"
        assert isinstance(algorithm, hashes.SHA256)
        return self._signer.sign(data)


def rfc2253(name: x509.Name) -> str:
    """A distinguished name in the order and form of RFC 2253: last first, unnamed types as OID=#hex of their DER."""
    return ",".join("+".join(_attribute(a) for a in rdn) for rdn in reversed(list(name.rdns)))


def _attribute(attribute: x509.NameAttribute[Any]) -> str:
    short = _SHORT_NAMES.get(attribute.oid)
    if short:
        return f"{short}={_escaped(str(attribute.value))}"
    return f"{attribute.oid.dotted_string}=#{_value_der(attribute).hex()}"


def _escaped(value: str) -> str:
    escaped = "".join(f"\\{c}" if c in ',+"\\<>;' else c for c in value)
    if escaped.startswith((" ", "#")):
        escaped = f"\\{escaped}"
    return f"{escaped[:-1]}\\ " if escaped.endswith(" ") and len(value) > 1 else escaped


def _value_der(attribute: x509.NameAttribute[Any]) -> bytes:
    """DER of the value: inside Name > RDN > AttributeTypeAndValue, what follows the OID."""
    der = x509.Name([attribute]).public_bytes()
    for _ in range(3):
        der = der[_header_length(der) :]
    return der[_header_length(der) + der[1] :]  # an OID is shorter than 128 bytes


def _header_length(der: bytes) -> int:
    return 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
