"""The minimum view, out of documents that others wrote (the official examples) and of ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from demonstration import people
from praticien.metadata import Code
from praticien.minimum_view import MOST_OF_A_KIND, Topic, build, chosen
from tests import validators
from tests.ui.fakes import DocumentKind, sample

EXAMPLES = validators.ROOT / "cda" / "examples"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ENTRY, OURS = sample(people.SOLO, DocumentKind.PRESCRIPTION, "Ordonnance", "Apixaban 5 mg")
official = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the official examples are not there")


def entry(code, days=0, title="Document"):
    return replace(
        ENTRY, type_code=Code(code, ""), title=title, unique_id=f"{code}.{days}", creation_time=NOW - timedelta(days)
    )


def read_example(name, code):
    return build([(entry(code), (EXAMPLES / name).read_bytes())])


@official
def test_medical_summary_gives_what_its_sections_say():
    view = read_example("VSM_1.4_2022.01.xml", "60591-5")
    assert view.about(Topic.ALLERGIES)
    assert view.about(Topic.TREATMENTS)
    assert all(fact.source.type_code.code == "60591-5" and fact.text for fact in view.facts)


@official
def test_structured_prescription_gives_its_lines():
    view = read_example("eP-MED-DM_2024.01_PosoStruct.xml", "57833-6")
    assert view.about(Topic.TREATMENTS)
    assert not any(fact.is_whole_document for fact in view.about(Topic.TREATMENTS))
    assert view.about(Topic.IMPLANTS) == ()  # a bed that is prescribed is no implant


@official
def test_a_text_that_its_codes_contradict_is_marked():
    (allergy,) = read_example("VSM_1.4_2022.01.xml", "60591-5").about(Topic.ALLERGIES)
    assert not allergy.is_doubtful
    content = (EXAMPLES / "VSM_1.4_2022.01.xml").read_text("utf-8")
    damaged = content.replace(">Allergie médicamenteuse<", ">Pas d’allergie<")
    assert damaged != content
    (allergy,) = build([(entry("60591-5"), damaged.encode())]).about(Topic.ALLERGIES)
    assert allergy.is_doubtful


@official
def test_a_laboratory_report_gives_at_most_whom_to_call():
    assert {fact.topic for fact in read_example("BIO-CR-BIO_2024.01_TSH_1.xml", "11502-2").facts} <= {Topic.CONTACTS}


def test_a_document_whose_content_no_code_tells_is_named_whole():
    view = build([(entry("EXPPAT_3", title="Directives anticipées"), OURS)])
    (fact,) = view.about(Topic.DIRECTIVES)
    assert (fact.text, fact.is_whole_document) == ("Directives anticipées", True)


@pytest.mark.parametrize("damaged", [b"", b"<x/>", OURS[: len(OURS) // 2], b"\xff\xd8\xff\xe0"])
def test_a_document_that_cannot_be_read_is_named_and_the_others_stay(damaged):
    view = build([(entry("60591-5"), damaged), (entry("57833-6"), OURS)])
    assert [one.type_code.code for one in view.unread] == ["60591-5"]
    assert view.about(Topic.TREATMENTS)


def test_of_each_type_the_newest_and_no_more():
    entries = [entry("57833-6", days) for days in (30, 2, 1, 9)] + [entry("11502-2"), entry("EXPPAT_3", 400)]
    assert [one.unique_id for one in chosen(entries)] == ["57833-6.1", "57833-6.2", "EXPPAT_3.400"]
    assert MOST_OF_A_KIND == 2


def test_the_same_line_twice_is_shown_once():
    assert len(build([(entry("57833-6", 1), OURS), (entry("57833-6", 2), OURS)]).facts) == 1
