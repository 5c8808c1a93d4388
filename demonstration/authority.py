"""A TEST certification authority shaped like IGC-Santé: made at first start, kept in one folder, never committed.

Names, extensions and key usages follow facts about real certificates (multi-valued RDN with CN, SN, GN; extensions
1.2.250.1.71.1.2.2 card type, 1.2.250.1.71.1.2.7 profession, 1.2.250.1.71.4.2.5 specialty). Every issuer says TEST.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from praticien.professional import CardKind, Professional, Structure

OID_CARD_TYPE = ObjectIdentifier("1.2.250.1.71.1.2.2")
OID_PROFESSION = ObjectIdentifier("1.2.250.1.71.1.2.7")
OID_FUTURE_PROFESSION = ObjectIdentifier("1.2.250.1.71.1.2.8")
OID_SPECIALTY = ObjectIdentifier("1.2.250.1.71.4.2.5")

Validity = tuple[dt.datetime, dt.datetime]

_ISSUER = ("TEST PRATICIEN FICTIF", "IGC TEST FICTIVE")
_YEARS_CA, _DAYS_LEAF = 10, 3 * 365 + 30


@dataclass(frozen=True)
class KeyPair:
    """A private key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def certificate_der(self) -> bytes:
        """DER of the certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        """PEM of the certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """PEM (PKCS#8, unencrypted) of the key: for demonstration files with mode 0600 only."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class TestAuthority:
    """Root, "PERSONNES" and "ORGANISATIONS" intermediates, and what they issue. Load with ``open_or_create``."""

    __test__ = False  # not a pytest class

    def __init__(self, root: KeyPair, persons: KeyPair, organisations: KeyPair) -> None:
        self.root, self.persons, self.organisations = root, persons, organisations

    @classmethod
    def create(cls) -> TestAuthority:
        """Three fresh key pairs."""
        root = _issue(_ca_name("TEST AC RACINE FICTIVE"), None, ca_depth=1, days=_YEARS_CA * 366)
        persons = _issue(_ca_name("TEST AC FICTIVE PERSONNES"), root, ca_depth=0, days=_YEARS_CA * 365)
        organisations = _issue(_ca_name("TEST AC FICTIVE ORGANISATIONS"), root, ca_depth=0, days=_YEARS_CA * 365)
        return cls(root, persons, organisations)

    @classmethod
    def open_or_create(cls, folder: Path) -> TestAuthority:
        """The authority kept in ``folder``, made at the first call."""
        made: TestAuthority | None = None

        def pair(name: str) -> KeyPair:
            nonlocal made
            if not (folder / f"{name}.pem").exists():
                made = made or cls.create()
                write_pair(folder, name, getattr(made, name))
            return read_pair(folder, name)

        return cls(pair("root"), pair("persons"), pair("organisations"))

    def revocation_lists(self, serials: Collection[int]) -> bytes:
        """PEM of the two lists (persons, organisations) that take these certificates back."""
        return b"".join(_revocation_list(issuer, serials) for issuer in (self.persons, self.organisations))

    @property
    def bundle_pem(self) -> bytes:
        """Root and intermediates: what a server or a client trusts."""
        return b"".join(p.certificate_pem for p in (self.root, self.persons, self.organisations))

    def professional(
        self, who: Professional, kind: CardKind, title: str, *, signature: bool, valid: Validity | None = None
    ) -> KeyPair:
        """Signature (nonRepudiation) or authentication (digitalSignature) pair of a card holder."""
        extensions: list[x509.ExtensionType] = [_private(OID_CARD_TYPE, _der_integer(kind.value))]
        if who.profession:
            extensions.append(_private(OID_PROFESSION, _der_integer(int(who.profession))))
        if who.future_profession:
            extensions.append(_private(OID_FUTURE_PROFESSION, _der_integer(int(who.future_profession))))
        if who.specialty:
            text = who.specialty.encode()
            extensions.append(_private(OID_SPECIALTY, _der(0x30, _der(0x0C, text))))
        return _issue(
            _person_name(who, title), self.persons, signature=signature, extensions=extensions, valid=valid, client=True
        )

    def structure(self, what: Structure, *, signature: bool) -> KeyPair:
        """A structure's TLS client pair, or its "cachet" (signature) pair."""
        return _issue(_structure_name(what), self.organisations, signature=signature, client=True)

    def server(self, host: str = "localhost", *, valid: Validity | None = None) -> KeyPair:
        """TLS pair of the reference server, for ``host`` and the loopback addresses."""
        names = [
            x509.DNSName(host),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address("::1")),
        ]
        subject = _name([(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, _ISSUER[0])], host)
        return _issue(
            subject, self.organisations, extensions=[x509.SubjectAlternativeName(names)], client=False, valid=valid
        )


