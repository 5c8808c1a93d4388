"""The private operation of a virtual card's key: raw, or with PKCS#1 v1.5 padding around a ready DigestInfo."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo


def sign_digest_info(key: rsa.RSAPrivateKey, digest_info: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 over a ready DigestInfo."""
    return key.sign(digest_info, padding.PKCS1v15(), NoDigestInfo())


def raw_private(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """The private operation alone, by the Chinese remainder theorem (PKCS#1 RSADP). Data as long as the modulus."""
    numbers = key.private_numbers()
    value = int.from_bytes(data, "big") % numbers.public_numbers.n
    first = pow(value, numbers.dmp1, numbers.p)
    second = pow(value, numbers.dmq1, numbers.q)
    result = second + numbers.q * (numbers.iqmp * (first - second) % numbers.p)
    return result.to_bytes(len(data), "big")
