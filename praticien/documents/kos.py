"""The manifest of a study (KOS, DRIM-M): which series and objects there are, and where they can be asked for.

Sources: DICOM PS3.3 A.35.4 and C.17.6 (key object document), PS3.16 TID 2010. What DRIM-M adds is in the assumptions.
The same document gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from praticien.documents.cda_check import is_oid
from praticien.documents.imaging import ImagingReport, ImagingSeries
from praticien.documents.model import ImagingStudy, NewDocument
from praticien.documents.structured.imaging_entries import series_url
from praticien.identity import InsOid, Patient
from praticien.metadata import Code

KOS_CLASS = "1.2.840.10008.5.1.4.1.1.88.59"
TYPE = Code("IMG-KOS", "1.2.250.1.213.1.1.4.12", "Reference d'objets d'un examen d'imagerie")
FORMAT = Code(KOS_CLASS, "1.2.840.10008.2.6.1", "Key Object Selection Document")
MIME_TYPE = "application/dicom"
_NOT_IMAGES = frozenset({"SR", "KO", "PR", "DOC", "REG", "AU", "FID", "RWV", "PLAN", "ECG"})
_SERIES_NUMBER = 59


def is_wanted(document: NewDocument) -> bool:
    """The images can be asked for somewhere, and this is the first version: a corrected report moves no image."""
    study = document.study
    return bool(study and study.retrieve_url and study.series and document.version == 1)


def uid_of(document: NewDocument, place: str = "manifest") -> str:
    """A UID of the manifest, derived from the document's own."""
    return f"2.25.{uuid5(NAMESPACE_OID, f'{document.unique_id}/{place}').int}"


