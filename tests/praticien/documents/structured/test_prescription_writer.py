"""eP-MED-DM 2024.01: accepted by the official rules, and saying what the model says."""

import base64
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from demonstration import people
from praticien.documents.cda_model import AttachedBody, Picture, StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.coded.reading import read_facts
from praticien.documents.errors import OtherPatient, UnprintableText
from praticien.documents.model import ReplacedVersion
from praticien.documents.pdf import text_of
from praticien.documents.prescription import (
    CIP,
    CIS,
    LPP,
    DeviceLine,
    Duration,
    Flag,
    Mark,
    Posology,
    Prescription,
    PrescriptionLine,
    ProductCode,
    Substitution,
    number_for,
)
from praticien.documents.prescription_check import EmptyPrescription, PrescriptionProblem, WrongValidity
from praticien.documents.prescription_posology import UNITS, parse
from praticien.documents.renewal import renewable
from tests.effort import examples
from tests.generated import drawn
from tests.praticien.documents.prescriptions import prescriptions
from tests.praticien.documents.structured.support import NS, assert_officially_right, part, submit, without
from tests.praticien.forms import SOFTWARE_OID, patient, prescription
from tests.validators import judge, official

TABLET = next(iter(UNITS))
UNTIL = date(2027, 2, 20)
PARACETAMOL = PrescriptionLine("Paracétamol 1 g comprimé", parse("1 à 2 cp 3/j si douleur max 4/j, 5 j"))
BED = DeviceLine("Lit médical", 1, Duration(60), ProductCode("1215702", LPP), flags=frozenset({Flag.NOT_REFUNDED}))


def of(*lines, comment="", **changes):
    return prescription(title="Ordonnance", body=Prescription(lines, UNTIL, comment=comment), **changes)


def drug(posology, **more):
    return PrescriptionLine("Amoxicilline 1 g", parse(posology, TABLET), **more)


