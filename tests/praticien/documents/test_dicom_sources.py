"""A study from a zip, its series and doses; what a hostile archive or dose report may try."""

import stat
import zipfile

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from demonstration import people
from demonstration.study import write_study
from praticien.documents import dicom
from praticien.documents.dicom import read_study
from praticien.documents.errors import DicomTooBig, NotDicom, SeveralPatients
from praticien.documents.imaging import Exposure
from tests.praticien.documents.test_dicom import item, write

RDSR = "1.2.840.10008.5.1.4.1.1.88.67"
CT = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "Modality": "CT"}


def packed(path, files, **how):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, file in files.items():
            archive.write(file, name)
    return path


@pytest.fixture
def archive(tmp_path):
    folder = write_study(tmp_path / "study", people.SCANNED, images=3)
    (folder / "LISEZMOI.TXT").write_text("visionneuse")
    return packed(tmp_path / "examen.zip", {f"DICOM/{file.name}": file for file in folder.iterdir()})


def test_a_zip_gives_what_its_folder_gives(tmp_path, archive):
    assert read_study(archive) == read_study(tmp_path / "study")
    assert read_study(archive).files == 3


def test_series_in_order_with_their_objects(tmp_path):
    rows = (("2.25.2", "MR"), ("2.25.2", "MR"), ("2.25.1", "MR"), ("2.25.9", "SR"))
    for number, (series, modality) in enumerate(rows):
        write(
            tmp_path / f"IM{number}",
            SOPInstanceUID=f"2.25.10{number}",
            SeriesInstanceUID=series,
            SeriesNumber=series[-1],
            SeriesDescription=f"S{series[-1]}",
            SeriesDate="20261119",
            SeriesTime="101501.5",
            Modality=modality,
        )
    found = read_study(tmp_path).series
    assert [(one.uid, one.modality, len(one.instances)) for one in found] == [
        ("2.25.1", "MR", 1),
        ("2.25.2", "MR", 2),
        ("2.25.9", "SR", 1),
    ]
    assert (found[1].description, found[1].started) == ("S2", "20261119101501")


def test_an_object_met_twice_counts_once(tmp_path):
    for name in ("IM1", "copy of IM1"):
        write(tmp_path / name, SOPInstanceUID="2.25.7", SeriesInstanceUID="2.25.1")
    (series,) = read_study(tmp_path).series
    assert len(series.instances) == 1


def test_order_requester_side_and_body_part(tmp_path):
    request = item(
        AccessionNumber="TEST77",
        PlacerOrderNumberImagingServiceRequest="984",
        OrderPlacerIdentifierSequence=[item(UniversalEntityID="1.2.250.1.999.12", UniversalEntityIDType="ISO")],
    )
    write(
        tmp_path / "IM1",
        RequestAttributesSequence=[request],
        AccessionNumber=None,
        ReferringPhysicianName="TESTMED^Jeanne",
        BodyPartExamined="KNEE",
        Laterality="L",
    )
    found = read_study(tmp_path)
    assert (found.order_number, found.order_issuer, found.accession_number) == ("984", "1.2.250.1.999.12", "TEST77")
    assert (found.requester, found.body_part, found.laterality) == ("Jeanne TESTMED", "KNEE", "L")


# -- archives ------------------------------------------------------------------------------------------------------


def test_names_that_climb_lead_nowhere(tmp_path, archive):
    inner = next((tmp_path / "study").glob("*.dcm"))
    hostile = packed(tmp_path / "climb.zip", {"../../../../tmp/evil.dcm": inner, "/etc/evil.dcm": inner})
    before = sorted(path for path in tmp_path.rglob("*"))
    assert read_study(hostile).files == 2
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_links_and_encrypted_members_are_not_looked_at(tmp_path, archive):
    with zipfile.ZipFile(archive, "a") as added:
        link = zipfile.ZipInfo("link.dcm")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        added.writestr(link, "/etc/passwd")
        added.filelist[0].flag_bits |= 1
        added._didModify = True
    assert read_study(archive).files == 2


def test_too_many_or_too_long_members(tmp_path, archive, monkeypatch):
    monkeypatch.setattr(dicom, "MAX_ZIP_BYTES", 1000)
    with pytest.raises(DicomTooBig):
        read_study(archive)
    monkeypatch.undo()
    monkeypatch.setattr(dicom, "MAX_FILES", 2)
    with pytest.raises(DicomTooBig):
        read_study(archive)


def test_a_value_as_long_as_a_bomb_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(dicom, "MAX_VALUE_BYTES", 100_000)
    image = write(tmp_path / "IM1", PatientID="IPP", StudyDescription=None)
    data = image.read_bytes()
    start = data.index(b"\x10\x00\x10\x00")  # PatientName: an endless one put before it
    bomb = b"\x08\x00\x30\x10UT\x00\x00" + (50_000_000).to_bytes(4, "little") + bytes(50_000_000)
    image.write_bytes(data[:start] + bomb + data[start:])
    with pytest.raises(NotDicom):
        read_study(packed(tmp_path / "bomb.zip", {"IM1": image}))


