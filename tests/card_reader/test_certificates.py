"""What certificates say: names wherever they stand, ANS extensions, staff cards, and nonsense."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from card_reader.certificates import card_kind, professional, read_certificate
from card_reader.errors import MalformedCard
from card_reader.virtual.personalisation import CpsPersonalisation
from demonstration.people import GP
from praticien.professional import CardKind

CARD_TYPE, PROFESSION, SPECIALTY = "1.2.250.1.71.1.2.2", "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5"
TRAINING = "1.2.250.1.71.1.2.8"
KEY = rsa.generate_private_key(65537, 2048)
Attribute = tuple[ObjectIdentifier, str]


def _certificate(
    *rdns: list[Attribute],
    extensions: dict[str, str] | None = None,
    issuer: str = "AC FICTIVE",
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY,
    usage: tuple[bool, bool] | None = (False, True),
) -> bytes:
    names = [x509.RelativeDistinguishedName([x509.NameAttribute(*pair) for pair in rdn]) for rdn in rdns]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(names))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1))
        .not_valid_after(dt.datetime(2029, 1, 31))
    )
    for oid, der in (extensions or {}).items():
        value = x509.UnrecognizedExtension(ObjectIdentifier(oid), bytes.fromhex(der))
        builder = builder.add_extension(value, critical=False)
    if usage:
        bits = (usage[0], usage[1], False, False, False, False, False, False, False)
        builder = builder.add_extension(x509.KeyUsage(*bits), critical=True)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _load(der: bytes) -> x509.Certificate:
    return read_certificate(b"\x10", der).certificate


def test_names_in_one_rdn(personalisation: CpsPersonalisation) -> None:
    who = professional(_load(personalisation.signature.certificate), staff_role="")
    assert who == GP


def test_names_in_an_rdn_each_and_an_old_serial_number() -> None:
    who = professional(
        _load(
            _certificate(
                [(NameOID.SERIAL_NUMBER, "00B7010446")],
                [(NameOID.SURNAME, "TEST")],
                [(NameOID.GIVEN_NAME, "Élise")],
                extensions={CARD_TYPE: "020102"},
            )
        ),
        staff_role="AUTOMATE",
    )
    assert (who.national_id, who.family_name, who.given_name, who.role) == ("00B7010446", "TEST", "Élise", "AUTOMATE")


def test_a_staff_card_that_names_nobody() -> None:
    der = _certificate(
        [(NameOID.ORGANIZATION_NAME, "CENTRE FICTIF")],
        [(NameOID.COMMON_NAME, "3990000025/CPET0001")],
        extensions={CARD_TYPE: "020102"},
    )
    who = professional(_load(der), staff_role="SECRETARIAT_MEDICAL")
    assert card_kind(_load(der)) is CardKind.CPE
    assert (who.national_id, who.family_name) == ("3990000025/CPET0001", "CENTRE FICTIF")
    assert (who.given_name, who.is_named, who.role) == ("3990000025/CPET0001", False, "SECRETARIAT_MEDICAL")


def test_a_staff_card_without_any_name_at_all() -> None:
    der = _certificate([(NameOID.COMMON_NAME, "3990000025/CPET0001")], extensions={CARD_TYPE: "020102"})
    who = professional(_load(der), staff_role="")
    assert (who.family_name, who.given_name, who.is_named) == ("3990000025/CPET0001", "3990000025/CPET0001", False)


@pytest.mark.parametrize(
    "extensions,expected",
    [
        ({CARD_TYPE: "020101", TRAINING: "02010A"}, ("", "10", "", "G16_10")),
        ({CARD_TYPE: "020101", TRAINING: "020132", PROFESSION: "02013C"}, ("60", "", "", "G15_60")),
        ({CARD_TYPE: "020101"}, ("", "", "", "")),
        ({CARD_TYPE: "020100", TRAINING: "02010A"}, ("", "", "", "")),
        ({CARD_TYPE: "020102", TRAINING: "02010A"}, ("", "", "STAFF", "STAFF")),
        ({CARD_TYPE: "020103"}, ("", "", "STAFF", "STAFF")),
    ],
)
def test_professions_had_and_to_come(extensions: dict[str, str], expected: tuple[str, ...]) -> None:
    der = _certificate([(NameOID.COMMON_NAME, "x")], extensions=extensions)
    who = professional(_load(der), staff_role="STAFF")
    assert (who.profession, who.future_profession, who.role, who.author_specialty) == expected


@pytest.mark.parametrize("value, kind", [("020100", CardKind.CPS), ("020101", CardKind.CPF), ("020103", CardKind.CPA)])
def test_card_kinds(value: str, kind: CardKind) -> None:
    der = _certificate([(NameOID.COMMON_NAME, "x")], extensions={CARD_TYPE: value})
    assert card_kind(_load(der)) is kind


@pytest.mark.parametrize("value", [None, "020104", "0200", "0401", "02010000", "3003020100", "0C0130"])
def test_a_card_kind_that_makes_no_sense(value: str | None) -> None:
    der = _certificate([(NameOID.COMMON_NAME, "x")], extensions={CARD_TYPE: value} if value else {})
    with pytest.raises(MalformedCard):
        card_kind(_load(der))


@pytest.mark.parametrize("extensions", [{SPECIALTY: "0C04534D3534"}, {SPECIALTY: "30030C01FF"}, {PROFESSION: "0C0131"}])
def test_extensions_that_make_no_sense(extensions: dict[str, str]) -> None:
    der = _certificate([(NameOID.COMMON_NAME, "x")], extensions={CARD_TYPE: "020100", **extensions})
    with pytest.raises(MalformedCard):
        professional(_load(der), staff_role="")


def test_nobody_is_nobody() -> None:
    with pytest.raises(MalformedCard):
        professional(_load(_certificate([(NameOID.SURNAME, "TEST")])), staff_role="")


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x03\x02\x01\x00", b"\x04\x02ab", bytes(100)])
def test_what_is_no_certificate(der: bytes) -> None:
    with pytest.raises(MalformedCard):
        read_certificate(b"\x10", der)


@pytest.mark.parametrize(
    "part", [b"\x0c\x04NAME", b"\x0c\x0aAC FICTIVE", b"\x17\x0d260101", bytes.fromhex("0603551d0f")]
)
def test_a_lie_inside_a_certificate_is_found_at_once(part: bytes) -> None:
    der = _certificate([(NameOID.COMMON_NAME, "NAME")])
    assert part in der
    with pytest.raises(MalformedCard):
        read_certificate(b"\x10", der.replace(part, bytes([part[0] ^ 0x01]) + part[1:]))


def test_an_elliptic_key_is_not_for_these_cards() -> None:
    der = _certificate([(NameOID.COMMON_NAME, "x")], key=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(MalformedCard):
        read_certificate(b"\x10", der)


def test_padding_after_the_certificate_is_dropped(personalisation: CpsPersonalisation) -> None:
    der = personalisation.signature.certificate
    assert read_certificate(b"\x10", der + bytes(40)).der == der


@pytest.mark.parametrize(
    "usage, signature, authentication",
    [((False, True), True, False), ((True, False), False, True), ((True, True), False, False), (None, False, False)],
)
def test_key_usage_decides(usage: tuple[bool, bool] | None, signature: bool, authentication: bool) -> None:
    certificate = read_certificate(b"\x10", _certificate([(NameOID.COMMON_NAME, "x")], usage=usage))
    assert (certificate.for_signature, certificate.for_authentication) == (signature, authentication)


def test_test_chains() -> None:
    certificate = read_certificate(b"\x10", _certificate([(NameOID.COMMON_NAME, "x")], issuer="TEST AC FICTIVE"))
    assert certificate.is_test
    assert not read_certificate(b"\x10", _certificate([(NameOID.COMMON_NAME, "x")])).is_test
