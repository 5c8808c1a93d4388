"""A SubmitObjectsRequest taken apart: one submission set, its entries, its associations, the documents' octets."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from reference_server import names, xml
from reference_server.errors import Finding, RegistryRefusal
from reference_server.metadata.rules import METADATA_ERROR, entry_findings, submission_findings
from reference_server.metadata.views import (
    ASSOCIATION,
    CLASSIFICATION,
    EXTRINSIC_OBJECT,
    REGISTRY_PACKAGE,
    AssociationView,
    Entry,
    SubmissionSetView,
    slot_values,
)
from reference_server.names import SubmissionSetId, q
from reference_server.xml import Element


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """A submission as received. ``contents`` holds the octets by entry id."""

    submission_set: SubmissionSetView
    entries: tuple[Entry, ...]
    associations: tuple[AssociationView, ...]
    contents: dict[str, bytes]

    @property
    def documents(self) -> tuple[Entry, ...]:
        """Entries but the lot signature."""
        return tuple(entry for entry in self.entries if not entry.is_lot_signature)

    @property
    def replacements(self) -> dict[str, str]:
        """entryUUID replaced, by the id of the entry that replaces it."""
        return {one.source: one.target.lower() for one in self.associations if one.type == names.REPLACES}


def read(request: Element, parts: dict[str, bytes]) -> Received:
    """From a ProvideAndRegisterDocumentSetRequest and the MIME parts. Raises RegistryRefusal (shape)."""
    lists = list(request.iter(q(names.RIM, "RegistryObjectList")))
    if len(lists) != 1:
        raise RegistryRefusal(Finding("SS-SHAPE", METADATA_ERROR, "Un seul RegistryObjectList est attendu."))
    objects = lists[0]
    packages = xml.children(objects, REGISTRY_PACKAGE)
    if len(packages) != 1 or not _is_submission_set(packages[0], objects):
        raise RegistryRefusal(Finding("SS-ONE", METADATA_ERROR, "Un lot (SubmissionSet) est attendu, un seul."))
    return Received(
        SubmissionSetView(packages[0]),
        tuple(Entry(one) for one in xml.children(objects, EXTRINSIC_OBJECT)),
        tuple(AssociationView(one) for one in xml.children(objects, ASSOCIATION)),
        _contents(request, parts),
    )


def _is_submission_set(package: Element, objects: Element) -> bool:
    nodes = xml.children(package, CLASSIFICATION) + xml.children(objects, CLASSIFICATION)
    return any(
        one.get("classificationNode") == SubmissionSetId.NODE and one.get("classifiedObject") == package.get("id")
        for one in nodes
    )


def _contents(request: Element, parts: dict[str, bytes]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for document in xml.children(request, q(names.XDSB, "Document")):
        identifier = document.get("id", "")
        if identifier in contents:
            raise RegistryRefusal(Finding("DOC-TWICE", METADATA_ERROR, "Un document est joint deux fois."))
        contents[identifier] = _octets(document, parts)
    return contents


def _octets(document: Element, parts: dict[str, bytes]) -> bytes:
    included = xml.children(document, q(names.XOP, "Include"))
    if included:
        content_id = unquote(included[0].get("href", "").removeprefix("cid:"))
        if content_id not in parts:
            raise RegistryRefusal(Finding("DOC-PART", "XDSMissingDocument", "Une partie MIME annoncée manque."))
        return parts[content_id]
    try:
        return base64.b64decode("".join(xml.text_of(document).split()), validate=True)
    except (binascii.Error, ValueError):
        refusal = Finding("DOC-BASE64", "XDSMissingDocument", "Un document joint n'est pas en base 64.")
        raise RegistryRefusal(refusal) from None


def findings(received: Received) -> Iterator[Finding]:
    """Every rule that the message breaks by itself, before the registry is looked at."""
    yield from submission_findings(received.submission_set)
    for entry in received.entries:
        yield from entry_findings(entry)
        yield from _content_findings(entry, received)
    yield from _shape_findings(received)
    yield from _patient_findings(received)
    yield from _association_findings(received)


def _content_findings(entry: Entry, received: Received) -> Iterator[Finding]:
    octets = received.contents.get(entry.id)
    if octets is None:
        yield Finding("DOC-MISSING", "XDSMissingDocument", "Une fiche n'a pas de document joint.")
        return
    announced = "".join(entry.slot("hash")).lower()
    if announced and announced != hashlib.sha1(octets, usedforsecurity=False).hexdigest():
        yield Finding("DOC-HASH", "XDSNonIdenticalHash", "L'empreinte annoncée n'est pas celle du document.")
    size = "".join(entry.slot("size"))
    if size and size != str(len(octets)):
        yield Finding("DOC-SIZE", "XDSNonIdenticalSize", "La taille annoncée n'est pas celle du document.")
    if not octets:
        yield Finding("DOC-EMPTY", "XDSRepositoryError", "Un document joint est vide.")


def _shape_findings(received: Received) -> Iterator[Finding]:
    ids = [received.submission_set.id, *(entry.id for entry in received.entries)]
    if len({one.lower() for one in ids}) != len(ids) or "" in ids:
        yield Finding("ID-TWICE", METADATA_ERROR, "Deux objets du lot portent le même identifiant.")
    if set(received.contents) - set(ids):
        yield Finding("DOC-UNDESCRIBED", "XDSMissingDocumentMetadata", "Un document joint n'a pas de fiche.")
    if not received.documents:
        yield Finding("SS-EMPTY", METADATA_ERROR, "Le lot ne contient aucun document.")
    twice = [uid for uid, count in Counter(entry.unique_id for entry in received.entries).items() if count > 1]
    if twice:
        error = "XDSRegistryDuplicateUniqueIdInMessage"
        yield Finding("UID-TWICE", error, "Deux documents du lot portent le même uniqueId.")


def _patient_findings(received: Received) -> Iterator[Finding]:
    patients = {_bare(entry.patient_id) for entry in received.entries} | {_bare(received.submission_set.patient_id)}
    if len(patients) > 1:
        yield Finding(
            "PATIENT-TWO", "XDSPatientIdDoesNotMatch", "Le lot et ses fiches nomment des patients différents."
        )


def _bare(cx: str) -> str:
    """Identifier and authority of a CX, without the identity date that may follow."""
    return "^".join(cx.split("^")[:4])


def _association_findings(received: Received) -> Iterator[Finding]:
    package, entries = received.submission_set.id, {entry.id for entry in received.entries}
    members = [one for one in received.associations if one.type == names.HAS_MEMBER and one.source == package]
    if {one.target for one in members} != entries or len(members) != len(entries):
        yield Finding("ASSOC-MEMBERS", METADATA_ERROR, "Chaque fiche doit être membre du lot, une fois.")
    if any(slot_values(one.element, "SubmissionSetStatus") != ["Original"] for one in members):
        yield Finding("ASSOC-ORIGINAL", METADATA_ERROR, "SubmissionSetStatus doit valoir Original.")
    for one in received.associations:
        if one.type not in (names.HAS_MEMBER, names.REPLACES, names.SIGNS):
            yield Finding("ASSOC-TYPE", METADATA_ERROR, "Une association d'un type non accepté est présente.")
        elif one.source not in _sources(one.type, package, entries):
            yield Finding("ASSOC-SOURCE", METADATA_ERROR, "Une association part d'un objet absent du lot.")
    yield from _replacement_findings(received)


def _sources(kind: str, package: str, entries: set[str]) -> set[str]:
    """A set has members; an entry replaces or signs."""
    return {package} if kind == names.HAS_MEMBER else entries


def _replacement_findings(received: Received) -> Iterator[Finding]:
    """One for one: what is checked is then all that is replaced."""
    pairs = [(one.source, one.target.lower()) for one in received.associations if one.type == names.REPLACES]
    if any(len({pair[end] for pair in pairs}) < len(pairs) for end in (0, 1)):
        yield Finding("RPLC-TWICE", METADATA_ERROR, "Un document en remplace un seul, et n'est remplacé qu'une fois.")
    if {source for source, _ in pairs} - {entry.id for entry in received.documents}:
        yield Finding("RPLC-SOURCE", METADATA_ERROR, "Seul un document du lot peut en remplacer un autre.")
