"""eP-MED-DM 2024.01: header additions and structured body of a prescription of drugs and medical devices.

Sources: CI-SIS volet eP-MED-DM 2024.01 (1.2.250.1.213.1.1.1.39), IHE PHARM PRE, and their public schematrons.
"""

from __future__ import annotations

from datetime import date

from praticien.documents.cda_elements import LOINC, Element, add, coded, templates
from praticien.documents.model import DocumentKind, NewDocument
from praticien.documents.prescription import DeviceLine, Mark, Prescription, PrescriptionLine, Substitution
from praticien.documents.prescription_code import image_of
from praticien.documents.prescription_posology import duration_words, words
from praticien.documents.prescription_words import FLAG_WORDS, MARK_WORDS, flags_of, substitution_words
from praticien.documents.structured.device_entry import add_device
from praticien.documents.structured.drug_entry import add_drug
from praticien.documents.structured.flags import TA_ASIP
from praticien.documents.structured.sections import Words, add_image, add_pdf_copy, add_section, add_table
from praticien.metadata import Code

_MODEL = "1.2.250.1.213.1.1.1.39"
_VERSION = "2024.01"
_TWO_ZONES = Code("MED-1096", TA_ASIP, "Prescription bizone")
_DRUGS = Code("57828-6", LOINC, "Prescriptions")
_DEVICES = Code("46264-8", LOINC, "Dispositifs médicaux")
_BARCODE = Code("57723-9", LOINC, "Numéro de code à barres unique")
_COMMENT = Code("55112-7", LOINC, "Commentaire")


def add_templates(root: Element) -> None:
    """The templates of the model, after those of the header."""
    templates(root, "1.3.6.1.4.1.19376.1.9.1.1.1", "1.3.6.1.4.1.19376.1.5.3.1.1.1")
    add(root, "templateId", root=_MODEL, extension=_VERSION)


def fill_event(event: Element, prescription: Prescription) -> None:
    """The act documented: number and code; validity and performer follow."""
    event.set("classCode", "ACT")
    add(event, "id", root=prescription.number_authority, extension=prescription.number)
    coded(event, "code", DocumentKind.PRESCRIPTION.codes.type_code)


def add_information_events(root: Element, prescription: Prescription) -> None:
    """One more serviceEvent for each thing that the prescription as a whole is."""
    marks = [Code(mark.value, TA_ASIP, MARK_WORDS[mark]) for mark in Mark if mark in prescription.marks]
    for code in ([_TWO_ZONES] if prescription.has_long_term_illness else []) + marks:
        event = add(add(root, "documentationOf"), "serviceEvent", classCode="INFO")
        coded(event, "code", code)


def add_body(root: Element, document: NewDocument, prescription: Prescription, pdf: bytes) -> None:
    """Drugs, devices, comment, number as an image, PDF copy: what is read first comes first."""
    body = add(add(root, "component"), "structuredBody")
    if prescription.drugs:
        _drugs(body, document, prescription)
    if prescription.devices:
        _devices(body, document, prescription)
    if prescription.comment.strip():
        _comment(body, document, prescription.comment)
    title = f"Code 2D de la prescription {prescription.number}"
    section = add_section(body, document.unique_id, ("1.2.250.1.213.1.1.2.223",), _BARCODE, title)
    add_image(section, image_of(prescription))
    add_pdf_copy(body, document.unique_id, pdf)


def _drugs(body: Element, document: NewDocument, prescription: Prescription) -> None:
    roots = ("1.3.6.1.4.1.19376.1.9.1.2.1", "1.2.250.1.213.1.1.2.171")
    section = add_section(body, document.unique_id, roots, _DRUGS, "Prescription de médicaments")
    header = ("Médicament", "Posologie", "Durée du traitement", "Renouvellements", "Substitution")
    names = [FLAG_WORDS[flag] for flag in flags_of(PrescriptionLine)]
    first = document.service_start.date()
    rows = [_drug_row(line, f"med-{n:03d}", first) for n, line in enumerate(prescription.drugs, 1)]
    add_table(add(section, "text"), (*header, *names), rows)
    for number, line in enumerate(prescription.drugs, 1):
        add_drug(add(section, "entry"), document, line, f"med-{number:03d}")


def _drug_row(line: PrescriptionLine, id_: str, first: date) -> tuple[str, list[Words]]:
    duration, last = line.posology.duration, line.posology.last_day(first)
    how_long = f"{duration_words(duration)}, " if duration else ""
    period = f"{how_long}du {first:%d/%m/%Y} au {last:%d/%m/%Y}" if last else "-"
    refused = line.substitution is not Substitution.ALLOWED
    return id_, [
        Words(line.name.strip(), f"{id_}-nom"),
        Words(words(line.posology), f"{id_}-posologie"),
        Words(period, f"{id_}-duree"),
        Words(str(line.renewals)),
        Words(substitution_words(line.substitution), f"{id_}-substitution" if refused else ""),
        *_flag_cells(line, id_),
    ]


def _devices(body: Element, document: NewDocument, prescription: Prescription) -> None:
    roots = ("1.2.250.1.213.1.1.2.222",)
    section = add_section(body, document.unique_id, roots, _DEVICES, "Prescription de dispositifs médicaux")
    header = ("Dispositif médical", "Nombre", "Durée", "Renouvellements")
    names = [FLAG_WORDS[flag] for flag in flags_of(DeviceLine)]
    rows = [_device_row(line, f"dm-{n:03d}") for n, line in enumerate(prescription.devices, 1)]
    add_table(add(section, "text"), (*header, *names), rows)
    for number, line in enumerate(prescription.devices, 1):
        add_device(add(section, "entry"), document, line, f"dm-{number:03d}")


def _device_row(line: DeviceLine, id_: str) -> tuple[str, list[Words]]:
    duration = duration_words(line.duration) if line.duration else "-"
    return id_, [
        Words(line.name.strip(), f"{id_}-nom"),
        Words(str(line.quantity)),
        Words(duration),
        Words(str(line.renewals)),
        *_flag_cells(line, id_),
    ]


def _flag_cells(line: PrescriptionLine | DeviceLine, id_: str) -> list[Words]:
    return [Words("Oui" if flag in line.flags else "Non", f"{id_}-{flag.value}") for flag in flags_of(type(line))]


def _comment(body: Element, document: NewDocument, comment: str) -> None:
    roots = ("2.16.840.1.113883.10.12.201", "1.3.6.1.4.1.19376.1.4.1.2.16", "1.2.250.1.213.1.1.2.73")
    text = add(add_section(body, document.unique_id, roots, _COMMENT, "Commentaire"), "text")
    for paragraph in comment.strip().split("\n"):
        if paragraph.strip():
            add(text, "paragraph", paragraph)
