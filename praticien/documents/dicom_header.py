"""What one DICOM object says, as plain strings: all that a report, a manifest and the patient check need of it.

Sources: DICOM PS3.3 C.7 (patient, study, series), C.8.15 and A.35.8 (exposure), PS3.5 6.2 (person names), PS3.16 TID
10011 and 10001 (dose reports). Pixels are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from praticien.documents.imaging import Exposure
from praticien.documents.imaging_codes import QUANTITIES
from praticien.identity import INS_OIDS

DOSE_REPORTS = frozenset({"1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.88.68"})
"""X-ray and radiopharmaceutical radiation dose SR."""

_MAX_ITEMS = 20_000
_MAX_DEPTH = 12
_MAX_EXPOSURES = 40
TAGS = (
    *("SOPClassUID", "SOPInstanceUID", "SpecificCharacterSet", "StudyInstanceUID", "StudyDate", "StudyTime"),
    *("StudyID", "StudyDescription", "SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "SeriesDate"),
    *("SeriesTime", "Modality", "BodyPartExamined", "Laterality", "ImageLaterality", "ReferringPhysicianName"),
    *("AccessionNumber", "IssuerOfAccessionNumberSequence", "PlacerOrderNumberImagingServiceRequest"),
    *("OrderPlacerIdentifierSequence", "RequestAttributesSequence", "ReferencedRequestSequence"),
    *("PatientName", "PatientID", "IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence"),
    *("OtherPatientIDsSequence", "PatientBirthDate", "PatientSex"),
    *("CTDIvol", "ImageAndFluoroscopyAreaDoseProduct"),
)


@dataclass(frozen=True, slots=True, repr=False)
class InstanceHeader:
    """One DICOM object. Dates are AAAAMMJJ; everything may be empty but ``study_uid``."""

    study_uid: str
    sop_class: str = ""
    sop_uid: str = ""
    series_uid: str = ""
    series_number: str = ""
    series_description: str = ""
    series_started: str = ""
    study_date: str = ""
    study_time: str = ""
    study_id: str = ""
    study_description: str = ""
    modality: str = ""
    body_part: str = ""
    laterality: str = ""
    requester: str = ""
    accession_number: str = ""
    accession_issuer: str = ""
    order_number: str = ""
    order_issuer: str = ""
    patient_id: str = ""
    patient_id_issuer: str = ""
    patient_number: str = ""
    patient_family_name: str = ""
    patient_given_name: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    exposures: tuple[Exposure, ...] = ()


def header_of(data: Any) -> InstanceHeader:
    """The header of a pydicom data set. Values that cannot be decoded raise whatever pydicom raises."""
    family, given = _names(data, "PatientName")
    identifier, issuer = _patient_id(data)
    accession, accession_issuer = _accession(data)
    order, order_issuer = _order(data)
    return InstanceHeader(
        study_uid=_text(data, "StudyInstanceUID"),
        sop_class=_text(data, "SOPClassUID"),
        sop_uid=_text(data, "SOPInstanceUID"),
        series_uid=_text(data, "SeriesInstanceUID"),
        series_number=_text(data, "SeriesNumber"),
        series_description=_text(data, "SeriesDescription"),
        series_started=_date(_text(data, "SeriesDate")) + _time(_text(data, "SeriesTime")),
        study_date=_date(_text(data, "StudyDate")),
        study_time=_time(_text(data, "StudyTime")),
        study_id=_text(data, "StudyID"),
        study_description=_text(data, "StudyDescription"),
        modality=_text(data, "Modality"),
        body_part=_text(data, "BodyPartExamined"),
        laterality=_text(data, "Laterality") or _text(data, "ImageLaterality"),
        requester=" ".join(name for name in reversed(_names(data, "ReferringPhysicianName")) if name),
        accession_number=accession,
        accession_issuer=accession_issuer,
        order_number=order,
        order_issuer=order_issuer,
        patient_id=identifier,
        patient_id_issuer=issuer,
        patient_number=_text(data, "PatientID"),
        patient_family_name=family,
        patient_given_name=given,
        patient_birth_date=_date(_text(data, "PatientBirthDate")),
        patient_sex=_text(data, "PatientSex"),
        exposures=_exposures(data),
    )


def _text(data: Any, tag: str) -> str:
    value = data.get(tag, "")
    return "" if value is None else str(value).replace("\0", "").strip()


def _date(text: str) -> str:
    """AAAAMMJJ; the old form with dots too, empty when neither."""
    digits = text.replace(".", "")
    return digits if re.fullmatch(r"[0-9]{8}", digits) else ""


def _time(text: str) -> str:
    return re.sub(r"[^0-9]", "", text.split(".", maxsplit=1)[0])[:6]


def _names(data: Any, tag: str) -> tuple[str, str]:
    """Family and given name of the alphabetic group."""
    alphabetic = _text(data, tag).split("=")[0].split("^")
    return alphabetic[0].strip(), alphabetic[1].strip() if len(alphabetic) > 1 else ""


def _patient_id(data: Any) -> tuple[str, str]:
    """The INS when the header holds one under an INS authority, else PatientID and its issuer."""
    candidates = [data, *(data.get("OtherPatientIDsSequence") or [])]
    found = [(_text(item, "PatientID"), _patient_issuer(item)) for item in candidates]
    return next((pair for pair in found if pair[1] in INS_OIDS), found[0])


def _patient_issuer(item: Any) -> str:
    qualifiers = item.get("IssuerOfPatientIDQualifiersSequence") or []
    oids = [oid for qualifier in qualifiers if (oid := _text(qualifier, "UniversalEntityID"))]
    return oids[0] if oids else _text(item, "IssuerOfPatientID")


def _issuer(item: Any, sequence: str) -> str:
    """OID of an assigning authority, or whatever name the header gives."""
    issuers = item.get(sequence) or []
    return next((_text(i, "UniversalEntityID") or _text(i, "LocalNamespaceEntityID") for i in issuers), "")


def _requests(data: Any) -> list[Any]:
    """Where an order may be spoken of: the object itself, then its requests."""
    return [data, *(data.get("RequestAttributesSequence") or []), *(data.get("ReferencedRequestSequence") or [])]


def _accession(data: Any) -> tuple[str, str]:
    for item in _requests(data):
        if number := _text(item, "AccessionNumber"):
            return number, _issuer(item, "IssuerOfAccessionNumberSequence")
    return "", ""


def _order(data: Any) -> tuple[str, str]:
    for item in _requests(data):
        if number := _text(item, "PlacerOrderNumberImagingServiceRequest"):
            return number, _issuer(item, "OrderPlacerIdentifierSequence")
    return "", ""


# -- exposure ------------------------------------------------------------------------------------------------------

_OF_IMAGES = (
    ("CTDIvol", "113830", Decimal(1)),
    ("ImageAndFluoroscopyAreaDoseProduct", "113722", Decimal("0.00001")),  # dGy.cm2 to Gy.m2
)


def _exposures(data: Any) -> tuple[Exposure, ...]:
    """Of a dose report, its coded numbers; of an image, its own attributes."""
    if _text(data, "SOPClassUID") in DOSE_REPORTS:
        found = dict.fromkeys(_reported(data))
        return tuple(found)[:_MAX_EXPOSURES]
    return tuple(_of_image(data))


def _of_image(data: Any) -> Iterator[Exposure]:
    for tag, code, factor in _OF_IMAGES:
        number = _number(_text(data, tag), factor)
        if number:
            yield Exposure(code, number, QUANTITIES[code].unit)


def _number(text: str, factor: Decimal = Decimal(1)) -> str:
    """A positive decimal as it is written in a document; empty when there is none."""
    try:
        value = Decimal(text) * factor
    except InvalidOperation:
        return ""
    if not value.is_finite() or not 0 < value < Decimal(10) ** 9:
        return ""
    return f"{round(value, 9).normalize():f}"


def _reported(data: Any) -> Iterator[Exposure]:
    """The numbers of a dose report whose names are those of the value set, whatever container holds them."""
    waiting, seen = [(item, 0) for item in reversed(data.get("ContentSequence") or [])], 0
    while waiting and seen < _MAX_ITEMS:
        item, depth = waiting.pop()
        seen += 1
        if _text(item, "ValueType") == "NUM":
            yield from _measured(item)
        if depth < _MAX_DEPTH:
            waiting += [(child, depth + 1) for child in reversed(item.get("ContentSequence") or [])]


def _measured(item: Any) -> Iterator[Exposure]:
    for name in (item.get("ConceptNameCodeSequence") or [])[:1]:
        code = _text(name, "CodeValue")
        if code not in QUANTITIES or _text(name, "CodingSchemeDesignator") != "DCM":
            return
        for measured in (item.get("MeasuredValueSequence") or [])[:1]:
            units = measured.get("MeasurementUnitsCodeSequence") or []
            unit = next((_text(one, "CodeValue") for one in units), "")
            number = _number(_text(measured, "NumericValue"))
            if number and unit and re.fullmatch(r"[A-Za-z0-9./{}\[\]]{1,20}", unit):
                yield Exposure(code, number, unit)
