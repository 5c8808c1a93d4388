"""DICOM headers: one study or a typed refusal. Files are made here, with pydicom."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from demonstration import people
from demonstration.study import write_study
from praticien.documents import dicom
from praticien.documents.dicom import read_study
from praticien.documents.errors import (
    DicomTooBig,
    DicomWithoutPatient,
    InvalidDicom,
    NotDicom,
    SeveralPatients,
    SeveralStudies,
)
from praticien.identity import InsOid

STUDY = "2.25.424242"


def item(**values) -> Dataset:
    data = Dataset()
    for name, value in values.items():
        setattr(data, name, value)
    return data


def write(path: Path, *, syntax=ExplicitVRLittleEndian, charset: str | list[str] = "ISO_IR 192", **values) -> Path:
    """An MR image of the demonstration's patient; ``values`` replace (or with None remove) attributes."""
    fields = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
        "SOPInstanceUID": f"2.25.{abs(hash(path.name))}",
        "StudyInstanceUID": STUDY,
        "StudyDate": "20261119",
        "StudyTime": "101500.250",
        "StudyDescription": "IRM du genou",
        "Modality": "MR",
        "AccessionNumber": "TEST2026001234",
        "PatientName": "TESTIMAGE^HÉLÈNE",
        "PatientID": "IPP-TEST-0042",
        "PatientBirthDate": "19710509",
        "PatientSex": "F",
    }
    with disable_value_validation():
        return _write(path, syntax, charset, fields | values)


def _write(path, syntax, charset, values):
    data = Dataset()
    data.SpecificCharacterSet = charset
    for name, value in values.items():
        if value is not None:
            setattr(data, name, value)
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID = data.get("SOPClassUID", "1.2")
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path


def test_one_file(tmp_path):
    found = read_study(write(tmp_path / "IM1"))
    assert (found.study_uid, found.study_date, found.study_time) == (STUDY, "20261119", "101500")
    assert (found.modality, found.description, found.accession_number) == ("MR", "IRM du genou", "TEST2026001234")
    assert (found.patient_family_name, found.patient_given_name) == ("TESTIMAGE", "HÉLÈNE")
    assert (found.patient_id, found.patient_birth_date, found.patient_sex) == ("IPP-TEST-0042", "19710509", "F")
    assert found.files == 1


def test_the_demonstrations_study(tmp_path):
    found = read_study(write_study(tmp_path, people.SCANNED, images=3))
    assert found.files == 3
    assert found.patient_family_name == people.SCANNED.traits.birth_name
    assert found.accession_number == "TEST2026001234"


def test_nested_folders_with_other_files_between(tmp_path):
    write(tmp_path / "disc" / "A" / "IM1.dcm")
    write(tmp_path / "disc" / "B" / "C" / "IM2")
    (tmp_path / "disc" / "README.TXT").write_text("visionneuse")
    (tmp_path / "disc" / "viewer.exe").write_bytes(b"MZ" + bytes(300))
    (tmp_path / "disc" / "empty").write_bytes(b"")
    assert read_study(tmp_path / "disc").files == 2


def test_a_dicomdir_is_passed_over_or_stands_for_its_folder(tmp_path):
    write(tmp_path / "IM1")
    write(tmp_path / "DICOMDIR", SOPClassUID="1.2.840.10008.1.3.10", PatientName="TESTAUTRE^X", PatientID="9")
    assert read_study(tmp_path).files == 1
    assert read_study(tmp_path / "DICOMDIR").files == 1


def test_links_are_not_followed_out_of_the_folder(tmp_path):
    write(tmp_path / "other" / "IM1", PatientID="9", PatientName="TESTAUTRE^X")
    write(tmp_path / "disc" / "IM1")
    (tmp_path / "disc" / "link").symlink_to(tmp_path / "other", target_is_directory=True)
    (tmp_path / "disc" / "loop").symlink_to(tmp_path / "disc", target_is_directory=True)
    assert read_study(tmp_path / "disc").files == 1


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_pixels_are_not_needed(tmp_path, syntax):
    path = write(tmp_path / "IM1", syntax=syntax)
    path.write_bytes(path.read_bytes() + b"\xe0\x7f\x10\x00OW\x00\x00\xff\xff\xff\x7f")  # two gigabytes announced
    assert read_study(path).modality == "MR"


@pytest.mark.parametrize(
    "charset,name",
    [("ISO_IR 100", "TESTIMAGE^HÉLÈNE"), ("ISO_IR 192", "TESTŒUF^ZOË"), ("ISO_IR 101", "TESTŁÓDŹ^ŻANETA")],
)
def test_character_sets(tmp_path, charset, name):
    found = read_study(write(tmp_path / "IM1", charset=charset, PatientName=name))
    assert f"{found.patient_family_name}^{found.patient_given_name}" == name


@pytest.mark.parametrize(
    "name,family,given",
    [
        ("TESTIMAGE^HELENE^MARIE^DR^II", "TESTIMAGE", "HELENE"),
        ("TESTIMAGE", "TESTIMAGE", ""),
        ("TESTIMAGE HELENE", "TESTIMAGE HELENE", ""),
        ("TESTIMAGE^HELENE=試験^画像", "TESTIMAGE", "HELENE"),
        ("D'EPREUVE-TEST ^ MARIE-LOUISE ", "D'EPREUVE-TEST", "MARIE-LOUISE"),
    ],
)
def test_names(tmp_path, name, family, given):
    found = read_study(write(tmp_path / "IM1", PatientName=name))
    assert (found.patient_family_name, found.patient_given_name) == (family, given)


