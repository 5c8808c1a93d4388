"""CDA documents written: against the official schemas and schematrons when they are there, and field by field."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from lxml import etree

from demonstration import people
from praticien.documents.cda_writer import birth_time, build
from praticien.documents.errors import HeaderProblem
from praticien.documents.model import Party, ReplacedVersion
from praticien.identity import Sex, UnqualifiedIdentity
from praticien.professional import Professional, Structure
from tests.praticien.forms import (
    FORMS,
    GP,
    NOW,
    RADIOLOGIST,
    STUDY,
    imaging_report,
    lab_result,
    patient,
    pdf_saying,
    prescription,
)
from tests.validators import errors_of, judge, official

NS = {"h": "urn:hl7-org:v3", "d": "urn:dicom-org:ps3-20"}
PDF = pdf_saying("contenu").content
NURSE = Party(Professional("899700000188", "TESTSOIN", "Ève", profession="60"), people.MAISON)
DENTIST = Party(Professional("899700000196", "TESTDENT", "Noé", profession="40", specialty="SCD01"), people.LILAS)
UNUSUAL = patient(
    people.SCANNED, birth_name="D'ÉPREUVE-TEST & FILS <FICTIF>", birth_first_names=("MARIE-LOUISE", "D’ARC", "ZOË")
)

VARIANTS = {
    **{name: form() for name, form in FORMS.items()},
    "accents, apostrophes, double names": prescription(
        patient=replace(UNUSUAL, used_name="L’HÔPITAL-TEST", used_first_name="MARIE"),
        title="Ordonnance d'été : « à renouveler » <5 jours> & plus",
    ),
    "lunar, month 00": prescription(patient=patient(people.SOLO, birth_date="19710000")),
    "lunar, month 13": prescription(patient=patient(people.SOLO, birth_date="19711342")),
    "lunar, 31 February": prescription(patient=patient(people.SOLO, birth_date="19710231")),
    "birth place unknown": prescription(patient=patient(people.SOLO, birth_place="")),
    "born in Corsica, a boy": prescription(patient=patient(people.TOM, birth_place="2A004")),
    "used name": prescription(patient=replace(patient(people.NORA), used_name="TESTUSAGE")),
    "minor": lab_result(patient=patient(people.TOM)),
    "nurse": prescription(author=NURSE, legal_authenticator=NURSE),
    "dentist with a specialty": prescription(author=DENTIST, legal_authenticator=DENTIST),
    "signed by another": prescription(legal_authenticator=RADIOLOGIST),
    "entered by the secretary": prescription(entered_by=Party(people.SECRETARY, people.LILAS)),
    "second version": prescription(version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    "hidden from the patient": lab_result(invisible_to_patient=True),
    "start and stop equal": lab_result(service_stop=NOW, service_start=NOW),
    "in UTC": prescription(created_at=NOW.astimezone(UTC), service_start=NOW.astimezone(UTC)),
    "study without accession number": imaging_report(study=replace(STUDY, accession_number="")),
    "accession number without issuer": imaging_report(study=replace(STUDY, accession_issuer="")),
    "modality unknown to the DMP": imaging_report(study=replace(STUDY, modality="SR")),
    "imaging without study": imaging_report(study=None),
    "imaging typed by the radiologist": imaging_report(entered_by=None),
    "social care": prescription(author=replace(GP, structure=Structure("1990000041", "EHPAD FICTIF", "SA17"))),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The official verdict on every variant, by one process (its rules take seconds to compile)."""
    contents = {name: build(document, PDF) for name, document in VARIANTS.items()}
    root = etree.fromstring(build(prescription(), PDF))
    root.remove(root.find("h:legalAuthenticator", NS))
    return judge(tmp_path_factory.mktemp("cda"), contents | {"broken": etree.tostring(root)})


@official
@pytest.mark.official
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", list(VARIANTS))
def test_the_official_rules_accept_it(judged, name):
    verdict = judged[name]
    assert errors_of(verdict) == {}
    assert verdict["valid"]
    assert verdict["layers"]["min"]["fired"] > 50  # rules were really applied


@official
@pytest.mark.official
def test_the_official_rules_refuse_what_is_broken(judged):
    """The test above can fail: without its legal authenticator a document is refused."""
    assert not judged["broken"]["valid"]
    assert "min" in errors_of(judged["broken"])


def read(document, pdf=PDF):
    root = etree.fromstring(build(document, pdf))

    def values(path):
        return root.xpath(path, namespaces=NS)

    return values


@pytest.mark.parametrize("form", list(FORMS))
def test_the_same_document_gives_the_same_bytes(form):
    assert build(FORMS[form](), PDF) == build(FORMS[form](), PDF)


def test_the_pdf_is_carried_byte_for_byte():
    values = read(prescription())
    (body,) = values("h:component/h:nonXMLBody/h:text")
    assert (body.get("mediaType"), body.get("representation")) == ("application/pdf", "B64")
    assert base64.b64decode(body.text) == PDF


