"""Codes that leave in documents, against the official value sets when they are there."""

from __future__ import annotations

import pytest
from lxml import etree

from demonstration import people
from praticien.documents import nomenclatures as n
from praticien.documents.model import DocumentKind
from praticien.professional import Professional
from tests.validators import ROOT, official

VALUE_SETS = ROOT / "cda" / "jeuxDeValeurs"
TEMPLATES = ROOT / "cda" / "schematrons" / "profils" / "structurationMinimale" / "include"


def official_codes(path):
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the validators")
    tree = etree.parse(str(path))
    return {c.get("code"): c.get("displayName") for c in tree.iter("{*}Concept", "{*}concept")}


def every_specialty():
    yield from (Professional("8", "A", "B", profession=p) for p in n.PROFESSIONS)
    yield from (Professional("8", "A", "B", profession="10", specialty=s) for s in n.PHYSICIAN_SPECIALTIES)
    for key in n.OTHER_SPECIALTIES:
        profession, specialty = key.split("/")
        yield Professional("8", "A", "B", profession=profession, specialty=specialty)
    yield from (Professional("8", "A", "B", role=role) for role in n.ROLES)


@official
@pytest.mark.official
def test_author_specialties():
    known = official_codes(VALUE_SETS / "JDV_J01_XdsAuthorSpecialty_CISIS.xml")
    for who in every_specialty():
        code = n.author_specialty(who)
        assert known[code.code] == code.display


@official
@pytest.mark.official
@pytest.mark.parametrize(
    "number,codes",
    [
        ("466", {sector: n.facility_type(sector).display for sector in n.SECTORS}),
        ("467", {c.code: c.display for c in map(n.practice_setting, n.SECTORS)}),
        ("589", {c.code: c.display for c in map(n.encounter_kind, n.SECTORS)}),
        ("471", {k.codes.type_code.code: k.codes.type_code.display for k in DocumentKind}),
    ],
)
def test_value_sets_of_the_header(number, codes):
    known = official_codes(TEMPLATES / f"voc-1.2.250.1.213.1.1.5.{number}-DYNAMIC.xml")
    assert [code for code in codes if code not in known] == []


@official
@pytest.mark.official
def test_modalities():
    known = official_codes(VALUE_SETS / "JDV_ModaliteAcquisition_CISIS.xml")
    assert known == n.MODALITIES


@pytest.mark.parametrize("card", list(people.CARDS.values()), ids=lambda card: card.name)
def test_everyone_in_the_demonstration_has_known_codes(card):
    code = n.author_specialty(card.professional)
    assert code.display
    assert code.display != code.code
    for situation in card.situations:
        assert situation.structure.sector in n.SECTORS


@pytest.mark.parametrize(
    "who,label",
    [
        (people.GP, "Médecin - Médecine Générale (SM)"),
        (people.EMERGENCY, "Médecin - Médecine d'urgence (SM)"),
        (people.SECRETARY, "Secrétariat médical"),
        (Professional("8", "A", "B", profession="10", specialty="SM999"), "Médecin"),
        (Professional("8", "A", "B", profession="60"), "Infirmier"),
    ],
)
def test_labels(who, label):
    assert n.author_specialty(who).display == label


@pytest.mark.parametrize(
    "sector,setting,encounter",
    [("SA07", "AMBULATOIRE", "AMB"), ("SA01", "ETABLISSEMENT", "EXTERNE"), ("SA17", "ESSMS", "AMB")],
)
def test_what_goes_with_a_sector(sector, setting, encounter):
    assert n.practice_setting(sector).code == setting
    assert n.encounter_kind(sector).code == encounter


def test_modality_unknown_to_the_dmp():
    assert n.modality("SR") is None
    assert n.modality("") is None
    assert n.modality("CT").display == "Tomodensitométrie"
