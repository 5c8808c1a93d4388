"""Writing a checked submission into the registry: real identifiers, registry attributes, octets, associations."""

from __future__ import annotations

import copy
import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server import names, xml
from reference_server.errors import Finding, RegistryRefusal
from reference_server.metadata.codes import INVISIBLE_TO_PATIENT, MASKED
from reference_server.metadata.rules import METADATA_ERROR
from reference_server.metadata.submission import Received
from reference_server.metadata.views import CLASSIFICATION, AssociationView, Entry, SubmissionSetView
from reference_server.names import DocumentEntryId, SubmissionSetId, q
from reference_server.storage import documents
from reference_server.storage.prepared import PreparedInsert
from reference_server.storage.tables import AssociationRow, DocumentRow, SubmissionRow
from reference_server.xml import Element

Values = dict[str, Any]
"""A row by column."""
_SUBMISSIONS, _DOCUMENTS, _ASSOCIATIONS = (
    PreparedInsert(table) for table in (SubmissionRow, DocumentRow, AssociationRow)
)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ORDER = ("Slot", "Name", "Description", "VersionInfo", "Classification", "ExternalIdentifier")
_REGISTRY_SLOTS = ("hash", "size", "repositoryUniqueId")
_PLACES = {name: index for index, name in enumerate(_ORDER)}
_POINTERS = ("classifiedObject", "registryObject", "sourceObject", "targetObject", "id")
_POINTING = etree.XPath("descendant-or-self::*[" + " or ".join(f"@{name}" for name in _POINTERS) + "]")
_IDENTIFIED = ("{*}Classification", "{*}ExternalIdentifier", "{*}Association")
UNKNOWN_FORMER = Finding("RPLC-UNKNOWN", METADATA_ERROR, "Le document à remplacer est inconnu.")
REFERENCE_IDS = "urn:ihe:iti:xds:2013:referenceIdList"
_FACETS = {
    "class": DocumentEntryId.CLASS,
    "type": DocumentEntryId.TYPE,
    "format": DocumentEntryId.FORMAT,
    "practice": DocumentEntryId.PRACTICE,
    "facility": DocumentEntryId.FACILITY,
    "event": DocumentEntryId.EVENT,
    "confidentiality": DocumentEntryId.CONFIDENTIALITY,
}


def check_against_registry(session: Session, received: Received) -> None:
    """Raises RegistryRefusal: identifiers already known, or a replaced document that cannot be replaced."""
    findings = []
    if documents.is_submitted(session, received.submission_set.unique_id):
        findings.append(Finding("SS-KNOWN", "XDSDuplicateUniqueIdInRegistry", "Ce lot est déjà enregistré."))
    findings += package_findings(session, received.submission_set)
    uuids, unique_ids = ({entry.id.lower(): entry for entry in received.entries}, _by_unique_id(received))
    for known in documents.alike(session, ((entry.id.lower(), entry.unique_id) for entry in received.entries)):
        if known.entry_uuid in uuids:
            findings.append(Finding("UUID-KNOWN", METADATA_ERROR, "Cet entryUUID est déjà enregistré."))
        if known.unique_id in unique_ids:
            findings.append(_already_known(known.content, received.contents[unique_ids[known.unique_id].id]))
    for entry_uuid in received.replacements.values():
        findings += _replacement_findings(session, entry_uuid, received)
    if findings:
        raise RegistryRefusal(*findings)


def package_findings(session: Session, submission_set: SubmissionSetView) -> list[Finding]:
    """An entryUUID names one object of the registry, whichever its kind."""
    if not documents.names_something(session, submission_set.id.lower()):
        return []
    return [Finding("UUID-KNOWN", METADATA_ERROR, "Cet entryUUID est déjà enregistré.")]


def _by_unique_id(received: Received) -> dict[str, Entry]:
    return {entry.unique_id: entry for entry in received.entries}


def _already_known(known: str, octets: bytes) -> Finding:
    if known == hashlib.sha256(octets).hexdigest():
        return Finding("UID-KNOWN", "XDSDuplicateUniqueIdInRegistry", "Ce document est déjà enregistré.")
    return Finding("UID-OTHER", "XDSNonIdenticalHash", "Un autre document est enregistré sous cet uniqueId.")


