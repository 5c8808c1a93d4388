"""The list of types: whole, found by a few letters, each with the class that the published table gives it."""

from xml.etree import ElementTree

import pytest

from praticien.documents.document_types import document_types, found_by, kind_of, other_types, type_of
from praticien.documents.model import DocumentKind
from praticien.matching import fold
from tests.praticien.test_minimum_view import entry
from tests.validators import ROOT

J07 = ROOT.parent / "terminology" / "JDV_J07_XdsTypeCode_CISIS.xml"
NOT_DEPOSITED = ("DOCPAT", "IMG-KOS", "FEUILLE-DE-STYLE", "E1762")


@pytest.mark.skipif(not J07.is_file(), reason="official terminology not beside the project")
def test_every_type_of_the_official_list_is_there_with_its_label():
    concepts = [e.attrib for e in ElementTree.parse(J07).iter() if e.tag.endswith("Concept")]
    wanted = {c["code"]: c for c in concepts if not c["code"].startswith(NOT_DEPOSITED)}
    found = {one.code: one for one in document_types()}
    assert set(found) == set(wanted)
    for code, one in found.items():
        assert (one.name, one.codes.type_code.system) == (wanted[code]["displayName"], wanted[code]["codeSystem"])


def test_classes_follow_the_published_table():
    classes = {one.code: one.codes.class_code.code for one in document_types()}
    published = {"11490-0": "10", "34133-9": "11", "PRESC-KINE": "42", "60593-1": "43", "PROT_ALD": "44"}
    published |= {"80565-5": "45", "89601-9": "52", "11369-6": "52", "EXPPAT_3": "90", "REMB": "60"}
    assert {code: classes[code] for code in published} == published
    for kind in DocumentKind:
        assert classes[kind.codes.type_code.code] == kind.codes.class_code.code


@pytest.mark.parametrize(
    "typed, code",
    [
        ("cr op", "34874-8"),
        ("certificat", "89601-9"),
        ("directives", "EXPPAT_3"),
        ("courrier", "96349-6"),
        ("arret de travail", "PRESC-AAT"),
        ("compte rendu consult", "11488-4"),
        ("KINE", "PRESC-KINE"),
        ("vaccination", "11369-6"),
        ("34133", "34133-9"),
    ],
)
def test_a_few_letters_find_a_type(typed, code):
    assert code in [one.code for one in found_by(typed)][:8]


def test_what_starts_like_it_comes_first_and_nothing_is_found_by_nonsense():
    first = found_by("synthèse")[0]
    assert fold(first.name).startswith("SYNTHESE")
    assert found_by("zzz") == ()
    assert set(found_by("")) == set(other_types())


def test_types_with_a_form_of_their_own_are_not_offered():
    offered = {one.code for one in other_types()}
    assert offered.isdisjoint({"57833-6", "11502-2", "18748-4", "SYNTH"})
    assert len(offered) > 90


def test_the_form_of_a_document_follows_from_its_type():
    kinds = {"57833-6": DocumentKind.PRESCRIPTION, "SYNTH": DocumentKind.SUMMARY, "34874-8": DocumentKind.OTHER}
    for code, kind in kinds.items():
        assert kind_of(entry(code)) is kind
    assert kind_of(entry("DOCPAT01")) is None
    assert type_of(entry("34874-8")).name == "CR opératoire"
