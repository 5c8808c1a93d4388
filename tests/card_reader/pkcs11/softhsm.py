"""A SoftHSM2 token with the objects of a professional card, as a library of the field shows them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, CertificateType, ObjectClass
from pkcs11.util.rsa import decode_rsa_private_key

from card_reader.tlv import encode
from card_reader.virtual.personalisation import CpsPersonalisation, KeyAndCertificate
from praticien.professional import PracticeSituation

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
LABEL, PIN, SO_PIN = "TEST CPS FICTIVE", "1234", "12345678"
SIGNATURE_ID, AUTHENTICATION_ID = b"\x81\x10", b"\x81\x20"
READER = "Lecteur CPS virtuel"


def library() -> Path:
    """libsofthsm2.so; skips the test where it is not installed."""
    found = next((Path(path) for path in LIBRARIES if Path(path).is_file()), None)
    if found is None or not shutil.which("softhsm2-util"):
        pytest.skip("softhsm2 is not installed")
    return found


class SoftCard:
    """The token in ``folder``; ``configuration`` is for SOFTHSM2_CONF, which must be set while it is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.configuration = folder / "softhsm2.conf"
        (folder / "tokens").mkdir(parents=True, exist_ok=True)
        self.configuration.write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )

    def initialise(self) -> None:
        """An empty token."""
        words = ["--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", SO_PIN]
        subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)

    def write(self, *objects: dict[Attribute, object]) -> None:
        """Add objects; the library is let go afterwards."""
        module = pkcs11.lib(str(library()))
        try:
            with module.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
                for attributes in objects:
                    session.create_object({Attribute.TOKEN: True} | attributes)
        finally:
            module.finalize()


def certificate(identifier: bytes, der: bytes) -> dict[Attribute, object]:
    """A public X.509 certificate."""
    subject = x509.load_der_x509_certificate(der).subject.public_bytes()
    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.PRIVATE: False,
        Attribute.ID: identifier,
        Attribute.SUBJECT: subject,
        Attribute.VALUE: der,
    }


def key(identifier: bytes, pair: KeyAndCertificate) -> dict[Attribute, object]:
    """A private key."""
    der = pair.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return {**decode_rsa_private_key(der), Attribute.ID: identifier, Attribute.PRIVATE: True, Attribute.SIGN: True}


def data(label: str, value: bytes, *, private: bool) -> dict[Attribute, object]:
    """A data object."""
    return {
        Attribute.CLASS: ObjectClass.DATA,
        Attribute.PRIVATE: private,
        Attribute.LABEL: label,
        Attribute.VALUE: value,
    }


def pair(identifier: bytes, held: KeyAndCertificate) -> tuple[dict[Attribute, object], dict[Attribute, object]]:
    """Key and certificate under one identifier."""
    return key(identifier, held), certificate(identifier, held.certificate)


def objects(card: CpsPersonalisation) -> list[dict[Attribute, object]]:
    """All that a card holds."""
    return [
        *pair(SIGNATURE_ID, card.signature),
        *pair(AUTHENTICATION_ID, card.authentication),
        data("CPS_INFO_PS", card.info.encode("latin-1"), private=False),
        *(data(f"CPS_ACTIVITY_{s.index:02d}_PS", activity(s), private=True) for s in card.situations),
    ]


def activity(situation: PracticeSituation) -> bytes:
    """CPS_ACTIVITY_nn_PS: EE { 84 name, 85 Struct_IdNat, 86 sector }."""
    structure = situation.structure
    texts = zip((0x84, 0x85, 0x86), (structure.name, structure.national_id, structure.sector), strict=True)
    return encode(0xEE, *(encode(tag, text.encode("latin-1")) for tag, text in texts))
