"""Certificates: chains up to the authorities this server trusts, and what a subject says.

Facts: IGC-Santé shapes (protocol 1.1, 1.5, 1.8): persons carry CN = PS_IdNat with SN and GN, the card type in
extension 1.2.250.1.71.1.2.2 and the profession in 1.2.250.1.71.1.2.7; structures carry their Struct_IdNat in OU.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from praticien.professional import CardKind

_CARD_TYPE = ObjectIdentifier("1.2.250.1.71.1.2.2")
_PROFESSION = ObjectIdentifier("1.2.250.1.71.1.2.7")
_TRAINING = ObjectIdentifier("1.2.250.1.71.1.2.8")
_MAX_CHAIN = 5
MAX_CHAINS = 1000
"""Verified chains kept in memory."""
_LIST = re.compile(b"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.S)


@lru_cache(maxsize=2000)
def load(der: bytes) -> x509.Certificate:
    """A certificate; the same octets are taken apart once. Raises ValueError."""
    return x509.load_der_x509_certificate(der)


class Untrusted(ValueError):
    """No valid chain to a trusted authority; the text says why, in French."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A certificate of a chain, as far as it can stop being valid."""

    start: datetime
    end: datetime
    issuer: bytes
    serial: int

    @classmethod
    def of(cls, one: x509.Certificate) -> _Link:
        return cls(one.not_valid_before_utc, one.not_valid_after_utc, one.issuer.public_bytes(), one.serial_number)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a certificate is about. ``card_kind`` is None for a structure; ``structure_id`` empty for a person."""

    common_name: str
    family_name: str
    given_name: str
    structure_id: str
    card_kind: CardKind | None
    profession: str
    training: str = ""

    @property
    def is_person(self) -> bool:
        """A person's card rather than a structure."""
        return self.card_kind is not None


class TrustStore:
    """The trusted authorities: roots and intermediates of one PEM bundle."""

    def __init__(self, bundle_pem: bytes) -> None:
        self._by_subject: dict[bytes, list[x509.Certificate]] = {}
        for certificate in x509.load_pem_x509_certificates(bundle_pem):
            self._by_subject.setdefault(certificate.subject.public_bytes(), []).append(certificate)
        self._chains: dict[x509.Certificate, tuple[_Link, ...]] = {}
        self._sources: dict[str, frozenset[tuple[bytes, int]]] = {}
        self._revoked: frozenset[tuple[bytes, int]] = frozenset()

    def load_revocations(self, lists: bytes, source: str = "operator") -> int:
        """Replace what ``source`` revokes by these lists (PEM, or one in DER); returns how many lists there are.

        Raises Untrusted when one is not our authorities', ValueError when one is no list. A list past its nextUpdate
        still counts: what it revokes does not become valid again.
        """
        revoked: set[tuple[bytes, int]] = set()
        found_lists = _revocation_lists(lists)
        for found in found_lists:
            issuer = found.issuer.public_bytes()
            if not any(_has_signed(one, found) for one in self._by_subject.get(issuer, [])):
                raise Untrusted("liste de révocation d'une autorité inconnue")
            revoked |= {(issuer, one.serial_number) for one in found}
        self._sources[source] = frozenset(revoked)
        self._revoked = frozenset().union(*self._sources.values())
        return len(found_lists)

    def is_revoked(self, certificate: x509.Certificate) -> bool:
        """Whether its authority took it back."""
        return (certificate.issuer.public_bytes(), certificate.serial_number) in self._revoked

    def seen(self) -> list[x509.Certificate]:
        """Certificates of holders checked so far, by name."""
        return sorted(self._chains.copy(), key=lambda one: one.subject.public_bytes())

    def check(self, certificate: x509.Certificate, now: datetime) -> None:
        """Raises Untrusted unless valid, not revoked certificates lead to a trusted root at ``now`` (aware).

        Signatures of a chain are verified once; dates and revocations, which change, each time.
        """
        chain = self._chains.get(certificate)
        if chain is None:
            chain = tuple(_Link.of(one) for one in self._chain(certificate))
            self._remember(certificate, chain)
        for link in chain:
            if not link.start <= now <= link.end:
                raise Untrusted("il est périmé ou pas encore valable")
            if (link.issuer, link.serial) in self._revoked:
                raise Untrusted("il est révoqué")

    def _remember(self, certificate: x509.Certificate, chain: tuple[_Link, ...]) -> None:
        if len(self._chains) >= MAX_CHAINS:
            self._chains.clear()
        self._chains[certificate] = chain

    def _chain(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        chain = [certificate]
        while not _is_self_issued(chain[-1]) and len(chain) <= _MAX_CHAIN:
            chain.append(self._issuer(chain[-1]))
        if len(chain) == 1 or not _is_self_issued(chain[-1]):
            raise Untrusted("il ne vient pas d'une autorité reconnue")
        for depth, authority in enumerate(chain[1:]):
            _check_authority(authority, depth)
        return tuple(chain)

    def _issuer(self, certificate: x509.Certificate) -> x509.Certificate:
        for candidate in self._by_subject.get(certificate.issuer.public_bytes(), []):
            try:
                certificate.verify_directly_issued_by(candidate)
            except (ValueError, TypeError, InvalidSignature):
                continue
            return candidate
        raise Untrusted("il ne vient pas d'une autorité reconnue")


def _revocation_lists(octets: bytes) -> list[x509.CertificateRevocationList]:
    if octets.startswith(b"\x30"):
        return [x509.load_der_x509_crl(octets)]
    return [x509.load_pem_x509_crl(pem) for pem in _LIST.findall(octets)]


def _is_self_issued(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _has_signed(authority: x509.Certificate, found: x509.CertificateRevocationList) -> bool:
    key = authority.public_key()
    return isinstance(key, rsa.RSAPublicKey) and found.is_signature_valid(key)


def _check_authority(certificate: x509.Certificate, below: int) -> None:
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise Untrusted("son autorité n'en est pas une") from None
    if not basic.ca or not usage.key_cert_sign or (basic.path_length is not None and basic.path_length < below):
        raise Untrusted("son autorité n'en est pas une")


@lru_cache(maxsize=2000)
def is_for_signature(certificate: x509.Certificate) -> bool:
    """KeyUsage nonRepudiation (contentCommitment) is there."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.content_commitment


@lru_cache(maxsize=2000)
def subject_of(certificate: x509.Certificate) -> Subject:
    """What the subject and the private extensions say."""
    card = _integer(certificate, _CARD_TYPE)
    known = {kind.value: kind for kind in CardKind}
    kind = known.get(card) if card is not None else None
    profession, training = _integer(certificate, _PROFESSION), _integer(certificate, _TRAINING)
    return Subject(
        common_name=_attribute(certificate, NameOID.COMMON_NAME),
        family_name=_attribute(certificate, NameOID.SURNAME),
        given_name=_attribute(certificate, NameOID.GIVEN_NAME),
        structure_id="" if kind else _attribute(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME),
        card_kind=kind,
        profession="" if profession is None else str(profession),
        training="" if training is None else str(training),
    )


def _attribute(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _integer(certificate: x509.Certificate, oid: ObjectIdentifier) -> int | None:
    """A DER INTEGER in a private extension."""
    try:
        value = certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None
    if not isinstance(value, x509.UnrecognizedExtension) or value.value[:1] != b"\x02":
        return None
    return int.from_bytes(value.value[2:], "big")
