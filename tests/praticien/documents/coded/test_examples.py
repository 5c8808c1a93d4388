"""The official examples open and give what a reader sees in them; the errors that some of them hold are seen too."""

import pytest

from praticien.documents.coded.facts import Conflict
from praticien.documents.coded.model import LOINC
from praticien.documents.coded.reading import read_facts
from tests import validators

pytestmark = [validators.official, pytest.mark.official]


def facts(name):
    return read_facts((validators.ROOT / "cda" / "examples" / name).read_bytes())


def shown(result):
    ranges = [bounds.text for bounds in result.ranges]
    return (
        result.code.in_system(LOINC),
        [value.text if hasattr(value, "text") else value for value in result.values],
        ranges,
    )


def test_thyroid():
    assert [shown(result) for result in facts("BIO-CR-BIO_2024.01_TSH_1.xml").results] == [
        ("3016-3", ["1,950 mUI/L"], ["0,270 à 4,200 mUI/L"]),
        ("3024-7", ["7,67 pg/mL"], ["9,30 à 17,00 pg/mL"]),
    ]
    assert [result.flags for result in facts("BIO-CR-BIO_2024.01_TSH_1.xml").results] == [("N",), ("L",)]
    assert all(result.is_sure for result in facts("BIO-CR-BIO_2024.01_TSH_1.xml").results)


def test_urine_culture():
    results = facts("BIO-CR-BIO_2024.01_Microbiologie_V1.xml").results
    assert len(results) == 14
    assert {result.specimen for result in results} == {"Urine"}
    assert [result.organism for result in results][6::4] == ["Escherichia coli", "Streptococcus D."]
    assert shown(results[6])[1] == ["100000 /mL"]
    assert [(shown(result)[1], result.flags) for result in results[7:10]] == [
        (["≥ 0,512 µg/mL"], ("R",)),
        (["< 0,128 µg/mL"], ("I",)),
        (["< 0,032 µg/mL"], ("S",)),
    ]


def test_an_official_example_has_a_value_its_own_text_contradicts():
    """The narrative says 0,0032 where the code says 0.032."""
    doubtful = [result for result in facts("BIO-CR-BIO_2024.01_Microbiologie_V1.xml").results if not result.is_sure]
    assert [(result.code.in_system(LOINC), result.conflicts) for result in doubtful] == [("18928-2", (Conflict.VALUE,))]


def test_synthesis():
    found = facts("VSM_1.4_2022.01.xml")
    assert [allergy.agent.text for allergy in found.allergies] == ["PARACETAMOL"]
    assert [(problem.code.code, problem.is_active, problem.relative) for problem in found.problems] == [
        ("G45.9", True, ""),
        ("I20.0", True, ""),
        ("N10", False, ""),
        ("I21.1", False, ""),
        ("D57.1", True, "Mère"),
    ]
    assert [procedure.code.code for procedure in found.procedures] == ["DDAF004"]
    assert [finding.code.code for finding in found.findings] == ["74011-8", "11343-1"]


def test_the_synthesis_codes_other_doses_than_its_text():
    """« 1 cp/j » is coded as two tablets a day, then as one every six hours."""
    assert [(drug.product.text, drug.conflicts) for drug in facts("VSM_1.4_2022.01.xml").treatments] == [
        ("PLAVIX 75 mg", (Conflict.DOSE, Conflict.FREQUENCY)),
        ("COUMADINE 5mg", (Conflict.FREQUENCY,)),
    ]


@pytest.mark.parametrize("name", ["PosoStruct", "PosoNonStruct"])
def test_prescription(name):
    found = facts(f"eP-MED-DM_2024.01_{name}.xml")
    drug = found.treatments[0]
    assert drug.product.code.code == "63107752"
    assert drug.repeats == 3
    assert drug.substitution.code == "N"
    assert drug.patient_instructions == "A prendre au cours d'un repas"
    assert drug.pharmacist_instructions == ""
    assert [device.device.text for device in found.devices] == ["LITS MÉDICAUX"]
    assert [shown_value(finding) for finding in found.findings][:2] == ["55 kg", "170 cm"]
    assert all(finding.is_sure for finding in found.findings)  # 1,70 m in words


def shown_value(finding):
    return finding.values[0].text


def test_tapered_dose():
    drug = facts("eP-MED-DM_2024.01_PosoStruct.xml").treatments[0]
    assert [(step.dates.low.raw, step.dates.width.text, step.rhythms[0].every.text) for step in drug.steps] == [
        ("20231201", "2 d", "8 h"),
        ("20231203", "4 d", "12 h"),
    ]
    assert drug.conflicts == (Conflict.DOSE,)  # « 1 cp à 2 cp » is coded 1 to 1


def test_imaging_report_names_the_contrast_agent():
    assert "XENETIX 350" in {drug.product.text for drug in facts("IMG_CR_IMG_2024.01.xml").treatments}


def test_unstructured_document_has_no_fact():
    assert list(facts("DOC_NON_STRUCTURE_CDA-R2-N1.xml")) == []


def test_imaging_report_tells_contraindication_pregnancy_and_rays():
    found = facts("IMG_CR_IMG_2024.01.xml").findings
    assert [(one.code.text, shown_value(one)) for one in found][:3] == [
        ("Contre-indications", "Enceinte"),
        ("statut de grossesse", "Enceinte"),
        ("PDL Total : Produit Dose Longueur Total", "1140,26 mGy.cm"),
    ]
    assert all(one.is_sure for one in found)
    assert len(found) == 9  # no free text among them


def test_lines_of_a_preparation_stay_apart():
    named = facts("eP-MED-DM_2024.01_PosoNonStruct.xml").treatments[1].product.text
    assert named == "Préparation magistrale : - 30g de diprosone - 70g de Cérat Frais de Galien"


def test_two_applications_a_day_are_not_one():
    """« 2 applications/j » is coded once a day."""
    assert facts("eP-MED-DM_2024.01_PosoStruct.xml").treatments[1].conflicts == (Conflict.FREQUENCY,)
