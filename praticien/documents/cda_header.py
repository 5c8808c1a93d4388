"""The header of a CDA R2 document, as found: nothing is required, nothing is corrected."""

from __future__ import annotations

from praticien.documents.cda_model import (
    CdaHeader,
    CdaPatient,
    Encounter,
    Organisation,
    Participant,
    RelatedDocument,
    ServiceEvent,
    Timestamp,
)
from praticien.documents.cda_xml import Element, attribute, child, children, name_of, text
from praticien.identity import INS_OIDS, Ins, InvalidIns
from praticien.metadata import Code

_PS3_20 = "{urn:dicom-org:ps3-20}accessionNumber"
_OTHERS = ("informant", "informationRecipient", "authenticator", "participant")


def read_header(root: Element) -> CdaHeader:
    """The header under ``ClinicalDocument``."""
    version = attribute(child(root, "versionNumber"), "value")
    return CdaHeader(
        identifier=_identifier(child(root, "id")),
        title=text(child(root, "title")),
        type_code=_code(child(root, "code")),
        created=_time(child(root, "effectiveTime")),
        patient=_patient(child(root, "recordTarget/patientRole")),
        authors=tuple(_author(author) for author in children(root, "author")),
        legal_authenticator=_entity(child(root, "legalAuthenticator"), "assignedEntity"),
        entered_by=_entity(child(root, "dataEnterer"), "assignedEntity"),
        custodian=_organisation(child(root, "custodian/assignedCustodian/representedCustodianOrganization")),
        others=tuple(_other(item) for name in _OTHERS for item in children(root, name)),
        events=tuple(_event(event) for event in children(root, "documentationOf/serviceEvent")),
        encounter=_encounter(child(root, "componentOf/encompassingEncounter")),
        orders=tuple(filter(None, (_identifier(i) for i in children(root, "inFulfillmentOf/order/id")))),
        accession_numbers=tuple(_accession_numbers(root)),
        set_id=_identifier(child(root, "setId")),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        related=tuple(_related(item) for item in children(root, "relatedDocument")),
        confidentiality=_code(child(root, "confidentialityCode")),
        language=attribute(child(root, "languageCode"), "code"),
        template_ids=tuple(attribute(item, "root") for item in children(root, "templateId")),
    )


def _identifier(element: Element | None) -> str:
    """``root`` or ``root^extension``, as DocumentEntry.uniqueId is written."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    return f"{root}^{extension}" if extension else root


def _code(element: Element | None) -> Code | None:
    code = attribute(element, "code")
    return Code(code, attribute(element, "codeSystem"), attribute(element, "displayName")) if code else None


def _time(element: Element | None) -> Timestamp | None:
    value = attribute(element, "value")
    return Timestamp(value) if value else None


def _patient(role: Element | None) -> CdaPatient:
    identifiers = tuple((attribute(i, "root"), attribute(i, "extension")) for i in children(role, "id"))
    person = child(role, "patient")
    name = child(person, "name")
    return CdaPatient(
        ins=_ins(identifiers),
        identifiers=identifiers,
        birth_name=_part(name, "family", "BR"),
        used_name=_part(name, "family", "CL") or _part(name, "family", "SP"),
        birth_first_names=_part(name, "given", ""),
        first_birth_name=_part(name, "given", "BR"),
        used_first_name=_part(name, "given", "CL"),
        birth_date=_time(child(person, "birthTime")),
        sex=attribute(child(person, "administrativeGenderCode"), "code"),
        birth_place=text(child(person, "birthplace/place/addr/county")),
    )


def _ins(identifiers: tuple[tuple[str, str], ...]) -> Ins | None:
    """The first identifier that is a sound matricule; one with a wrong key stays among the identifiers."""
    for root, extension in identifiers:
        if root in INS_OIDS:
            try:
                return Ins(extension, root)
            except InvalidIns:
                continue
    return None


def _part(name: Element | None, tag: str, qualifier: str) -> str:
    found = [text(item) for item in children(name, tag) if attribute(item, "qualifier") == qualifier]
    return " ".join(found)


def _author(author: Element) -> Participant:
    entity = child(author, "assignedAuthor")
    return _participant(author, entity, "author")


def _entity(parent: Element | None, tag: str) -> Participant | None:
    return None if parent is None else _participant(parent, child(parent, tag), name_of(parent))


def _other(parent: Element) -> Participant:
    tags = ("assignedEntity", "relatedEntity", "intendedRecipient", "associatedEntity")
    entity = next((found for tag in tags if (found := child(parent, tag)) is not None), None)
    return _participant(parent, entity, name_of(parent))


_PERSONS = ("assignedPerson", "relatedPerson", "informationRecipient", "associatedPerson")
_ORGANISATIONS = ("representedOrganization", "receivedOrganization", "scopingOrganization")


def _participant(parent: Element, entity: Element | None, part: str) -> Participant:
    name = next((n for tag in _PERSONS if (n := child(entity, f"{tag}/name")) is not None), None)
    organisation = next((o for tag in _ORGANISATIONS if (o := child(entity, tag)) is not None), None)
    device = child(entity, "assignedAuthoringDevice")
    return Participant(
        part=part,
        identifier=attribute(child(entity, "id"), "extension"),
        family_name=text(child(name, "family")),
        given_name=text(child(name, "given")),
        specialty=_code(child(entity, "code")),
        organisation=_organisation(organisation),
        time=_time(child(parent, "time")),
        device=text(child(device, "softwareName")) or text(child(device, "manufacturerModelName")),
    )


def _organisation(element: Element | None) -> Organisation | None:
    if element is None:
        return None
    sector = _code(child(element, "standardIndustryClassCode"))
    return Organisation(attribute(child(element, "id"), "extension"), text(child(element, "name")), sector)


def _event(event: Element) -> ServiceEvent:
    interval = child(event, "effectiveTime")
    return ServiceEvent(
        code=_code(child(event, "code")),
        start=_time(child(interval, "low")) or _time(interval),
        stop=_time(child(interval, "high")),
        performer=_entity(child(event, "performer"), "assignedEntity"),
    )


def _encounter(encounter: Element | None) -> Encounter | None:
    if encounter is None:
        return None
    interval = child(encounter, "effectiveTime")
    facility = child(encounter, "location/healthCareFacility")
    return Encounter(
        code=_code(child(encounter, "code")),
        start=_time(child(interval, "low")) or _time(interval),
        stop=_time(child(interval, "high")),
        facility_type=_code(child(facility, "code")),
        facility_name=text(child(facility, "location/name")),
    )


def _accession_numbers(root: Element) -> list[str]:
    """Numbers in the DICOM namespace."""
    orders = children(root, "inFulfillmentOf/order")
    return [number for order in orders for item in order.findall(_PS3_20) if (number := attribute(item, "extension"))]


def _related(element: Element) -> RelatedDocument:
    return RelatedDocument(attribute(element, "typeCode"), _identifier(child(element, "parentDocument/id")))
