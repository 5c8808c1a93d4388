"""After an emergency access: what was used, and why. Asked within 24 hours, kept encrypted, exported without names.

Each access is written before the server is asked for anything, so that neither a crash nor a withdrawn card loses the
question. The delay is ours (docs/assumptions.md); the access itself is traced by the server (CSP R.1111-43).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from praticien import review_register
from praticien.access import Access, AccessMode
from praticien.errors import InvalidInput
from praticien.identity import Patient
from praticien.notices import reason_text
from praticien.outbox_store import Damaged, Store, new_name
from praticien.professional import Professional, Structure
from praticien.review_register import DELAY, Review

__all__ = ["DELAY", "Review", "ReviewQueue", "ReviewUnknown"]

_VERSION = 1


class ReviewUnknown(InvalidInput):
    """No such access, or it was answered already."""

    code = "review.unknown"


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class ReviewQueue:
    """Durable and encrypted, like the outbox. Safe to call from several threads.

    Raises OutboxBusy, OutboxUnavailable, WrongOutboxKey.
    """

    def __init__(self, folder: Path, key: bytes, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = Store(folder, key)
        self._pseudonyms = hmac.new(key, b"praticien/register", hashlib.sha256).digest()
        self._clock = clock
        self._lock = threading.RLock()
        self._reviews = self._load()

    def close(self) -> None:
        """Let the folder go; never raises."""
        self._store.close()

    @property
    def damaged(self) -> int:
        """How many accesses are on disk and cannot be read."""
        return len(self._store.parked())

    # -- what happens ------------------------------------------------------------------------------------------------

    def begin(self, who: Professional, where: Structure, patient: Patient, access: Access) -> str:
        """An access is about to be asked for; durable when this returns its id."""
        assert access.since is not None
        assert access.until is not None
        traits = patient.traits
        names = (traits.birth_name, *traits.birth_first_names, patient.used_name, patient.used_first_name)
        review = Review(
            id=new_name(),
            professional=who.national_id,
            structure=where.name,
            mode=access.mode,
            patient=f"{traits.birth_name} {traits.first_name}, {_day(traits.birth_date)}",
            matricule=patient.ins.matricule if patient.ins else "",
            names=tuple(name for name in names if name),
            begun=access.since,
            until=access.until,
            reasons=(reason_text(access.reason, access.words),),
        )
        self._put(review)
        return review.id

    def extend(self, id: str, access: Access) -> None:
        """The access goes on, for a reason said anew."""
        assert access.until is not None
        review = self._open(id)
        reason = reason_text(access.reason, access.words)
        self._put(replace(review, until=access.until, reasons=(*review.reasons, reason)))

    def read(self, id: str, title: str) -> None:
        """A document was opened."""
        review = self._open(id)
        if title not in review.documents:
            self._put(replace(review, documents=(*review.documents, title)))

    def end(self, id: str) -> None:
        """The access ended before its time."""
        review = self._open(id)
        self._put(replace(review, until=min(review.until, self._clock())))

    def forget(self, id: str) -> None:
        """The access was refused: nothing was read, there is nothing to ask."""
        with self._lock:
            self._store.erase(id)
            self._reviews.pop(id, None)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def waiting(self, professional: str) -> tuple[Review, ...]:
        """Unanswered accesses of one professional (PS_IdNat), the oldest first."""
        return self._of(professional, answered=False)

    def answered(self, professional: str) -> tuple[Review, ...]:
        """Answered ones, the oldest first."""
        return self._of(professional, answered=True)

    def answer(self, id: str, used: Iterable[str], words: str) -> Review:
        """What served, and why. Raises InvalidInput (field "words") without an explanation, ReviewUnknown."""
        review, words = self._open(id), " ".join(words.split())
        if not words:
            raise InvalidInput("an explanation is required", field="words")
        served = tuple(title for title in review.documents if title in set(used))
        done = replace(review, used=served, words=words, answered=self._clock())
        self._put(done)
        return done

    def register(self, professional: str) -> str:
        """The answered accesses of one professional as CSV, without names (``review_register``)."""
        return review_register.as_csv(self.answered(professional), self._pseudonyms)

    # -- the disk ----------------------------------------------------------------------------------------------------

    def _of(self, professional: str, *, answered: bool) -> tuple[Review, ...]:
        with self._lock:
            found = [r for r in self._reviews.values() if r.professional == professional]
        return tuple(sorted((r for r in found if (r.answered is not None) is answered), key=lambda r: r.begun))

    def _open(self, id: str) -> Review:
        with self._lock:
            review = self._reviews.get(id)
        if review is None or review.answered is not None:
            raise ReviewUnknown(id)
        return review

    def _put(self, review: Review) -> None:
        with self._lock:
            self._store.write(review.id, _encoded(review))
            self._reviews[review.id] = review

    def _load(self) -> dict[str, Review]:
        found = {}
        for name in self._store.names():
            try:
                found[name] = _decoded(self._store.read(name))
            except (Damaged, ValueError, KeyError, TypeError):
                self._store.park(name)
        return found


def _day(compact: str) -> str:
    return f"{compact[6:]}/{compact[4:6]}/{compact[:4]}"


def _encoded(review: Review) -> bytes:
    fields = asdict(review) | {"mode": review.mode.value, "version": _VERSION}
    return json.dumps(fields, default=lambda moment: moment.isoformat(), ensure_ascii=False).encode()


def _decoded(data: bytes) -> Review:
    raw: dict[str, Any] = json.loads(data)
    if raw.pop("version") != _VERSION:
        raise ValueError("another version")
    for name in ("names", "reasons", "documents", "used"):
        raw[name] = tuple(raw[name])
    for name in ("begun", "until", "answered"):
        raw[name] = datetime.fromisoformat(raw[name]) if raw[name] else None
    return Review(**raw | {"mode": AccessMode(raw["mode"])})