def _replacement_findings(session: Session, entry_uuid: str, received: Received) -> list[Finding]:
    target = documents.by_entry_uuid(session, entry_uuid)
    if target is None:
        return [UNKNOWN_FORMER]
    if target.matricule != Ins.from_cx(received.submission_set.patient_id).matricule:
        return [Finding("RPLC-PATIENT", "XDSPatientIdDoesNotMatch", "Le document à remplacer est d'un autre patient.")]
    if target.status != names.APPROVED:
        sentence = "Le document à remplacer l'a déjà été."
        return [Finding("RPLC-STATUS", "XDSRegistryDeprecatedDocumentError", sentence)]
    return []


@dataclass(frozen=True, slots=True, repr=False)
class Filing:
    """Rows as they will be written: everything of a registration that needs no database, done before its turn comes."""

    submission: Values
    contents: dict[str, bytes]
    documents: list[Values]
    associations: list[Values]
    replaced: tuple[str, ...]


def filing(received: Received) -> Filing:
    """What a submission that broke no rule becomes."""
    identifiers = {one.id: _real_id(one.id) for one in (received.submission_set, *received.entries)}
    unique_id = received.submission_set.unique_id
    made = [_document(entry, received.contents[entry.id], identifiers, unique_id) for entry in received.entries]
    return Filing(
        _package(received.submission_set, identifiers),
        {one["content"]: received.contents[entry.id] for one, entry in zip(made, received.entries, strict=True)},
        made,
        [_association(one, identifiers, unique_id) for one in received.associations],
        tuple(received.replacements.values()),
    )


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def register(session: Session, filed: Filing, depositor: str, structure: str, now: datetime) -> None:
    """Store everything; the caller's transaction makes it all or nothing."""
    _SUBMISSIONS.keep(session, [_received(filed.submission, (depositor, structure), now)])
    documents.keep_contents(session, filed.contents)
    _DOCUMENTS.keep(session, filed.documents)
    _ASSOCIATIONS.keep(session, filed.associations)
    for replaced in filed.replaced:
        set_status(session, replaced, names.DEPRECATED)


def _received(package: Values, depositor: tuple[str, str], now: datetime) -> Values:
    return {**package, "received_at": now.isoformat(), "depositor": depositor[0], "structure": depositor[1]}


def keep_package(
    session: Session,
    submission_set: SubmissionSetView,
    identifiers: dict[str, str],
    depositor: tuple[str, str],
    now: datetime,
) -> None:
    """Store a submission set; ``depositor`` is who and from which structure, ``identifiers`` real ids by given ones."""
    identifiers.setdefault(submission_set.id, _real_id(submission_set.id))
    _SUBMISSIONS.keep(session, [_received(_package(submission_set, identifiers), depositor, now)])


def _package(submission_set: SubmissionSetView, identifiers: dict[str, str]) -> Values:
    package = rewritten(_classified(submission_set.element), identifiers)
    package.set("status", names.APPROVED)
    return {
        "unique_id": submission_set.unique_id,
        "entry_uuid": identifiers[submission_set.id],
        "matricule": Ins.from_cx(submission_set.patient_id).matricule,
        "xml": etree.tostring(package),
    }


def _classified(package: Element) -> Element:
    """A package that says itself that it is a submission set; a message may say so beside it."""
    if any(one.get("classificationNode") == SubmissionSetId.NODE for one in xml.children(package, CLASSIFICATION)):
        return package
    made = copy.deepcopy(package)
    xml.add(made, CLASSIFICATION, classifiedObject=made.get("id"), classificationNode=SubmissionSetId.NODE)
    return made


def _real_id(symbolic: str) -> str:
    """The submitted entryUUID when it is one, else a new one (ITI TF-2 3.42)."""
    lowered = symbolic.lower()
    return lowered if _UUID.fullmatch(lowered) else f"urn:uuid:{uuid.uuid4()}"


def rewritten(element: Element, identifiers: dict[str, str]) -> Element:
    """A copy with real identifiers and children in schema order."""
    made = copy.deepcopy(element)
    renamed = {given: real for given, real in identifiers.items() if given != real}
    for one in _POINTING(made) if renamed else ():
        for name in _POINTERS:
            value = one.get(name)
            if value in renamed:
                one.set(name, renamed[value])
    for one in made.iter(*_IDENTIFIED):
        if not one.get("id"):
            one.set("id", f"urn:uuid:{uuid.uuid4()}")
    ordered = sorted(xml.children(made), key=lambda child: _PLACES.get(xml.local_name(child), len(_PLACES)))
    if ordered != list(made):
        made[:] = ordered
    return made


