"""Headers of a DICOM file or folder: one study of one patient, or a typed refusal. Pixels are never read.

Sources: DICOM PS3.10 (preamble, DICOMDIR), PS3.3 C.7 (patient, study), PS3.5 6.2 (person names).
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from praticien.documents.errors import (
    DicomTooBig,
    DicomWithoutPatient,
    NotDicom,
    SeveralPatients,
    SeveralStudies,
)
from praticien.documents.model import ImagingStudy
from praticien.identity import INS_OIDS
from praticien.matching import fold

MAX_FILES = 5000
_DEFLATED = "1.2.840.10008.1.2.1.99"
_DICOMDIR = "1.2.840.10008.1.3.10"
_NOT_IMAGES = frozenset({"SR", "KO", "PR", "DOC", "SEG", "REG", "AU", "FID", "RWV"})
_TAGS = (
    "SOPClassUID",
    "SpecificCharacterSet",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "Modality",
    "AccessionNumber",
    "IssuerOfAccessionNumberSequence",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence",
    "OtherPatientIDsSequence",
    "PatientBirthDate",
    "PatientSex",
)


def read_study(path: Path) -> ImagingStudy:
    """The one study in a file or a folder (searched recursively; a DICOMDIR stands for its folder).

    Raises NotDicom, DicomWithoutPatient, SeveralPatients, SeveralStudies, DicomTooBig (all with field "dicom").
    """
    headers = _headers(path)
    if not headers:
        raise NotDicom("no DICOM file with a readable header")
    patients = {_patient_key(header) for header in headers}
    if len(patients) > 1:
        raise SeveralPatients
    if not any(part for part in next(iter(patients))[:3]):
        raise DicomWithoutPatient
    if len({_text(header, "StudyInstanceUID") for header in headers}) > 1:
        raise SeveralStudies
    return _study(headers)


def _headers(path: Path) -> list[Any]:
    return [header for file in _files(path) if (header := _header(file)) is not None]


def _files(path: Path) -> Iterator[Path]:
    """Files to look at, in a stable order; links to folders are not followed."""
    try:
        folder = path.parent if path.name.upper() == "DICOMDIR" else path
        if not folder.is_dir():
            yield folder
            return
        count = 0
        for root, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                count += 1
                if count > MAX_FILES:
                    raise DicomTooBig
                yield Path(root, name)
    except OSError:
        raise NotDicom("cannot be read") from None


def _header(file: Path) -> Any | None:
    """The wanted tags of one file; None when it is no DICOM image (a DICOMDIR, a viewer's program, a text)."""
    import pydicom
    from pydicom.filereader import read_file_meta_info

    if not _has_preamble(file):
        return None
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)  # its messages quote values, hence names
    try:
        with warnings.catch_warnings():  # and so do its warnings
            warnings.simplefilter("ignore")
            meta = read_file_meta_info(file)
            if meta.get("TransferSyntaxUID") == _DEFLATED or meta.get("MediaStorageSOPClassUID") == _DICOMDIR:
                return None  # a deflated data set may inflate without limit
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=list(_TAGS))
            _touch(header)
    except Exception:  # a hostile file may raise anything here: it is then no DICOM for us
        return None
    return header if _text(header, "StudyInstanceUID") else None


def _touch(header: Any) -> None:
    """Decode every value now, so that a value that cannot be read is found here."""
    for tag in _TAGS:
        str(header.get(tag, ""))


def _has_preamble(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return stream.read(132)[128:] == b"DICM"
    except OSError:
        return False


def _study(headers: list[Any]) -> ImagingStudy:
    first = headers[0]
    family, given = _names(first)
    identifier, issuer = _patient_id(first)
    accession, accession_issuer = _accession(headers)
    return ImagingStudy(
        study_uid=_text(first, "StudyInstanceUID"),
        study_date=_date(_first(headers, "StudyDate")),
        study_time=re.sub(r"[^0-9]", "", _first(headers, "StudyTime").split(".")[0])[:6],
        modality=_modality(headers),
        accession_number=accession,
        accession_issuer=accession_issuer,
        description=_first(headers, "StudyDescription"),
        patient_id=identifier,
        patient_id_issuer=issuer,
        patient_family_name=family,
        patient_given_name=given,
        patient_birth_date=_date(_text(first, "PatientBirthDate")),
        patient_sex=_text(first, "PatientSex"),
        files=len(headers),
    )


def _text(header: Any, tag: str) -> str:
    value = header.get(tag, "")
    return "" if value is None else str(value).replace("\0", "").strip()


def _first(headers: list[Any], tag: str) -> str:
    return next((text for header in headers if (text := _text(header, tag))), "")


def _date(text: str) -> str:
    """AAAAMMJJ; the old form with dots too, empty when neither."""
    digits = text.replace(".", "")
    return digits if re.fullmatch(r"[0-9]{8}", digits) else ""


def _names(header: Any) -> tuple[str, str]:
    """Family and given name of the alphabetic group."""
    alphabetic = _text(header, "PatientName").split("=")[0].split("^")
    return alphabetic[0].strip(), alphabetic[1].strip() if len(alphabetic) > 1 else ""


def _patient_key(header: Any) -> tuple[str, str, str, str]:
    family, given = _names(header)
    return _text(header, "PatientID"), fold(family), fold(given), _date(_text(header, "PatientBirthDate"))


def _patient_id(header: Any) -> tuple[str, str]:
    """The INS when the header holds one under an INS authority, else PatientID and its issuer."""
    candidates = [header, *(header.get("OtherPatientIDsSequence") or [])]
    found = [(_text(item, "PatientID"), _issuer_of(item)) for item in candidates]
    return next((pair for pair in found if pair[1] in INS_OIDS), found[0])


def _issuer_of(item: Any) -> str:
    qualifiers = item.get("IssuerOfPatientIDQualifiersSequence") or []
    oids = [oid for qualifier in qualifiers if (oid := _text(qualifier, "UniversalEntityID"))]
    return oids[0] if oids else _text(item, "IssuerOfPatientID")


def _accession(headers: list[Any]) -> tuple[str, str]:
    """Accession number and its issuer (OID, or whatever name the header gives)."""
    for header in headers:
        number = _text(header, "AccessionNumber")
        if number:
            issuers = header.get("IssuerOfAccessionNumberSequence") or []
            names = [_text(i, "UniversalEntityID") or _text(i, "LocalNamespaceEntityID") for i in issuers]
            return number, next(iter(names), "")
    return "", ""


def _modality(headers: list[Any]) -> str:
    """The most frequent one that makes images; reports and key objects count only when there is nothing else."""
    counts = Counter(_text(header, "Modality") for header in headers)
    images = {name: n for name, n in counts.items() if name and name not in _NOT_IMAGES}
    ranked = sorted((images or counts).items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0]
