"""Elements of a CDA being written: text, attributes, codes, times. The caller keeps the order that the schema wants."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from praticien.metadata import Code

HL7 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOINC = "2.16.840.1.113883.6.1"
SYSTEM_NAMES = {LOINC: "LOINC", "1.2.840.10008.2.16.4": "DCM"}

Element: TypeAlias = Any  # an lxml element; lxml has no types


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new last child in the HL7 namespace."""
    child = etree.SubElement(parent, f"{{{HL7}}}{tag}", attributes)
    if text:
        child.text = text
    return child


def typed(parent: Element, tag: str, kind: str, **attributes: str) -> Element:
    """The same with its ``xsi:type``, which comes first."""
    child = etree.SubElement(parent, f"{{{HL7}}}{tag}", {f"{{{XSI}}}type": kind})
    for name, value in attributes.items():
        child.set(name, value)
    return child


def coded(parent: Element, tag: str, code: Code) -> Element:
    """A coded element with its label and system."""
    element = add(parent, tag, code=code.code, displayName=code.display, codeSystem=code.system)
    if code.system in SYSTEM_NAMES:
        element.set("codeSystemName", SYSTEM_NAMES[code.system])
    return element


def templates(parent: Element, *roots: str) -> None:
    """templateId elements, in this order."""
    for root in roots:
        add(parent, "templateId", root=root)


def hl7_time(moment: datetime) -> str:
    """``20261122093000+0100``: date, time to the second and zone, as the header demands."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def stable_id(document: str, place: str) -> str:
    """A UUID for one place of the document whose OID is ``document``: the same document gives the same bytes."""
    return str(uuid5(NAMESPACE_OID, f"{document}/{place}")).upper()
