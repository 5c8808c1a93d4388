"""The bundled virtual cards: fictitious people's, and some that misbehave. Keys are made once and kept in a folder."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from card_reader.virtual.card import VirtualCard
from card_reader.virtual.contactless import VirtualContactlessCps
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.cps4 import VirtualCps4
from card_reader.virtual.legacy import VirtualCps2ter, VirtualVitale1
from card_reader.virtual.personalisation import CPS4_ATR, CpsPersonalisation, KeyAndCertificate, VitalePersonalisation
from card_reader.virtual.vitale2 import VirtualVitale2
from card_reader.vitale_xml import write_reading
from demonstration.authority import KeyPair, TestAuthority, Validity, read_pair, write_pair
from demonstration.people import CARDS, CPA, VITALES, CardPerson, VitaleFamily
from praticien.vitale import VitaleHolder

_UNKNOWN_ATR = bytes.fromhex("3B80800101")


def bundled_cards(folder: Path) -> dict[str, VirtualCard]:
    """The cards of ``people.CARDS`` and ``people.VITALES`` by name, under the authority kept in ``folder/authority``.

    Keys and certificates are made at the first call (in ``folder/cards``, mode 0600) and found again at the next.
    """
    cards: dict[str, VirtualCard] = {name: VirtualCps3(cps(folder, person)) for name, person in CARDS.items()}
    cards.update({name: VirtualVitale2(vitale(family)) for name, family in VITALES.items()})
    return cards


def every_card(folder: Path) -> dict[str, VirtualCard]:
    """All that lies on the table."""
    return {**bundled_cards(folder), **other_cards(folder), **fault_cards(folder)}


def other_cards(folder: Path) -> dict[str, VirtualCard]:
    """Other generations and kinds: CPS4, CPA, a CPS without contact, CPS2ter, Vitale 1."""
    good = cps(folder, CARDS["cps-medecin"])
    return {
        "cps4-medecin": VirtualCps4(replace(good, serial="0000990096", atr=CPS4_ATR)),
        CPA.name: VirtualCps3(cps(folder, CPA)),
        "cps-sans-contact": VirtualContactlessCps("0000990097"),
        "cps2ter": VirtualCps2ter(),
        "vitale-1": VirtualVitale1(vitale(VITALES["vitale-seule"]).reading),
    }


def fault_cards(folder: Path) -> dict[str, VirtualCard]:
    """Cards that misbehave, for tests and training: unknown, mute, one try left, blocked, expired."""
    person = CARDS["cps-medecin"]
    good = cps(folder, person)
    expired = cps(folder, person, kept_as="cps-expiree", valid=_long_ago())
    return {
        "carte-inconnue": VirtualCps3(replace(good, serial="0000990091", atr=_UNKNOWN_ATR)),
        "carte-muette": VirtualCps3(replace(good, serial="0000990092", atr=b"")),
        "cps-dernier-essai": VirtualCps3(replace(good, serial="0000990093", pin_tries_left=1)),
        "cps-bloquee": VirtualCps3(replace(good, serial="0000990094", pin_tries_left=0)),
        "cps-expiree": VirtualCps3(replace(expired, serial="0000990095")),
    }


def cps(folder: Path, person: CardPerson, *, kept_as: str = "", valid: Validity | None = None) -> CpsPersonalisation:
    """The personalisation of a professional's card; its two key pairs are kept under ``kept_as`` or its name."""

    def key(purpose: str) -> KeyAndCertificate:
        pair = _kept_pair(folder, f"{kept_as or person.name}-{purpose}", person, purpose == "signature", valid)
        return KeyAndCertificate(pair.key, pair.certificate_der)

    return CpsPersonalisation(
        serial=person.serial,
        signature=key("signature"),
        authentication=key("authentication"),
        situations=person.situations,
        pin=person.pin,
        info=f"CARTE FICTIVE{person.professional.specialty}",
    )


def _kept_pair(folder: Path, name: str, person: CardPerson, signature: bool, valid: Validity | None) -> KeyPair:
    kept = folder / "cards"
    if not (kept / f"{name}.pem").exists():
        authority = TestAuthority.open_or_create(folder / "authority")
        pair = authority.professional(
            person.professional, person.card_kind, person.title, signature=signature, valid=valid
        )
        write_pair(kept, name, pair)
    return read_pair(kept, name)


def vitale(family: VitaleFamily) -> VitalePersonalisation:
    """The personalisation of a family's card; the first beneficiary is the holder."""
    insured = family.beneficiaries[0]
    holder = VitaleHolder(insured.nir, insured.birth_name, insured.first_name, insured.birth_date)
    return VitalePersonalisation(family.serial, holder, write_reading(family.beneficiaries))


def _long_ago() -> Validity:
    return dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2023, 1, 31, tzinfo=dt.UTC)
