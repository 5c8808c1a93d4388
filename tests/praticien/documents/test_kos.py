"""The manifest: sound DICOM for others' programs, read back equal, deposited beside its report."""

import io
import subprocess
from dataclasses import replace

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.deposit import prepare
from praticien.documents import kos, manifest
from praticien.documents.errors import HeaderProblem
from praticien.documents.manifest import InvalidManifest
from praticien.documents.model import ReplacedVersion
from praticien.documents.registry_codes import ACCESSION, STUDY
from tests.effort import examples
from tests.generated import drawn
from tests.praticien.documents.imaging_reports import reports, series
from tests.praticien.documents.structured.test_imaging_writer import CT, FULL, of
from tests.praticien.forms import SOFTWARE_OID, imaging_report, patient, report_pdf
from tests.programs import needs

SECRET = "TESTIMAGE"
filled = series.filter(lambda one: one.instances)


def deposited(document):
    return prepare(document, software_oid=SOFTWARE_OID, text_compared=True).documents


def made(document=None):
    return deposited(document or of(study=FULL))[1]


def dataset(content):
    return pydicom.dcmread(io.BytesIO(content))


def test_the_manifest_is_a_document_of_its_own_in_the_same_submission():
    report, images = deposited(of(study=FULL))
    entry = images.entry
    assert (entry.mime_type, entry.type_code.code, entry.class_code.code) == ("application/dicom", "IMG-KOS", "31")
    assert (entry.format_code.code, entry.format_code.system) == (kos.KOS_CLASS, "1.2.840.10008.2.6.1")
    assert entry.unique_id == dataset(images.content).SOPInstanceUID != report.entry.unique_id
    assert {one.type for one in entry.references} == {ACCESSION, STUDY}
    assert [code.code for code in entry.event_codes] == ["MR", "61685007"]
    assert entry.entry_uuid != report.entry.entry_uuid
    assert (entry.size, entry.patient_id) == (len(images.content), report.entry.patient_id)


