"""A manifest (KOS) read back: study, series, how many objects, where they are. Nothing is ever fetched from there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from praticien.documents.dicom import silent_pydicom
from praticien.documents.dicom_header import InstanceHeader, header_of
from praticien.documents.kos import KOS_CLASS
from praticien.errors import InvalidInput

MAX_BYTES = 10_000_000
MAX_SERIES = 1000
_LINE = re.compile(
    r"^Série-(?P<uid>[0-9.]{1,64})\s*:\s*(?P<modality>[A-Z]{1,16})?[ \t]*(?:@[ \t]*:[ \t]*(?P<words>.*))?$", re.M
)


class InvalidManifest(InvalidInput):
    """The file is no manifest that can be read."""

    code = "manifest.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="document")


@dataclass(frozen=True, slots=True, repr=False)
class ManifestSeries:
    """A series: ``url`` is where a viewer could ask for it, as the manifest says."""

    uid: str
    modality: str
    description: str
    objects: int
    url: str


@dataclass(frozen=True, slots=True, repr=False)
class Manifest:
    """What a manifest lists, and of whom."""

    header: InstanceHeader
    series: tuple[ManifestSeries, ...]

    @property
    def objects(self) -> int:
        """Images and other objects in all."""
        return sum(series.objects for series in self.series)


def read(content: bytes) -> Manifest:
    """The manifest in ``content``. Raises InvalidManifest."""
    if len(content) > MAX_BYTES or content[128:132] != b"DICM":
        raise InvalidManifest
    try:
        return _read(content)
    except InvalidManifest:
        raise
    except Exception as error:  # a hostile file may raise anything in pydicom
        raise InvalidManifest(type(error).__name__) from None


def _read(content: bytes) -> Manifest:
    import pydicom

    with silent_pydicom():
        data = pydicom.dcmread(BytesIO(content))
        header = header_of(data)
        if header.sop_class != KOS_CLASS or not header.study_uid:
            raise InvalidManifest("not a key object selection")
        return Manifest(header, tuple(_series(data)))


def _series(data: Any) -> list[ManifestSeries]:
    words = {match["uid"]: match for match in _LINE.finditer(_description(data))}
    found = []
    for study in data.get("CurrentRequestedProcedureEvidenceSequence") or []:
        for item in (study.get("ReferencedSeriesSequence") or [])[:MAX_SERIES]:
            uid = str(item.get("SeriesInstanceUID", ""))
            said = words.get(uid)
            found.append(
                ManifestSeries(
                    uid=uid,
                    modality=(said["modality"] or "") if said else "",
                    description=(said["words"] or "").strip() if said else "",
                    objects=len(item.get("ReferencedSOPSequence") or []),
                    url=str(item.get("RetrieveURL", "") or ""),
                )
            )
    return found


def _description(data: Any) -> str:
    """The texts of the document's tree, first level."""
    items = data.get("ContentSequence") or []
    return "\n".join(str(item.get("TextValue", "")) for item in items if item.get("ValueType") == "TEXT")
