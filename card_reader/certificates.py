"""What a CPx certificate says of its holder (names with several attributes in one RDN, ANS extensions).

Extensions: 1.2.250.1.71.1.2.2 card type, 1.2.250.1.71.1.2.7 profession (G15), 1.2.250.1.71.4.2.5 specialty (R01).
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from card_reader.errors import MalformedCard
from card_reader.tlv import Tlv, parse
from praticien.professional import CardKind, Professional

_CARD_TYPE = ObjectIdentifier("1.2.250.1.71.1.2.2")
_PROFESSION = ObjectIdentifier("1.2.250.1.71.1.2.7")
_FUTURE_PROFESSION = ObjectIdentifier("1.2.250.1.71.1.2.8")
_SPECIALTY = ObjectIdentifier("1.2.250.1.71.4.2.5")
_TEST_PREFIX = "TEST "
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True, repr=False)
class CardCertificate:
    """A certificate read from a card, understood. ``identifier`` is its CKA_ID."""

    identifier: bytes
    der: bytes
    certificate: x509.Certificate
    public_key: rsa.RSAPublicKey

    @property
    def for_signature(self) -> bool:
        """Non-repudiation, and not digitalSignature: the key for documents and VIHF."""
        usage = _usage(self.certificate)
        return usage is not None and usage.content_commitment and not usage.digital_signature

    @property
    def for_authentication(self) -> bool:
        """digitalSignature, and not non-repudiation: the key for TLS."""
        usage = _usage(self.certificate)
        return usage is not None and usage.digital_signature and not usage.content_commitment

    @property
    def is_test(self) -> bool:
        """Issued by an authority whose name says TEST, as the TEST chains of IGC-Santé do."""
        return any(name.startswith(_TEST_PREFIX) for name in _texts(self.certificate.issuer, NameOID.COMMON_NAME))


def read_certificate(identifier: bytes, der: bytes) -> CardCertificate:
    """Understand the DER found in a card's file (trailing padding dropped). Raises MalformedCard."""
    exact = _without_padding(der)
    try:
        certificate = x509.load_der_x509_certificate(exact)
        public_key = certificate.public_key()
        _read_the_rest(certificate)
    except _UNREADABLE as problem:
        raise MalformedCard("certificate") from problem
    if not isinstance(public_key, rsa.RSAPublicKey):
        raise MalformedCard("certificate without RSA key")
    return CardCertificate(identifier, exact, certificate, public_key)


def _read_the_rest(certificate: x509.Certificate) -> None:
    """cryptography reads these parts at their first use only: a lie in them must come out here, not later."""
    _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.version)
    _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def card_kind(certificate: x509.Certificate) -> CardKind:
    """From the card type extension. Raises MalformedCard when it is absent or unknown."""
    value = _extension(certificate, _CARD_TYPE)
    try:
        return CardKind(int.from_bytes(_only(value, 0x02).value, "big"))
    except ValueError as problem:
        raise MalformedCard("card type") from problem


def professional(certificate: x509.Certificate, *, staff_role: str) -> Professional:
    """The holder. ``staff_role`` is for cards without profession: no public source says where the card has it."""
    names = _texts(certificate.subject, NameOID.COMMON_NAME) or _texts(certificate.subject, NameOID.SERIAL_NUMBER)
    if not names:
        raise MalformedCard("holder without identifier")
    kind = card_kind(certificate)
    profession = _number(certificate, _PROFESSION)
    in_training = kind is CardKind.CPF and not profession
    family, given = _names(certificate.subject, names[0])
    return Professional(
        national_id=names[0],
        family_name=family,
        given_name=given,
        profession=profession,
        specialty=_specialty(certificate),
        role=staff_role if kind in (CardKind.CPE, CardKind.CPA) and not profession else "",
        future_profession=_number(certificate, _FUTURE_PROFESSION) if in_training else "",
    )


def _names(subject: x509.Name, identifier: str) -> tuple[str, str]:
    """Family and given name; on a card that names nobody its organisation and its identifier: the DMP refuses empty
    names, and so the author remains whoever holds that card, in that structure."""
    family, given = _first(subject, NameOID.SURNAME), _first(subject, NameOID.GIVEN_NAME)
    if family or given:
        return family, given
    return _first(subject, NameOID.ORGANIZATION_NAME) or identifier, identifier


def _without_padding(der: bytes) -> bytes:
    elements = parse(der, padded=True)
    if len(elements) != 1 or elements[0].tag != 0x30:
        raise MalformedCard("certificate")
    header = 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
    return der[: header + len(elements[0].value)]


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _extension(certificate: x509.Certificate, oid: ObjectIdentifier) -> bytes:
    """DER inside a private extension, empty when it is absent."""
    try:
        value = certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return b""
    return value.value if isinstance(value, x509.UnrecognizedExtension) else b""


def _only(der: bytes, tag: int) -> Tlv:
    elements = parse(der)
    if len(elements) != 1 or elements[0].tag != tag or not elements[0].value:
        raise MalformedCard("extension of the certificate")
    return elements[0]


def _number(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    """INTEGER of a private extension, empty when it is absent."""
    value = _extension(certificate, oid)
    return str(int.from_bytes(_only(value, 0x02).value, "big")) if value else ""


def _specialty(certificate: x509.Certificate) -> str:
    """SEQUENCE of one UTF8String ("SM54")."""
    value = _extension(certificate, _SPECIALTY)
    if not value:
        return ""
    try:
        return _only(value, 0x30).child(0x0C).value.decode()
    except UnicodeDecodeError as problem:
        raise MalformedCard("specialty") from problem


def _texts(name: x509.Name, oid: ObjectIdentifier) -> list[str]:
    """Values of an attribute wherever it is, several in one RDN included."""
    return [str(attribute.value) for rdn in name.rdns for attribute in rdn if attribute.oid == oid]


def _first(name: x509.Name, oid: ObjectIdentifier) -> str:
    return next(iter(_texts(name, oid)), "")