@pytest.mark.parametrize(
    "document",
    [
        of(study=None),
        of(study=replace(FULL, retrieve_url="")),
        of(study=replace(FULL, series=())),
        of(study=FULL, version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    ],
)
def test_there_is_none_without_address_or_series_nor_for_a_corrected_report(document):
    assert len(deposited(document)) == 1


def test_level_1_reports_have_one_too():
    assert len(deposited(imaging_report(study=FULL))) == 2


def test_identity_numbers_and_addresses_are_in_it():
    data = dataset(made(of(study=FULL, report={"order_number": "984", "order_authority": "1.2.3.4"})).content)
    ins = imaging_report().patient.qualified_ins
    assert (data.PatientID, data.IssuerOfPatientID) == (ins.matricule, "ASIP-SANTE-INS-NIR")
    assert data.IssuerOfPatientIDQualifiersSequence[0].UniversalEntityID == ins.oid
    assert (data.Modality, data.SeriesNumber, data.TimezoneOffsetFromUTC) == ("KO", 59, "+0100")
    request = data.ReferencedRequestSequence[0]
    assert request.IssuerOfAccessionNumberSequence[0].UniversalEntityID == FULL.accession_issuer
    assert request.PlacerOrderNumberImagingServiceRequest == "984"
    assert request.OrderPlacerIdentifierSequence[0].UniversalEntityID == "1.2.3.4"
    urls = [s.RetrieveURL for s in data.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence]
    assert urls == [f"https://drim.test.invalid/wado-rs/studies/{FULL.study_uid}/series/{s.uid}" for s in FULL.series]


def test_the_same_report_gives_the_same_bytes():
    assert made().content == made().content


@pytest.mark.parametrize("url", ["ftp://x", "https://a b", "javascript:alert(1)", "https://"])
def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(HeaderProblem) as caught:
        deposited(of(study=replace(FULL, retrieve_url=url)))
    assert caught.value.field == "study"


def test_read_back_it_says_what_was_written():
    found = manifest.read(made(of(CT, study=FULL)).content)
    assert found.header.study_uid == FULL.study_uid
    assert found.header.patient_id == imaging_report().patient.qualified_ins.matricule
    assert [(s.modality, s.description, s.objects) for s in found.series] == [
        ("MR", "T1 sagittal", 1),
        ("SR", "Dose", 1),
    ]
    assert found.objects == 2
    assert found.series[0].url.endswith(FULL.series[0].uid)


# -- what others' programs say of it -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Manifests of written and generated reports."""
    contents = [made().content, made(imaging_report(study=FULL, body=imaging_report().body)).content]

    series = st.lists(filled, min_size=1, max_size=3, unique_by=lambda s: s.uid)
    for body, listed in drawn(st.tuples(reports, series), examples(8)):
        contents.append(made(imaging_report(body=body, study=replace(FULL, series=tuple(listed)))).content)
    folder = tmp_path_factory.mktemp("kos")
    for number, content in enumerate(contents):
        (folder / f"{number}.dcm").write_bytes(content)
    return sorted(folder.iterdir())


@needs("dciodvfy")
def test_dciodvfy_finds_no_error(files):
    for file in files:
        done = subprocess.run(["dciodvfy", file], capture_output=True, text=True, check=False, timeout=60)
        errors = [line for line in done.stderr.splitlines() if line.startswith("Error")]
        assert (errors, "KeyObjectSelectionDocument" in done.stderr) == ([], True), file


@needs("dciodvfy")
def test_dciodvfy_would_find_one(files, tmp_path):
    data = pydicom.dcmread(files[0])
    del data.CurrentRequestedProcedureEvidenceSequence
    del data.ConceptNameCodeSequence
    data.save_as(tmp_path / "broken.dcm")
    done = subprocess.run(["dciodvfy", tmp_path / "broken.dcm"], capture_output=True, text=True, check=False)
    assert "Error" in done.stderr


@needs("dsrdump")
def test_dsrdump_reads_title_text_and_every_reference(files):
    for file in files:
        done = subprocess.run(["dsrdump", "+U8", file], capture_output=True, text=True, check=True, timeout=60)
        objects = sum(s.objects for s in manifest.read(file.read_bytes()).series)
        assert "Key Object Selection Document" in done.stdout
        assert 'Manifest"' in done.stdout
        assert done.stdout.count("<contains IMAGE") + done.stdout.count("<contains COMPOSITE") == objects


# -- what is no manifest -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", bytes(400), bytes(128) + b"DICM" + b"\xff" * 40, report_pdf()])
def test_other_files_are_refused(content):
    with pytest.raises(InvalidManifest) as caught:
        manifest.read(content)
    assert caught.value.field == "document"


def test_an_image_is_no_manifest(tmp_path):
    from tests.praticien.documents.test_dicom import write

    with pytest.raises(InvalidManifest):
        manifest.read(write(tmp_path / "IM1").read_bytes())


def test_too_many_bytes_are_not_read(monkeypatch):
    monkeypatch.setattr(manifest, "MAX_BYTES", 100)
    with pytest.raises(InvalidManifest):
        manifest.read(made().content)


@given(changes=st.lists(st.tuples(st.integers(128, 2500), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4))
def test_damaged_manifests_are_read_or_refused(changes):
    data = bytearray(SOUND)
    for place, replacement in changes:
        data[place : place + len(replacement)] = replacement
    try:
        assert manifest.read(bytes(data)).objects >= 0
    except InvalidManifest as error:
        assert SECRET not in str(error)  # noqa: PT017 (both outcomes are right)


SOUND = made().content


def test_a_patient_of_the_foreign_authority_is_said(monkeypatch):
    from praticien.identity import InsOid

    who = patient_under(InsOid.NIA)
    data = dataset(made(of(study=FULL, patient=who)).content)
    assert data.IssuerOfPatientID == "ASIP-SANTE-INS-NIA"


def patient_under(oid):
    from demonstration import people

    who = patient(people.SCANNED)
    return replace(who, ins=replace(who.ins, oid=oid))
