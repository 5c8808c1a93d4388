"""One emergency access to look back upon, and the register of those that were: exported without names."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from praticien.access import AccessMode
from praticien.matching import fold

DELAY = timedelta(hours=24)
_COLUMNS = (
    "debut", "fin_au_plus_tard", "mode", "structure", "patient", "motifs", "documents_ouverts", "documents_utiles",
    "explication", "repondu_le", "dans_les_delais",
)  # fmt: skip
_HIDDEN = "[patient]"


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """One emergency access to look back upon. ``patient`` is a short label, ``names`` what an export must not show.

    ``reasons`` grow with each extension; ``documents`` are titles, ``used`` those that served. Moments are aware.
    """

    id: str
    professional: str
    structure: str
    mode: AccessMode
    patient: str
    matricule: str
    names: tuple[str, ...]
    begun: datetime
    until: datetime
    reasons: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    words: str = ""
    answered: datetime | None = None

    @property
    def due(self) -> datetime:
        """When the answer is expected at the latest."""
        return self.begun + DELAY

    def is_overdue(self, now: datetime) -> bool:
        """Unanswered past its time."""
        return self.answered is None and now > self.due

    def __repr__(self) -> str:
        return f"Review({self.mode.value})"


def as_csv(reviews: Iterable[Review], key: bytes) -> str:
    """Answered accesses (semicolons): patients as hashes under ``key``, their names hidden from what was typed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for review in reviews:
        writer.writerow([_harmless(cell) for cell in _row(review, key)])
    return out.getvalue()


def _row(review: Review, key: bytes) -> tuple[str, ...]:
    assert review.answered is not None
    return (
        review.begun.isoformat(timespec="seconds"),
        review.until.isoformat(timespec="seconds"),
        review.mode.value,
        review.structure,
        hmac.new(key, review.matricule.encode(), hashlib.sha256).hexdigest()[:16],
        _without_names(" | ".join(review.reasons), review),
        str(len(review.documents)),
        str(len(review.used)),
        _without_names(review.words, review),
        review.answered.isoformat(timespec="seconds"),
        "oui" if review.answered <= review.due else "non",
    )


def _without_names(text: str, review: Review) -> str:
    """The patient's names and matricule hidden, however they are written."""
    hidden = {part for name in review.names for part in fold(name).split()} | {review.matricule, review.matricule[:13]}
    words = re.split(r"(\W+)", text)
    return "".join(_HIDDEN if fold(word) and fold(word) in hidden else word for word in words)


def _harmless(cell: str) -> str:
    """A spreadsheet must not take words for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