def test_identification():
    values = read(prescription(version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")))
    assert values("h:id/@root") == ["2.25.1001"]
    assert values("h:setId/@root") == ["2.25.1000"]
    assert values("h:versionNumber/@value") == ["2"]
    assert values("h:relatedDocument[@typeCode='RPLC']/h:parentDocument/h:id/@root") == ["2.25.77"]
    assert values("h:code/@code") == ["57833-6"]
    assert values("h:effectiveTime/@value") == ["20261120093015+0100"]
    assert values("h:title/text()") == ["Ordonnance du 20 novembre"]


def test_the_patient():
    values = read(prescription(patient=replace(patient(people.SOLO), used_name="TESTUSAGE")))
    role = "h:recordTarget/h:patientRole"
    assert values(f"{role}/h:id/@extension") == [people.SOLO.ins.matricule]
    assert values(f"{role}/h:id/@root") == [people.SOLO.ins.oid]
    assert values(f"{role}/h:patient/h:name/h:family[@qualifier='BR']/text()") == ["TESTEXEMPLE"]
    assert values(f"{role}/h:patient/h:name/h:family[@qualifier='CL']/text()") == ["TESTUSAGE"]
    assert values(f"{role}/h:patient/h:name/h:given[not(@qualifier)]/text()") == ["ZOÉ LÉA"]
    assert values(f"{role}/h:patient/h:name/h:given[@qualifier='BR']/text()") == ["ZOÉ"]
    assert values(f"{role}/h:patient/h:administrativeGenderCode/@code") == ["F"]
    assert values(f"{role}/h:patient/h:birthTime/@value") == ["19870312"]
    assert values(f"{role}/h:patient/h:birthplace/h:place/h:addr/h:county/text()") == ["99999"]


def test_a_man():
    document = prescription(patient=patient(people.YANN, sex=Sex.MALE))
    assert read(document)("//h:administrativeGenderCode/@displayName") == ["Masculin"]


@pytest.mark.parametrize(
    "born,written",
    [
        ("19710509", "19710509"),
        ("19710000", "1971"),
        ("19711342", "1971"),
        ("19710231", "197102"),
        ("19710500", "197105"),
    ],
)
def test_a_lunar_date_keeps_what_the_calendar_knows(born, written):
    assert birth_time(born) == written


def test_the_secretary_enters_and_nothing_else():
    values = read(imaging_report())
    secretary = people.SECRETARY.national_id
    holders = [element.getparent().tag.split("}")[1] for element in values("//h:assignedEntity | //h:assignedAuthor")
               if element.find("h:id", NS).get("extension") == secretary]  # fmt: skip
    assert holders == ["dataEnterer"]
    radiologist = people.RADIOLOGIST.national_id
    assert values("h:author/h:assignedAuthor/h:id/@extension") == [radiologist]
    assert values("h:legalAuthenticator/h:assignedEntity/h:id/@extension") == [radiologist]
    assert values("h:documentationOf/h:serviceEvent/h:performer/h:assignedEntity/h:id/@extension") == [radiologist]
    assert values("h:dataEnterer/h:assignedEntity/h:code/@code") == ["SECRETARIAT_MEDICAL"]


def test_imaging_references():
    values = read(imaging_report())
    assert values("h:inFulfillmentOf/h:order/d:accessionNumber/@extension") == ["TEST2026001234"]
    assert values("h:inFulfillmentOf/h:order/d:accessionNumber/@root") == ["1.2.250.1.999.7"]
    assert values("h:documentationOf/h:serviceEvent/h:id/@root") == [STUDY.study_uid]
    assert values("h:documentationOf/h:serviceEvent/h:code/h:translation/@code") == ["MR"]


def test_an_accession_number_without_issuer_identifies_nothing():
    assert read(imaging_report(study=replace(STUDY, accession_issuer="RIS")))("h:inFulfillmentOf") == []


def test_where_it_happened():
    values = read(lab_result())
    encounter = "h:componentOf/h:encompassingEncounter"
    assert values(f"{encounter}/h:location/h:healthCareFacility/h:code/@code") == ["SA01"]
    assert values(f"{encounter}/h:code/@code") == ["EXTERNE"]
    assert values(f"{encounter}/h:effectiveTime/h:low/@value") == ["20261120092015+0100"]
    assert values(f"{encounter}/h:effectiveTime/h:high/@value") == ["20261120093015+0100"]
    assert values("h:custodian//h:id/@extension") == [people.HOPITAL.national_id]
    setting = "h:author/h:assignedAuthor/h:representedOrganization/h:standardIndustryClassCode/@code"
    assert values(setting) == ["ETABLISSEMENT"]


def test_nothing_is_built_for_an_unqualified_identity():
    with pytest.raises(UnqualifiedIdentity):
        build(prescription(patient=replace(patient(people.SOLO), ins=None)), PDF)


def test_nothing_is_built_from_a_wrong_header():
    with pytest.raises(HeaderProblem):
        build(prescription(service_start=NOW + timedelta(days=3)), PDF)
