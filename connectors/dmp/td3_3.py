"""TD3.3: mask, make visible, archive, delete (ITI-57, metadata update). Facts: protocol 2.1.

A new status is one association. A new visibility is the whole entry again under its lid: the registry's own words, of
which nothing but the confidentiality codes is touched, so that slots unknown to us are not lost.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from lxml import etree

from connectors.dmp import ebxml, registry_response, rim
from connectors.dmp.rim import EntryScheme
from connectors.dmp.sender import Sender
from connectors.dmp.td2_1 import LCM
from connectors.soap.parsing import Element
from praticien.documents.nomenclatures import author_specialty, content_type
from praticien.identity import Ins
from praticien.metadata import (
    Association,
    AssociationType,
    Author,
    Availability,
    Code,
    DocumentEntry,
    Institution,
    Person,
    SubmissionSet,
)

ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"


def status_request(entry: DocumentEntry, status: Availability, sender: Sender, now: datetime) -> Element:
    """``entry`` gets another status (TD3.3c, TD3.3d); its present one is that of ``entry``."""
    return _statuses(entry.patient_id, [entry.entry_uuid], (entry.availability, status), sender, now)


def deletion(patient: Ins, entry_uuids: Iterable[str], sender: Sender, now: datetime) -> Element:
    """Active documents are deleted together or not at all (TD3.3c), by whoever knows no more than their names."""
    return _statuses(patient, entry_uuids, (Availability.APPROVED, Availability.DELETED), sender, now)


def _statuses(
    patient: Ins, entry_uuids: Iterable[str], change: tuple[Availability, Availability], sender: Sender, now: datetime
) -> Element:
    root, objects = _message()
    lot = _lot(patient, sender, now)
    ebxml.add_submission_set(objects, lot)
    for entry_uuid in entry_uuids:
        update = Association(AssociationType.UPDATE_STATUS, lot.entry_uuid, entry_uuid)
        association = ebxml.add_association(objects, update)
        for name, status in zip(("OriginalStatus", "NewStatus"), change, strict=True):
            rim.add_slot(association, name, [status.value])
    return root


def visibility_request(
    stored: Element, patient: Ins, confidentiality: Iterable[Code], sender: Sender, now: datetime
) -> Element:
    """The entry ``stored`` (an ExtrinsicObject of the registry) gets other confidentiality codes (TD3.3a, TD3.3b)."""
    root, objects = _message()
    lot = _lot(patient, sender, now)
    changed = _renamed(stored)
    for classification in rim.classifications(changed, EntryScheme.CONFIDENTIALITY):
        changed.remove(classification)
    place = _place_of_codes(changed)
    for number, code in enumerate(confidentiality):
        rim.add_code(changed, EntryScheme.CONFIDENTIALITY, code)
        changed.insert(place + number, changed[-1])
    objects.append(changed)
    ebxml.add_submission_set(objects, lot)
    version = stored.find(f"{{{rim.RIM}}}VersionInfo")
    previous = str(version.get("versionName", "1")) if version is not None else "1"
    member = Association(AssociationType.HAS_MEMBER, lot.entry_uuid, changed.get("id", ""), previous)
    ebxml.add_association(objects, member)
    return root


def _message() -> tuple[Element, Element]:
    root = etree.Element(f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM})
    objects = ebxml.registry_objects()
    root.append(objects)
    return root, objects


def _renamed(stored: Element) -> Element:
    """A copy with a new identifier everywhere it names itself; lid keeps saying which document it is."""
    changed = copy.deepcopy(stored)
    former, new = str(stored.get("id", "")), rim.new_id()
    changed.set("id", new)
    changed.set("lid", str(stored.get("lid") or former))
    for child in changed:
        for name in ("classifiedObject", "registryObject"):
            if child.get(name) == former:
                child.set(name, new)
    return changed


def _place_of_codes(changed: Element) -> int:
    """Where a classification stands in the schema's order: before the external identifiers."""
    tags = [child.tag for child in changed]
    identifier = f"{{{rim.RIM}}}ExternalIdentifier"
    return tags.index(identifier) if identifier in tags else len(tags)


def _lot(patient: Ins, sender: Sender, now: datetime) -> SubmissionSet:
    """The submission set of an update: signed for by whoever updates, its content type that of their structure."""
    who, structure = sender.professional, sender.structure
    name = uuid4()
    return SubmissionSet(
        entry_uuid=f"urn:uuid:{name}",
        unique_id=f"2.25.{name.int}",
        source_id=sender.software.oid,
        patient_id=patient,
        submission_time=now,
        content_type=content_type(structure.sector),
        author=Author(
            Person(who.national_id, who.family_name, who.given_name),
            Institution(structure.national_id, structure.name),
            author_specialty(who),
        ),
    )


check = registry_response.check