def build(document: NewDocument) -> bytes:
    """The manifest as a DICOM file (explicit VR, little endian). The header of ``document`` was checked before."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    study = document.study
    assert study is not None
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = KOS_CLASS
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = uid_of(document)
    data.SpecificCharacterSet = "ISO_IR 192"
    _patient(data, document.patient)
    _study(data, document, study)
    _equipment(data, document)
    _content(data, document, study)
    out = BytesIO()
    data.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _items(*made: Any) -> Any:
    from pydicom.sequence import Sequence

    return Sequence(list(made))


def _item(**values: Any) -> Any:
    from pydicom.dataset import Dataset

    made = Dataset()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _patient(data: Any, patient: Patient) -> None:
    """The strict traits, and the INS with its authority twice, as the national profile wants."""
    traits, ins = patient.traits, patient.qualified_ins
    issuer = "ASIP-SANTE-INS-NIA" if ins.oid == InsOid.NIA else "ASIP-SANTE-INS-NIR"
    authority = _items(_item(UniversalEntityID=ins.oid, UniversalEntityIDType="ISO"))
    data.PatientName = f"{traits.birth_name}^{traits.first_name}"
    data.PatientID, data.IssuerOfPatientID = ins.matricule, issuer
    data.IssuerOfPatientIDQualifiersSequence = authority
    data.OtherPatientIDsSequence = _items(
        _item(
            PatientID=ins.matricule,
            IssuerOfPatientID=issuer,
            TypeOfPatientID="TEXT",
            IssuerOfPatientIDQualifiersSequence=authority,
        )
    )
    data.PatientBirthDate, data.PatientSex = traits.birth_date, traits.sex.value


def _study(data: Any, document: NewDocument, study: ImagingStudy) -> None:
    created = document.created_at
    data.StudyInstanceUID, data.StudyID = study.study_uid, _line(study.study_id, 16)
    data.StudyDate, data.StudyTime = study.study_date, study.study_time
    data.StudyDescription = _line(study.description, 64)
    data.AccessionNumber = _line(study.accession_number, 16)
    data.ReferringPhysicianName = _line("^".join(reversed(study.requester.rsplit(" ", 1))), 64)
    data.SeriesInstanceUID, data.SeriesNumber = uid_of(document, "manifest/series"), _SERIES_NUMBER
    data.Modality = "KO"
    data.SeriesDate = data.ContentDate = data.InstanceCreationDate = f"{created:%Y%m%d}"
    data.SeriesTime = data.ContentTime = data.InstanceCreationTime = f"{created:%H%M%S}"
    data.TimezoneOffsetFromUTC = _offset(created)
    data.ReferencedPerformedProcedureStepSequence = _items()
    data.ReferencedRequestSequence = _items(_request(document, study))


def _line(text: str, longest: int) -> str:
    """Text as a short DICOM value holds it: one line, no backslash (it separates values)."""
    return "".join("/" if one == "\\" else one for one in text if one.isprintable())[:longest]


def _offset(moment: datetime) -> str:
    return moment.strftime("%z")[:5]


def _request(document: NewDocument, study: ImagingStudy) -> Any:
    """Numbers of the examination and of the order, each with its authority when that is an OID."""
    report = document.body
    order, authority = study.order_number, study.order_issuer
    if isinstance(report, ImagingReport):
        order, authority = report.order_number, report.order_authority
    made = _item(
        StudyInstanceUID=study.study_uid,
        ReferencedStudySequence=_items(),
        AccessionNumber=_line(study.accession_number, 16),
        PlacerOrderNumberImagingServiceRequest=_line(order, 64),
        FillerOrderNumberImagingServiceRequest="",
        RequestedProcedureID="",
        RequestedProcedureDescription=_line(study.description, 64),
        RequestedProcedureCodeSequence=_items(),
    )
    if is_oid(study.accession_issuer):
        made.IssuerOfAccessionNumberSequence = _items(_authority(study.accession_issuer))
    if order and is_oid(authority):
        made.OrderPlacerIdentifierSequence = _items(_authority(authority))
    return made


def _authority(oid: str) -> Any:
    return _item(UniversalEntityID=oid, UniversalEntityIDType="ISO")


def _equipment(data: Any, document: NewDocument) -> None:
    data.Manufacturer, data.InstanceNumber = "Praticien", 1
    data.InstitutionName = _line(document.author.structure.name, 64)


def _content(data: Any, document: NewDocument, study: ImagingStudy) -> None:
    """Evidence (series with their address) and the tree: a text for readers, one reference for each object."""
    data.ValueType, data.ContinuityOfContent = "CONTAINER", "SEPARATE"
    data.ConceptNameCodeSequence = _items(_coded("113030", "Manifest"))
    data.ContentTemplateSequence = _items(_item(MappingResource="DCMR", TemplateIdentifier="2010"))
    listed = [_series(study, series) for series in study.series]
    data.CurrentRequestedProcedureEvidenceSequence = _items(
        _item(StudyInstanceUID=study.study_uid, ReferencedSeriesSequence=_items(*listed))
    )
    text = _item(
        RelationshipType="CONTAINS",
        ValueType="TEXT",
        ConceptNameCodeSequence=_items(_coded("113012", "Key Object Description")),
        TextValue=_words(document, study),
    )
    references = [_reference(series, sop) for series in study.series for sop in series.instances]
    data.ContentSequence = _items(text, *references)


def _coded(code: str, meaning: str) -> Any:
    return _item(CodeValue=code, CodingSchemeDesignator="DCM", CodeMeaning=meaning)


def _series(study: ImagingStudy, series: ImagingSeries) -> Any:
    objects = [_item(ReferencedSOPClassUID=o.class_uid, ReferencedSOPInstanceUID=o.uid) for o in series.instances]
    return _item(
        SeriesInstanceUID=series.uid,
        RetrieveURL=series_url(study, series),
        ReferencedSOPSequence=_items(*objects),
    )


def _reference(series: ImagingSeries, sop: Any) -> Any:
    return _item(
        RelationshipType="CONTAINS",
        ValueType="COMPOSITE" if series.modality in _NOT_IMAGES else "IMAGE",
        ReferencedSOPSequence=_items(_item(ReferencedSOPClassUID=sop.class_uid, ReferencedSOPInstanceUID=sop.uid)),
    )


def _words(document: NewDocument, study: ImagingStudy) -> str:
    """Examination, acts, then a line a series, in the form that the national reference code reads."""
    report = document.body
    acts = [act.code.display for act in report.acts] if isinstance(report, ImagingReport) else []
    lines = [f"Examen : {_line(study.description, 64)}", f"Acte = {', '.join(acts)}"]
    lines += [f"Série-{s.uid} : {s.modality} @ : {_line(s.description, 64)}" for s in study.series]
    return "\n".join(lines)
