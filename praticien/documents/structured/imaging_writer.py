"""CR-IMG 2024.01: header additions and structured body of an imaging report.

Sources: CI-SIS volet CR-IMG 2024.01 (1.2.250.1.213.1.1.1.45), DICOM PS3.20, and their public schematrons.
"""

from __future__ import annotations

from praticien.documents.cda_elements import LOINC, Element, add, coded, templates
from praticien.documents.imaging import CCAM, ImagingAct, ImagingReport, ImagingSeries
from praticien.documents.imaging_codes import QUANTITIES
from praticien.documents.model import ImagingStudy, NewDocument
from praticien.documents.nomenclatures import DICOM_SYSTEM, MODALITIES, modality
from praticien.documents.structured.imaging_entries import (
    MODALITY_NAME,
    add_exposure,
    add_history,
    add_series,
    add_technique,
    series_url,
)
from praticien.documents.structured.sections import Words, add_attached_pdf, add_paragraphs, add_section, add_table
from praticien.metadata import Code

_MODEL = "1.2.250.1.213.1.1.1.45"
_VERSION = "2024.01"
_ANATOMY = Code("39111-0", LOINC, "localisation anatomique")
_CLINICAL = Code("55752-0", LOINC, "Informations cliniques")
_REQUEST = Code("55115-0", LOINC, "Demande")
_HISTORY = Code("11329-0", LOINC, "Historique médical")
_ACT = Code("55111-9", LOINC, "Description de l'acte d’imagerie")
_EXPOSURE = Code("73569-6", LOINC, "Exposition aux rayonnements et informations de radioprotection")
_OBJECTS = Code("121181", DICOM_SYSTEM, "Catalogue d’objets DICOM")
_FINDINGS = Code("59776-5", LOINC, "Résultats de l'acte")
_COMPARISON = Code("18834-2", LOINC, "Examen de comparaison radiologique")
_CONCLUSION = Code("19005-8", LOINC, "Conclusions")
_NOTHING = "Non précisé"


def add_templates(root: Element) -> None:
    """The templates of the model, after those of the header."""
    templates(root, "1.2.840.10008.9.1", "1.2.840.10008.9.20", "1.2.840.10008.9.21")
    add(root, "templateId", root=_MODEL, extension=_VERSION)


def fill_event(event: Element, act: ImagingAct) -> None:
    """The code of an act documented, with its modality and region; time and performer follow."""
    code = coded(event, "code", act.code)
    if act.ccam:
        add(code, "translation", code=act.ccam, codeSystem=CCAM, codeSystemName="CCAM")
    known = modality(act.modality)
    if known:
        coded(add(coded(code, "translation", known), "qualifier"), "name", MODALITY_NAME)
    region = coded(code, "translation", act.location.region.value)
    coded(add(region, "qualifier"), "name", _ANATOMY)


def add_requester(root: Element, report: ImagingReport) -> None:
    """Who asked for the examination, by name: the header of the images gives no identifier."""
    if not report.requester.strip():
        return
    participant = add(root, "participant", typeCode="REF")
    add(participant, "time", nullFlavor="NA")
    entity = add(participant, "associatedEntity", classCode="PROV")
    add(entity, "addr", nullFlavor="NASK")
    add(entity, "telecom", nullFlavor="NASK")
    given, _, family = report.requester.strip().rpartition(" ")
    name = add(add(entity, "associatedPerson"), "name")
    if given:
        add(name, "given", given)
    add(name, "family", family)


def add_body(root: Element, document: NewDocument, report: ImagingReport, pdf: bytes) -> None:
    """Sections in the order of the model; those not dictated are absent, conclusion and acts always there."""
    body, said = add(add(root, "component"), "structuredBody"), report.sections
    if said.indication.strip() or said.history.strip():
        _clinical(body, document, report)
    for number, act in enumerate(report.acts, 1):
        _act(body, document, report, act, number)
    own = document.unique_id
    if said.findings.strip():
        roots = ("2.16.840.1.113883.10.20.6.1.2", "1.2.250.1.213.1.1.2.208")
        add_paragraphs(add_section(body, own, roots, _FINDINGS, "Résultats"), said.findings)
    if said.comparison.strip():
        roots = ("1.2.840.10008.9.4", "1.2.250.1.213.1.1.2.207")
        add_paragraphs(add_section(body, own, roots, _COMPARISON, "Comparaison"), said.comparison)
    roots = ("1.2.840.10008.9.5", "1.2.250.1.213.1.1.2.209")
    add_paragraphs(add_section(body, own, roots, _CONCLUSION, "Conclusion"), said.conclusion)
    add_attached_pdf(body, own, pdf, "Compte rendu en PDF")


