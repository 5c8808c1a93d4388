"""The small pieces of ebXML RIM 3.0: slots, names, classifications, identifiers; written and read."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from lxml import etree

from connectors.soap.parsing import Element, clean
from praticien.metadata import Code

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
_URN = "urn:uuid:"

DOCUMENT_ENTRY = _URN + "7edca82f-054d-47f2-a032-9b2a5b5186c1"
SUBMISSION_SET = _URN + "a54d6aa5-d40d-43f9-88c5-b4633d873bdd"


class EntryScheme:
    """Classification and identification schemes of a DocumentEntry (facts 3.1)."""

    AUTHOR = _URN + "93606bcf-9494-43ec-9b4e-a7748d1a838d"
    CLASS = _URN + "41a5887f-8865-4c09-adf7-e362475b143a"
    CONFIDENTIALITY = _URN + "f4f85eac-e6cb-4883-b524-f2705394840f"
    EVENT = _URN + "2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
    FORMAT = _URN + "a09d5840-386c-46f2-b5ad-9c3699a4309d"
    FACILITY_TYPE = _URN + "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
    PRACTICE_SETTING = _URN + "cccf5598-8b07-4b77-a05e-ae952c785ead"
    TYPE = _URN + "f0306f51-975f-434e-a61c-c59651d33983"
    PATIENT_ID = _URN + "58a6f841-87b3-4a3e-92fd-a8ffeff98427"
    UNIQUE_ID = _URN + "2e82c1f6-a085-4c72-9da3-8640a32e42ab"


class SetScheme:
    """Classification and identification schemes of a SubmissionSet (facts 3.1)."""

    AUTHOR = _URN + "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
    CONTENT_TYPE = _URN + "aa543740-bdda-424e-8c96-df4873be8500"
    PATIENT_ID = _URN + "6b5aea1a-874d-4603-a4bc-96a0a7b38446"
    SOURCE_ID = _URN + "554ac39e-e3fe-47fe-b233-965d2a147832"
    UNIQUE_ID = _URN + "96fdda7c-d067-4183-912e-bf5ee74998a8"


def new_id() -> str:
    """An identifier for a piece that nothing refers to."""
    return f"{_URN}{uuid4()}"


def add(parent: Element, name: str, /, **attributes: str) -> Element:
    """A new child in the RIM namespace."""
    return etree.SubElement(parent, f"{{{RIM}}}{name}", attributes)


def add_slot(parent: Element, name: str, values: Iterable[str]) -> None:
    """A slot, unless there is nothing to put in it."""
    told = [value for value in values if value]
    if told:
        value_list = add(add(parent, "Slot", name=name), "ValueList")
        for value in told:
            add(value_list, "Value").text = clean(value)


def slot(parent: Element, name: str) -> list[str]:
    """The values of a slot, in order; empty when it is absent."""
    found = parent.find(f"{{{RIM}}}Slot[@name='{name}']/{{{RIM}}}ValueList")
    return [] if found is None else [str(value.text or "") for value in found]


def one(parent: Element, name: str) -> str:
    """The first value of a slot, or an empty string."""
    return next(iter(slot(parent, name)), "")


def add_localized(parent: Element, name: str, value: str) -> None:
    """``Name`` or ``Description``, unless empty."""
    if value:
        add(add(parent, name), "LocalizedString", value=clean(value))


def localized(parent: Element, name: str) -> str:
    """The text of ``Name`` or ``Description``."""
    found = parent.find(f"{{{RIM}}}{name}/{{{RIM}}}LocalizedString")
    return "" if found is None else str(found.get("value", ""))


def add_code(parent: Element, scheme: str, code: Code) -> None:
    """A coded classification of ``parent``."""
    classification = add(
        parent,
        "Classification",
        id=new_id(),
        classificationScheme=scheme,
        classifiedObject=parent.get("id"),
        nodeRepresentation=code.code,
    )
    add_slot(classification, "codingScheme", [code.system])
    add_localized(classification, "Name", code.display)


def classifications(parent: Element, scheme: str) -> list[Element]:
    """Classifications of ``parent`` under a scheme."""
    return list(parent.findall(f"{{{RIM}}}Classification[@classificationScheme='{scheme}']"))


def codes(parent: Element, scheme: str) -> tuple[Code, ...]:
    """Coded classifications of ``parent`` under a scheme."""
    return tuple(
        Code(str(c.get("nodeRepresentation", "")), one(c, "codingScheme"), localized(c, "Name"))
        for c in classifications(parent, scheme)
    )


def add_identifier(parent: Element, scheme: str, name: str, value: str) -> None:
    """An external identifier of ``parent``, e.g. ``XDSDocumentEntry.patientId``."""
    identifier = add(
        parent,
        "ExternalIdentifier",
        id=new_id(),
        identificationScheme=scheme,
        registryObject=parent.get("id"),
        value=value,
    )
    add_localized(identifier, "Name", name)


def identifier(parent: Element, scheme: str) -> str:
    """The value of an external identifier, or an empty string."""
    found = parent.find(f"{{{RIM}}}ExternalIdentifier[@identificationScheme='{scheme}']")
    return "" if found is None else str(found.get("value", ""))
