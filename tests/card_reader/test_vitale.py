"""The Vitale card: holder natively, beneficiaries through the module's XML, and all the ways in which it may lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import CardRemoved, MalformedCard, NoReadingModule
from card_reader.reading_module import AID_VIRTUAL_READING
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.vitale2 import VirtualVitale2
from card_reader.vitale_xml import MAX_BENEFICIARIES, read_beneficiaries, write_reading
from demonstration import cards
from demonstration.people import NORA, SOLO, TOM, VITALES, YANN
from praticien.vitale import Beneficiary, BeneficiaryQuality, RightsPeriod
from tests.cards_fixtures import VITALE_READER

FAMILY = VITALES["vitale-famille"]


def _xml(ident: str, amo: str = "<qualBenef>0</qualBenef>") -> bytes:
    person = f"<element><ident>{ident}</ident><amo>{amo}</amo></element>"
    return f"<t_AsnDonneesVitale><listeBenef>{person}</listeBenef></t_AsnDonneesVitale>".encode()


def _person(**changed: str) -> str:
    fields = {
        "nomUsuel": "TESTUSUEL",
        "nomPatronymique": "TESTNAISSANCE",
        "prenomUsuel": "NORA",
        "naissance": "<date>21061984</date>",
        "rangDeNaissance": "1",
        "nir": NORA.ins.matricule,
        **changed,
    }
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)


# -- the card ----------------------------------------------------------------------------------------------------------


def test_a_family(desk: Desk, readers: DirectTransport, family_card: FaultyCard) -> None:
    readers.insert(VITALE_READER, family_card)
    before = datetime.now(UTC)
    reading = desk.read_vitale(VITALE_READER)
    assert (reading.serial, reading.is_test_card) == (FAMILY.serial, True)
    assert before <= reading.read_at <= before + timedelta(minutes=1)
    assert reading.holder.nir == NORA.ins.matricule
    assert (reading.holder.family_name, reading.holder.first_name) == ("TESTFAMILLE", "NORA")
    assert reading.holder.birth_date == NORA.traits.birth_date
    assert reading.beneficiaries == FAMILY.beneficiaries


def test_one_holder(desk: Desk, readers: DirectTransport) -> None:
    readers.insert(VITALE_READER, VirtualVitale2(cards.vitale(VITALES["vitale-seule"])))
    [zoe] = desk.read_vitale(VITALE_READER).beneficiaries
    assert (zoe.first_name, zoe.own_nir) == ("ZOÉ", SOLO.ins.matricule)


def test_a_real_card_needs_the_licensed_module(desk: Desk, readers: DirectTransport, family_card: FaultyCard) -> None:
    def without_our_application(command: bytes) -> bytes:
        return b"\x6a\x82" if AID_VIRTUAL_READING in command else family_card.card.transmit(command)

    family_card.instead = without_our_application
    readers.insert(VITALE_READER, family_card)
    with pytest.raises(NoReadingModule):
        desk.read_vitale(VITALE_READER)


def test_a_reading_of_another_card_is_refused(desk: Desk, readers: DirectTransport) -> None:
    alien = replace(cards.vitale(FAMILY), reading=write_reading(VITALES["vitale-seule"].beneficiaries))
    readers.insert(VITALE_READER, VirtualVitale2(alien))
    with pytest.raises(MalformedCard):
        desk.read_vitale(VITALE_READER)


def test_removal_at_every_command(desk: Desk, readers: DirectTransport, family_card: FaultyCard) -> None:
    readers.insert(VITALE_READER, family_card)
    desk.read_vitale(VITALE_READER)
    for number in range(1, len(family_card.commands) + 1):
        family_card.heal()
        readers.insert(VITALE_READER, family_card)
        family_card.leaves_at = number
        with pytest.raises(CardRemoved):
            desk.read_vitale(VITALE_READER)


def test_the_card_gives_protected_files_to_nobody(family_card: FaultyCard) -> None:
    family_card.transmit(bytes.fromhex("00A4040C0B") + bytes.fromhex("D250000002564954414C45"))
    family_card.transmit(bytes.fromhex("00A4020C022002"))
    assert family_card.transmit(bytes.fromhex("00B0000010")) == b"\x69\x82"


# -- the module's XML --------------------------------------------------------------------------------------------------


def _beneficiaries() -> st.SearchStrategy[Beneficiary]:
    digits = st.text("0123456789", min_size=2, max_size=2)
    birth = st.builds(lambda c, y, m, d: c + y + m + d, st.sampled_from(["19", "20", "??"]), digits, digits, digits)
    date = st.builds(lambda m, d: f"2026{m}{d}", digits, digits) | st.just("")
    name = st.text("ABCDEFGHIJ ÉÈ-'", min_size=1, max_size=12).map(str.strip).filter(bool)
    nir = st.sampled_from([NORA.ins.matricule, YANN.ins.matricule])
    return st.builds(
        Beneficiary,
        rank=st.just(1),
        birth_name=name,
        used_name=name,
        first_name=name,
        birth_date=birth,
        birth_rank=st.integers(1, 9),
        nir=nir,
        certified_nir=nir | st.just(""),
        quality=st.sampled_from(BeneficiaryQuality),
        rights=st.lists(st.builds(RightsPeriod, date, date), max_size=3).map(tuple),
        declared_treating_physician=st.booleans(),
    ).filter(lambda person: person.used_name != person.birth_name)


@given(_beneficiaries())
def test_what_is_written_is_read(person: Beneficiary) -> None:
    assert read_beneficiaries(write_reading([person])) == (person,)


@pytest.mark.parametrize(
    "birth, expected",
    [
        ("<date>21061984</date>", "19840621"),
        ("<date>210684</date>", "??840621"),
        ("<dateEnCarte>840621</dateEnCarte>", "??840621"),
        ("<date>00201962</date>", "19622000"),  # lunar: kept as it is
        ("<date>99991962</date>", "19629999"),
    ],
)
def test_dates_stay_text(birth: str, expected: str) -> None:
    assert read_beneficiaries(_xml(_person(naissance=birth)))[0].birth_date == expected


@pytest.mark.parametrize(
    "quality, certified, own",
    [
        ("0", "", NORA.ins.matricule),
        ("0", NORA.ins.matricule, NORA.ins.matricule),
        ("6", "", ""),
        ("6", TOM.ins.matricule, TOM.ins.matricule),
        ("6", TOM.ins.matricule[:13], TOM.ins.matricule),
    ],
)
def test_whose_nir_it_is(quality: str, certified: str, own: str) -> None:
    xml = _xml(_person(nirCertifie=certified), f"<qualBenef>{quality}</qualBenef>")
    assert read_beneficiaries(xml)[0].own_nir == own


def test_used_name_and_treating_physician() -> None:
    xml = _xml(_person(), "<qualBenef>0</qualBenef><medecinTraitant>Déclaré</medecinTraitant>")
    [person] = read_beneficiaries(xml)
    assert (person.birth_name, person.used_name) == ("TESTNAISSANCE", "TESTUSUEL")
    assert person.declared_treating_physician
    [other] = read_beneficiaries(_xml(_person(nomPatronymique="")))
    assert (other.birth_name, other.used_name) == ("TESTUSUEL", "")


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"pas du xml",
        b"<autre/>",
        b"<t_AsnDonneesVitale/>",
        b"<t_AsnDonneesVitale><listeBenef/></t_AsnDonneesVitale>",
        b"<!DOCTYPE t_AsnDonneesVitale><t_AsnDonneesVitale/>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><t_AsnDonneesVitale>&b;</t_AsnDonneesVitale>',
        _xml(_person(naissance="<date>1984</date>")),
        _xml(_person(naissance="")),
        _xml(_person(prenomUsuel="")),
        _xml(_person(nomUsuel="", nomPatronymique="")),
        _xml(_person(nir="123")),
        _xml(_person(nir=NORA.ins.matricule[:13] + "00")),
        _xml(_person(rangDeNaissance="x")),
        _xml(_person(), "<qualBenef>17</qualBenef>"),
        _xml(_person(), "<qualBenef>²</qualBenef>"),
        _xml(_person(), ""),
        _xml(
            _person(),
            "<qualBenef>0</qualBenef><listePeriodesDroits><element><debut>2026</debut></element></listePeriodesDroits>",
        ),
        _xml("x" * 300_000),
    ],
)
def test_malformed_readings_are_refused(xml: bytes) -> None:
    with pytest.raises(MalformedCard):
        read_beneficiaries(xml)


def test_a_crowd_is_refused() -> None:
    with pytest.raises(MalformedCard):
        read_beneficiaries(write_reading([FAMILY.beneficiaries[0]] * (MAX_BENEFICIARIES + 1)))


def test_no_patient_data_in_messages() -> None:
    with pytest.raises(MalformedCard) as caught:
        read_beneficiaries(_xml(_person(nir=NORA.ins.matricule[:13] + "00")))
    assert NORA.ins.matricule[:13] not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
