"""A DICOM file, folder, DICOMDIR or zip: one study of one patient, or a typed refusal. Pixels are never read.

Nothing is extracted from a zip: its members are read where they are, so their names and links lead nowhere. Sources:
DICOM PS3.10 (preamble, file meta information, DICOMDIR).
"""

from __future__ import annotations

import logging
import os
import stat
import threading
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from praticien.documents.dicom_header import DOSE_REPORTS, TAGS, InstanceHeader, header_of
from praticien.documents.errors import (
    DicomTooBig,
    DicomWithoutPatient,
    NotDicom,
    SeveralPatients,
    SeveralStudies,
)
from praticien.documents.imaging import Exposure, ImagingSeries, SopInstance
from praticien.documents.imaging_codes import QUANTITIES
from praticien.documents.model import ImagingStudy
from praticien.matching import fold

MAX_FILES = 5000
MAX_ZIP_BYTES = 8_000_000_000
"""Of all members together, as the zip declares them; no member gives more than it declares."""
MAX_VALUE_BYTES = 32_000_000
"""Longest single read: no header value is that long, and a length that lies costs no memory."""
MAX_DOSE_REPORT_BYTES = 8_000_000
_ONE_AT_A_TIME = threading.RLock()
_PIXELS = 0x7FE0
_DEFLATED = "1.2.840.10008.1.2.1.99"
_DICOMDIR = "1.2.840.10008.1.3.10"
_NOT_IMAGES = frozenset({"SR", "KO", "PR", "DOC", "SEG", "REG", "AU", "FID", "RWV"})

Opener = Callable[[], IO[bytes]]


def _opener(file: Path) -> Opener:
    return lambda: file.open("rb")


def read_study(path: Path) -> ImagingStudy:
    """The one study in a file, a zip or a folder (searched recursively; a DICOMDIR stands for its folder).

    Raises NotDicom, DicomWithoutPatient, SeveralPatients, SeveralStudies, DicomTooBig (all with field "dicom").
    """
    try:
        if path.is_file() and zipfile.is_zipfile(path) and not _has_preamble(_opener(path)):
            with zipfile.ZipFile(path) as archive:
                return study_of(_headers(_members(archive)))
        return study_of(_headers(_opener(file) for file in _files(path)))
    except (OSError, zipfile.BadZipFile):
        raise NotDicom("cannot be read") from None


def study_of(headers: Iterable[InstanceHeader]) -> ImagingStudy:
    """The one study that these objects make up. Raises as ``read_study``."""
    found = list(headers)
    if not found:
        raise NotDicom("no DICOM file with a readable header")
    patients = {_patient_key(header) for header in found}
    if len(patients) > 1:
        raise SeveralPatients
    if not any(part for part in next(iter(patients))[:3]):
        raise DicomWithoutPatient
    if len({header.study_uid for header in found}) > 1:
        raise SeveralStudies
    return _study(found)


# -- reading -------------------------------------------------------------------------------------------------------


def _files(path: Path) -> Iterator[Path]:
    """Files to look at, in a stable order; links to folders are not followed."""
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


