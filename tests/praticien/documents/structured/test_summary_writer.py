"""VSM 2023.01: accepted by the official rules, and read back as what the model says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import etree

from demonstration import people
from praticien.documents.cda_reader import read
from praticien.documents.cda_writer import build
from praticien.documents.coded.reading import read_facts
from praticien.documents.conformance.checking import check
from praticien.documents.errors import OtherPatient, UnprintableText
from praticien.documents.model import DocumentKind, ReplacedVersion
from praticien.documents.pdf import text_of
from praticien.documents.prescription import CIS, Posology, ProductCode
from praticien.documents.prescription_check import PrescriptionProblem
from praticien.documents.prescription_posology import UNITS, parse
from praticien.documents.summary import (
    CCAM,
    CIM10,
    AllergyKind,
    Condition,
    FamilyHistory,
    Habit,
    HabitKind,
    Intervention,
    KnownAllergy,
    LongTreatment,
    MedicalSummary,
    Relative,
)
from praticien.documents.summary_check import (
    AllergiesContradicted,
    AllergiesUnsaid,
    EmptySummary,
    SummaryProblem,
    WrongSummaryDay,
)
from praticien.metadata import Code
from tests.effort import examples
from tests.generated import drawn
from tests.praticien.documents.structured.support import NS, assert_officially_right, part, submit, without
from tests.praticien.documents.summaries import summaries
from tests.praticien.forms import patient, prescription
from tests.validators import judge, official

TABLET = next(iter(UNITS))
HYPERTENSION = Condition("Hypertension artérielle", Code("I10", CIM10, "Hypertension essentielle (primitive)"), "2012")
WHOLE = MedicalSummary(
    problems=(HYPERTENSION, Condition("Lombalgie chronique", since="201903")),
    history=(Condition("Pneumopathie", None, "2020", "202003"), Condition("Dépression", since="2004")),
    interventions=(Intervention("Appendicectomie", Code("HHFA001", CCAM, "Appendicectomie"), "1988"),),
    allergies=(KnownAllergy("Amoxicilline", AllergyKind.DRUG, None, "20180603", "urticaire"),),
    treatments=(
        LongTreatment("Amlodipine 5 mg, comprimé", parse("1 matin", TABLET), ProductCode("63107752", CIS), "2012"),
        LongTreatment("Paracétamol 1 g", parse("1 cp 3/j si douleur max 3/j"), reason="lombalgie"),
        LongTreatment("Insuline", Posology(text="selon protocole")),
        LongTreatment("Prednisone 5 mg", parse("2 matin 1 soir", TABLET)),
    ),
    habits=(Habit(HabitKind.TOBACCO, "sevré en 2015, 20 PA"), Habit(HabitKind.ALCOHOL, "occasionnel")),
    work=("Exposition à l’amiante",),
    family=(FamilyHistory(Relative.FATHER, "Infarctus du myocarde à 52 ans"),),
    vigilance=("Anticoagulant à ne pas interrompre sans avis", "Vit seul"),
)
MINIMAL = MedicalSummary(problems=(HYPERTENSION,), no_known_allergy=True)


def of(body, **changes):
    form = {"kind": DocumentKind.SUMMARY, "title": "Synthèse médicale", "body": body}
    return prescription(**(form | changes))


VARIANTS = {
    "whole": of(WHOLE),
    "minimal": of(MINIMAL),
    "treatments alone": of(MedicalSummary(treatments=WHOLE.treatments, no_known_allergy=True)),
    "vigilance alone": of(MedicalSummary(vigilance=("Seul",), no_known_allergy=True)),
    "second version": of(WHOLE, version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    "minor": of(WHOLE, patient=patient(people.LINA)),
    "lunar birth date": of(MINIMAL, patient=patient(people.SOLO, birth_date="19710231")),
    "sixty lines": of(replace(MINIMAL, problems=(HYPERTENSION,) * 60)),
}


@official
@pytest.mark.official
@pytest.mark.timeout(400)
def test_the_official_rules_accept_every_one(tmp_path):
    """Variants and generated syntheses; a damaged one is refused: the rules were really there."""
    contents = {name: submit(document).content for name, document in VARIANTS.items()}
    for number, body in enumerate(drawn(summaries(), examples(10))):
        contents[f"generated {number}"] = submit(of(body), text_compared=True).content
    assert len(contents) > len(VARIANTS) + 5
    contents["broken: no treatments"] = without(contents["whole"], part("1.2.250.1.213.1.1.2.32"))
    assert_officially_right(judge(tmp_path, contents), "CI-SIS_VSM_2023.01", fired=2)


def test_the_own_validator_agrees():
    """What the official rules accept ours accept, and what lacks a section both refuse."""
    whole = submit(of(WHOLE)).content
    assert check(whole) == ()
    for root in ("1.2.250.1.213.1.1.2.32", "1.2.250.1.213.1.1.2.29", "1.3.6.1.4.1.19376.1.5.3.1.3.27"):
        assert "summary.body" in {problem.code for problem in check(without(whole, part(root)))}


# -- read back -----------------------------------------------------------------------------------------------------


def facts_of(body):
    return read_facts(submit(of(body), text_compared=True).content)


def test_conditions_are_read_back():
    found = facts_of(WHOLE)
    mine = [problem for problem in found.problems if not problem.relative]
    assert [(p.code.words, p.is_active) for p in mine] == [
        ("Hypertension artérielle", True),
        ("Lombalgie chronique", True),
        ("Pneumopathie", False),
        ("Dépression", False),
    ]
    assert mine[0].code.code == "I10"
    assert [problem.dates.low.raw for problem in mine] == ["2012", "201903", "2020", "2004"]
    assert mine[2].dates.high.raw == "202003"
    (father,) = (problem for problem in found.problems if problem.relative)
    assert (father.relative, father.code.words) == ("Père", "Infarctus du myocarde à 52 ans")
    assert [act.code.words for act in found.procedures] == ["Appendicectomie"]


def test_allergies_are_read_back_with_their_reaction():
    (allergy,) = facts_of(WHOLE).allergies
    assert (allergy.agent.text, allergy.kind.code) == ("Amoxicilline", "416098002")
    assert [reaction.words for reaction in allergy.reactions] == ["urticaire"]
    assert not allergy.is_absence
    assert allergy.conflicts == ()


def test_no_known_allergy_is_read_back_as_an_absence():
    (allergy,) = facts_of(MINIMAL).allergies
    assert allergy.is_absence
    assert allergy.conflicts == ()


def test_treatments_and_habits_are_read_back():
    found = facts_of(WHOLE)
    assert [drug.product.text for drug in found.treatments] == [one.name for one in WHOLE.treatments]
    amlodipine, paracetamol, insulin, prednisone = found.treatments
    assert amlodipine.product.code.code == "63107752"
    assert [step.dose.low.value for drug in (amlodipine, paracetamol) for step in drug.steps] == [1, 1]
    assert insulin.steps[0].dose is None
    assert prednisone.steps[0].dose is None, "two doses are told in words alone"
    assert all(drug.mood == "EVN" for drug in found.treatments)
    assert [(f.code.code, *f.values) for f in found.findings] == [
        ("74011-8", "sevré en 2015, 20 PA"),
        ("74013-4", "occasionnel"),
    ]


@settings(max_examples=examples(20))
@given(summaries())
def test_every_line_is_read_back(body):
    found = read_facts(build(of(body), b"%PDF-"))
    mine = [problem for problem in found.problems if not problem.relative]
    lines = [*body.problems, *body.history]
    assert [(p.code.code, p.is_active) for p in mine] == [
        (one.code.code if one.code else "", one in body.problems) for one in lines
    ]
    assert len(found.treatments) == len(body.treatments)
    assert len(found.allergies) == max(len(body.allergies), 1)
    assert [a.is_absence for a in found.allergies] == ([False] * len(body.allergies) or [True])


def test_every_reference_leads_somewhere():
    root = etree.fromstring(submit(of(WHOLE)).content)
    there = root.xpath("//@ID")
    assert len(there) == len(set(there)), "an ID twice"
    asked = {value.removeprefix("#") for value in root.xpath("//h:reference/@value", namespaces=NS)}
    assert asked | set(root.xpath("//@referencedObject")) <= set(there)


def test_what_is_absent_is_said_in_words():
    document = read(submit(of(MINIMAL)).content)
    (copy,) = document.body.attachments
    assert "Aucune allergie connue" in text_of(copy.content)
    xml = submit(of(MINIMAL)).content.decode()
    for words in ("Antécédents médicaux : aucun élément signalé", "Traitements au long cours : aucun élément signalé"):
        assert words in xml


def test_the_entry_is_a_synthesis():
    entry = submit(of(WHOLE)).entry
    assert (entry.class_code.code, entry.type_code.code) == ("11", "SYNTH")
    assert entry.format_code.code == "urn:asip:ci-sis:vsm:2012"


def test_the_copy_on_paper_says_everything():
    document = read(submit(of(WHOLE)).content)
    (copy,) = document.body.attachments
    text = " ".join(text_of(copy.content).split())
    for line in (*WHOLE.problems, *WHOLE.history, *WHOLE.interventions, *WHOLE.family, *WHOLE.habits):
        assert line.words in text
    for words in ("Amoxicilline", "urticaire", "selon protocole", "2 comprimés le matin", "Vit seul", "03/2019"):
        assert words in text


def test_the_same_document_gives_the_same_bytes():
    assert submit(of(WHOLE)).content == submit(of(WHOLE)).content


# -- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body, kind, field",
    [
        (MedicalSummary(no_known_allergy=True), EmptySummary, "problems"),
        (MedicalSummary(problems=(Condition("  "),), no_known_allergy=True), EmptySummary, "problems"),
        (MedicalSummary(problems=(HYPERTENSION,)), AllergiesUnsaid, "allergies"),
        (replace(WHOLE, no_known_allergy=True), AllergiesContradicted, "allergies"),
        (replace(MINIMAL, problems=(HYPERTENSION, Condition(" "))), SummaryProblem, "problems.1"),
        (replace(MINIMAL, work=("x" * 400,)), SummaryProblem, "work.0"),
        (replace(MINIMAL, work=("a\x00",)), SummaryProblem, "work.0"),
        (replace(MINIMAL, history=(Condition("x", since="20270101"),)), WrongSummaryDay, "history.0"),
        (replace(MINIMAL, history=(Condition("x", since="20190230"),)), WrongSummaryDay, "history.0"),
        (replace(MINIMAL, history=(Condition("x", since="2019", until="2018"),)), WrongSummaryDay, "history.0"),
        (replace(MINIMAL, problems=(HYPERTENSION,) * 61), SummaryProblem, "problems"),
        (
            replace(MINIMAL, treatments=(LongTreatment("x", Posology(text="a\x01")),)),
            PrescriptionProblem,
            "treatments.0",
        ),
        (replace(MINIMAL, family=(FamilyHistory(Relative.SON, "測"),)), UnprintableText, "family.0"),
        (replace(MINIMAL, vigilance=("ok", "測")), UnprintableText, "vigilance.1"),
    ],
)
def test_a_problem_names_its_section_and_line(body, kind, field):
    with pytest.raises(kind) as caught:
        submit(of(body))
    assert caught.value.field == field


def test_a_synthesis_that_names_another_patient_is_stopped():
    with pytest.raises(OtherPatient):
        submit(of(replace(MINIMAL, vigilance=("Né le 01/01/1950",))))
