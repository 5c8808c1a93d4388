"""Laboratory reports received: encrypted on disk before they are acknowledged, until somebody deposits or erases them.

One file a report. The message stays as it came (it is read again when it is shown), so that nothing the laboratory said
is lost by an older version of this program. Once the DMP has the report, its content leaves the disk and only the line
of the list stays, with the identifiers that a later correction needs.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from praticien.documents.lab_report import LabReport
from praticien.errors import EnvironmentProblem, InvalidInput
from praticien.outbox_codec import CodecError, pack, unpack
from praticien.outbox_store import Damaged, OutboxBusy, OutboxUnavailable, Store, WrongOutboxKey, new_name

ReadReports = Callable[[bytes], Sequence[LabReport]]
"""Reads a message again (``connectors.hl7v2.oru.read_reports``)."""


class Source(Protocol):
    """Something that puts reports in; ``close`` ends it and never raises."""

    def close(self) -> None:
        """Put nothing more."""


class InboxUnavailable(EnvironmentProblem):
    """The folder of received reports cannot be opened, read or written: nothing was accepted."""

    code = "inbox.unavailable"


class UnknownReport(InvalidInput):
    """No report of that id (erased meanwhile)."""

    code = "inbox.unknown"


@dataclass(frozen=True, slots=True, repr=False)
class ReceivedReport:
    """One report as the list knows it. ``document_id`` and ``set_id`` are the OIDs of its document, made once.

    Versions of one report share ``request`` (the laboratory's number under its authority, and the patient's birth date:
    a number that a laboratory gives again is another report) and ``set_id``. ``version``
    is 0 until the outbox has it; ``sent_at`` says that the DMP has it, and then the content is gone. ``held``: somebody
    wants it not to leave by itself.
    """

    id: str
    received_at: datetime
    digest: str
    index: int
    document_id: str
    set_id: str
    request: str
    label: str
    version: int = 0
    sent_at: datetime | None = None
    held: bool = False

    def __repr__(self) -> str:
        return f"ReceivedReport({self.id})"


@dataclass(frozen=True, slots=True, repr=False)
class _Record:
    """What a file holds; ``content`` is empty once sent."""

    line: ReceivedReport
    content: bytes


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class LabInbox:
    """The reports of one folder. Safe to call from several threads; ``key`` is 32 bytes. Raises InboxUnavailable."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        read: ReadReports,
        new_oid: Callable[[], str],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._read_reports, self._new_oid, self._clock = read, new_oid, clock
        self._mutex = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._lines: dict[str, ReceivedReport] = {}
        self._damaged = 0
        self._source: Source | None = None
        self.problem = ""
        with _disk():
            self._store = Store(folder, key)
            self._load()

    def fed_by(self, source: Source | None, problem: str = "") -> None:
        """What listens for laboratories, or the code of why nothing does; it ends before the folder is let go."""
        self._source, self.problem = source, problem

    @property
    def source(self) -> Source | None:
        """What listens, None when nothing does."""
        return self._source

    def close(self) -> None:
        """Stop listening, let the folder go; never raises."""
        if self._source:
            self._source.close()
        self._store.close()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` (from any thread) when the list changes; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def damaged(self) -> int:
        """How many files cannot be read any more; they are set aside, not erased."""
        return self._damaged

    def reports(self) -> tuple[ReceivedReport, ...]:
        """Newest first. Never waits for the disk."""
        return tuple(sorted(self._lines.copy().values(), key=lambda line: (line.received_at, line.id), reverse=True))

    def put(self, content: bytes, reports: Sequence[LabReport]) -> None:
        """Keep a message and its reports: all durable on return, or none. The same message again changes nothing.

        Raises InboxUnavailable: then nothing was accepted.
        """
        digest = hashlib.sha256(content).hexdigest()
        with self._mutex:
            known = {line.index for line in self._lines.values() if line.digest == digest}
            lines = [self._line(digest, n, report) for n, report in enumerate(reports) if n not in known]
            self._keep_all(lines, content)
        if lines:
            self._tell()

    def report(self, id: str) -> LabReport:
        """The report itself, read again from the message. Raises UnknownReport, InboxUnavailable, InvalidInput."""
        with self._mutex:
            record = self._record(id)
        found = self._read_reports(record.content) if record.content else ()
        if len(found) <= record.line.index:
            raise UnknownReport
        return found[record.line.index]

    def former(self, id: str) -> ReceivedReport | None:
        """The version already in the DMP that this report corrects or completes; None when it is the first."""
        mine = self._lines.get(id)
        found = [line for line in self._lines.values() if mine and line.set_id == mine.set_id and line.sent_at]
        return max(found, key=lambda line: line.version, default=None)

    def mark_deposited(self, id: str, version: int) -> None:
        """The outbox has it as this version; 0 when it gave it up. Raises UnknownReport, InboxUnavailable."""
        self._change(id, version=version)

    def hold(self, id: str, *, held: bool) -> None:
        """Hold it back from leaving by itself, or let it go. Raises UnknownReport, InboxUnavailable."""
        self._change(id, held=held)

    def mark_sent(self, document_id: str) -> None:
        """The DMP has this document: its content leaves the disk. Unknown documents are none of ours."""
        with self._mutex:
            found = [line for line in self._lines.values() if line.document_id == document_id and not line.sent_at]
        for line in found:
            self._change(line.id, forget=True, version=max(line.version, 1), sent_at=self._clock())

    def erase(self, id: str) -> None:
        """The user does not want it. Raises InboxUnavailable."""
        with self._mutex, _disk():
            self._store.erase(id)
            self._lines.pop(id, None)
        self._tell()

    # -- inside --------------------------------------------------------------------------------------------------

    def _line(self, digest: str, index: int, report: LabReport) -> ReceivedReport:
        number = report.request
        who = report.patient
        request = f"{number.authority}|{number.value}|{who.birth_date}" if number else ""
        same = next((line for line in self._lines.values() if request and line.request == request), None)
        name = " ".join(part for part in (who.family_name or who.used_name, who.given_names) if part)
        return ReceivedReport(
            id=new_name(),
            received_at=self._clock(),
            digest=digest,
            index=index,
            document_id=self._new_oid(),
            set_id=same.set_id if same else self._new_oid(),
            request=request,
            label=name,
        )

    def _keep_all(self, lines: list[ReceivedReport], content: bytes) -> None:
        try:
            with _disk():
                for line in lines:
                    self._store.write(line.id, pack(_Record(line, content)))
        except InboxUnavailable:
            with contextlib.suppress(OutboxUnavailable):  # refused means not there after a restart either
                for line in lines:
                    self._store.erase(line.id)
            raise
        self._lines.update({line.id: line for line in lines})

    def _record(self, id: str) -> _Record:
        if id not in self._lines:
            raise UnknownReport
        try:
            with _disk():
                return self._unpacked(id)
        except Damaged:
            self._park(id)
            raise UnknownReport from None

    def _unpacked(self, id: str) -> _Record:
        try:
            record = unpack(_Record, self._store.read(id))
        except CodecError:
            raise Damaged from None
        if record.line.id != id:
            raise Damaged
        return record

    def _change(self, id: str, *, forget: bool = False, **changes: object) -> None:
        with self._mutex:
            record = self._record(id)
            line = replace(record.line, **changes)  # type: ignore[arg-type]
            with _disk():
                self._store.write(id, pack(_Record(line, b"" if forget else record.content)))
            self._lines[id] = line
        self._tell()

    def _load(self) -> None:
        for name in self._store.names():
            try:
                self._lines[name] = self._unpacked(name).line
            except Damaged:
                self._store.park(name)
        self._damaged = len(self._store.parked())

    def _park(self, id: str) -> None:
        with _disk():
            self._store.park(id)
        del self._lines[id]
        self._damaged += 1

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """The store's own errors speak of the outbox."""
    try:
        yield
    except (OutboxBusy, OutboxUnavailable, WrongOutboxKey) as error:
        raise InboxUnavailable(error.code) from None
