"""What patients do themselves in Mon espace santé: choices about their dossier, traced like any other act.

CSP R.1111-46 (who may consult), R.1111-48 (emergencies), R.1111-49 (masking), L.1111-13-1 (opposition to the opening).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum

from sqlalchemy.orm import Session

from praticien.access import Authorisation, DossierState
from praticien.errors import Refused
from praticien.identity import Ins
from reference_server import lifecycle
from reference_server.metadata import versions
from reference_server.storage import documents, dossiers
from reference_server.storage.tables import PersonRow

_HOLDER = re.compile(r"\w{1,30}(/\w{1,30})?")
"""A PS_IdNat or Struct_IdNat."""


class Act(Enum):
    """A choice; the value is the transaction in the trace."""

    OPPOSE_CREATION = "patient.oppose_creation"
    ALLOW_CREATION = "patient.allow_creation"
    CLOSE = "patient.close"
    REOPEN = "patient.reopen"
    WITHDRAW = "patient.withdraw"
    BLOCK = "patient.block"
    UNBLOCK = "patient.unblock"
    MASK = "patient.mask"
    UNMASK = "patient.unmask"
    REFUSE_BREAK_GLASS = "patient.refuse_break_glass"
    ALLOW_BREAK_GLASS = "patient.allow_break_glass"
    REFUSE_REGULATION = "patient.refuse_regulation"
    ALLOW_REGULATION = "patient.allow_regulation"
    HIDE_MASKED = "patient.hide_masked_in_emergency"
    SHOW_MASKED = "patient.show_masked_in_emergency"


class ActRefused(Refused):
    """The dossier is not in a state that allows it, or there is no such professional or document in it."""

    code = "server.patient_act_refused"


def perform(session: Session, person: PersonRow, act: Act, target: str, now: datetime) -> None:
    """Do it; ``target`` is a national id (professional, structure) or a document's entryUUID. Raises ActRefused."""
    lifecycle.catch_up(session, person, now)
    _ACTS[act](session, person, target, now)
    lifecycle.record(session, act.value, person.matricule, now, who="Patient")


def _ins(person: PersonRow) -> Ins:
    return Ins(person.matricule, person.oid)


def _require(holds: bool) -> None:
    if not holds:
        raise ActRefused


def _set_opposition(opposed: bool) -> Callable[[Session, PersonRow, str, datetime], None]:
    """Within the six weeks; who changes their mind is told anew, and has six weeks again."""

    def change(_session: Session, person: PersonRow, _target: str, now: datetime) -> None:
        pending = lifecycle.opens_on(person) is not None
        _require(pending if opposed else person.opposed_to_creation)
        person.opposed_to_creation = opposed
        person.notice_sent_on = "" if opposed else now.strftime("%Y%m%d")

    return change


def _close(_session: Session, person: PersonRow, _target: str, now: datetime) -> None:
    _require(person.state == DossierState.OPEN.value)
    person.state, person.closed_on = DossierState.CLOSED.value, now.strftime("%Y%m%d")


def _reopen(_session: Session, person: PersonRow, _target: str, _now: datetime) -> None:
    _require(person.state == DossierState.CLOSED.value)  # what is older than ten years is gone by now
    person.state, person.closed_on = DossierState.OPEN.value, ""


def _withdraw(session: Session, person: PersonRow, target: str, _now: datetime) -> None:
    dossiers.withdraw(session, _ins(person), target)
    dossiers.remove_treating(session, _ins(person), target)


def _block(session: Session, person: PersonRow, target: str, now: datetime) -> None:
    _require(bool(_HOLDER.fullmatch(target)))
    _withdraw(session, person, target, now)
    dossiers.put_authorisation(session, _ins(person), target, Authorisation.FORBIDDEN, now)


def _set_masked(masked: bool) -> Callable[[Session, PersonRow, str, datetime], None]:
    def change(session: Session, person: PersonRow, target: str, _now: datetime) -> None:
        row = documents.by_entry_uuid(session, target)
        if row is None or row.matricule != person.matricule or documents.is_lot_signature(row):
            raise ActRefused
        versions.set_masked(row, masked)

    return change


def _set(column: str, value: bool) -> Callable[[Session, PersonRow, str, datetime], None]:
    def change(_session: Session, person: PersonRow, _target: str, _now: datetime) -> None:
        setattr(person, column, value)

    return change


_ACTS: dict[Act, Callable[[Session, PersonRow, str, datetime], None]] = {
    Act.OPPOSE_CREATION: _set_opposition(True),
    Act.ALLOW_CREATION: _set_opposition(False),
    Act.CLOSE: _close,
    Act.REOPEN: _reopen,
    Act.WITHDRAW: _withdraw,
    Act.BLOCK: _block,
    Act.UNBLOCK: _withdraw,
    Act.MASK: _set_masked(True),
    Act.UNMASK: _set_masked(False),
    Act.REFUSE_BREAK_GLASS: _set("opposed_to_break_glass", True),
    Act.ALLOW_BREAK_GLASS: _set("opposed_to_break_glass", False),
    Act.REFUSE_REGULATION: _set("opposed_to_regulation", True),
    Act.ALLOW_REGULATION: _set("opposed_to_regulation", False),
    Act.HIDE_MASKED: _set("masked_visible_in_emergency", False),
    Act.SHOW_MASKED: _set("masked_visible_in_emergency", True),
}
