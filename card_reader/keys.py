"""What holds for the two keys of a professional card, whichever way leads to them (native or PKCS#11)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils

from card_reader.certificates import CardCertificate, card_kind, professional
from card_reader.errors import MalformedCard, WrongSignature
from praticien.errors import InvalidInput
from praticien.professional import CardHolder

_HASHES: dict[str, tuple[hashes.HashAlgorithm, bytes]] = {
    "sha1": (hashes.SHA1(), bytes.fromhex("3021300906052b0e03021a05000414")),  # noqa: S303 - TLS 1.2 may ask for it
    "sha256": (hashes.SHA256(), bytes.fromhex("3031300d060960864801650304020105000420")),
    "sha384": (hashes.SHA384(), bytes.fromhex("3041300d060960864801650304020205000430")),
    "sha512": (hashes.SHA512(), bytes.fromhex("3051300d060960864801650304020305000440")),
}

_PSS_HASHES = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())


def digest_info(digest: bytes, hash_name: str) -> tuple[bytes, utils.Prehashed]:
    """DigestInfo (RFC 8017, 9.2) and how to verify it. Raises InvalidInput for a hash that the card cannot take."""
    algorithm, prefix = _HASHES.get(hash_name, (None, b""))
    if algorithm is None or len(digest) != algorithm.digest_size:
        raise InvalidInput("hash")
    return prefix + digest, utils.Prehashed(algorithm)


def verified(
    certificate: CardCertificate, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm | utils.Prehashed
) -> bytes:
    """``signature`` when it verifies with ``certificate``. Raises WrongSignature: it must not be released."""
    try:
        certificate.public_key.verify(signature, data, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        raise WrongSignature from None
    return signature


def check_pss(certificate: CardCertificate, encoded: bytes) -> None:
    """Raises InvalidInput unless ``encoded`` is an EMSA-PSS encoding (RFC 8017, 9.1).

    Made with SHA-256, 384 or 512 and a salt as long as the hash: a raw operation of the key must serve nothing else.
    """
    fits = len(encoded) == certificate.public_key.key_size // 8 and encoded[-1] == 0xBC and encoded[0] < 0x80
    if not fits or not any(_is_pss(encoded, algorithm) for algorithm in _PSS_HASHES):
        raise InvalidInput("not a PSS encoding")


def _is_pss(encoded: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    """Masked DB, H, BC: unmasked, DB is zeros, 01 and the salt."""
    size = algorithm.digest_size
    masked, digest = encoded[: -size - 1], encoded[-size - 1 : -1]
    mask = _mask(digest, len(masked), algorithm)
    block = bytearray(a ^ b for a, b in zip(masked, mask, strict=True))
    block[0] &= 0x7F
    return block[:-size] == bytes(len(block) - size - 1) + b"\x01"


def _mask(seed: bytes, length: int, algorithm: hashes.HashAlgorithm) -> bytes:
    """MGF1."""
    mask = b""
    while len(mask) < length:
        hashing = hashes.Hash(algorithm)
        hashing.update(seed + (len(mask) // algorithm.digest_size).to_bytes(4, "big"))
        mask += hashing.finalize()
    return mask[:length]


def verified_encoding(certificate: CardCertificate, signature: bytes, encoded: bytes) -> bytes:
    """``signature`` when it is that of ``encoded``. Raises WrongSignature: it must not be released."""
    public = certificate.public_key.public_numbers()
    recovered = pow(int.from_bytes(signature, "big"), public.e, public.n)
    if recovered != int.from_bytes(encoded, "big"):
        raise WrongSignature
    return signature


def holder_of(signature: CardCertificate, authentication: CardCertificate, serial: str, staff_role: str) -> CardHolder:
    """Who holds the card. Raises MalformedCard unless both certificates name the same person and card kind."""
    kind = card_kind(signature.certificate)
    who = professional(signature.certificate, staff_role=staff_role)
    other = authentication.certificate
    if (kind, who) != (card_kind(other), professional(other, staff_role=staff_role)):
        raise MalformedCard("the two certificates are not of the same person")
    return CardHolder(kind, serial, who, is_test_card=signature.is_test)
