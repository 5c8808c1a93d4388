"""The private operation of a virtual card's key: PKCS#1 v1.5 padding around a DigestInfo it does not look into."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo


def sign_digest_info(key: rsa.RSAPrivateKey, digest_info: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 over a ready DigestInfo."""
    return key.sign(digest_info, padding.PKCS1v15(), NoDigestInfo())
