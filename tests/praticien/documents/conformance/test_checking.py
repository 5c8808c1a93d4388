"""What our validator says of documents, piece by piece, without the official one."""

from __future__ import annotations

import pytest
from lxml import etree

from praticien.deposit import prepare
from praticien.documents import cda_writer
from praticien.documents.conformance.checking import check, departures, require_conformity
from praticien.documents.conformance.grammar import UNEXAMINED, kinds
from praticien.documents.conformance.problem import path_of
from praticien.documents.conformance.strict import STRICTER
from praticien.documents.conformance.values import instant
from praticien.documents.conformance.words import is_written
from praticien.documents.errors import ForbiddenXml, NotConformant
from tests.praticien.documents.conformance.corpus import VARIANTS, variants
from tests.praticien.documents.conformance.damage import KINDS, damaged, places
from tests.praticien.forms import SOFTWARE_OID, prescription

NS = {"h": "urn:hl7-org:v3"}


def level1(change=None):
    root = etree.fromstring(variants("level1")["level1: second version"])
    if change:
        change(lambda path: root.find(path, NS))
    return etree.tostring(root)


def codes(content):
    return {problem.code for problem in check(content)}


@pytest.mark.parametrize("kind", sorted(VARIANTS))
def test_what_we_write_conforms(kind):
    for name, content in variants(kind).items():
        assert check(content) == (), name


@pytest.mark.parametrize(
    "change,code",
    [
        (lambda find: find("h:author").getparent().remove(find("h:author")), "shape.children"),
        (lambda find: find("h:title").set("unknown", "1"), "shape.attribute"),
        (lambda find: find("h:id").set("root", "no identifier"), "shape.value"),
        (lambda find: find("h:effectiveTime").set("value", "yesterday"), "shape.time"),
        (lambda find: setattr(find("h:author"), "text", "stray"), "shape.text"),
        (lambda find: find("h:relatedDocument").attrib.pop("typeCode"), "shape.attribute_missing"),
        (lambda find: find("h:code").set("code", "00000-0"), "header.identification"),
        (lambda find: find("h:confidentialityCode").set("codeSystem", "NAME"), "header.identification"),
        (
            lambda find: find(".//h:performer//h:standardIndustryClassCode").set("codeSystem", "NAME"),
            "header.performer",
        ),
        (lambda find: find("h:effectiveTime").set("value", "20260230101010+0100"), "header.identification"),
        (lambda find: find("h:effectiveTime").set("value", "20261120093015"), "strict.time_zone"),
        (lambda find: find("h:author/h:assignedAuthor/h:code").set("code", "G15_10/XX"), "header.author"),
        (lambda find: find("h:legalAuthenticator/h:signatureCode").set("code", "X"), "header.parties"),
        (lambda find: find(".//h:patientRole/h:id").set("extension", "187039999900101"), "strict.ins_key"),
        (lambda find: find(".//h:patientRole/h:id").set("root", "2.25.1"), "strict.no_ins"),
        (lambda find: setattr(find(".//h:nonXMLBody/h:text"), "text", "JVBERi0"), "strict.level1"),
        (lambda find: setattr(find(".//h:nonXMLBody/h:text"), "text", "R0lGOA=="), "strict.level1"),
        (lambda find: find("h:templateId[3]").set("root", "1.2.3"), "header.level1"),
    ],
)
def test_a_damage_has_its_code(change, code):
    assert code in codes(level1(change))


def test_references_lead_somewhere():
    content = variants("prescription")["prescription: one drug"]
    assert codes(content.replace(b'ID="med-001"', b'ID="other"')) == {"strict.reference"}


def test_a_model_that_nobody_knows_is_said():
    content = variants("prescription")["prescription: one drug"]
    assert "strict.model" in codes(content.replace(b"1.2.250.1.213.1.1.1.39", b"1.2.250.1.213.1.1.1.999"))


def test_another_ones_document_is_held_to_the_official_rules_alone():
    content = variants("prescription")["prescription: one drug"].replace(b'ID="med-001"', b'ID="other"')
    assert departures(content) == ()


def test_what_is_said_of_a_problem_is_nothing_about_the_patient():
    for kind in VARIANTS:
        name, content = next(iter(variants(kind).items()))
        said = " ".join(
            f"{each.code} {each.path} {each.rule}"
            for damage in KINDS
            for spot in places(content)[:60:7]
            if (copy := damaged(content, damage, spot, 1))
            for each in check(copy)
        )
        assert said, name
        assert "TEST" not in said


def test_a_document_that_fails_is_not_prepared(monkeypatch):
    whole = cda_writer.build
    monkeypatch.setattr(cda_writer, "build", lambda *given: whole(*given).replace(b'code="FR"', b'code="BE"'))
    with pytest.raises(NotConformant) as refused:
        prepare(prescription(), software_oid=SOFTWARE_OID)
    assert refused.value.detail.startswith("header.identification /ClinicalDocument realmCode[@code='FR'] 1..1")


def test_a_sound_document_passes():
    require_conformity(level1())


def test_a_doctype_is_refused_before_anything_else():
    with pytest.raises(ForbiddenXml):
        check(b"<!DOCTYPE x><ClinicalDocument/>")


def test_something_else_is_no_document():
    assert codes(b"<other/>") == {"shape.root"}


def test_places_are_told_by_position():
    root = etree.fromstring("<a><b/><b><c/></b></a>")
    assert path_of(root[1][0]) == "/a/b[2]/c"


def test_the_tables_name_kinds_that_exist():
    known = kinds()
    for kind in known.values():
        assert set(kind.children.values()) - {UNEXAMINED, "any"} <= set(known), kind.name
        for form in kind.attributes.values():
            is_written(form, "x")


@pytest.mark.parametrize(
    "value,exists",
    [
        ("1971", True),
        ("197102", True),
        ("20261120093015+0100", True),
        ("20261120093015.5-0330", True),
        ("202611200930", True),
        ("20261320", False),
        ("20260230", False),
        ("2026112", False),
        ("20261120093060", False),
        ("20261120093015+1500", False),
        ("20261120093015+01", False),
        ("", False),
    ],
)
def test_moments_that_exist(value, exists):
    assert (instant(value) is not None) is exists


@pytest.mark.parametrize(
    "form,good,bad",
    [
        ("uid", ["1.2.250.1", "2.25.0", "791A4CFA-3AE9-5464-9313-BBB119ABCC6D"], ["1.02", "1.2.", "3.1", " 1.2", "é"]),
        ("cs", ["FR", " FR "], ["", "F R"]),
        ("st", [" "], [""]),
        ("real", ["1", "-1.5", ".5", "1e5", "NaN", "-INF"], ["", "1,5", "+INF", "."]),
        ("int", ["1", "-1", "007"], ["1.0", "", "x"]),
        ("bl", ["true", "false"], ["1", "TRUE", ""]),
        ("url", ["#x", "tel:0102030405", "a/b?c#d", ""], ["#a#b", "1:b", "%zz"]),
        ("idrefs", ["a b", ""], ["1a"]),
        ("qualifiers", ["BR", "BR CL", ""], ["XX"]),
        ("=FR", ["FR"], ["FRA"]),
    ],
)
def test_forms(form, good, bad):
    assert [value for value in good if not is_written(form, value)] == []
    assert [value for value in bad if is_written(form, value)] == []


def test_what_is_stricter_has_its_reason():
    assert all(reason and not reason.endswith(".") for reason in STRICTER.values())
