"""Examinations received from a PACS: headers alone, encrypted, until a report is made of them or a week has passed.

An object is on disk when ``keep`` returns. A study is complete once nothing of it came for a while: its objects then
become one file. No name stays in memory: the list is read anew each time it is asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from praticien.documents.dicom import MAX_FILES, study_of
from praticien.documents.dicom_header import InstanceHeader
from praticien.documents.errors import InvalidDicom
from praticien.documents.model import ImagingStudy
from praticien.errors import EnvironmentProblem
from praticien.outbox_codec import CodecError, pack, unpack
from praticien.outbox_store import Damaged, Store, new_name

QUIET = timedelta(seconds=30)
KEPT = timedelta(days=7)
MAX_STUDIES = 200


class Feed(Protocol):
    """What receives objects."""

    def start(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End; never raises."""


class ReceivedFull(EnvironmentProblem):
    """So many examinations, or objects of one, that no more is taken."""

    code = "received.full"


@dataclass(frozen=True, slots=True, repr=False)
class ReceivedStudy:
    """One examination. ``study`` is None when its objects contradict each other; ``problem`` is then the code why."""

    study_uid: str
    received_at: datetime
    is_complete: bool
    study: ImagingStudy | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reception:
    """What this installation has for images: where they are received, where others can ask for them, what failed.

    ``retrieve_url`` is a WADO-RS root, empty when there is none; ``problem`` the code why nothing is received.
    """

    store: ReceivedStudies | None = None
    retrieve_url: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class _Batch:
    """What one file holds."""

    at: datetime
    headers: tuple[InstanceHeader, ...]


@dataclass(slots=True)
class _Held:
    """What memory holds of a study: names of files, how many objects, when the last one came."""

    at: datetime
    names: list[str] = field(default_factory=list)
    objects: int = 0


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class ReceivedStudies:
    """The examinations of one folder. Safe to call from several threads.

    ``key`` is 32 bytes; a key of its own is derived from it. Raises OutboxBusy, OutboxUnavailable, WrongOutboxKey.
    """

    def __init__(
        self, folder: Path, key: bytes, *, quiet: timedelta = QUIET, clock: Callable[[], datetime] = utc_now
    ) -> None:
        own = HKDF(SHA256(), 32, salt=None, info=b"praticien received studies").derive(key)
        self._store, self._quiet, self._clock = Store(folder, own), quiet, clock
        self._mutex = threading.RLock()
        self._held: dict[str, _Held] = {}
        self._feed: Feed | None = None
        try:
            for name in self._store.names():
                self._find(name)
            self._erase_old()
        except BaseException:
            self._store.close()
            raise

    def fed_by(self, feed: Feed) -> None:
        """Start what calls ``keep``; it is closed with the store. Raises what it raises when it cannot start."""
        feed.start()
        self._feed = feed

    def close(self) -> None:
        """End the reception, let the folder go; never raises."""
        if self._feed:
            self._feed.close()
        with self._mutex:
            self._store.close()

    @property
    def count(self) -> int:
        """How many examinations are here; never waits for the disk."""
        return len(self._held)

    def keep(self, header: InstanceHeader) -> None:
        """Durable when it returns. Raises ReceivedFull, OutboxUnavailable."""
        with self._mutex:
            held = self._held.get(header.study_uid)
            if held is None and len(self._held) >= MAX_STUDIES:
                raise ReceivedFull("studies")
            if held and held.objects >= MAX_FILES:
                raise ReceivedFull("objects")
            name, now = new_name(), self._clock()
            self._store.write(name, pack(_Batch(now, (header,))))
            self._note(header.study_uid, name, _Batch(now, (header,)))

    def studies(self) -> tuple[ReceivedStudy, ...]:
        """All examinations, the latest first. Raises OutboxUnavailable."""
        with self._mutex:
            self._erase_old()
            found = [self._read(uid) for uid in list(self._held)]
        return tuple(sorted(found, key=lambda one: one.received_at, reverse=True))

    def drop(self, study_uid: str) -> None:
        """Its report was made, or nobody wants it. Raises OutboxUnavailable."""
        with self._mutex:
            held = self._held.pop(study_uid, None)
            for name in held.names if held else ():
                self._store.erase(name)

    def _find(self, name: str) -> None:
        batch = self._batch(name)
        if batch and batch.headers:
            self._note(batch.headers[0].study_uid, name, batch)

    def _note(self, study_uid: str, name: str, batch: _Batch) -> None:
        held = self._held.setdefault(study_uid, _Held(batch.at))
        held.names.append(name)
        held.objects += len(batch.headers)
        held.at = max(held.at, batch.at)

    def _batch(self, name: str) -> _Batch | None:
        """None for a damaged file, which is set aside."""
        try:
            return unpack(_Batch, self._store.read(name))
        except (Damaged, CodecError):
            self._store.park(name)
            return None

    def _read(self, study_uid: str) -> ReceivedStudy:
        held = self._held[study_uid]
        complete = self._clock() - held.at >= self._quiet
        headers = list(self._headers(held))
        if complete and len(held.names) > 1:
            self._merge(held, headers)
        try:
            return ReceivedStudy(study_uid, held.at, complete, study_of(headers))
        except InvalidDicom as error:
            return ReceivedStudy(study_uid, held.at, complete, problem=error.code)

    def _headers(self, held: _Held) -> Iterator[InstanceHeader]:
        """Each object once, however often it was sent."""
        seen = set()
        for name in list(held.names):
            batch = self._batch(name)
            for header in batch.headers if batch else ():
                if header.sop_uid not in seen:
                    seen.add(header.sop_uid)
                    yield header

    def _merge(self, held: _Held, headers: list[InstanceHeader]) -> None:
        """One file instead of many; the old ones go once the new one is there."""
        name, old = new_name(), held.names
        self._store.write(name, pack(_Batch(held.at, tuple(headers))))
        held.names, held.objects = [name], len(headers)
        for each in old:
            self._store.erase(each)

    def _erase_old(self) -> None:
        for uid, held in list(self._held.items()):
            if self._clock() - held.at > KEPT:
                self.drop(uid)
