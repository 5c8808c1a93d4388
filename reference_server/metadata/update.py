"""ITI-57 messages taken apart and checked: new statuses, or new visibilities of whole entries. Facts: protocol 2.1.

Ours: one message does one kind of act; a document keeps its entryUUID, which is its lid, from version to version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reference_server import names, xml
from reference_server.errors import Finding, RegistryRefusal
from reference_server.functional_matrix import Function
from reference_server.metadata import codes
from reference_server.metadata.rules import METADATA_ERROR, entry_findings, submission_findings
from reference_server.metadata.submission import Received
from reference_server.metadata.views import AssociationView, Entry, slot_values
from reference_server.names import DocumentEntryId, q
from reference_server.storage.tables import DocumentRow

UPDATE_ERROR = "XDSMetadataUpdateError"
OPERATION_ERROR = "XDSMetadataUpdateOperationError"
VERSION_ERROR = "XDSMetadataVersionError"
PATIENT_ERROR = "XDSPatientIDReconciliationError"
UNKNOWN = Finding("UPDATE-UNKNOWN", UPDATE_ERROR, "Aucun document de ce dossier ne porte cet identifiant.")

_REGISTRY_SLOTS = frozenset({"hash", "size", "repositoryUniqueId"})
_KEPT_SCHEMES = (
    DocumentEntryId.CLASS, DocumentEntryId.TYPE, DocumentEntryId.FORMAT, DocumentEntryId.FACILITY,
    DocumentEntryId.PRACTICE, DocumentEntryId.EVENT,
)  # fmt: skip
TRANSITIONS: dict[tuple[str, str], Function] = {
    (names.APPROVED, names.ARCHIVED): Function.ARCHIVE,
    (names.ARCHIVED, names.APPROVED): Function.ARCHIVE,
    (names.APPROVED, names.DELETED): Function.DELETE,
    (names.ARCHIVED, names.DELETED): Function.DELETE,
    (names.DEPRECATED, names.DELETED): Function.DELETE,
}
"""What a status may become. Deleted is the end; an old version stays one."""

_APPEARING = {codes.MASKED: Function.MASK}
_DISAPPEARING = {
    codes.MASKED: Function.UNMASK,
    codes.INVISIBLE_TO_PATIENT: Function.MAKE_VISIBLE,
    codes.INVISIBLE_TO_REPRESENTATIVES: Function.MAKE_VISIBLE,
}

Find = Callable[[str], DocumentRow | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One act on one stored document: a new ``status``, or a new ``entry`` that differs in its visibility."""

    function: Function
    row: DocumentRow
    association: AssociationView
    status: str = ""
    entry: Entry | None = None


def changes(received: Received, find: Find) -> list[Change]:
    """What the message asks for, all of one kind. ``find`` gives a document of the patient. Raises RegistryRefusal."""
    findings = [*submission_findings(received.submission_set), *_shape_findings(received)]
    if findings:
        raise RegistryRefusal(*findings)
    entries = {entry.id: entry for entry in received.entries}
    found = [
        _new_status(one, find) if one.type == names.UPDATES_STATUS else _new_visibility(one, entries[one.target], find)
        for one in received.associations
    ]
    if len({one.function for one in found}) > 1 or len({one.row.entry_uuid for one in found}) < len(found):
        sentence = "Un lot de mise à jour fait un seul genre d'acte, une fois par document."
        raise RegistryRefusal(Finding("UPDATE-MIXED", OPERATION_ERROR, sentence))
    return found


def _shape_findings(received: Received) -> Iterator[Finding]:
    package, entries = received.submission_set.id, [entry.id for entry in received.entries]
    known = (names.UPDATES_STATUS, names.HAS_MEMBER)
    if not received.associations or any(one.type not in known for one in received.associations):
        yield Finding("UPDATE-OPERATION", OPERATION_ERROR, "Le lot ne demande aucune mise à jour connue.")
    if any(one.source != package for one in received.associations):
        yield Finding("ASSOC-SOURCE", METADATA_ERROR, "Une association ne part pas du lot.")
    members = [one.target for one in received.associations if one.type == names.HAS_MEMBER]
    if sorted(members) != sorted(entries) or len({package, *entries}) != len(entries) + 1:
        yield Finding("ASSOC-MEMBERS", METADATA_ERROR, "Chaque fiche doit être membre du lot, une fois.")


