"""A fictitious MR study and its dictated report, as a radiology department would have them on disk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from praticien.deposit import new_oid
from reference_server.seeds import DossierSeed

_SIZE = 64


@dataclass(frozen=True)
class _Identifiers:
    study: str
    series: str
    frame: str
    accession: str


def write_study(folder: Path, seed: DossierSeed, *, images: int = 3, accession: str = "TEST2026001234") -> Path:
    """Write ``images`` small MR slices of one series in ``folder`` (made if needed); returns ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    identifiers = _Identifiers(new_oid(), new_oid(), new_oid(), accession)
    for number in range(1, images + 1):
        data = _slice(seed, identifiers, number)
        data.save_as(folder / f"IM{number:04d}.dcm", enforce_file_format=True)
    return folder


def _slice(seed: DossierSeed, ids: _Identifiers, number: int):  # type: ignore[no-untyped-def]
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

    now = dt.datetime.now()
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = MRImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = new_oid()
    data.SpecificCharacterSet = "ISO_IR 192"
    _describe_patient(data, seed)
    data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = ids.study, ids.series, ids.frame
    data.StudyDate = data.SeriesDate = data.ContentDate = now.strftime("%Y%m%d")
    data.StudyTime = data.SeriesTime = data.ContentTime = now.strftime("%H%M%S")
    data.AccessionNumber, data.Modality, data.BodyPartExamined = ids.accession, "MR", "KNEE"
    data.StudyDescription, data.SeriesDescription = "IRM du genou gauche", "T1 sagittal"
    data.StudyID, data.SeriesNumber, data.InstanceNumber = "1", 1, number
    data.Manufacturer, data.ReferringPhysicianName, data.PositionReferenceIndicator = "FICTIF", "TESTMED^Jeanne", ""
    data.PatientPosition, data.Laterality = "FFS", "L"
    _describe_acquisition(data, number)
    return data


def _describe_patient(data, seed: DossierSeed) -> None:  # type: ignore[no-untyped-def]
    data.PatientName = f"{seed.traits.birth_name}^{seed.traits.first_name}"
    data.PatientID, data.IssuerOfPatientID = "IPP-TEST-0042", "CENTRE D'IMAGERIE FICTIF"
    data.PatientBirthDate, data.PatientSex = seed.traits.birth_date, seed.traits.sex.value


def _describe_acquisition(data, number: int) -> None:  # type: ignore[no-untyped-def]
    data.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    data.ScanningSequence, data.SequenceVariant, data.ScanOptions, data.MRAcquisitionType = "SE", "NONE", "", "2D"
    data.RepetitionTime, data.EchoTime, data.EchoTrainLength = "500", "15", "1"
    data.SliceThickness, data.PixelSpacing = "3", ["2.5", "2.5"]
    data.ImagePositionPatient = [str(3 * number), "0", "0"]
    data.ImageOrientationPatient = ["0", "1", "0", "0", "0", "-1"]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows = data.Columns = _SIZE
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    values = ((x * x + y * number * 8) % 4096 for y in range(_SIZE) for x in range(_SIZE))
    data.PixelData = b"".join(value.to_bytes(2, "little") for value in values)


def write_report(path: Path, seed: DossierSeed, *, accession: str = "TEST2026001234") -> Path:
    """The report as a PDF that some RIS printed: letterhead, patient, text."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    born = seed.traits.birth_date
    lines = [
        "CENTRE D'IMAGERIE FICTIF — TESTVILLE",
        f"Dossier {accession}",
        "",
        f"Patient : {seed.traits.birth_name} {seed.traits.first_name}",
        f"Née le {born[6:]}/{born[4:6]}/{born[:4]}",
        "",
        "IRM DU GENOU GAUCHE",
        "",
        "Indication : gonalgie mécanique.",
        "Technique : T1 sagittal, T2 dans les trois plans.",
        "Résultat : fissure horizontale de la corne postérieure du ménisque médial.",
        "Cartilages et ligaments d'aspect normal.",
        "",
        "Conclusion : méniscopathie dégénérative médiale.",
        "",
        "Dr Paule TESTRADIO",
    ]
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setTitle("IRM du genou gauche")
    text = canvas.beginText(72, 760)
    text.setFont("Helvetica", 12)
    text.setLeading(18)
    text.textLines("\n".join(lines))
    canvas.drawText(text)
    canvas.save()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return path
