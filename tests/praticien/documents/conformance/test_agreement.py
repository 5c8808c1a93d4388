"""Our validator and the official one say the same, of what we write and of damaged copies of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from praticien.documents.conformance.checking import departures
from praticien.documents.conformance.strict import STRICTER
from praticien.documents.conformance.value_sets import codes, pairs
from tests.effort import examples
from tests.validators import ROOT, official

EXAMPLES = ROOT / "cda" / "examples"
SETS = {
    "J01": "JDV_J01_XdsAuthorSpecialty_CISIS",
    "J143": "JDV_J143_AdministrativeGender_CISIS",
    "interpretation": "JDV_HL7_ObservationInterpretation_CISIS",
    "specimen": "JDV_SpecimenType_CISIS",
    "modality": "JDV_ModaliteAcquisition_CISIS",
    "laterality": "JDV_LateraliteTechniqueImagerie_CISIS",
    "exposure": "JDV_QuantiteExpositionRayonnements_CISIS",
    "contraindication": "JDV_Contre_indications_CISIS",
    "pregnancy": "JDV_StatutGrossesse_CISIS",
    "location": "JDV_LocalisationAnatomique_CISIS",
}
CODES = {"J02": "466", "J04": "467", "J07": "471", "J47": "124", "J141": "588", "J142": "589", "J144": "591"}


@official
@pytest.mark.official
@pytest.mark.timeout(600)
def test_both_verdicts_agree():
    command = [sys.executable, "-m", "tests.praticien.documents.conformance.agreement"]
    copies = examples(100)
    options = ["--copies", str(copies), "--generated", "2", "--seed", "20", "--damaged-only"]
    root = Path(__file__).parents[4]
    done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True, timeout=580, check=False)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert report["lax"] == []
    assert report["strict"] == []
    assert report["copies"] == copies
    assert 0.35 < report["refused"] / copies < 0.97  # both verdicts were really there
    assert set(report["stricter"]) <= set(STRICTER)


@official
@pytest.mark.official
@pytest.mark.parametrize("name", sorted(SETS))
def test_value_sets_are_the_official_ones(name):
    tree = etree.parse(ROOT / "cda" / "jeuxDeValeurs" / f"{SETS[name]}.xml")
    assert pairs(name) == {(each.get("code"), each.get("codeSystem")) for each in tree.iter("{*}Concept")}


@official
@pytest.mark.official
@pytest.mark.parametrize("name", sorted(CODES))
def test_codes_of_the_header_are_the_official_ones(name):
    folder = ROOT / "cda" / "schematrons" / "profils" / "structurationMinimale" / "include"
    tree = etree.parse(folder / f"voc-1.2.250.1.213.1.1.5.{CODES[name]}-DYNAMIC.xml")
    assert codes(name) == {each.get("code") for each in tree.iter("concept")}


@official
@pytest.mark.official
@pytest.mark.parametrize(
    "file", sorted(EXAMPLES.glob("*.xml")) if EXAMPLES.is_dir() else [], ids=lambda file: file.stem
)
def test_the_official_examples_depart_from_nothing(file):
    root = etree.parse(file).getroot()
    document = next(root.iter("{urn:hl7-org:v3}ClinicalDocument"))
    assert departures(etree.tostring(document, with_tail=False)) == ()
