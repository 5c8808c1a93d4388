"""What may be done with a document of the dossier, and why not: the client's own table.

Sources: functional matrix of the DMP (PDT-INF-526, notes 6 to 9 and *), TD3.3 (ITI-57), EX_2.1-1050, EX_3.3-1045. The
server decides in the end; this lets the window say beforehand what is possible and who could do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.access import AccessMode
from praticien.documents.document_types import kind_of
from praticien.metadata import Availability, Code, Confidentiality, DocumentEntry
from praticien.professional import CardHolder, CardKind


class DocumentAct(Enum):
    """An act on one document; the value is the key of its words in the window."""

    MASK = "mask"
    UNMASK = "unmask"
    SHOW_TO_PATIENT = "show_to_patient"
    SHOW_TO_REPRESENTATIVES = "show_to_representatives"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    REPLACE = "replace"
    DELETE = "delete"


IRREVERSIBLE = frozenset({DocumentAct.SHOW_TO_PATIENT, DocumentAct.SHOW_TO_REPRESENTATIVES, DocumentAct.DELETE})
"""These ask a second act: what was shown cannot be hidden again, what was deleted does not come back."""


class ActRule(Enum):
    """Why an act is possible or not; the value is the key of the sentence the window shows."""

    ALLOWED = "act.allowed"
    NO_PROFESSION = "act.no_profession"
    NOT_IN_EMERGENCY = "act.not_in_emergency"
    AUTHOR_ONLY = "act.author_only"
    PATIENTS_OWN = "act.patients_own"
    ALREADY_MASKED = "act.already_masked"
    NOT_MASKED = "act.not_masked"
    VISIBLE_ALREADY = "act.visible_already"
    VISIBLE_TO_REPRESENTATIVES = "act.visible_to_representatives"
    HIDDEN_FROM_PATIENT = "act.hidden_from_patient"
    ARCHIVED = "act.archived"
    NOT_ARCHIVED = "act.not_archived"
    OLD_VERSION = "act.old_version"
    DELETED = "act.deleted"
    KIND_NOT_WRITTEN = "act.kind_not_written"
    CONCEALED = "act.secret"


@dataclass(frozen=True, slots=True)
class ActVerdict:
    """May it be done, and by which rule?"""

    rule: ActRule

    @property
    def allowed(self) -> bool:
        """Whether the act is possible."""
        return self.rule is ActRule.ALLOWED


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts on a document: the holder of a card, in a mode, médecin traitant of this patient or not; ``secret`` in
    a minor's secret connection.
    """

    holder: CardHolder
    mode: AccessMode
    treating: bool
    secret: bool = False

    def wrote(self, entry: DocumentEntry) -> bool:
        """True when the holder is one of the authors."""
        return any(author.person.identifier == self.holder.professional.national_id for author in entry.authors)


_ARCHIVING = frozenset({DocumentAct.ARCHIVE, DocumentAct.UNARCHIVE})
_TREATING_ANYBODYS = _ARCHIVING | {DocumentAct.UNMASK}
_OWN = _TREATING_ANYBODYS | {DocumentAct.REPLACE, DocumentAct.DELETE}


def may(act: DocumentAct, entry: DocumentEntry, agent: Agent) -> ActVerdict:
    """May ``agent`` do this to the document? The document's own state first, then who asks."""
    rule = _state(act, entry) or _visibility(act, entry) or _agent(act, entry, agent)
    if rule is None and act is DocumentAct.REPLACE and kind_of(entry) is None:
        rule = ActRule.KIND_NOT_WRITTEN
    return ActVerdict(rule or ActRule.ALLOWED)


def _state(act: DocumentAct, entry: DocumentEntry) -> ActRule | None:
    """An old version can only be deleted, an archived document only taken out or deleted, a deleted one nothing."""
    if entry.availability is Availability.DELETED:
        return ActRule.DELETED
    if act is DocumentAct.DELETE:
        return None
    if entry.availability is Availability.DEPRECATED:
        return ActRule.OLD_VERSION
    if act is DocumentAct.UNARCHIVE:
        return None if entry.availability is Availability.ARCHIVED else ActRule.NOT_ARCHIVED
    return ActRule.ARCHIVED if entry.availability is Availability.ARCHIVED else None


