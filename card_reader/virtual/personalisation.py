"""What makes one virtual card different from another: keys, certificates, holder's data, secret codes."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from praticien.professional import PracticeSituation
from praticien.vitale import VitaleHolder

CPS3_ATR = bytes.fromhex("3BAC00402A001225006480000310009000")
CPS4_ATR = bytes.fromhex("3B9B188001001225006480040100009044")
CONTACTLESS_ATR = bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E")
CPS2TER_ATR = bytes.fromhex("3BAC00402A001225006480820212009000")
VITALE1_ATR = bytes.fromhex("3F6525002C09699000")
VITALE2_ATR = bytes.fromhex("3B751300004409EA9000")


@dataclass(frozen=True, repr=False)
class KeyAndCertificate:
    """A private RSA key and the DER of its certificate."""

    key: rsa.RSAPrivateKey
    certificate: bytes


@dataclass(frozen=True, repr=False)
class CpsPersonalisation:
    """A CPS3 (CPS, CPF or CPE: the certificates say which).

    ``serial`` is ten digits; ``info`` the content of CPS_INFO_PS (its last four characters are the specialty).
    ``last_update`` is the content of EF_ACTUA (None: the card was never updated).
    ``accepts_outside_hash`` lets the signature key sign a hash made outside the card, which some cards may refuse.
    """

    serial: str
    signature: KeyAndCertificate
    authentication: KeyAndCertificate
    situations: tuple[PracticeSituation, ...]
    pin: str
    unblocking_code: str = "12345678"
    pin_tries_left: int = 3
    unblocking_tries_left: int = 10
    info: str = ""
    atr: bytes = CPS3_ATR
    last_update: bytes | None = None
    accepts_outside_hash: bool = False


@dataclass(frozen=True, repr=False)
class VitalePersonalisation:
    """A Vitale 2. ``serial`` is what EF PAN gives (decimal digits, even count).

    ``reading`` is the XML that the licensed reading module would give for this card (``card_reader.vitale_xml``
    writes it).
    """

    serial: str
    holder: VitaleHolder
    reading: bytes
    nationality: str = "250"
    atr: bytes = VITALE2_ATR
