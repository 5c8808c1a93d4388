"""Wrong-patient radar: what must ring, and what must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.documents.checks import (
    Discrepancy,
    Source,
    dicom_discrepancies,
    discrepancies,
    refuse_other_patient,
    text_discrepancies,
)
from praticien.documents.errors import NotPdf, OtherPatient
from praticien.documents.imaging import ImagingReport, ReportSections
from praticien.documents.model import PdfFile, TypedText
from praticien.documents.pdf import render
from praticien.identity import InsOid, nir_key
from tests.praticien.forms import STUDY, imaging_report, patient, pdf_saying, prescription

HELENE = patient(people.SCANNED)  # TESTIMAGE Hélène Marie, F, 1971-05-09
OWN = people.SCANNED.ins.matricule
OTHER = people.SOLO.ins.matricule


def traits_of_dicom(**changes):
    return [d.trait for d in dicom_discrepancies(replace(STUDY, **changes), HELENE)]


def traits_of_text(text, who=HELENE):
    return [d.trait for d in text_discrepancies(text, who)]


# -- DICOM -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"patient_given_name": "Hélène Marie"},
        {"patient_given_name": "HELENE-MARIE"},
        {"patient_family_name": "testimage"},
        {"patient_family_name": "TESTIMAGE HELENE", "patient_given_name": ""},
        {"patient_birth_date": ""},
        {"patient_sex": ""},
        {"patient_sex": "O"},
        {"patient_family_name": "", "patient_given_name": ""},
        {"patient_id": OWN, "patient_id_issuer": InsOid.TEST},
        {"patient_id": OWN[:13], "patient_id_issuer": InsOid.TEST},
        {"patient_id": OWN, "patient_id_issuer": ""},
        {"patient_id": "", "patient_id_issuer": InsOid.TEST},
        {"patient_id": "271059999940127", "patient_id_issuer": "RIS"},
    ],
)
def test_a_header_that_speaks_of_the_patient(changes):
    assert traits_of_dicom(**changes) == []


@pytest.mark.parametrize(
    "changes,traits",
    [
        ({"patient_family_name": "TESTAUTRE"}, ["birth_name"]),
        ({"patient_family_name": "TESTIMAGE ANNE", "patient_given_name": ""}, ["birth_name"]),
        ({"patient_given_name": "ANNE"}, ["first_name"]),
        ({"patient_birth_date": "19710905"}, ["birth_date"]),
        ({"patient_sex": "M"}, ["sex"]),
        ({"patient_id": OTHER, "patient_id_issuer": InsOid.TEST}, ["ins"]),
        ({"patient_id": OTHER, "patient_id_issuer": ""}, ["ins"]),
        ({"patient_id": "12345", "patient_id_issuer": InsOid.NIR}, ["ins"]),
        ({"patient_id": OTHER, "patient_family_name": "X", "patient_sex": "M"}, ["ins", "birth_name", "sex"]),
    ],
)
def test_a_header_that_speaks_of_another(changes, traits):
    assert traits_of_dicom(**changes) == traits


def test_modalities_that_hold_the_used_name():
    married = replace(HELENE, used_name="TESTUSAGE", used_first_name="MARIE")
    for changes in (
        {"patient_family_name": "TESTUSAGE"},
        {"patient_family_name": "TESTUSAGE HELENE", "patient_given_name": ""},
        {"patient_given_name": "MARIE"},
    ):
        assert dicom_discrepancies(replace(STUDY, **changes), married) == []


# -- text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pas de lésion osseuse.",
        "Mme TESTIMAGE née le 09/05/1971",
        "née le 9 mai 1971",
        "NÉE LE 09-05-1971, suivie depuis le 12/03/1987",
        "né(e) le : 09.05.1971",
        "Date de naissance : 1971-05-09",
        "DDN 09/05/71",
        f"INS : {OWN[:13]} {OWN[13:]}",
        "INS : 2 71 05 99 999 401 26",
        "Examen du 12/03/2026, contrôle le 1er avril 2026",
        "Téléphone 01 23 45 67 89 01 23 45",
        "Nom de naissance : TESTIMAGE   Prénom : HELENE   Sexe : F",
        "Nom de naissance : Testimage épouse TESTUSAGE",
        "Prénom(s) : Hélène Marie",
        "Sexe : inconnu",
        "Nom de naissance :",
        f"NIR de l'assuré {OTHER}, matricule INS {OWN}",
        "né le 40 brumaire 1971",
    ],
)
def test_a_text_that_names_nobody_else(text):
    assert traits_of_text(text) == []


@pytest.mark.parametrize(
    "text,traits",
    [
        ("née le 12/03/1987", ["birth_date"]),
        ("né le 9 juin 1971", ["birth_date"]),
        ("nee le 09/05/1972", ["birth_date"]),
        ("né(e) le 05/09/1971", ["birth_date"]),
        ("Date de naissance : 1987-03-12", ["birth_date"]),
        ("Né le 1er août 1960", ["birth_date"]),
        ("DDN: 09/05/72", ["birth_date"]),
        (f"Matricule INS : {OTHER[:13]} {OTHER[13:]}", ["ins"]),
        (f"NIR {OTHER}", ["ins"]),
        (f"INS {OWN} et INS {OTHER}", ["ins"]),
        ("INS : 2 87 03 99 999 101 92", ["ins"]),
        ("Nom de naissance : TESTAUTRE  Prénom : HELENE", ["birth_name"]),
        ("Prénom : ANNE\nSexe : Masculin", ["first_name", "sex"]),
        ("Nom de naissance: TESTAUTRE Prénoms: ANNE Sexe: M", ["birth_name", "first_name", "sex"]),
        ("née le 12/03/1987 … née le 12/03/1987", ["birth_date"]),
    ],
)
def test_a_text_that_names_somebody_else(text, traits):
    assert traits_of_text(text) == traits


def test_corsican_matricules_are_recognised():
    corsican = "271052A999401"
    assert traits_of_text(f"INS {corsican}{nir_key(corsican)}") == ["ins"]


@pytest.mark.parametrize("other", people.DOSSIERS, ids=lambda seed: seed.traits.birth_name + seed.traits.first_name)
def test_the_sheet_of_everybody_else_rings_and_ones_own_does_not(other):
    sheet = PdfFile(render(prescription(patient=patient(other), body=TypedText("Texte."))))
    found = discrepancies(prescription(patient=HELENE, body=sheet))
    if other is people.SCANNED:
        assert found == ()
    else:
        assert {"ins", "birth_date"} <= {d.trait for d in found}
        assert {d.source for d in found} == {Source.TEXT}


@given(st.dates())
def test_any_other_birth_date_rings_in_each_spelling(day):
    compact = f"{day.year:04d}{day:%m%d}"
    months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"]
    month = [*months, "novembre", "décembre"][day.month - 1]
    year = f"{day.year:04d}"
    for spelling in (f"{day:%d/%m}/{year}", f"{day.day} {month} {year}", f"{year}-{day:%m-%d}", f"{day:%d.%m}.{year}"):
        expected = [] if compact == "19710509" else ["birth_date"]
        assert traits_of_text(f"Patiente née le {spelling}.") == expected


def test_a_lunar_birth_date_is_compared_digit_by_digit():
    lunar = patient(people.SCANNED, birth_date="19710000")
    assert traits_of_text("née le 00/00/1971", lunar) == []
    assert traits_of_text("née le 09/05/1971", lunar) == ["birth_date"]


def test_a_scan_says_nothing():
    assert discrepancies(prescription(body=pdf_saying(""))) == ()


def test_typed_text_is_looked_at_too():
    found = discrepancies(prescription(patient=HELENE, body=TypedText("Patient né le 12/03/1987")))
    assert found == (Discrepancy(Source.TEXT, "birth_date", "12/03/1987"),)


def test_a_pdf_that_is_none():
    with pytest.raises(NotPdf):
        discrepancies(prescription(body=PdfFile(b"GIF89a")))


@given(st.text(alphabet="né(e) le:0123456789/ INSmatricule\n", max_size=400))
def test_any_text_is_looked_at_without_crash(text):
    assert all(d.source is Source.TEXT for d in text_discrepancies(text, HELENE))


@pytest.mark.parametrize("text", ["né le " + " " * 200_000 + "x", "1 " * 200_000, "sexe :" * 60_000, "né " * 100_000])
@pytest.mark.timeout(20)
def test_long_odd_texts_do_not_hold_the_window(text):
    text_discrepancies(text, HELENE)


# -- refusal -----------------------------------------------------------------------------------------------------


def test_the_patients_own_documents_pass():
    refuse_other_patient(imaging_report())


def test_another_patients_dicom_blocks_whatever_was_confirmed():
    document = imaging_report(study=replace(STUDY, patient_family_name="TESTAUTRE", patient_birth_date="19800101"))
    for compared in (False, True):
        with pytest.raises(OtherPatient) as caught:
            refuse_other_patient(document, text_compared=compared)
    assert caught.value.sources == ("dicom",)
    assert caught.value.traits == ("birth_name", "birth_date")


def test_another_patients_text_blocks_until_compared():
    document = imaging_report(body=pdf_saying("Patient né le 12/03/1987"))
    with pytest.raises(OtherPatient) as caught:
        refuse_other_patient(document)
    assert (caught.value.sources, caught.value.traits) == (("text",), ("birth_date",))
    refuse_other_patient(document, text_compared=True)


def test_the_error_names_nobody():
    document = imaging_report(
        study=replace(STUDY, patient_family_name="TESTAUTRE"), body=pdf_saying(f"INS {OTHER} né le 12/03/1987")
    )
    with pytest.raises(OtherPatient) as caught:
        refuse_other_patient(document)
    assert set(caught.value.sources) == {"dicom", "text"}
    shown = f"{caught.value} {caught.value!r} {discrepancies(document)!r} {vars(caught.value)}"
    assert not any(word in shown for word in ("TESTAUTRE", OTHER, "1987"))


@pytest.mark.parametrize(
    "text, differs",
    [
        ("Patient : M. TESTAUTRE Jean", True),
        ("Concerne : Mme TESTAUTRE-DUPONT", True),
        ("Nom : TESTAUTRE", True),
        ("Patient : {birth_name} {first}", False),
        ("Patiente : Mme {birth_name}, vue ce jour", False),
        ("Patient : suivi depuis 2019", False),
        ("Patient :\nM. TESTAUTRE", False),
        ("Le patient TESTAUTRE", False),
        ("Nom de l’hôpital : TESTAUTRE", False),
    ],
)
def test_a_name_in_capitals_after_a_label_of_patient(text, differs):
    document = prescription()
    traits = document.patient.traits
    said = text.format(birth_name=traits.birth_name, first=traits.first_name)
    found = discrepancies(replace(document, body=TypedText(said)))
    assert [one.trait for one in found] == (["birth_name"] if differs else [])


def test_the_title_may_name_another_patient_too():
    found = discrepancies(replace(prescription(), title="CR — Patient : TESTAUTRE Jean"))
    assert [one.trait for one in found] == ["birth_name"]


# -- beside the pages ----------------------------------------------------------------------------------------------


def pdf_with(**properties):
    """A PDF that says nothing of a patient but in its properties."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setTitle(properties.get("title", ""))
    canvas.setAuthor(properties.get("author", ""))
    canvas.setSubject(properties.get("subject", ""))
    canvas.setKeywords(properties.get("keywords", ""))
    canvas.drawString(50, 780, f"Suivi de {HELENE.ins.matricule}")
    canvas.save()
    return PdfFile(out.getvalue(), properties.get("name", "cr.pdf"))