def _document(entry: Entry, octets: bytes, identifiers: dict[str, str], submission: str) -> Values:
    """A lot signature, though said to be, is nothing that the patient waits to see: nobody announces it."""
    return {
        "entry_uuid": identifiers[entry.id],
        "unique_id": entry.unique_id,
        "matricule": Ins.from_cx(entry.patient_id).matricule,
        "submission": submission,
        "content": _digest(octets),
        "status": names.APPROVED,
        "mime_type": entry.mime_type,
        "title": entry.name,
        "masked": MASKED in entry.confidentiality,
        "invisible_to_patient": INVISIBLE_TO_PATIENT in entry.confidentiality and not entry.is_lot_signature,
        "author_ids": [person.identifier for author in entry.author_views for person in author.persons],
        "facets": _facets(entry),
        "xml": etree.tostring(_as_registered(entry, octets, identifiers)),
    }


def _facets(entry: Entry) -> dict[str, list[str]]:
    facets = {name: coded_values(entry, scheme) for name, scheme in _FACETS.items()}
    for name in ("creationTime", "serviceStartTime", "serviceStopTime"):
        facets[name] = entry.slot(name)
    facets["reference"] = entry.slot(REFERENCE_IDS)
    facets["author"] = ["^".join(p.components) for author in entry.author_views for p in author.persons]
    return facets


def coded_values(entry: Entry, scheme: str) -> list[str]:
    """Codes of a scheme as queries ask for them: ``code^^system``."""
    return [f"{one.code}^^{one.system}" for one in entry.coded(scheme)]


def _as_registered(entry: Entry, octets: bytes, identifiers: dict[str, str]) -> Element:
    """The ExtrinsicObject that queries return: status, lid, version, hash, size and repository are the registry's."""
    made = rewritten(entry.element, identifiers)
    made.set("lid", identifiers[entry.id])
    made.set("status", names.APPROVED)
    for slot in xml.children(made, q(names.RIM, "Slot")):
        if slot.get("name") in _REGISTRY_SLOTS:
            made.remove(slot)
    for version in xml.children(made, q(names.RIM, "VersionInfo")):
        made.remove(version)
    values = (hashlib.sha1(octets, usedforsecurity=False).hexdigest(), str(len(octets)), names.REPOSITORY_ID)
    for name, value in zip(_REGISTRY_SLOTS, values, strict=True):
        made.insert(0, slot_element(name, value))
    after = sum(1 for child in made if xml.local_name(child) in _ORDER[:3])
    made.insert(after, etree.Element(q(names.RIM, "VersionInfo"), versionName="1"))
    return made


def slot_element(name: str, *values: str) -> Element:
    """A rim:Slot."""
    slot = etree.Element(q(names.RIM, "Slot"), name=name)
    listed = xml.add(slot, q(names.RIM, "ValueList"))
    for value in values:
        xml.add(listed, q(names.RIM, "Value"), value)
    return slot


def keep_association(session: Session, one: AssociationView, identifiers: dict[str, str], submission: str) -> None:
    """Store an association of the submission."""
    _ASSOCIATIONS.keep(session, [_association(one, identifiers, submission)])


def _association(one: AssociationView, identifiers: dict[str, str], submission: str) -> Values:
    made = rewritten(one.element, identifiers)
    made.set("id", f"urn:uuid:{uuid.uuid4()}")
    return {
        "entry_uuid": made.get("id"),
        "submission": submission,
        "type": one.type,
        "source": made.get("sourceObject"),
        "target": made.get("targetObject"),
        "xml": etree.tostring(made),
    }


def set_status(session: Session, entry_uuid: str, status: str) -> None:
    """Give a stored entry another availability status."""
    row = documents.by_entry_uuid(session, entry_uuid)
    assert row is not None
    element = xml.parse(row.xml)
    element.set("status", status)
    row.status = status
    row.xml = etree.tostring(element)
