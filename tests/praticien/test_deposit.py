"""From the form to the submission: metadata, order of checks, stable identifiers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from demonstration import people
from praticien.deposit import new_oid, prepare
from praticien.documents.cda_check import is_oid
from praticien.documents.cda_reader import read
from praticien.documents.errors import (
    EmptyText,
    HeaderProblem,
    MaskedAndInvisible,
    NotPdf,
    OtherPatient,
    UnprintableText,
    WrongSigner,
)
from praticien.documents.model import DocumentKind, PdfFile, ReplacedVersion, TypedText
from praticien.documents.pdf import text_of
from praticien.documents.registry_codes import ACCESSION, STUDY
from praticien.identity import UnqualifiedIdentity
from praticien.metadata import Author, Institution, Person
from tests.praticien import forms
from tests.praticien.forms import (
    FORMS,
    NOW,
    SECRETARY,
    SOFTWARE_OID,
    imaging_report,
    lab_result,
    patient,
    pdf_saying,
    prescription,
)

SENT_AT = datetime(2026, 11, 20, 9, 45, 3, 999, tzinfo=UTC)

HIDDEN_FROM_ALL = prescription(masked_to_professionals=True, invisible_to_patient=True)


def submit(document, **more):
    return prepare(document, software_oid=SOFTWARE_OID, clock=lambda: SENT_AT, **more)


def entry_of(document):
    return submit(document).documents[0].entry


@pytest.mark.parametrize("form", list(FORMS))
def test_entry_and_cda_say_the_same(form):
    document = FORMS[form]()
    (submitted,) = submit(document).documents
    entry, cda = submitted.entry, read(submitted.content).header
    assert entry.unique_id == cda.identifier == document.unique_id
    assert entry.title == cda.title
    assert entry.type_code == cda.type_code
    assert entry.patient_id == cda.patient.ins
    assert entry.creation_time == cda.created.moment
    assert entry.service_start == cda.events[0].start.moment
    assert entry.facility_type == cda.encounter.facility_type
    assert entry.practice_setting == cda.authors[0].organisation.sector
    assert entry.authors[0].specialty == cda.authors[0].specialty
    assert entry.legal_authenticator.identifier == cda.legal_authenticator.identifier
    assert entry.hash == hashlib.sha1(submitted.content).hexdigest()
    assert entry.size == len(submitted.content)
    assert entry.mime_type == "text/xml"
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"


@pytest.mark.parametrize(
    "form,type_code,class_code",
    [("prescription", "57833-6", "42"), ("lab_result", "11502-2", "10"), ("imaging_report", "18748-4", "31")],
)
def test_kinds(form, type_code, class_code):
    entry = entry_of(FORMS[form]())
    assert (entry.type_code.code, entry.class_code.code) == (type_code, class_code)


def test_times_are_utc_to_the_second():
    entry = entry_of(lab_result(created_at=NOW.replace(microsecond=5)))
    assert entry.creation_time == datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)
    assert entry.service_start == datetime(2026, 11, 20, 8, 20, 15, tzinfo=UTC)
    assert entry.service_stop == datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)
    assert submit(lab_result()).submission_set.submission_time == SENT_AT.replace(microsecond=0)


def test_authors():
    entry = entry_of(prescription())
    person = Person("899700000123", "TESTMED", "Jeanne")
    assert entry.authors[0].person == person
    assert entry.authors[0].institution == Institution(people.LILAS.national_id, people.LILAS.name)
    assert entry.legal_authenticator == person


def test_a_secretary_deposits_and_authors_nothing():
    submission = submit(imaging_report())
    (submitted,) = submission.documents
    assert [a.person.identifier for a in submitted.entry.authors] == [people.RADIOLOGIST.national_id]
    assert submitted.entry.legal_authenticator.identifier == people.RADIOLOGIST.national_id
    depositor = submission.submission_set.author
    assert isinstance(depositor, Author)
    assert depositor.person.identifier == people.SECRETARY.national_id
    assert depositor.institution.identifier == people.IMAGERIE.national_id
    assert depositor.specialty.code == "SECRETARIAT_MEDICAL"


def test_the_patient_as_the_source_knows_them():
    entry = entry_of(prescription())
    assert entry.source_patient_id == people.SOLO.ins.cx
    info = entry.source_patient_info
    assert (info.family_name, info.given_name, info.birth_date, info.sex) == ("TESTEXEMPLE", "ZOÉ", "19870312", "F")
    local = entry_of(prescription(patient=replace(patient(people.SOLO), ipp="IPP42")))
    assert local.source_patient_id == f"IPP42^^^&{SOFTWARE_OID}&ISO^PI"


def test_a_lunar_birth_date_is_transmitted_unchanged():
    entry = entry_of(prescription(patient=patient(people.SOLO, birth_date="19870000")))
    assert entry.source_patient_info.birth_date == "19870000"


@pytest.mark.parametrize(
    "flags,codes",
    [
        ({}, ["N"]),
        ({"masked_to_professionals": True}, ["N", "MASQUE_PS"]),
        ({"invisible_to_patient": True}, ["N", "INVISIBLE_PATIENT"]),
    ],
)
def test_visibility(flags, codes):
    assert [c.code for c in entry_of(prescription(**flags)).confidentiality] == codes


def test_imaging_references():
    entry = entry_of(imaging_report())
    assert [(c.code, c.system) for c in entry.event_codes] == [("MR", "1.2.840.10008.2.16.4")]
    assert [(r.type, r.identifier, r.authority) for r in entry.references] == [
        (ACCESSION, "TEST2026001234", "1.2.250.1.999.7"),
        (STUDY, forms.STUDY.study_uid, ""),
    ]


@pytest.mark.parametrize("issuer", ["", "RIS DU CENTRE"])
def test_an_accession_number_without_oid_is_this_installations_in_both_places(issuer):
    (submitted,) = submit(imaging_report(study=replace(forms.STUDY, accession_issuer=issuer))).documents
    assert submitted.entry.references[0].authority == SOFTWARE_OID
    assert read(submitted.content).header.orders == (f"{SOFTWARE_OID}^TEST2026001234",)


def test_a_study_that_says_little():
    study = replace(forms.STUDY, accession_number="", study_uid="", modality="SR")
    entry = entry_of(imaging_report(study=study))
    assert (entry.references, entry.event_codes) == ((), ())
    assert entry_of(imaging_report(study=None)).references == ()


@pytest.mark.parametrize(
    "document,code,system",
    [
        (prescription(), "SA07", "1.2.250.1.71.4.2.4"),
        (imaging_report(), "SA08", "1.2.250.1.71.4.2.4"),
        (lab_result(), "26", "1.2.250.1.213.2.2"),
        (prescription(author=forms.EMERGENCY), "60", "1.2.250.1.213.2.2"),
    ],
)
def test_content_type(document, code, system):
    found = submit(document).submission_set.content_type
    assert (found.code, found.system) == (code, system)


def test_identifiers_are_stable_but_the_submissions_own():
    one, two = submit(prescription()), submit(prescription())
    assert one.documents == two.documents
    assert one.submission_set.unique_id != two.submission_set.unique_id
    assert is_oid(one.submission_set.unique_id)
    assert one.submission_set.source_id == SOFTWARE_OID


def test_a_replacement_names_the_former_version_in_both_places():
    document = prescription(version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:former"))
    (submitted,) = submit(document).documents
    assert submitted.replaces == "urn:uuid:former"
    assert read(submitted.content).header.related[0].identifier == "2.25.77"


def test_a_chosen_pdf_leaves_as_it_is_and_a_typed_one_is_rendered():
    chosen = pdf_saying("Compte rendu")
    assert read(submit(imaging_report(body=chosen)).documents[0].content).body.content == chosen.content
    typed = read(submit(prescription()).documents[0].content).body.content
    assert "Paracétamol" in text_of(typed)


@pytest.mark.parametrize(
    "document,error,field",
    [
        (prescription(title=""), HeaderProblem, "title"),
        (imaging_report(author=SECRETARY), WrongSigner, "author"),
        (imaging_report(legal_authenticator=SECRETARY), WrongSigner, "legal_authenticator"),
        (prescription(service_start=NOW + timedelta(days=9)), HeaderProblem, "service_start"),
        (HIDDEN_FROM_ALL, MaskedAndInvisible, "invisible_to_patient"),
        (prescription(body=TypedText(" ")), EmptyText, "text"),
        (prescription(body=TypedText("处方")), UnprintableText, "text"),
        (imaging_report(body=PdfFile(b"\x89PNG")), NotPdf, "pdf"),
        (prescription(patient=replace(patient(people.SOLO), ins=None)), UnqualifiedIdentity, "ins"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_field(document, error, field):
    with pytest.raises(error) as caught:
        submit(document)
    assert caught.value.field == field


def test_a_document_of_another_patient():
    document = imaging_report(patient=patient(people.SOLO))
    with pytest.raises(OtherPatient) as caught:
        submit(document)
    assert set(caught.value.sources) == {"dicom", "text"}
    assert "ins" in caught.value.traits
    with pytest.raises(OtherPatient) as caught:
        submit(document, text_compared=True)
    assert caught.value.sources == ("dicom",)
    assert submit(replace(document, study=None), text_compared=True)


def test_the_installation_has_an_oid():
    with pytest.raises(HeaderProblem) as caught:
        prepare(prescription(), software_oid="praticien")
    assert caught.value.field == "software_oid"


def test_kinds_are_all_covered():
    elsewhere = {DocumentKind.OTHER, DocumentKind.SUMMARY}  # test_attached.py, test_summary_writer.py
    assert {form().kind for form in FORMS.values()} | elsewhere == set(DocumentKind)
    assert is_oid(new_oid())