def _visibility(act: DocumentAct, entry: DocumentEntry) -> ActRule | None:
    masked, hidden = entry.has(Confidentiality.MASKED), entry.has(Confidentiality.INVISIBLE_TO_PATIENT)
    if act is DocumentAct.MASK and masked:
        return ActRule.ALREADY_MASKED
    if act is DocumentAct.MASK and hidden:
        return ActRule.HIDDEN_FROM_PATIENT
    if act is DocumentAct.UNMASK and not masked:
        return ActRule.NOT_MASKED
    if act is DocumentAct.SHOW_TO_PATIENT and not hidden:
        return ActRule.VISIBLE_ALREADY
    if act is DocumentAct.SHOW_TO_REPRESENTATIVES and not entry.has(Confidentiality.INVISIBLE_TO_REPRESENTATIVES):
        return ActRule.VISIBLE_TO_REPRESENTATIVES
    return None


def _agent(act: DocumentAct, entry: DocumentEntry, agent: Agent) -> ActRule | None:
    if agent.holder.card_kind not in (CardKind.CPS, CardKind.CPF) or not agent.holder.professional.profession:
        return ActRule.NO_PROFESSION
    if agent.secret and act is DocumentAct.SHOW_TO_REPRESENTATIVES:
        return ActRule.CONCEALED
    if agent.mode is not AccessMode.NORMAL and not _possible_in_emergency(act, agent):
        return ActRule.NOT_IN_EMERGENCY
    if _from_patient(entry) and act in _ARCHIVING | {DocumentAct.DELETE}:
        return None if agent.treating else ActRule.PATIENTS_OWN
    if act not in _OWN or agent.wrote(entry) or (act in _TREATING_ANYBODYS and _unbound(act, agent)):
        return None
    return ActRule.AUTHOR_ONLY


def _possible_in_emergency(act: DocumentAct, agent: Agent) -> bool:
    """Deleting one's own, replacing it, and archiving for a physician (matrix, columns r and b)."""
    return act in {DocumentAct.DELETE, DocumentAct.REPLACE} or (
        act in _ARCHIVING and agent.holder.professional.is_physician
    )


def _unbound(act: DocumentAct, agent: Agent) -> bool:
    """Note 8: the médecin traitant acts on anybody's document, and so does a physician who archives in an emergency."""
    return agent.treating or (act in _ARCHIVING and agent.mode is not AccessMode.NORMAL)


def _from_patient(entry: DocumentEntry) -> bool:
    """True when the patient put it there: only the médecin traitant may archive or delete it (matrix, note *)."""
    return any(author.person.kind == "INS" for author in entry.authors)


STATUS_AFTER = {
    DocumentAct.ARCHIVE: Availability.ARCHIVED,
    DocumentAct.UNARCHIVE: Availability.APPROVED,
    DocumentAct.DELETE: Availability.DELETED,
}
"""Acts that change the state of a document."""

_CODES = {
    DocumentAct.MASK: Confidentiality.MASKED,
    DocumentAct.UNMASK: Confidentiality.MASKED,
    DocumentAct.SHOW_TO_PATIENT: Confidentiality.INVISIBLE_TO_PATIENT,
    DocumentAct.SHOW_TO_REPRESENTATIVES: Confidentiality.INVISIBLE_TO_REPRESENTATIVES,
}


def confidentiality_after(act: DocumentAct, entry: DocumentEntry) -> tuple[Code, ...]:
    """The confidentiality codes once the act is done: one added or taken away, the others as they were."""
    code = _CODES[act]
    kept = tuple(one for one in entry.confidentiality if one.code != code.code)
    return (*kept, code) if act is DocumentAct.MASK else kept