@pytest.mark.parametrize("written,read_as", [("1971.05.09", "19710509"), ("", ""), (None, "")])
def test_birth_dates(tmp_path, written, read_as):
    assert read_study(write(tmp_path / "IM1", PatientBirthDate=written)).patient_birth_date == read_as


def test_the_ins_among_the_identifiers(tmp_path):
    ins = people.SCANNED.ins
    issuer = item(UniversalEntityID=ins.oid, UniversalEntityIDType="ISO")
    other = item(PatientID=ins.matricule, IssuerOfPatientIDQualifiersSequence=[issuer])
    found = read_study(write(tmp_path / "IM1", OtherPatientIDsSequence=[other], IssuerOfPatientID="RIS"))
    assert (found.patient_id, found.patient_id_issuer) == (ins.matricule, InsOid.TEST)


def test_issuers(tmp_path):
    accession = item(UniversalEntityID="1.2.250.1.999.7", UniversalEntityIDType="ISO")
    found = read_study(write(tmp_path / "IM1", IssuerOfPatientID="RIS", IssuerOfAccessionNumberSequence=[accession]))
    assert (found.patient_id_issuer, found.accession_issuer) == ("RIS", "1.2.250.1.999.7")


def test_images_count_more_than_reports(tmp_path):
    for number, modality in enumerate(["SR", "SR", "KO", "CT", "CT", "PT"]):
        write(tmp_path / f"IM{number}", Modality=modality)
    assert read_study(tmp_path).modality == "CT"
    write(tmp_path / "reports" / "SR1", Modality="SR")
    assert read_study(tmp_path / "reports").modality == "SR"


def test_what_one_file_lacks_another_says(tmp_path):
    write(tmp_path / "IM1", AccessionNumber=None, StudyDescription=None)
    write(tmp_path / "IM2")
    assert read_study(tmp_path).accession_number == "TEST2026001234"


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"PatientID": "OTHER"},
        {"PatientName": "TESTAUTRE^HÉLÈNE"},
        {"PatientName": "TESTIMAGE^ANNE"},
        {"PatientBirthDate": "19710510"},
    ],
)
def test_several_patients(tmp_path, change):
    write(tmp_path / "IM1")
    write(tmp_path / "IM2", **change)
    with pytest.raises(SeveralPatients):
        read_study(tmp_path)


def test_the_same_patient_spelt_twice(tmp_path):
    write(tmp_path / "IM1")
    write(tmp_path / "IM2", PatientName="Testimage^Helene")
    assert read_study(tmp_path).files == 2


def test_several_studies(tmp_path):
    write(tmp_path / "IM1")
    write(tmp_path / "IM2", StudyInstanceUID="2.25.43")
    with pytest.raises(SeveralStudies):
        read_study(tmp_path)


@pytest.mark.parametrize("change", [{"PatientName": None, "PatientID": None}, {"PatientName": "", "PatientID": ""}])
def test_no_patient(tmp_path, change):
    with pytest.raises(DicomWithoutPatient):
        read_study(write(tmp_path / "IM1", **change))


def noise(path):
    path.write_bytes(b"\x89PNG" + bytes(400))


def preamble_only(path):
    path.write_bytes(bytes(128) + b"DICM" + b"\xff" * 50)


def cut_in_meta(path):
    write(path)
    path.write_bytes(path.read_bytes()[:170])


def without_study(path):
    write(path, StudyInstanceUID=None)


def folder(path):
    path.mkdir()


def absent(path):
    """No file at all."""


@pytest.mark.parametrize("make", [noise, preamble_only, cut_in_meta, without_study, folder, absent])
def test_not_dicom(tmp_path, make):
    make(tmp_path / "x")
    with pytest.raises(NotDicom) as caught:
        read_study(tmp_path / "x")
    assert caught.value.field == "dicom"


def test_a_deflated_bomb_is_not_inflated(tmp_path):
    path = write(tmp_path / "IM1", syntax=DeflatedExplicitVRLittleEndian)
    deflated = zlib.compressobj(wbits=-15)
    start = path.read_bytes()
    path.write_bytes(start + deflated.compress(bytes(50_000_000)) + deflated.flush())
    with pytest.raises(NotDicom):
        read_study(path)


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(dicom, "MAX_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}").write_bytes(b"")
    with pytest.raises(DicomTooBig):
        read_study(tmp_path)


@pytest.mark.parametrize(
    "values",
    [
        {"PatientBirthDate": "TEST 71"},
        {"PatientName": "TEST" * 40, "PatientSex": "TESTEXE^^"},
        {"StudyInstanceUID": "1.2.TEST.3"},
        {"AccessionNumber": "TEST" * 30, "StudyTime": "TEST"},
    ],
)
def test_neither_warnings_nor_log_quote_a_value(tmp_path, recwarn, caplog, values):
    path = write(tmp_path / "IM1", charset="ISO_IR 100", **values)
    caplog.clear()
    assert read_study(path).files == 1
    assert [str(w.message) for w in recwarn] == []
    assert "TEST" not in caplog.text


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write(tmp_path_factory.mktemp("dicom") / "IM1").read_bytes()


@given(changes=st.lists(st.tuples(st.integers(128, 900), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4))
def test_damaged_headers_are_read_or_refused(tmp_path_factory, sample, changes):
    data = bytearray(sample)
    for place, replacement in changes:
        data[place : place + len(replacement)] = replacement
    path = tmp_path_factory.mktemp("damaged") / "IM1"
    path.write_bytes(data)
    try:
        assert read_study(path).files == 1
    except InvalidDicom as error:
        assert error.code.startswith("dicom.")  # noqa: PT017 (both outcomes are right)
