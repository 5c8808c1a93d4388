"""The Vitale 1: nothing of it is readable by public means, the licensed reading module says everything.

Source: only its answers to reset are public. Its commands are not, so the card is recognised, then left to the module.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

from card_reader.apdu import Wire
from card_reader.reading_module import ReadingModule
from card_reader.vitale_xml import read_beneficiaries, write_reading
from praticien.vitale import Beneficiary, VitaleHolder, VitaleReading

_KEY = secrets.token_bytes(32)
_DIGITS = 12


def read_vitale1(wire: Wire, reader: str, module: ReadingModule, now: datetime) -> VitaleReading:
    """Beneficiaries by ``module``; the first one is the insured holder. Raises as ``read_vitale``."""
    beneficiaries = read_beneficiaries(module.read(wire, reader))
    insured = beneficiaries[0]
    holder = VitaleHolder(insured.nir, insured.birth_name, insured.first_name, insured.birth_date)
    return VitaleReading(_name(beneficiaries), now, holder, beneficiaries, is_test_card=module.reads_test_cards)


def _name(beneficiaries: tuple[Beneficiary, ...]) -> str:
    """Stands for the serial number: the same for the same people while this program runs, and says nothing of them."""
    return f"V1-{hmac.digest(_KEY, write_reading(beneficiaries), 'sha256').hex()[:_DIGITS]}"