VARIANTS = {
    "one drug": of(PARACETAMOL),
    "one device": of(BED),
    "free text": of(drug("selon schéma remis")),
    "split doses": of(drug("2 matin 1 soir 1 j")),
    "tapered": of(drug("2 cp 3 j puis 1 cp 4 j")),
    "tapered, open": of(drug("2 matin 1 soir 3 j, puis 1 matin 1 soir 1 sem puis 1 matin")),
    "one moment": of(drug("1 coucher")),
    "several moments": of(drug("1 matin midi soir, 1 mois")),
    "every six hours": of(drug("1 toutes les 6 h")),
    "all flags": of(drug("1 matin", flags=frozenset(Flag), substitution=Substitution.NARROW_MARGIN, renewals=5)),
    "all marks": replace(of(PARACETAMOL), body=Prescription((PARACETAMOL,), UNTIL, marks=frozenset(Mark))),
    "comment": of(PARACETAMOL, BED, comment="À jeun.\n\nÀ revoir <vite> & bien."),
    "valid one day": replace(of(PARACETAMOL), body=Prescription((PARACETAMOL,), date(2026, 11, 20))),
    "coded": of(drug("1 matin", code=ProductCode("63107752", CIS)), drug("1 soir", code=ProductCode("3400933", CIP))),
    "second version": of(PARACETAMOL, version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    "thirty lines": of(*[drug("1 matin 1 soir")] * 30),
    "minor": of(PARACETAMOL, patient=patient(people.LINA)),
    "lunar birth date": of(PARACETAMOL, patient=patient(people.SOLO, birth_date="19710231")),
}


@official
@pytest.mark.official
@pytest.mark.timeout(400)
def test_the_official_rules_accept_every_one(tmp_path):
    """Variants and generated prescriptions; a damaged one is refused: the rules were really there."""
    contents = {name: submit(document).content for name, document in VARIANTS.items()}
    for number, body in enumerate(drawn(prescriptions, examples(10))):
        contents[f"generated {number}"] = submit(prescription(body=body), text_compared=True).content
    assert len(contents) > len(VARIANTS) + 5
    contents["broken: not said whether the drug treats an ALD"] = without(
        contents["one drug"], part("1.2.250.1.213.1.1.3.48.13")
    )
    assert_officially_right(judge(tmp_path, contents), "CI-SIS_EP-MED-DM_2024.01", fired=3)


# -- what it says --------------------------------------------------------------------------------------------------


def values_of(document):
    root = etree.fromstring(submit(document).content)
    return lambda path: root.xpath(path, namespaces=NS)


def test_the_header_carries_number_validity_and_two_zones():
    values = values_of(of(PARACETAMOL, drug("1 matin", flags=frozenset({Flag.LONG_TERM_ILLNESS}))))
    event = "h:documentationOf/h:serviceEvent[@classCode='ACT']"
    assert values(f"{event}/h:id/@extension") == [number_for("2.25.1000")]
    assert values(f"{event}/h:id/@root") == [SOFTWARE_OID]
    assert values(f"{event}/h:effectiveTime/*/@value") == ["20261120092015+0100", "20270220235959+0100"]
    assert values("h:documentationOf/h:serviceEvent[@classCode='INFO']/h:code/@code") == ["MED-1096"]
    assert values("h:componentOf//h:effectiveTime/h:high") == []
    assert values("h:templateId[@root='1.3.6.1.4.1.19376.1.2.20']") == []


def test_the_entry_says_what_is_inside():
    entry = submit(of(PARACETAMOL)).entry
    assert entry.format_code.code == "urn:ihe:pharm:pre:2010"
    assert entry.service_stop.isoformat() == "2027-02-20T22:59:59+00:00"
    assert entry.type_code.code == "57833-6"


def test_doses_and_rhythm_are_coded():
    values = values_of(of(PARACETAMOL))
    assert values("//h:doseQuantity/*/@value") == ["1", "2"]
    assert values("//h:doseQuantity/*/@unit") == ["{tablet}"] * 2
    assert values("//h:effectiveTime[@operator='A']/h:period/@value") == ["8"]
    assert values("//h:effectiveTime[@operator='A']/@institutionSpecified") == ["true"]
    assert values("//h:maxDoseQuantity/h:numerator/@value") == ["4"]
    assert values("//h:substanceAdministration/h:effectiveTime[1]/*/@value") == ["20261120", "20261124"]
    assert values("//h:precondition//h:reference/@value") == ["#med-001-posologie"]


def test_different_doses_are_subordinate_administrations():
    values = values_of(of(drug("2 matin 1 soir")))
    assert values("//h:entryRelationship/h:substanceAdministration//h:event/@code") == ["CM", "CV"]
    assert values("//h:entryRelationship/h:substanceAdministration/h:doseQuantity/h:low/@value") == ["2", "1"]
    assert values("//h:entry/h:substanceAdministration/h:doseQuantity") == []


def test_a_tapered_dose_is_a_stretch_of_time_for_each_dose():
    values = values_of(of(drug("2 cp 3 j puis 1 matin 2 soir 4 j")))
    stretch = "//h:entryRelationship/h:substanceAdministration"
    assert values("//h:entry/h:substanceAdministration/h:templateId/@root")[-1] == "1.3.6.1.4.1.19376.1.5.3.1.4.8"
    assert values("//h:entry/h:substanceAdministration/h:effectiveTime[1]/*/@value") == ["20261120", "20261126"]
    assert values(f"{stretch}/h:effectiveTime[1]/*/@value") == ["20261120", "20261122", *["20261123", "20261126"] * 2]
    assert values(f"{stretch}/h:doseQuantity/h:low/@value") == ["2", "1", "2"]
    assert values(f"{stretch}//h:event/@code") == ["CM", "CV"]


@pytest.mark.parametrize(
    "typed",
    ["2 cp 3 j puis 1 cp 4 j", "2 matin 1 soir 3 j puis 1 matin", "1 mg 1 sem puis 2 mg 1 sem puis 3 mg"],
)
def test_a_tapered_dose_is_read_back_and_renewed_as_it_was(typed):
    (read_back,) = read_facts(submit(of(drug(typed))).content).treatments
    posology = drug(typed).posology
    assert [step.dose.low.value for step in read_back.steps] == [dose.low for dose in posology.doses]
    assert all(step.dates.low for step in read_back.steps)
    assert read_back.conflicts == ()
    (renewed,) = renewable(CodedFacts(treatments=(read_back,)))
    assert parse(renewed.posology, TABLET) == posology


def test_marks_of_the_whole_prescription_are_events_and_words():
    document = of(PARACETAMOL)
    document = replace(document, body=replace(document.body, marks=frozenset({Mark.URGENT, Mark.SECURED})))
    assert values_of(document)("//h:serviceEvent[@classCode='INFO']/h:code/@code") == ["MED-1098", "MED-1095"]
    (copy,) = read(submit(document).content).body.attachments
    assert "Ordonnance sécurisée · Exécution en urgence" in text_of(copy.content)


def test_free_text_claims_no_structure():
    values = values_of(of(drug("selon schéma remis")))
    assert values("//h:templateId[@root='1.3.6.1.4.1.19376.1.9.1.3.6']") == []
    assert values("//h:doseQuantity") == []
    assert "selon schéma remis" in values("//h:content[@ID='med-001-posologie']/text()")


def test_every_reference_leads_somewhere():
    document = of(PARACETAMOL, drug("2 matin 1 soir", substitution=Substitution.EXCIPIENT), BED, comment="Oui")
    values = values_of(document)
    there = set(values("//@ID"))
    assert len(there) == len(values("//@ID")), "an ID twice"
    asked = {value.removeprefix("#") for value in values("//h:reference/@value")}
    assert asked | set(values("//@referencedObject")) <= there


def test_flags_and_substitution_are_stated_yes_or_no():
    line = drug("1 matin", flags=frozenset({Flag.OFF_LABEL}), substitution=Substitution.CHILD_FORM)
    values = values_of(of(line, BED))
    said = "//h:value[@xsi:type='BL']"
    assert values(f"//h:substanceAdministration{said}/@value") == ["false", "false", "false", "false", "true"]
    assert values(f"//h:supply{said}/@value") == ["false", "false", "false", "true"]
    assert values("//h:act/h:code[@codeSystem='2.16.840.1.113883.5.1070']/@code") == ["N"]


def test_the_same_document_gives_the_same_bytes():
    assert submit(of(PARACETAMOL, BED)).content == submit(of(PARACETAMOL, BED)).content


def test_it_is_read_back_with_narrative_code_and_copy():
    body = read(submit(of(PARACETAMOL, BED, comment="À jeun")).content).body
    assert isinstance(body, StructuredBody)
    titles = [section.title for section in body.sections]
    assert titles == [
        "Prescription de médicaments",
        "Prescription de dispositifs médicaux",
        "Commentaire",
        f"Code 2D de la prescription {number_for('2.25.1000')}",
        "Copie du document",
    ]
    (picture,) = body.sections[3].blocks
    assert isinstance(picture, Picture)
    assert picture.mime_type == "image/png"
    (copy,) = body.attachments
    assert isinstance(copy, AttachedBody)
    text = text_of(copy.content)
    for words in (
        "Paracétamol 1 g comprimé",
        "1 à 2 comprimés 3 fois par jour",
        "Lit médical",
        number_for("2.25.1000"),
    ):
        assert words in text


def test_the_image_is_a_square_png():
    values = values_of(of(PARACETAMOL))
    (encoded,) = values("//h:value[@mediaType='image/png']/text()")
    png = base64.b64decode(encoded)
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    assert width == height > 100

    import io

    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert {colour for _, colour in image.convert("L").getcolors()} == {0, 255}
        assert image.convert("L").getpixel((0, 0)) == 255  # the quiet zone


# -- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body, kind, field",
    [
        (Prescription((), UNTIL), EmptyPrescription, "lines"),
        (Prescription((PARACETAMOL,) * 61, UNTIL), PrescriptionProblem, "lines"),
        (Prescription((PARACETAMOL,), date(2026, 11, 19)), WrongValidity, "valid_until"),
        (Prescription((PARACETAMOL,), date(2040, 1, 1)), WrongValidity, "valid_until"),
        (Prescription((PARACETAMOL, drug("")), UNTIL), PrescriptionProblem, "lines.1.posology"),
        (Prescription((PrescriptionLine(" ", PARACETAMOL.posology),), UNTIL), PrescriptionProblem, "lines.0.name"),
        (Prescription((PrescriptionLine("a\x00", PARACETAMOL.posology),), UNTIL), PrescriptionProblem, "lines.0.name"),
        (Prescription((replace(PARACETAMOL, renewals=-1),), UNTIL), PrescriptionProblem, "lines.0.renewals"),
        (Prescription((replace(BED, quantity=0),), UNTIL), PrescriptionProblem, "lines.0.posology"),
        (Prescription((PARACETAMOL,), UNTIL, comment="a\x01"), PrescriptionProblem, "comment"),
        (Prescription((PrescriptionLine("測試", Posology("1")),), UNTIL), UnprintableText, "lines.0.name"),
        (Prescription((PARACETAMOL,), UNTIL, comment="測"), UnprintableText, "comment"),
    ],
)
def test_a_problem_names_its_field(body, kind, field):
    with pytest.raises(kind) as caught:
        submit(prescription(body=body))
    assert caught.value.field == field
    assert "Parac" not in str(caught.value)


def test_a_comment_that_names_another_patient_is_stopped():
    document = of(PARACETAMOL, comment="Né le 01/01/1950")
    with pytest.raises(OtherPatient):
        submit(document)
    assert submit(document, text_compared=True).content
