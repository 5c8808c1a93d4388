"""What an actor, already let into a dossier, may do with one document of it.

Sources: notes 6 to 9 and * of the functional rights matrix (facts: protocol 4.1, 4.2), CSP R.1111-49, and the dated
matrix of professions and types (``reading_rights``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from praticien.access import AccessMode
from reference_server import access, reading_rights
from reference_server.access import Actor, AuthMode, Dossier, Verdict, column_of, may_see_masked
from reference_server.access_rules import Rule
from reference_server.functional_matrix import CONSULTATIONS, Column, Function


class Note(Enum):
    """A limit of a cell of the matrix: note 8, note 9."""

    OWN = "ses propres documents"
    STRUCTURE = "les documents de sa structure"


_OWN = dict.fromkeys((Column.PN, Column.MD, Column.MW, Column.MT), Note.OWN)
_STRUCTURE = dict.fromkeys((Column.CPE, Column.ES, Column.PE), Note.STRUCTURE)
NOTES: dict[Function, dict[Column, Note]] = {
    Function.UNMASK: dict.fromkeys((Column.PN, Column.MD, Column.MW), Note.OWN),
    Function.ARCHIVE: dict.fromkeys((Column.PN, Column.MD, Column.MW), Note.OWN),
    Function.DELETE: _OWN | _STRUCTURE,
}
"""Columns that are limited; a physician archives without limit in an emergency, or behind a structure's software."""
PATIENT_KEPT = frozenset({Function.ARCHIVE, Function.DELETE})
"""Note *: on what the patient deposited, for the médecin traitant (and the patient) alone."""

_BROKEN = {Note.OWN: Rule.NOT_OWN, Note.STRUCTURE: Rule.NOT_OF_STRUCTURE}


@dataclass(frozen=True, slots=True)
class Document:
    """What matters of a document for this actor: ``own`` is authored by them, ``imputed`` by their structure."""

    own: bool = False
    imputed: bool = False
    by_patient: bool = False
    masked: bool = False
    type_code: str = ""


def decide(function: Function, actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """The whole decision: may this actor do this with this document of this dossier on that day, and by which rule?"""
    verdict = access.decide(function, actor, dossier)
    if not verdict.allowed:
        return verdict
    if function in CONSULTATIONS:
        return may_see(actor, dossier, document, on)
    return may_change(function, actor, dossier, document, on)


def may_see(actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """May this actor, allowed to consult on that day, see this document? One's own is never closed by its type."""
    if document.masked:
        verdict = may_see_masked(actor, dossier, own=document.own)
        if not verdict.allowed:
            return verdict
    if not document.own and not reading_rights.may_read(actor.profession or actor.training, document.type_code, on):
        return Verdict(Rule.TYPE_CLOSED)
    return Verdict(Rule.ALLOWED if actor.mode is AccessMode.NORMAL else Rule.ALLOWED_EMERGENCY)


def may_change(function: Function, actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """May this actor, allowed to do ``function`` on the dossier, do it to this document?

    What they may not even see is refused for that reason, so that the caller can say nothing of it; staff see no
    document and are told which limit stands.
    """
    column = column_of(actor, treating=dossier.treating)
    broken = _broken_limit(function, actor, column, document)
    if document.own or column in _STRUCTURE:
        return Verdict(broken or Rule.ALLOWED)
    seen = may_see(actor, dossier, document, on)
    return Verdict(broken) if broken and seen.allowed else seen


def may_replace(actor: Actor, dossier: Dossier, document: Document, on: date) -> Verdict:
    """May this actor, allowed to deposit, put a new version in the place of this document? (ours)

    Replacing takes the former version out of the list: open to its authors and to its structure, to nobody else.
    """
    staff = column_of(actor, treating=dossier.treating) in _STRUCTURE
    if document.own or (staff and document.imputed):
        return Verdict(Rule.ALLOWED)
    if staff:
        return Verdict(Rule.MASKED if document.masked else Rule.NOT_OF_STRUCTURE)
    seen = may_see(actor, dossier, document, on)
    return seen if document.imputed or not seen.allowed else Verdict(Rule.NOT_OWN)


def _broken_limit(function: Function, actor: Actor, column: Column | None, document: Document) -> Rule | None:
    if document.by_patient and function in PATIENT_KEPT:
        return None if column is Column.MT else Rule.PATIENTS_OWN
    note = note_of(function, actor, column)
    within = {None: True, Note.OWN: document.own, Note.STRUCTURE: document.imputed}
    return None if note is None or within[note] else _BROKEN[note]


def note_of(function: Function, actor: Actor, column: Column | None) -> Note | None:
    """The limit of the actor's cell."""
    free = actor.mode is not AccessMode.NORMAL or actor.auth_mode is AuthMode.REINFORCED
    if function is Function.ARCHIVE and column is Column.MD and free:
        return None
    return NOTES.get(function, {}).get(column) if column else None