def test_two_patients_in_one_zip(tmp_path):
    one, other = write(tmp_path / "IM1"), write(tmp_path / "IM2", PatientName="TESTAUTRE^LUC", PatientID="9")
    with pytest.raises(SeveralPatients):
        read_study(packed(tmp_path / "two.zip", {"IM1": one, "IM2": other}))


@pytest.mark.parametrize("cut", [30, 200, -40])
def test_a_cut_archive_is_refused(archive, cut):
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(NotDicom):
        read_study(archive)


def test_a_zip_without_any_image(tmp_path):
    (tmp_path / "text").write_text("rien")
    with pytest.raises(NotDicom):
        read_study(packed(tmp_path / "x.zip", {"text": tmp_path / "text"}))


# -- doses ---------------------------------------------------------------------------------------------------------


def named(code, scheme="DCM"):
    return item(CodeValue=code, CodingSchemeDesignator=scheme, CodeMeaning="x")


def number(code, value, unit, **more):
    unit_item = item(CodeValue=unit, CodingSchemeDesignator="UCUM", CodeMeaning=unit)
    measured = item(NumericValue=value, MeasurementUnitsCodeSequence=[unit_item])
    return item(
        RelationshipType="CONTAINS",
        ValueType="NUM",
        ConceptNameCodeSequence=[named(code, **more)],
        MeasuredValueSequence=[measured],
    )


def container(*items):
    return item(
        RelationshipType="CONTAINS",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=[named("113811")],
        ContentSequence=list(items),
    )


def dose_report(path, *items):
    return write(
        path,
        SOPClassUID=RDSR,
        SOPInstanceUID="2.25.900",
        SeriesInstanceUID="2.25.90",
        Modality="SR",
        ContentSequence=list(items),
    )


def test_a_dose_report_gives_the_totals_it_names(tmp_path):
    write(tmp_path / "IM1", **CT, CTDIvol=9.9, SeriesInstanceUID="2.25.1")
    total = container(number("113813", "1140.26", "mGy.cm"), number("113812", "3", "{events}"))
    event = container(container(number("113830", "13.64", "mGy")))
    dose_report(tmp_path / "dose", total, event, event)
    found = read_study(tmp_path)
    assert found.exposures == (Exposure("113813", "1140.26", "mGy.cm"), Exposure("113830", "13.64", "mGy"))
    assert found.modality == "CT"


@pytest.mark.parametrize(
    "made",
    [
        number("113813", "-3", "mGy.cm"),
        number("113813", "5", "mGy cm"),
        number("113813", "5", "mGy.cm", scheme="99TEST"),
        item(ValueType="NUM", RelationshipType="CONTAINS"),
        item(ValueType="NUM", ConceptNameCodeSequence=[named("113813")], MeasuredValueSequence=[Dataset()]),
    ],
)
def test_a_measure_that_means_nothing_is_left_out(tmp_path, made):
    dose_report(tmp_path / "dose", container(made))
    assert read_study(tmp_path).exposures == ()


def test_a_dose_report_nested_without_end_is_bounded(tmp_path):
    deep = number("113813", "5", "mGy.cm")
    for _ in range(60):
        deep = container(deep)
    dose_report(tmp_path / "dose", deep, number("113830", "2", "mGy"))
    assert read_study(tmp_path).exposures == (Exposure("113830", "2", "mGy"),)


def test_a_dose_report_of_many_megabytes_is_not_taken_in(tmp_path, monkeypatch):
    monkeypatch.setattr(dicom, "MAX_DOSE_REPORT_BYTES", 2000)
    dose_report(tmp_path / "dose", *[number("113813", str(n), "mGy.cm") for n in range(1, 200)])
    assert read_study(tmp_path).exposures == ()


def test_without_dose_report_the_images_speak(tmp_path):
    for n, value in enumerate((7.5, 12.25, 3.0)):
        write(tmp_path / f"CT{n}", **CT, CTDIvol=value)
    assert read_study(tmp_path).exposures == (Exposure("113830", "12.25", "mGy"),)
    for n in range(2):
        radiograph = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", "Modality": "DX"}
        write(tmp_path / "dx" / f"{n}", **radiograph, ImageAndFluoroscopyAreaDoseProduct="0.5")
    assert read_study(tmp_path / "dx").exposures == (Exposure("113722", "0.00001", "Gy.m2"),)


def test_syntax_of_the_transfer_does_not_matter_for_headers(tmp_path):
    write(tmp_path / "IM1", syntax=ExplicitVRLittleEndian)
    write(tmp_path / "IM2", syntax="1.2.840.10008.1.2.4.90")  # JPEG 2000: no pixel is decoded
    assert read_study(tmp_path).files == 2
