"""A stored entry's next version: the same but for its visibility."""

from __future__ import annotations

import copy
import uuid

from lxml import etree

from reference_server import names, xml
from reference_server.metadata import registration
from reference_server.metadata.codes import INVISIBLE_TO_PATIENT, MASKED, VISIBILITY_SYSTEM
from reference_server.metadata.update import version_of
from reference_server.metadata.views import CLASSIFICATION, Entry
from reference_server.names import DocumentEntryId, q
from reference_server.storage.tables import DocumentRow
from reference_server.xml import Element


def set_visibility(row: DocumentRow, entry: Entry) -> None:
    """Take the confidentiality codes of ``entry`` into the stored one, whose version grows by one."""
    element = xml.parse(row.xml)
    given = registration.rewritten(entry.element, {entry.id: row.entry_uuid})
    _replace_confidentiality(element, _confidentiality(given))
    _keep(row, element)


def reveal_to_patient(row: DocumentRow) -> None:
    """Take away what hides the stored entry from the patient; its version grows by one."""
    element = xml.parse(row.xml)
    left = [one for one in _confidentiality(element) if one.get("nodeRepresentation") != INVISIBLE_TO_PATIENT]
    _replace_confidentiality(element, left)
    _keep(row, element)


def set_masked(row: DocumentRow, masked: bool) -> None:
    """Hide the stored entry from professionals, or no longer; its version grows by one when that changes anything."""
    if row.masked == masked:
        return
    element = xml.parse(row.xml)
    left = [one for one in _confidentiality(element) if one.get("nodeRepresentation") != MASKED]
    _replace_confidentiality(element, [*left, _masking(left[0])] if masked else left)
    _keep(row, element)


def _masking(beside: Element) -> Element:
    made = copy.deepcopy(beside)
    made.set("nodeRepresentation", MASKED)
    made.set("id", f"urn:uuid:{uuid.uuid4()}")
    for value in made.iter(q(names.RIM, "Value")):
        value.text = VISIBILITY_SYSTEM
    for label in made.iter(q(names.RIM, "LocalizedString")):
        label.set("value", "Masqué aux professionnels de santé")
    return made


def _keep(row: DocumentRow, element: Element) -> None:
    version = xml.children(element, q(names.RIM, "VersionInfo"))[0]
    version.set("versionName", str(int(version_of(Entry(element))) + 1))
    stored = Entry(element)
    row.masked = MASKED in stored.confidentiality
    row.invisible_to_patient = INVISIBLE_TO_PATIENT in stored.confidentiality
    codes = registration.coded_values(stored, DocumentEntryId.CONFIDENTIALITY)
    row.facets = {**row.facets, "confidentiality": codes}
    row.xml = etree.tostring(element)


def _replace_confidentiality(element: Element, given: list[Element]) -> None:
    old = _confidentiality(element)
    place = element.index(old[0])
    for one in old:
        element.remove(one)
    for one in reversed(given):
        element.insert(place, one)


def _confidentiality(element: Element) -> list[Element]:
    found = xml.children(element, CLASSIFICATION)
    return [one for one in found if one.get("classificationScheme") == DocumentEntryId.CONFIDENTIALITY]
