"""CR-BIO 2024.01, the header: what a laboratory report adds to the common one.

Sources: CI-SIS volet CR-BIO 2024.01 (1.2.250.1.213.1.1.1.55), IHE PaLM XD-LAB, and their public schematrons.
"""

from __future__ import annotations

from lxml import etree

from praticien.documents.cda_elements import Element, add, coded, hl7_time, templates, typed
from praticien.documents.lab_report import Identifier, LabReport
from praticien.documents.model import NewDocument, Party
from praticien.documents.nomenclatures import author_specialty, practice_setting
from praticien.metadata import Code
from praticien.professional import OID_PS, OID_STRUCTURE, Professional

LAB = "urn:oid:1.3.6.1.4.1.19376.1.3.2"
TITLE = "Compte rendu d'examens biologiques"
"""The rules want this title, letter for letter."""
_PERFORMER = "1.3.6.1.4.1.19376.1.3.3.1.7"
_PRESCRIBER = "1.3.6.1.4.1.19376.1.3.3.1.6"


def add_templates(root: Element) -> None:
    """The templates of the model, after those of the header."""
    templates(root, "1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55")


def add_acts(root: Element, document: NewDocument, report: LabReport) -> None:
    """Prescriber, prescription, request and chapters, in the order of the schema."""
    _prescriber(root, report)
    if report.order:
        _number(add(add(root, "inFulfillmentOf"), "order"), report.order)
    _events(root, document, report)


def _prescriber(root: Element, report: LabReport) -> None:
    """Who asked for the analyses. The rules want an identifier: without one the name is on the PDF copy alone."""
    who = report.prescriber
    if who is None or who.identifier is None:
        return
    participant = add(root, "participant", typeCode="REF")
    templates(participant, _PRESCRIBER)
    if report.ordered_at:
        add(typed(participant, "time", "IVL_TS"), "high", value=hl7_time(report.ordered_at))
    else:
        add(participant, "time", nullFlavor="UNK")
    entity = add(participant, "associatedEntity", classCode="PROV")
    _number(entity, who.identifier)
    _unreachable(entity)
    name = add(add(entity, "associatedPerson"), "name")
    if who.given_name:
        add(name, "given", who.given_name)
    add(name, "family", who.family_name)


def _number(parent: Element, number: Identifier) -> None:
    add(parent, "id", root=number.authority, extension=number.value)


def _events(root: Element, document: NewDocument, report: LabReport) -> None:
    """The acts documented: the request with the first chapter, then one act for each other chapter."""
    first, *others = report.chapters
    event = add(add(root, "documentationOf"), "serviceEvent")
    if report.request:
        _number(event, report.request)
    coded(event, "code", first.code)
    etree.SubElement(event, f"{{{LAB}}}statusCode", {"code": "completed"})
    interval = add(event, "effectiveTime")
    low, high = _bounds(document)
    add(interval, "low", value=low)
    if high != low:
        add(interval, "high", value=high)
    _performer(event, document, report, high)
    for chapter in others:
        coded(add(add(root, "documentationOf"), "serviceEvent"), "code", chapter.code)


def _bounds(document: NewDocument) -> tuple[str, str]:
    low = hl7_time(document.service_start)
    return low, hl7_time(document.service_stop) if document.service_stop else low


def _performer(event: Element, document: NewDocument, report: LabReport, done: str) -> None:
    """The laboratory and its director, who is the responsible biologist when nobody else is named."""
    responsible = document.legal_authenticator
    performer = add(event, "performer", typeCode="PRF")
    templates(performer, _PERFORMER)
    add(add(performer, "time"), "high", value=done)
    _assigned(performer, Party(report.director or responsible.professional, document.author.structure))


def add_responsible(encounter: Element, document: NewDocument) -> None:
    """The responsible biologist, within the laboratory."""
    _assigned(add(encounter, "responsibleParty"), document.legal_authenticator)


def _assigned(parent: Element, party: Party) -> None:
    """A professional and the structure, each with address and telecom: unknown here, and said so."""
    entity = add(parent, "assignedEntity")
    who = party.professional
    add(entity, "id", root=OID_PS, extension=who.national_id)
    if who.profession:
        coded(entity, "code", author_specialty(who))
    _unreachable(entity)
    _name(entity, who)
    organisation = add(entity, "representedOrganization")
    add(organisation, "id", root=OID_STRUCTURE, extension=party.structure.national_id)
    add(organisation, "name", party.structure.name)
    add(organisation, "telecom", nullFlavor="UNK")
    add(organisation, "addr", nullFlavor="UNK")
    coded(organisation, "standardIndustryClassCode", practice_setting(party.structure.sector))


def _unreachable(entity: Element) -> None:
    add(entity, "addr", nullFlavor="UNK")
    add(entity, "telecom", nullFlavor="UNK")


def _name(entity: Element, who: Professional) -> None:
    name = add(add(entity, "assignedPerson"), "name")
    add(name, "given", who.given_name)
    add(name, "family", who.family_name)


def event_codes(report: LabReport) -> tuple[Code, ...]:
    """The documented acts as the DocumentEntry lists them: the chapters."""
    return tuple(chapter.code for chapter in report.chapters)