@pytest.mark.parametrize(
    "properties, traits",
    [
        ({"title": f"CR {OTHER}"}, ["ins"]),
        ({"keywords": f"irm;{OTHER}"}, ["ins"]),
        ({"subject": "Patient : M. TESTAUTRE Jean"}, ["birth_name"]),
        ({"title": "Né(e) le 12/03/1987"}, ["birth_date"]),
        ({"author": "Patient : TESTAUTRE"}, ["birth_name"]),
        ({"name": f"{OTHER}.pdf"}, ["ins"]),
        ({"name": "patient_TESTAUTRE_Jean.pdf"}, ["birth_name"]),
        ({"title": f"CR {OWN}", "author": "Dr TESTDOCTEUR Bernard"}, []),
        ({"title": "IRM TESTAUTRE Jean", "name": "TESTAUTRE_Jean.pdf"}, []),
    ],
)
def test_properties_and_name_of_a_pdf_may_name_somebody_else(properties, traits):
    found = discrepancies(imaging_report(body=pdf_with(**properties)))
    assert [one.trait for one in found] == traits
    assert all(one.source is Source.TEXT for one in found)


def test_a_pdf_inside_a_structured_report_is_looked_at_too():
    body = ImagingReport((), ReportSections(conclusion="Rien."), pdf=pdf_with(title=f"CR {OTHER}").content)
    assert [one.trait for one in discrepancies(imaging_report(body=body))] == ["ins"]