def _clinical(body: Element, document: NewDocument, report: ImagingReport) -> None:
    """Indication and history; the rules want both sections as soon as there is one."""
    own, said = document.unique_id, report.sections
    section = add_section(
        body, own, ("1.2.840.10008.9.2", "1.2.250.1.213.1.1.2.205"), _CLINICAL, "Informations cliniques"
    )
    add(section, "text")
    request = add_section(section, own, ("1.2.840.10008.9.7", "1.2.250.1.213.1.1.2.211"), _REQUEST, "Indication")
    add_paragraphs(request, said.indication.strip() or _NOTHING)
    roots = ("2.16.840.1.113883.10.20.22.2.39", "1.2.250.1.213.1.1.2.213")
    history = add_section(section, own, roots, _HISTORY, "Antécédents")
    ids = {"medical": "antecedents", "surgical": "antecedents-chirurgicaux", "contraindications": "contre-indications"}
    rows = [
        ("antecedents-1", [Words("Antécédents"), Words(said.history.strip() or _NOTHING, ids["medical"])]),
        ("antecedents-2", [Words("Antécédents chirurgicaux"), Words(_NOTHING, ids["surgical"])]),
        ("antecedents-3", [Words("Contre-indications"), Words(_NOTHING, ids["contraindications"])]),
    ]
    add_table(add(history, "text"), ("Nature", "Texte"), rows)
    add_history(history, document, ids)


def _act(body: Element, document: NewDocument, report: ImagingReport, act: ImagingAct, number: int) -> None:
    """One act with its technique; exposure and objects, which belong to the study, with the first."""
    id_ = f"acte-{number:02d}"
    roots = ("1.2.840.10008.9.3", "1.2.250.1.213.1.1.2.206")
    section = add_section(body, document.unique_id, roots, _ACT, act.code.display, place=id_)
    header = ("Acte", "Technique", "Modalité", "Localisation", "Côté")
    name = act.code.display + (f" [CCAM : {act.ccam}]" if act.ccam else "")
    cells = [
        Words(name, id_),
        Words(report.sections.technique.strip() or _NOTHING, f"{id_}-technique"),
        Words(MODALITIES.get(act.modality, act.modality), f"{id_}-modalite"),
        Words(act.location.code.display, f"{id_}-localisation"),
        Words(act.side.words if act.side else "-"),
    ]
    add_table(add(section, "text"), header, [(f"{id_}-ligne", cells)])
    add_technique(section, document, act, id_)
    if number == 1 and report.exposures:
        _exposure(section, document, report, act, id_)
    _objects(section, document, document.study if number == 1 else None, id_)


def _exposure(section: Element, document: NewDocument, report: ImagingReport, act: ImagingAct, id_: str) -> None:
    roots = ("1.2.840.10008.9.8", "1.2.250.1.213.1.1.2.215")
    inner = add_section(section, document.unique_id, roots, _EXPOSURE, _EXPOSURE.display)
    rows = [
        (f"{id_}-exposition", [Words("Patient"), Words("Exposition aux rayonnements ionisants")]),
        (f"{id_}-ligne-grossesse", [Words("Grossesse"), Words(report.pregnancy.value.display, f"{id_}-grossesse")]),
    ]
    for number, exposure in enumerate(report.exposures, 1):
        measured = f"{exposure.value.replace('.', ',')} {exposure.unit}"
        place = f"{id_}-mesure-{number}"
        rows.append((f"{place}-ligne", [Words(QUANTITIES[exposure.code].code.display, place), Words(measured)]))
    add_table(add(inner, "text"), ("Mesure", "Valeur"), rows)
    add_exposure(inner, document, report, act, id_)


def _objects(section: Element, document: NewDocument, study: ImagingStudy | None, id_: str) -> None:
    """The catalogue of objects, which every act must have: empty in words when there is nothing to list."""
    roots = ("2.16.840.1.113883.10.20.6.1.1", "1.2.250.1.213.1.1.2.217")
    inner = add_section(section, document.unique_id, roots, _OBJECTS, _OBJECTS.display, place=f"{id_}-objets")
    listed = _listed(study)
    if study is None or not listed:
        add_paragraphs(inner, "Aucun objet DICOM n’est répertorié ici.")
        return
    rows = [_series_row(study, series, f"{id_}-serie-{n:03d}") for n, series in enumerate(listed, 1)]
    add_table(add(inner, "text"), ("Série", "Modalité", "Objets", "Accès"), rows)
    for number, series in enumerate(listed, 1):
        add_series(inner, study, series, document, f"{id_}-serie-{number:03d}")


def _listed(study: ImagingStudy | None) -> tuple[ImagingSeries, ...]:
    """Series of a modality that the rules know (no dose report, no key objects)."""
    return tuple(s for s in study.series if s.instances and s.modality in MODALITIES) if study else ()


def _series_row(study: ImagingStudy, series: ImagingSeries, id_: str) -> tuple[str, list[Words]]:
    return id_, [
        Words(series.description or f"Série {series.number}".strip()),
        Words(MODALITIES[series.modality], f"{id_}-modalite"),
        Words(str(len(series.instances)), f"{id_}-objets"),
        Words(series_url(study, series) if study.retrieve_url else "-"),
    ]