def _refused(rule: str, error: str, sentence: str) -> RegistryRefusal:
    return RegistryRefusal(Finding(rule, error, sentence))


def _only(association: AssociationView, name: str) -> str:
    values = slot_values(association.element, name)
    if len(values) != 1:
        raise _refused("UPDATE-SLOT", METADATA_ERROR, f"L'association doit porter {name}, une fois.")
    return values[0]


def _target(find: Find, entry_uuid: str) -> DocumentRow:
    row = find(entry_uuid.lower())
    if row is None:
        raise RegistryRefusal(UNKNOWN)
    return row


def _new_status(association: AssociationView, find: Find) -> Change:
    before, after = _only(association, "OriginalStatus"), _only(association, "NewStatus")
    row = _target(find, association.target)
    if row.status != before:
        raise _refused("UPDATE-ORIGINAL", UPDATE_ERROR, "OriginalStatus n'est pas l'état présent du document.")
    function = TRANSITIONS.get((before, after))
    if function is None:
        raise _refused("UPDATE-STATUS", UPDATE_ERROR, "Un document dans cet état ne peut pas prendre ce nouvel état.")
    return Change(function, row, association, status=after)


def _new_visibility(association: AssociationView, entry: Entry, find: Find) -> Change:
    if _only(association, "SubmissionSetStatus") != "Original":
        raise _refused("ASSOC-ORIGINAL", METADATA_ERROR, "SubmissionSetStatus doit valoir Original.")
    row = _target(find, entry.element.get("lid", ""))
    stored = Entry(xml.parse(row.xml))
    findings = [*entry_findings(entry), *_identity_findings(entry, stored)]
    if _only(association, "PreviousVersion") != version_of(stored):
        findings.append(Finding("UPDATE-VERSION", VERSION_ERROR, "PreviousVersion n'est pas la version présente."))
    if row.status != names.APPROVED:
        findings.append(Finding("UPDATE-STATUS", UPDATE_ERROR, "Seul un document actif change de visibilité."))
    if findings:
        raise RegistryRefusal(*findings)
    return Change(_function(stored.confidentiality, entry.confidentiality), row, association, entry=entry)


def version_of(entry: Entry) -> str:
    """Version of a stored entry."""
    return next((str(one.get("versionName")) for one in xml.children(entry.element, q(names.RIM, "VersionInfo"))), "1")


def _identity_findings(entry: Entry, stored: Entry) -> Iterator[Finding]:
    if entry.patient_id.split("^")[0] != stored.patient_id.split("^")[0]:
        yield Finding("UPDATE-PATIENT", PATIENT_ERROR, "La fiche ne peut pas changer de patient.")
    elif _unchanging(entry) != _unchanging(stored):
        yield Finding("UPDATE-CONTENT", UPDATE_ERROR, "Seule la visibilité d'un document peut être modifiée.")


def _unchanging(entry: Entry) -> tuple[object, ...]:
    """All that an update must leave as it is."""
    slots = {
        (one.get("name"), value)
        for one in xml.children(entry.element, q(names.RIM, "Slot"))
        for value in slot_values(entry.element, one.get("name", ""))
        if one.get("name") not in _REGISTRY_SLOTS
    }
    coded = {(scheme, one.code, one.system) for scheme in _KEPT_SCHEMES for one in entry.coded(scheme)}
    head = (entry.unique_id, entry.mime_type, entry.element.get("objectType"), entry.name)
    return head, slots, coded, entry.author_views


def _function(before: frozenset[str], after: frozenset[str]) -> Function:
    """The act behind a change of visibility, exactly one."""
    functions = {_APPEARING.get(code) for code in after - before} | {_DISAPPEARING.get(code) for code in before - after}
    if not functions:
        raise _refused("UPDATE-NOTHING", UPDATE_ERROR, "La fiche ne change rien.")
    if None in functions:
        sentence = "Un document rendu visible le reste, et son niveau de confidentialité ne change pas."
        raise _refused("UPDATE-IRREVERSIBLE", UPDATE_ERROR, sentence)
    if len(functions) > 1:
        raise _refused("UPDATE-MIXED", OPERATION_ERROR, "Une mise à jour fait un seul genre d'acte.")
    return next(function for function in functions if function)
