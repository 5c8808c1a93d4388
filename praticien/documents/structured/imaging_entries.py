"""Entries of an imaging report: technique of an act, exposure, objects of the study.

Sources: DICOM PS3.20 (Imaging Report templates 1.2.840.10008.9.*), CI-SIS volet CR-IMG 2024.01 and its schematrons.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from praticien.documents.cda_elements import LOINC, Element, add, coded, hl7_time, stable_id, templates, typed
from praticien.documents.imaging import CCAM, Exposure, ImagingAct, ImagingReport, ImagingSeries
from praticien.documents.imaging_codes import QUANTITIES, SNOMED
from praticien.documents.model import ImagingStudy, NewDocument, Party
from praticien.documents.nomenclatures import DICOM_SYSTEM, modality
from praticien.documents.structured.sections import add_reference
from praticien.metadata import Code
from praticien.professional import OID_PS

MODALITY_NAME = Code("121139", DICOM_SYSTEM, "Modalité d'imagerie")
_SOP_CLASSES = "1.2.840.10008.2.6.1"
_TOPOGRAPHY = Code("106233006", SNOMED, "modificateur topographique")


def add_technique(section: Element, document: NewDocument, act: ImagingAct, id_: str) -> None:
    """FR-DICOM-Technique-imagerie: what was done, how, where."""
    procedure = add(add(section, "entry"), "procedure", classCode="PROC", moodCode="EVN")
    templates(procedure, "1.2.840.10008.9.14", "1.2.250.1.213.1.1.3.153")
    add(procedure, "id", root=stable_id(document.unique_id, id_))
    code = coded(procedure, "code", act.code)
    _original(code, id_)
    if act.ccam:
        add(code, "translation", code=act.ccam, codeSystem=CCAM, codeSystemName="CCAM")
    add_reference(procedure, "text", f"{id_}-technique")
    add(procedure, "effectiveTime", value=hl7_time(document.service_start))
    known = modality(act.modality)
    method = coded(procedure, "methodCode", known) if known else add(procedure, "methodCode", nullFlavor="OTH")
    _original(method, f"{id_}-modalite")
    _site(procedure, act, id_)


def _site(parent: Element, act: ImagingAct, id_: str) -> None:
    site = typed(parent, "targetSiteCode", "CD", code=act.location.code.code, displayName=act.location.code.display)
    site.set("codeSystem", SNOMED)
    site.set("codeSystemName", "SNOMED CT")
    _original(site, f"{id_}-localisation")
    if act.side:
        qualifier = add(site, "qualifier")
        coded(qualifier, "name", _TOPOGRAPHY)
        coded(qualifier, "value", act.side.code)


def _original(parent: Element, id_: str) -> None:
    add(add(parent, "originalText"), "reference", value=f"#{id_}")


def add_history(section: Element, document: NewDocument, ids: dict[str, str]) -> None:
    """The observations that the section of the medical history must hold; what was said stays in the narrative."""
    names = {
        "medical": Code("11348-0", LOINC, "Antécédents médicaux"),
        "surgical": Code("47519-4", LOINC, "Antécédents chirurgicaux"),
    }
    for name, code in names.items():
        observation = _observation(section, document, code, ids[name])
        _original(typed(observation, "value", "CD"), ids[name])
        add(observation, "targetSiteCode", nullFlavor="NA")
    code = Code("64100-1", LOINC, "Contre-indications")
    observation = _observation(section, document, code, ids["contraindications"])
    typed(observation, "value", "ST").text = "Non précisé"  # the rules want one, and no nullFlavor
    add(observation, "targetSiteCode", nullFlavor="NA")


def _observation(section: Element, document: NewDocument, code: Code, id_: str) -> Element:
    """FR-DICOM-Observation up to its time; value and place follow."""
    observation = add(add(section, "entry"), "observation", classCode="OBS", moodCode="EVN")
    templates(observation, "2.16.840.1.113883.10.20.6.2.13", "1.2.250.1.213.1.1.3.150")
    add(observation, "id", root=stable_id(document.unique_id, id_))
    coded(observation, "code", code)
    add_reference(observation, "text", id_)
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", value=hl7_time(document.service_start))
    return observation


# -- exposure ------------------------------------------------------------------------------------------------------


def add_exposure(section: Element, document: NewDocument, report: ImagingReport, act: ImagingAct, id_: str) -> None:
    """Who allowed the exposure, the pregnancy, each measured quantity."""
    procedure = add(add(section, "entry"), "procedure", classCode="PROC", moodCode="EVN")
    templates(procedure, "1.2.250.1.213.1.1.3.165")
    code = Code("121290", DICOM_SYSTEM, "Exposition du patient aux rayonnements ionisants")
    _original(coded(procedure, "code", code), f"{id_}-exposition")
    _responsible(procedure, document.author)
    pregnancy = _observation(section, document, Code("364320009", SNOMED, "statut de grossesse"), f"{id_}-grossesse")
    status = report.pregnancy.value
    value = typed(pregnancy, "value", "CD", code=status.code, displayName=status.display, codeSystem=SNOMED)
    value.set("codeSystemName", "SNOMED CT")
    add(pregnancy, "targetSiteCode", nullFlavor="NA")
    for number, exposure in enumerate(report.exposures, 1):
        _quantity(section, document, act, exposure, f"{id_}-mesure-{number}")


def _responsible(procedure: Element, party: Party) -> None:
    role = add(add(procedure, "participant", typeCode="RESP"), "participantRole")
    add(role, "id", root=OID_PS, extension=party.professional.national_id)
    coded(role, "code", Code("113850", DICOM_SYSTEM, "Autorisation d’irradiation"))
    name = add(add(role, "playingEntity"), "name")
    add(name, "given", party.professional.given_name)
    add(name, "family", party.professional.family_name)


def _quantity(section: Element, document: NewDocument, act: ImagingAct, exposure: Exposure, id_: str) -> None:
    """FR-DICOM-Quantite."""
    observation = add(add(section, "entry"), "observation", classCode="OBS", moodCode="EVN")
    templates(observation, "2.16.840.1.113883.10.20.6.2.14", "1.2.250.1.213.1.1.3.154")
    add(observation, "id", root=stable_id(document.unique_id, id_))
    coded(observation, "code", QUANTITIES[exposure.code].code)
    add_reference(observation, "text", id_)
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", value=hl7_time(document.service_start))
    typed(observation, "value", "PQ", value=exposure.value, unit=exposure.unit)
    site = typed(observation, "targetSiteCode", "CD", code=act.location.code.code, codeSystem=SNOMED)
    site.set("displayName", act.location.code.display)


# -- objects -------------------------------------------------------------------------------------------------------


def add_series(section: Element, study: ImagingStudy, series: ImagingSeries, document: NewDocument, id_: str) -> None:
    """One series and its first object, in a study act of its own: the rules allow one of each in the other."""
    act = _dicom_act(add(section, "entry"), ("1.2.840.10008.9.16", "1.2.250.1.213.1.1.3.155"))
    add(act, "id", root=study.study_uid)
    coded(act, "code", Code("113014", DICOM_SYSTEM, "Examen"))
    add(act, "effectiveTime", value=hl7_time(document.service_start))
    inner = _dicom_act(_component(act), ("1.2.840.10008.9.17", "1.2.250.1.213.1.1.3.156"))
    add(inner, "id", root=series.uid)
    known = modality(series.modality)
    assert known is not None  # others are not listed
    qualifier = add(coded(inner, "code", Code("113015", DICOM_SYSTEM, "Séries")), "qualifier")
    coded(qualifier, "name", Code("121139", DICOM_SYSTEM, "Modalité"))
    _original(coded(qualifier, "value", known), f"{id_}-modalite")
    started = series_time(series, document.service_start.tzinfo)
    if started:
        add(inner, "effectiveTime", value=started)
    _object(_component(inner), study, series, id_)


def _component(act: Element) -> Element:
    return add(act, "entryRelationship", typeCode="COMP")


def _dicom_act(parent: Element, roots: tuple[str, str]) -> Element:
    act = add(parent, "act", classCode="ACT", moodCode="EVN")
    templates(act, *roots)
    return act


def _object(parent: Element, study: ImagingStudy, series: ImagingSeries, id_: str) -> None:
    """The first object of the series, which stands for all of them; where to ask for them when that is known."""
    observation = add(parent, "observation", classCode="DGIMG", moodCode="EVN")
    templates(observation, "1.2.840.10008.9.18", "1.2.250.1.213.1.1.3.157")
    first = series.instances[0]
    add(observation, "id", root=first.uid)
    code = add(observation, "code", code=first.class_uid, codeSystem=_SOP_CLASSES, codeSystemName="DCMUID")
    _original(code, f"{id_}-objets")
    if study.retrieve_url:
        text = add(observation, "text", mediaType="application/dicom")
        add(text, "reference", value=series_url(study, series))


def series_url(study: ImagingStudy, series: ImagingSeries) -> str:
    """Where a series can be asked for (WADO-RS, DICOM PS3.18)."""
    return f"{study.retrieve_url.rstrip('/')}/studies/{study.study_uid}/series/{series.uid}"


def series_time(series: ImagingSeries, zone: tzinfo | None) -> str:
    """HL7 time of a series in the time zone of the act; only the day when the header gives no sound time."""
    try:
        return hl7_time(datetime.strptime(series.started, "%Y%m%d%H%M%S").replace(tzinfo=zone))
    except ValueError:
        return series.started[:8]
