"""Traces, each linked to the one before by its hash and signed, and notifications. CSP R.1111-43, R.1111-48.

What is hashed is a row as an operator may see it (``told``), so that an extract verifies without any patient's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from reference_server import trace_file
from reference_server.storage.prepared import Prepared, PreparedInsert
from reference_server.storage.seal import Seal
from reference_server.storage.tables import NotificationRow, TraceRow
from reference_server.trace_file import GENESIS, content_digest, link

SEAL = "seal"
"""Where a session keeps the Seal (``Session.info``)."""
_PLAIN = re.compile(r"(urn:uuid:[0-9a-fA-F-]{36}|[0-9]+(\.[0-9]+)+)")
EMERGENCY_LASTS = timedelta(hours=1)
"""Calls of one emergency access are told once during this time (ours: no public text says how long one lasts)."""
ALLOWED, REFUSED, FAILED = "allowed", "refused", "failed"


@dataclass(slots=True, repr=False)
class Trace:
    """An attempt, filled in as it is understood."""

    at: str
    actor: str = ""
    actor_name: str = ""
    structure: str = ""
    structure_name: str = ""
    auth_mode: str = ""
    access_mode: str = ""
    reason: str = ""
    transaction: str = ""
    matricule: str = ""
    documents: list[str] = field(default_factory=list)
    outcome: str = ALLOWED
    rule: str = ""
    message_id: str = ""
    secret: bool = False


class _Last(NamedTuple):
    """The end of the chain."""

    number: int
    digest: str


_LATE = "secret"
"""Traced later than the rest: told when it is so, that older rows keep their digest."""
_FIELDS = tuple(Trace.__dataclass_fields__)
_LAST = Prepared(select(TraceRow.number, TraceRow.digest).order_by(TraceRow.number.desc()).limit(1), _Last)
_KEEP = PreparedInsert(TraceRow)
_NOTIFY = PreparedInsert(NotificationRow, ("at", "matricule", "recipient", "text", "trace"))


def append(session: Session, trace: Trace) -> int:
    """Write a trace at the end of the chain; returns its number."""
    before = _LAST.first(session)
    number, previous = (before.number + 1, before.digest) if before else (1, GENESIS)
    values = {name: getattr(trace, name) for name in _FIELDS}
    digest, signature = sealed(number, previous, values, session.info[SEAL])
    chained = {"number": number, "previous": previous, "digest": digest, "signature": signature}
    _KEEP.keep(session, [values | chained])
    return number


def sealed(number: int, previous: str, values: Mapping[str, Any], seal: Seal) -> tuple[str, str]:
    """Digest and signature of a row with these ``values`` (by column), after the digest ``previous``."""
    digest = link(number, previous, content_digest(told(values, seal)))
    return digest, seal.sign(digest.encode())


def told(values: Mapping[str, Any], seal: Seal) -> dict[str, Any]:
    """A row without anything about the patient: keyed hashes for the matricule, the reason and any odd identifier."""
    said = {name: values[name] for name in _FIELDS if name != _LATE}
    if values.get(_LATE):
        said[_LATE] = True
    matricule = said.pop("matricule")
    said["patient"] = seal.pseudonym(matricule)
    said["reason"] = seal.pseudonym(values["reason"])
    said["message_id"] = _identifier(values["message_id"], matricule, seal)
    said["documents"] = [_identifier(one, matricule, seal) for one in values["documents"]]
    return said


def _values(row: TraceRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS}


def _identifier(text: str, matricule: str, seal: Seal) -> str:
    """Whoever calls chooses these: only what looks like an identifier, and hides no matricule, stays readable."""
    plain = _PLAIN.fullmatch(text) and not (matricule and matricule[:13] in text)
    return text if plain else seal.pseudonym(text)


def first_broken_link(session: Session) -> int | None:
    """Number of the first trace that was altered, removed or inserted; None when the chain holds.

    Traces cut off at the very end leave a shorter chain that holds: only an export kept elsewhere would show it.
    """
    seal: Seal = session.info[SEAL]
    previous, expected = GENESIS, 1
    for row in _all(session):
        digest, signature = sealed(expected, previous, _values(row), seal)  # Ed25519 signs the same the same way
        if (row.number, row.previous, row.digest, row.signature) != (expected, previous, digest, signature):
            return expected
        previous, expected = row.digest, expected + 1
    return None


def _all(session: Session) -> Iterator[TraceRow]:
    with session.scalars(select(TraceRow).order_by(TraceRow.number).execution_options(yield_per=500)) as rows:
        yield from rows


@dataclass(frozen=True, slots=True)
class Extract:
    """What an operator asks for (EX_AIR-120): professionals by PS_IdNat, none for all; days YYYY-MM-DD, both included,
    or empty.
    """

    professionals: frozenset[str] = frozenset()
    start: str = ""
    end: str = ""

    def has(self, row: TraceRow) -> bool:
        """Whether the row is shown."""
        day = row.at[:10]
        return (
            (not self.professionals or row.actor in self.professionals)
            and (not self.start or self.start <= day)
            and (not self.end or day <= self.end)
        )


def export(session: Session, extract: Extract) -> Iterator[bytes]:
    """Lines of a trace file (see ``trace_file``)."""
    seal: Seal = session.info[SEAL]
    header = {
        "public_key": seal.public_key_text,
        "exported_at": datetime.now(UTC).isoformat(),
        "professionals": sorted(extract.professionals),
        "from": extract.start,
        "to": extract.end,
    }
    return trace_file.write(header, (_exported(row, extract, seal) for row in _all(session)), seal.sign)


def _exported(row: TraceRow, extract: Extract, seal: Seal) -> dict[str, Any]:
    said = told(_values(row), seal)
    line = {
        "number": row.number,
        "previous": row.previous,
        "content": content_digest(said),
        "digest": row.digest,
        "signature": row.signature,
    }
    return {**line, "row": said} if extract.has(row) else line


def notify(session: Session, matricule: str, text: str, trace: int, at: str, *, recipient: str = "") -> None:
    """Tell the patient, or the professional ``recipient``."""
    values = {"at": at, "matricule": matricule, "recipient": recipient, "text": text, "trace": trace}
    _NOTIFY.keep(session, [values])


def told_already(session: Session, trace: Trace, text: str, recipient: str) -> bool:
    """Whether ``recipient`` was told the same of the same emergency access: by the same person of the same structure,
    in the same mode, for the same reason (it is in ``text``), within ``EMERGENCY_LASTS``.
    """
    began = (datetime.fromisoformat(trace.at) - EMERGENCY_LASTS).isoformat()
    query = (
        select(NotificationRow.number)
        .join(TraceRow, TraceRow.number == NotificationRow.trace)
        .where(NotificationRow.matricule == trace.matricule, NotificationRow.recipient == recipient)
        .where(NotificationRow.text == text, NotificationRow.at > began, NotificationRow.at <= trace.at)
        .where(TraceRow.actor == trace.actor, TraceRow.structure == trace.structure)
        .where(TraceRow.access_mode == trace.access_mode)
    )
    return session.scalars(query.limit(1)).first() is not None


def traces_of(session: Session, matricule: str) -> list[TraceRow]:
    """Attempts on one dossier, latest first."""
    query = select(TraceRow).where(TraceRow.matricule == matricule).order_by(TraceRow.number.desc())
    return list(session.scalars(query))


def notifications_of(session: Session, matricule: str) -> list[NotificationRow]:
    """Notifications about one dossier, latest first."""
    query = select(NotificationRow).where(NotificationRow.matricule == matricule)
    return list(session.scalars(query.order_by(NotificationRow.number.desc())))
