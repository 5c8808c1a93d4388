"""Renewed lines: what was prescribed comes back as it was typed, what is contradicted does not come back silently."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from praticien.deposit import prepare
from praticien.documents import cda_writer
from praticien.documents.coded.facts import Conflict
from praticien.documents.coded.reading import read_facts
from praticien.documents.prescription import Flag, Prescription, PrescriptionLine, Substitution
from praticien.documents.prescription_posology import parse, words
from praticien.documents.renewal import renewable, to_check
from tests import validators
from tests.effort import examples
from tests.praticien.documents.prescriptions import prescriptions
from tests.praticien.forms import SOFTWARE_OID, prescription


def facts_of(body):
    """Without the printed copy, which takes most of the time to make."""
    numbered = replace(body, number="TEST", number_authority=SOFTWARE_OID)
    document = prescription(title="Ordonnance", body=numbered)
    return read_facts(cda_writer.build(replace(document, service_stop=document.service_start), b"%PDF-1.4 fictif"))


few = settings(max_examples=examples(30))


@few
@given(prescriptions)
def test_our_own_prescriptions_contradict_themselves_nowhere(body):
    found = facts_of(body)
    assert [fact.conflicts for fact in found if not fact.is_sure] == []
    assert len(found.treatments) == len(body.drugs)
    assert len(found.devices) == len(body.devices)


@few
@given(prescriptions)
def test_what_was_prescribed_comes_back(body):
    lines = renewable(facts_of(body))
    drugs = [line for line in lines if not line.is_device]
    for line, original in zip(drugs, body.drugs, strict=True):
        assert line.name == " ".join(original.name.split())
        assert (line.renewals, line.substitution) == (original.renewals, original.substitution)
        assert line.flags == original.flags
        if original.posology.is_structured:
            assert parse(line.posology) == original.posology or words(parse(line.posology)) == words(original.posology)
    for line, original in zip((line for line in lines if line.is_device), body.devices, strict=True):
        assert (line.renewals, line.flags) == (original.renewals, original.flags)
        assert line.posology.split()[0] == str(original.quantity)


def test_a_contradicted_posology_is_left_to_type():
    body = Prescription((PrescriptionLine("TESTAMINE 500 mg", parse("1 cp 3/j")),), date(2027, 2, 20))
    content = prepare(prescription(title="Ordonnance", body=body), software_oid=SOFTWARE_OID).documents[0].content
    tampered = content.replace(b'<low value="1" unit="{tablet}"/>', b'<low value="2" unit="{tablet}"/>').replace(
        b'<high value="1" unit="{tablet}"/>', b'<high value="2" unit="{tablet}"/>'
    )
    assert tampered != content
    facts = read_facts(tampered)
    assert facts.treatments[0].conflicts == (Conflict.DOSE,)
    (line,) = renewable(facts)
    assert (line.name, line.posology, line.to_check) == ("TESTAMINE 500 mg", "", True)
    assert to_check((line,)) == 1


@validators.official
@pytest.mark.official
@pytest.mark.parametrize("name", ["PosoStruct", "PosoNonStruct"])
def test_official_example(name):
    facts = read_facts((validators.ROOT / "cda" / "examples" / f"eP-MED-DM_2024.01_{name}.xml").read_bytes())
    paracetamol, preparation, bed = renewable(facts)
    assert paracetamol.substitution is Substitution.NARROW_MARGIN
    assert paracetamol.renewals == 3
    assert (paracetamol.posology == "") is (name == "PosoStruct")  # that one codes another dose than it writes
    assert "diprosone" in preparation.name
    assert (bed.is_device, bed.posology) == (True, "1 pendant 60 j")
    assert Flag.OFF_LABEL not in bed.flags


@validators.official
@pytest.mark.official
def test_what_is_only_taken_is_not_renewed():
    facts = read_facts((validators.ROOT / "cda" / "examples" / "VSM_1.4_2022.01.xml").read_bytes())
    assert facts.treatments
    assert renewable(facts) == ()