def _members(archive: zipfile.ZipFile) -> Iterator[Opener]:
    """Plain members in a stable order. Raises DicomTooBig; encrypted members and links are not looked at."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > MAX_FILES or sum(info.file_size for info in members) > MAX_ZIP_BYTES:
        raise DicomTooBig
    for info in sorted(members, key=lambda one: one.filename):
        if not info.flag_bits & 1 and not stat.S_ISLNK(info.external_attr >> 16):
            yield partial(archive.open, info)


def _headers(openers: Iterable[Opener]) -> Iterator[InstanceHeader]:
    return (header for opener in openers if (header := _header(opener)) is not None)


def _has_preamble(opener: Opener) -> bool:
    with opener() as stream:
        return stream.read(132)[128:] == b"DICM"


def _header(opener: Opener) -> InstanceHeader | None:
    """What one file says; None when it is no DICOM object (a DICOMDIR, a viewer's program, a text)."""
    try:
        if not _has_preamble(opener):
            return None
        with opener() as stream:
            return read_header(_Bounded(stream))
    except Exception:  # a hostile file may raise anything here: it is then no DICOM for us
        return None


class _Bounded:
    """A stream that never reads much at once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_VALUE_BYTES:
            raise ValueError
        return self._stream.read(size)


def read_header(stream: Any) -> InstanceHeader | None:
    """The header of one DICOM file (PS3.10), None when it is a directory, deflated or of no study.

    A deflated data set may inflate without limit. Raises whatever pydicom raises.
    """
    import pydicom
    from pydicom.filereader import read_dataset

    with silent_pydicom():
        stream.seek(132)
        meta = read_dataset(stream, False, True, stop_when=lambda tag, _vr, _length: tag.group != 2)
        sop_class = str(meta.get("MediaStorageSOPClassUID", ""))
        if meta.get("TransferSyntaxUID") == _DEFLATED or sop_class == _DICOMDIR:
            return None
        stream.seek(0)
        tags = list(TAGS)
        if sop_class in DOSE_REPORTS:
            stream = BytesIO(stream.read(MAX_DOSE_REPORT_BYTES + 1))
            tags += ["ContentSequence"] if len(stream.getbuffer()) <= MAX_DOSE_REPORT_BYTES else []
        header = header_of(pydicom.dcmread(stream, stop_before_pixels=True, specific_tags=tags))
    return header if header.study_uid else None


def header_in(stream: Any, syntax: str) -> InstanceHeader | None:
    """The header of a data set as it travels (no preamble), in transfer syntax ``syntax``; None when of no study.

    Raises whatever pydicom raises.
    """
    from pydicom.filereader import read_dataset
    from pydicom.tag import Tag
    from pydicom.uid import UID

    coding = UID(syntax)
    with silent_pydicom():
        data = read_dataset(
            _Bounded(stream),
            coding.is_implicit_VR,
            coding.is_little_endian,
            stop_when=lambda tag, _vr, _length: tag.group >= _PIXELS,
            specific_tags=[Tag(name) for name in (*TAGS, "ContentSequence")],
        )
        if str(data.get("SOPClassUID", "")) not in DOSE_REPORTS:
            data.pop("ContentSequence", None)
        header = header_of(data)
    return header if header.study_uid else None


@contextmanager
def silent_pydicom() -> Iterator[None]:
    """pydicom's messages and warnings quote values, hence names. One thread at a time: filters are everybody's."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
        yield


# -- one study -----------------------------------------------------------------------------------------------------


def _study(headers: Sequence[InstanceHeader]) -> ImagingStudy:
    first = headers[0]
    order, order_issuer = _pair(headers, "order_number", "order_issuer")
    accession, accession_issuer = _pair(headers, "accession_number", "accession_issuer")
    return ImagingStudy(
        study_uid=first.study_uid,
        study_date=_first(headers, "study_date"),
        study_time=_first(headers, "study_time"),
        modality=_modality(headers),
        accession_number=accession,
        accession_issuer=accession_issuer,
        description=_first(headers, "study_description"),
        patient_id=first.patient_id,
        patient_id_issuer=first.patient_id_issuer,
        patient_family_name=first.patient_family_name,
        patient_given_name=first.patient_given_name,
        patient_birth_date=first.patient_birth_date,
        patient_sex=first.patient_sex,
        files=len(headers),
        study_id=_first(headers, "study_id"),
        body_part=_first(headers, "body_part"),
        laterality=_first(headers, "laterality"),
        requester=_first(headers, "requester"),
        order_number=order,
        order_issuer=order_issuer,
        series=_series(headers),
        exposures=_exposures(headers),
    )


def _patient_key(header: InstanceHeader) -> tuple[str, str, str, str]:
    family, given = fold(header.patient_family_name), fold(header.patient_given_name)
    return header.patient_number, family, given, header.patient_birth_date


def _first(headers: Sequence[InstanceHeader], field: str) -> str:
    return next((text for header in headers if (text := getattr(header, field))), "")


def _pair(headers: Sequence[InstanceHeader], number: str, issuer: str) -> tuple[str, str]:
    """A number with the issuer that the same object gives."""
    return next(((getattr(h, number), getattr(h, issuer)) for h in headers if getattr(h, number)), ("", ""))


def _modality(headers: Sequence[InstanceHeader]) -> str:
    """The most frequent one that makes images; reports and key objects count only when there is nothing else."""
    counts = Counter(header.modality for header in headers)
    images = {name: n for name, n in counts.items() if name and name not in _NOT_IMAGES}
    ranked = sorted((images or counts).items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0]


def _series(headers: Sequence[InstanceHeader]) -> tuple[ImagingSeries, ...]:
    """By series number, then in the order found; an object met twice counts once."""
    found: dict[str, list[InstanceHeader]] = {}
    for header in headers:
        if header.series_uid and header.sop_uid:
            found.setdefault(header.series_uid, []).append(header)
    made = [_one_series(uid, members) for uid, members in found.items()]
    return tuple(sorted(made, key=lambda series: int(series.number) if series.number.isdecimal() else 1 << 31))


def _one_series(uid: str, headers: Sequence[InstanceHeader]) -> ImagingSeries:
    return ImagingSeries(
        uid=uid,
        modality=_first(headers, "modality"),
        number=_first(headers, "series_number"),
        description=_first(headers, "series_description"),
        started=_first(headers, "series_started"),
        instances=tuple(dict.fromkeys(SopInstance(header.sop_class, header.sop_uid) for header in headers)),
    )


def _exposures(headers: Sequence[InstanceHeader]) -> tuple[Exposure, ...]:
    """Those of the dose reports; where there is none, of the images: highest index, added area products."""
    reported = [one for header in headers if header.sop_class in DOSE_REPORTS for one in header.exposures]
    if reported:
        return tuple(dict.fromkeys(reported))
    values: dict[str, list[Decimal]] = {}
    for header in headers:
        for one in header.exposures:
            values.setdefault(one.code, []).append(Decimal(one.value))
    return tuple(_summed(code, numbers) for code, numbers in values.items())


def _summed(code: str, values: Sequence[Decimal]) -> Exposure:
    total = max(values) if code == "113830" else sum(values, Decimal(0))
    return Exposure(code, f"{total.normalize():f}", QUANTITIES[code].unit)
