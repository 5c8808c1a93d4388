"""Quick entry of a synthesis, and what documents already say as lines of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.cda_writer import build
from praticien.documents.coded.facts import CodedFacts, Conflict
from praticien.documents.coded.reading import read_facts
from praticien.documents.prescription import Posology
from praticien.documents.prescription_posology import parse
from praticien.documents.summary import AllergyKind, HabitKind, MedicalSummary, Relative
from praticien.documents.summary_entry import READERS, Lexicon, bundled, lines_of, read, read_line, write, write_line
from praticien.documents.summary_sources import ReadDocument, former, proposals
from tests.praticien.documents.structured.test_summary_writer import MINIMAL, WHOLE, of
from tests.praticien.forms import prescription

LEXICON = bundled()


@pytest.mark.parametrize(
    "typed, words, code, since, until",
    [
        ("hta", "Hypertension artérielle", "I10", "", ""),
        ("2012 HTA", "Hypertension artérielle", "I10", "2012", ""),
        ("asthme depuis 2004", "Asthme", "J45.9", "2004", ""),
        ("3/2018 IDM", "Infarctus du myocarde", "I21.9", "201803", ""),
        ("12/3/2018 : zona", "zona", "", "20180312", ""),
        ("1998-2003 Dépression", "Dépression", "F32.9", "1998", "2003"),
        ("2020 HTA mal équilibrée", "HTA mal équilibrée", "", "2020", ""),
        ("pneumopathie en 2020", "Pneumopathie", "J18.9", "2020", ""),
        ("2018", "2018", "", "", ""),
    ],
)
def test_a_disease_with_its_dates(typed, words, code, since, until):
    found = read_line("history", typed, LEXICON)
    assert (found.words, found.code.code if found.code else "", found.since, found.until) == (words, code, since, until)


@pytest.mark.parametrize(
    "typed, agent, kind, reaction",
    [
        ("Amoxicilline : urticaire", "Amoxicilline", AllergyKind.DRUG, "urticaire"),
        ("allergie aux arachides", "arachides", AllergyKind.FOOD, ""),
        ("2018 pollens : rhinite", "pollens", AllergyKind.SUBSTANCE, "rhinite"),
        ("intolérance au lactose", "lactose", AllergyKind.FOOD_INTOLERANCE, ""),
        ("intolérance à la codéine : vomissements", "codéine", AllergyKind.DRUG_INTOLERANCE, "vomissements"),
        ("Zyxeloxine (médicament)", "Zyxeloxine", AllergyKind.DRUG, ""),
    ],
)
def test_an_allergy_says_to_what_and_of_which_kind(typed, agent, kind, reaction):
    found = read_line("allergies", typed, LEXICON)
    assert (found.agent, found.kind, found.reaction) == (agent, kind, reaction)


def test_a_treatment_says_drug_posology_and_reason():
    found = read_line("treatments", "2012 Amlodipine 5 mg, comprimé : 1 matin (HTA)", LEXICON)
    assert (found.name, found.since, found.reason) == ("Amlodipine 5 mg, comprimé", "2012", "HTA")
    assert found.posology == parse("1 cp matin")
    assert read_line("treatments", "Insuline", LEXICON).posology == Posology()


@pytest.mark.parametrize(
    "typed, kind",
    [
        ("20 PA, sevré", HabitKind.TOBACCO),
        ("ex-fumeur", HabitKind.TOBACCO),
        ("2 verres par jour", HabitKind.ALCOHOL),
        ("cannabis occasionnel", HabitKind.DRUGS),
        ("sédentaire", HabitKind.EXERCISE),
        ("régime sans sel", HabitKind.DIET),
        ("vit seul", HabitKind.OTHER),
        ("alcool : occasionnel", HabitKind.ALCOHOL),
    ],
)
def test_a_habit_is_known_by_its_words(typed, kind):
    assert read_line("habits", typed, LEXICON).kind is kind


def test_family_names_the_relative():
    found = read_line("family", "père : idm", LEXICON)
    assert (found.relative, found.words, found.code.code) == (Relative.FATHER, "Infarctus du myocarde", "I21.9")
    assert read_line("family", "cousin : asthme", LEXICON).relative is Relative.OTHER


@given(st.sampled_from(sorted(READERS)), st.text(max_size=60) | st.text("0128/- àenpuis(): ", max_size=40))
def test_any_line_is_read_and_written_back_as_the_same(part, typed):
    for line in lines_of(typed):
        once = read_line(part, line, LEXICON)
        assert write_line(read_line(part, write_line(once), LEXICON)) == write_line(once)


def test_a_whole_synthesis_is_typed_as_it_is_written():
    typed = {part: write(getattr(WHOLE, part)) for part in READERS}
    codes = {"HYPERTENSION ARTERIELLE": WHOLE.problems[0].code, "APPENDICECTOMIE": WHOLE.interventions[0].code}
    drugs = {one.name: one.code for one in WHOLE.treatments if one.code}
    again = read(typed, Lexicon(codes, {}, drugs))
    assert again == WHOLE


# -- what documents say ----------------------------------------------------------------------------------------------


def facts_of(body):
    return read_facts(build(of(body), b"%PDF-"))


def read_document(facts, title="Lettre de liaison"):
    return ReadDocument("2.25.1", title, "12/03/2026", facts)


def test_a_former_synthesis_is_taken_up_whole():
    again = former(facts_of(WHOLE), WHOLE.vigilance, WHOLE.work)
    for part in ("problems", "history", "interventions", "habits", "family"):
        assert [line.words for line in getattr(again, part)] == [line.words for line in getattr(WHOLE, part)], part
    assert again.allergies == WHOLE.allergies
    assert again.treatments == WHOLE.treatments
    assert [one.code for one in again.problems] == [one.code for one in WHOLE.problems]
    assert former(facts_of(MINIMAL)).no_known_allergy


def test_other_documents_propose_what_is_missing_with_its_source():
    found = proposals([read_document(facts_of(WHOLE))], MINIMAL)
    assert {one.source for one in found} == {"Lettre de liaison, 12/03/2026"}
    assert "Hypertension artérielle" not in [getattr(one.line, "words", "") for one in found], "it is there already"
    assert [one.line.agent for one in found if one.part == "allergies"] == ["Amoxicilline"]
    assert all(one.is_sure for one in found)
    assert proposals([read_document(facts_of(WHOLE))], WHOLE) == ()


def test_what_a_document_contradicts_is_proposed_as_doubtful_and_last():
    from dataclasses import replace

    (drug, *_others) = facts_of(WHOLE).treatments
    doubtful = replace(drug, conflicts=(Conflict.DOSE,))
    (sure, doubt) = proposals(
        [read_document(CodedFacts(treatments=(doubtful,), allergies=facts_of(WHOLE).allergies))], MINIMAL
    )
    assert (sure.is_sure, doubt.is_sure) == (True, False)
    assert doubt.line.posology == Posology(), "a contradicted posology is typed again"


def test_a_sure_source_goes_before_a_doubtful_one_of_the_same_thing():
    from dataclasses import replace

    facts = facts_of(MedicalSummary(treatments=WHOLE.treatments[:1], no_known_allergy=True))
    doubtful = CodedFacts(treatments=(replace(facts.treatments[0], conflicts=(Conflict.DOSE,)),))
    (one,) = proposals([read_document(doubtful, "Ancienne"), read_document(facts, "Nouvelle")], MINIMAL)
    assert one.is_sure
    assert one.source.startswith("Nouvelle")


@pytest.mark.parametrize(
    "typed, proposed",
    [("1 cp 3/j", True), ("1 cp 3/j 3 mois", True), ("1 cp 3/j 7 j", False), ("2 cp 3 j puis 1 cp 4 j", False)],
)
def test_a_prescription_proposes_the_drugs_that_it_gives_for_long(typed, proposed):
    from praticien.documents.prescription import Prescription, PrescriptionLine
    from tests.praticien.documents.structured.test_prescription_writer import UNTIL

    lines = (PrescriptionLine("Paracétamol 1 g", parse(typed)),)
    body = Prescription(lines, UNTIL, number="A", number_authority="1.2")
    found = proposals([read_document(read_facts(build(prescription(body=body), b"%PDF-")))], MINIMAL)
    assert [(one.part, one.line.name) for one in found] == [("treatments", "Paracétamol 1 g")] * proposed
    assert all(one.line.posology == parse("1 cp 3/j") for one in found)
