"""Plain views over ebXML registry objects; they read, and judge nothing. IHE ITI TF-3 4.2, facts: protocol 3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reference_server import names, xml
from reference_server.names import DocumentEntryId, SubmissionSetId, q
from reference_server.xml import Element

EXTRINSIC_OBJECT = q(names.RIM, "ExtrinsicObject")
REGISTRY_PACKAGE = q(names.RIM, "RegistryPackage")
ASSOCIATION = q(names.RIM, "Association")
CLASSIFICATION = q(names.RIM, "Classification")
_EXTERNAL_IDENTIFIER, _SLOT, _VALUE = (q(names.RIM, name) for name in ("ExternalIdentifier", "Slot", "Value"))
SIGNATURE_TYPE = "E1762"


@dataclass(frozen=True, slots=True)
class Coded:
    """A classification: code, system, label."""

    code: str
    system: str
    display: str


@dataclass(frozen=True, slots=True)
class Xcn:
    """A person, by components (HL7 v2 XCN)."""

    components: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Xcn:
        """Thirteen components at least, missing ones empty."""
        parts = text.split("^")
        return cls(tuple(parts + [""] * (13 - len(parts))))

    @property
    def identifier(self) -> str:
        """Component 1."""
        return self.components[0]

    @property
    def is_named(self) -> bool:
        """Both names are there (RG_2230)."""
        return bool(self.components[1].strip() and self.components[2].strip())

    @property
    def authority(self) -> str:
        """OID of component 9."""
        return _oid(self.components[8])

    @property
    def kind(self) -> str:
        """Component 13: IDNPS, EI, INS."""
        return self.components[12]


@dataclass(frozen=True, slots=True)
class Xon:
    """An organisation, by components (HL7 v2 XON)."""

    name: str
    authority: str
    kind: str
    identifier: str

    @classmethod
    def parse(cls, text: str) -> Xon:
        """Name, authority of component 6, kind of component 7, identifier of component 10."""
        parts = text.split("^") + [""] * 10
        return cls(parts[0], _oid(parts[5]), parts[6], parts[9])


def _oid(authority: str) -> str:
    parts = authority.split("&")
    return parts[1] if len(parts) > 1 else ""


@dataclass(frozen=True, slots=True)
class AuthorView:
    """An author classification."""

    persons: tuple[Xcn, ...]
    institutions: tuple[Xon, ...]
    specialties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Classification:
    """A classification and its slots."""

    element: Element
    slots: dict[str, list[str]]

    def coded(self) -> Coded:
        system = "".join(self.slots.get("codingScheme", []))
        return Coded(self.element.get("nodeRepresentation", ""), system, _localised(self.element, "Name"))

    def author(self) -> AuthorView:
        return AuthorView(
            tuple(Xcn.parse(value) for value in self.slots.get("authorPerson", [])),
            tuple(Xon.parse(value) for value in self.slots.get("authorInstitution", [])),
            tuple(self.slots.get("authorSpecialty", [])),
        )


class RegistryObject:
    """An ExtrinsicObject, RegistryPackage or Association, that does not change under the view: it is walked once."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._coded: dict[str, list[Coded]] = {}

    @property
    def id(self) -> str:
        """The id inside the message."""
        return str(self.element.get("id", ""))

    @cached_property
    def _slots(self) -> dict[str, list[str]]:
        return _slots_of(self.element)

    @cached_property
    def _classifications(self) -> dict[str, list[_Classification]]:
        found: dict[str, list[_Classification]] = {}
        for one in xml.children(self.element, CLASSIFICATION):
            found.setdefault(one.get("classificationScheme", ""), []).append(_Classification(one, _slots_of(one)))
        return found

    @cached_property
    def _external(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in xml.children(self.element, _EXTERNAL_IDENTIFIER):
            found.setdefault(one.get("identificationScheme", ""), []).append(one.get("value", ""))
        return found

    def slot(self, name: str) -> list[str]:
        """Values of the slots of that name, blanks trimmed."""
        return self._slots.get(name, [])

    def coded(self, scheme: str) -> list[Coded]:
        """Classifications of a scheme."""
        found = self._coded.get(scheme)
        if found is None:
            found = self._coded[scheme] = [one.coded() for one in self._classifications.get(scheme, [])]
        return found

    def authors(self, scheme: str) -> list[AuthorView]:
        """Author classifications."""
        return [one.author() for one in self._classifications.get(scheme, [])]

    def external(self, scheme: str) -> list[str]:
        """Values of the external identifiers of a scheme."""
        return self._external.get(scheme, [])

    def first_external(self, scheme: str) -> str:
        """The first of them, or empty."""
        return next(iter(self.external(scheme)), "")

    @cached_property
    def name(self) -> str:
        """Name (title)."""
        return _localised(self.element, "Name")


class Entry(RegistryObject):
    """A DocumentEntry."""

    @property
    def unique_id(self) -> str:
        """uniqueId."""
        return self.first_external(DocumentEntryId.UNIQUE_ID)

    @property
    def patient_id(self) -> str:
        """patientId, a CX."""
        return self.first_external(DocumentEntryId.PATIENT_ID)

    @property
    def mime_type(self) -> str:
        """mimeType."""
        return str(self.element.get("mimeType", ""))

    @cached_property
    def type_code(self) -> str:
        """Code of the (first) type."""
        found = self.coded(DocumentEntryId.TYPE)
        return found[0].code if found else ""

    @property
    def is_lot_signature(self) -> bool:
        """The technical entry that signs the submission (IHE DSG)."""
        return self.type_code == SIGNATURE_TYPE

    @cached_property
    def confidentiality(self) -> frozenset[str]:
        """Confidentiality codes."""
        return frozenset(one.code for one in self.coded(DocumentEntryId.CONFIDENTIALITY))

    @cached_property
    def author_views(self) -> list[AuthorView]:
        """Authors."""
        return self.authors(DocumentEntryId.AUTHOR)


class SubmissionSetView(RegistryObject):
    """A SubmissionSet."""

    @property
    def unique_id(self) -> str:
        """uniqueId."""
        return self.first_external(SubmissionSetId.UNIQUE_ID)

    @property
    def patient_id(self) -> str:
        """patientId, a CX."""
        return self.first_external(SubmissionSetId.PATIENT_ID)


class AssociationView(RegistryObject):
    """An Association."""

    @property
    def type(self) -> str:
        """associationType."""
        return str(self.element.get("associationType", ""))

    @property
    def source(self) -> str:
        """sourceObject."""
        return str(self.element.get("sourceObject", ""))

    @property
    def target(self) -> str:
        """targetObject."""
        return str(self.element.get("targetObject", ""))


def slot_values(element: Element, name: str) -> list[str]:
    """Values of the Slot children of that name."""
    return _slots_of(element).get(name, [])


def _slots_of(element: Element) -> dict[str, list[str]]:
    """Values of the Slot children by name."""
    found: dict[str, list[str]] = {}
    for slot in xml.children(element, _SLOT):
        found.setdefault(slot.get("name", ""), []).extend(xml.text_of(value) for value in slot.iter(_VALUE))
    return found


def _localised(element: Element, name: str) -> str:
    for found in xml.children(element, q(names.RIM, name)):
        for text in xml.children(found, q(names.RIM, "LocalizedString")):
            return str(text.get("value", "")).strip()
    return ""