def _revocation_list(issuer: KeyPair, serials: Collection[int]) -> bytes:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, now, now + dt.timedelta(days=7))
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def write_pair(folder: Path, name: str, pair: KeyPair) -> None:
    """Write ``name.key`` (mode 0600) then ``name.pem``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pair.key_pem)
    (folder / f"{name}.pem").write_bytes(pair.certificate_pem)


def read_pair(folder: Path, name: str) -> KeyPair:
    """Read what ``write_pair`` wrote."""
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key was expected")
    return KeyPair(key, x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()))


def _name(attributes: list[tuple[ObjectIdentifier, str]], common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(oid, value) for oid, value in [*attributes, (NameOID.COMMON_NAME, common_name)]]
    )


def _ca_name(common_name: str) -> x509.Name:
    attributes = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, _ISSUER[0])]
    return _name([*attributes, (NameOID.ORGANIZATIONAL_UNIT_NAME, _ISSUER[1])], common_name)


def _structure_name(what: Structure) -> x509.Name:
    attributes = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, what.name)]
    return _name([*attributes, (NameOID.ORGANIZATIONAL_UNIT_NAME, what.national_id)], what.name)


def _person_name(who: Professional, title: str) -> x509.Name:
    """C=FR, title when any, then one RDN holding CN, SN and GN together, as on real cards.

    A card that names nobody (its given name is its identifier) has the organisation instead.
    """
    if who.given_name == who.national_id:
        attributes = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, who.family_name)]
        return _name(attributes, who.national_id)
    single = [(NameOID.COUNTRY_NAME, "FR")] + ([(NameOID.TITLE, title)] if title else [])
    rdns = [x509.RelativeDistinguishedName([x509.NameAttribute(oid, value)]) for oid, value in single]
    person = [
        x509.NameAttribute(NameOID.COMMON_NAME, who.national_id),
        x509.NameAttribute(NameOID.SURNAME, who.family_name),
        x509.NameAttribute(NameOID.GIVEN_NAME, who.given_name),
    ]
    return x509.Name([*rdns, x509.RelativeDistinguishedName(person)])


def _private(oid: ObjectIdentifier, der: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(oid, der)


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def _der_integer(value: int) -> bytes:
    return _der(0x02, bytes([value]))


def _issue(
    subject: x509.Name,
    issuer: KeyPair | None,
    *,
    ca_depth: int | None = None,
    signature: bool = False,
    client: bool = False,
    extensions: list[x509.ExtensionType] | None = None,
    days: int = _DAYS_LEAF,
    valid: Validity | None = None,
) -> KeyPair:
    key = rsa.generate_private_key(65537, 2048)
    now = dt.datetime.now(dt.UTC)
    start, end = valid or (now - dt.timedelta(hours=1), now + dt.timedelta(days=days))
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca_depth is not None, ca_depth), critical=True)
        .add_extension(_usage(ca=ca_depth is not None, signature=signature), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(authority, critical=False)
    if ca_depth is None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([_purpose(signature, client)]), critical=False)
    for extension in extensions or []:
        builder = builder.add_extension(extension, critical=False)
    return KeyPair(key, builder.sign((issuer.key if issuer else key), hashes.SHA256()))


def _usage(*, ca: bool, signature: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca and not signature,
        content_commitment=not ca and signature,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _purpose(signature: bool, client: bool) -> ObjectIdentifier:
    if signature:
        return ExtendedKeyUsageOID.EMAIL_PROTECTION
    return ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
