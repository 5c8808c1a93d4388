"""The reading module's XML (root ``t_AsnDonneesVitale``) read into beneficiaries, and written for virtual cards.

Published fields used: listeBenef/*/ident (nomUsuel, nomPatronymique, prenomUsuel, naissance/date JJMMAAAA or JJMMAA,
naissance/dateEnCarte AAMMJJ, rangDeNaissance, nir, nirCertifie) and amo (qualBenef, listePeriodesDroits/element
debut, fin, medecinTraitant). Dates stay text: an impossible month or day (lunar date) is kept, a missing century is
said with "??", never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from card_reader.errors import MalformedCard
from praticien.identity import InvalidIns, nir_key
from praticien.safe_xml import untrusting_parser
from praticien.vitale import Beneficiary, BeneficiaryQuality, RightsPeriod

ROOT = "t_AsnDonneesVitale"
MAX_BENEFICIARIES = 30
_LARGEST = 262_144
_TREATING = {"oui", "déclaré", "declare", "1"}
_NO_DATE = {"", "00000000"}


def read_beneficiaries(xml: bytes) -> tuple[Beneficiary, ...]:
    """In the card's order, ranks from 1. Raises MalformedCard for anything that is not such a document."""
    root = _parse(xml)
    people = list(root.iterfind("listeBenef/*"))
    if not 1 <= len(people) <= MAX_BENEFICIARIES:
        raise MalformedCard("number of beneficiaries")
    return tuple(_beneficiary(rank, element) for rank, element in enumerate(people, 1))


def _parse(xml: bytes) -> etree._Element:
    """Bounded, no DTD, no entity, no network."""
    if len(xml) > _LARGEST or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise MalformedCard("reading with a DTD or too large")
    parser = untrusting_parser()
    try:
        root = etree.fromstring(xml.rstrip(b"\x00\xff"), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise MalformedCard("reading is no XML") from problem
    if root.getroottree().docinfo.doctype or root.tag != ROOT:
        raise MalformedCard("reading of another kind")
    return root


def _beneficiary(rank: int, element: etree._Element) -> Beneficiary:
    def text(path: str) -> str:
        return (element.findtext(path) or "").strip()

    used_name = text("ident/nomUsuel")
    birth_name = text("ident/nomPatronymique") or used_name
    if not birth_name or not text("ident/prenomUsuel"):
        raise MalformedCard("beneficiary without name")
    return Beneficiary(
        rank=rank,
        birth_name=birth_name,
        used_name="" if used_name == birth_name else used_name,
        first_name=text("ident/prenomUsuel"),
        birth_date=_birth_date(text("ident/naissance/date"), text("ident/naissance/dateEnCarte")),
        birth_rank=_small_number(text("ident/rangDeNaissance") or "1"),
        nir=_nir(text("ident/nir")),
        certified_nir=_nir(text("ident/nirCertifie")),
        quality=_quality(text("amo/qualBenef")),
        rights=tuple(_period(period) for period in element.iterfind("amo/listePeriodesDroits/element")),
        declared_treating_physician=text("amo/medecinTraitant").lower() in _TREATING,
    )


def _birth_date(date: str, on_card: str) -> str:
    """AAAAMMJJ, or ??AAMMJJ without century. Raises MalformedCard."""
    if re.fullmatch(r"[0-9]{8}", date):
        return date[4:] + date[2:4] + date[:2]
    if re.fullmatch(r"[0-9]{6}", date):
        return "??" + date[4:] + date[2:4] + date[:2]
    if re.fullmatch(r"[0-9]{6}", on_card):
        return "??" + on_card
    raise MalformedCard("birth date")


def _nir(text: str) -> str:
    """Fifteen characters; a key is added to thirteen, a wrong one refused; empty stays empty."""
    nir = re.sub(r"\s", "", text).upper()
    if not nir:
        return ""
    try:
        key = nir_key(nir[:13])
    except InvalidIns as problem:
        raise MalformedCard("NIR") from problem
    if nir[13:] not in ("", key):
        raise MalformedCard("key of the NIR")
    return nir[:13] + key


def _quality(text: str) -> BeneficiaryQuality:
    try:
        return BeneficiaryQuality(_small_number(text))
    except ValueError as problem:
        raise MalformedCard("quality of the beneficiary") from problem


def _small_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise MalformedCard("number")
    return int(text)


def _period(element: etree._Element) -> RightsPeriod:
    return RightsPeriod(_rights_date(element.findtext("debut")), _rights_date(element.findtext("fin")))


def _rights_date(text: str | None) -> str:
    """AAAAMMJJ from JJMMAAAA, empty when absent."""
    date = (text or "").strip()
    if date in _NO_DATE:
        return ""
    if not re.fullmatch(r"[0-9]{8}", date):
        raise MalformedCard("date of rights")
    return date[4:] + date[2:4] + date[:2]


def write_reading(beneficiaries: Sequence[Beneficiary]) -> bytes:
    """What the module would say of such a card (for virtual cards)."""
    root = etree.Element(ROOT)
    people = etree.SubElement(root, "listeBenef")
    for person in beneficiaries:
        element = etree.SubElement(people, "element")
        _write_identity(etree.SubElement(element, "ident"), person)
        _write_rights(etree.SubElement(element, "amo"), person)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _write_identity(ident: etree._Element, person: Beneficiary) -> None:
    _add(ident, "nomUsuel", person.used_name or person.birth_name)
    _add(ident, "nomPatronymique", person.birth_name)
    _add(ident, "prenomUsuel", person.first_name)
    birth = etree.SubElement(ident, "naissance")
    year, month, day = person.birth_date[:4], person.birth_date[4:6], person.birth_date[6:]
    if year.startswith("??"):
        _add(birth, "dateEnCarte", year[2:] + month + day)
    else:
        _add(birth, "date", day + month + year)
    _add(ident, "rangDeNaissance", str(person.birth_rank))
    _add(ident, "nir", person.nir)
    if person.certified_nir:
        _add(ident, "nirCertifie", person.certified_nir)


def _write_rights(amo: etree._Element, person: Beneficiary) -> None:
    _add(amo, "qualBenef", str(person.quality.value))
    periods = etree.SubElement(amo, "listePeriodesDroits")
    for period in person.rights:
        element = etree.SubElement(periods, "element")
        _add(element, "debut", period.start[6:] + period.start[4:6] + period.start[:4])
        _add(element, "fin", period.end[6:] + period.end[4:6] + period.end[:4])
    if person.declared_treating_physician:
        _add(amo, "medecinTraitant", "Oui")


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
