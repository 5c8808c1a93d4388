"""Which faults are on. Read by every request, set by the operator page; safe to use from several threads."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from praticien.errors import InvalidInput

RIGHTS = {
    "withdrawn": "retire son accès au professionnel",
    "blocked": "bloque le professionnel",
    "masked": "masque ses documents",
    "closed": "ferme son dossier",
}
"""What a patient may change while a professional reads, as the operator page says it."""
STATUSES = (409, 423, 500, 502, 503, 504)
_LONGEST = 600_000


class UnusableFault(InvalidInput):
    """A setting of a fault is out of bounds; ``field`` names it."""

    code = "server.fault_unusable"


@dataclass(frozen=True, slots=True)
class Faults:
    """One setting of all faults.

    ``latency`` and ``jitter`` are milliseconds before a request is worked on, the latter the bound of a random part.
    ``status`` is answered (0: never) without any work. ``cut_at`` is the number of body octets after which the answer
    ends (None: never). ``silent``: the work is done and committed, then nothing is answered. These five last for
    ``count`` requests (0: until changed) to ``services`` (empty: all). ``clock_ahead`` (seconds, negative: late) and
    ``full_disk`` last until changed. ``rights`` is what the patient changes once, after the next list of documents.
    """

    latency: int = 0
    jitter: int = 0
    status: int = 0
    cut_at: int | None = None
    silent: bool = False
    count: int = 0
    services: frozenset[str] = frozenset()
    clock_ahead: int = 0
    full_disk: bool = False
    rights: str = ""

    def __post_init__(self) -> None:
        bounds = {
            "latency": (0, _LONGEST),
            "jitter": (0, _LONGEST),
            "count": (0, 10**6),
            "clock_ahead": (-(10**9), 10**9),
        }
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                raise UnusableFault(field=name)
        if self.status not in (0, *STATUSES):
            raise UnusableFault(field="status")
        if self.rights not in ("", *RIGHTS):
            raise UnusableFault(field="rights")
        if self.cut_at is not None and self.cut_at < 0:
            raise UnusableFault(field="cut_at")


NONE = Faults()


def from_form(fields: Mapping[str, str], services: frozenset[str]) -> Faults:
    """Faults from the fields of a form; an empty field is no fault. Raises UnusableFault."""
    return Faults(
        latency=_number(fields, "latency") or 0,
        jitter=_number(fields, "jitter") or 0,
        status=_number(fields, "status") or 0,
        cut_at=_number(fields, "cut_at"),
        silent=bool(fields.get("silent")),
        count=_number(fields, "count") or 0,
        services=frozenset(name for name in services if fields.get(f"service.{name}")),
        clock_ahead=_seconds(fields, "clock_ahead"),
        full_disk=bool(fields.get("full_disk")),
        rights=fields.get("rights", ""),
    )


def _number(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return int(text[:12])
    except ValueError:
        raise UnusableFault(field=name) from None


def _seconds(fields: Mapping[str, str], name: str) -> int:
    """Seconds, or days when a ``j`` follows: the clock that opens and erases dossiers counts in weeks and years."""
    text = fields.get(name, "").strip()
    days = text.endswith("j")
    return (_number({name: text.removesuffix("j")}, name) or 0) * (86_400 if days else 1)


class Panel:
    """The faults that are on, and how many requests they still concern."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = NONE

    @property
    def faults(self) -> Faults:
        """What is on now."""
        return self._faults

    def set(self, faults: Faults) -> None:
        """From now on."""
        with self._lock:
            self._faults = faults

    def take(self, service: str) -> Faults:
        """What this request to ``service`` must suffer; counts it."""
        with self._lock:
            now = self._faults
            if now.services and service not in now.services:
                return NONE
            if now.count == 1:
                self._faults = Faults(clock_ahead=now.clock_ahead, full_disk=now.full_disk, rights=now.rights)
            elif now.count:
                self._faults = replace(now, count=now.count - 1)
            return now

    def take_rights(self) -> str:
        """What the patient changes now, once; empty for nothing."""
        with self._lock:
            now = self._faults
            self._faults = replace(now, rights="")
            return now.rights

    def is_disk_full(self) -> bool:
        """For the database."""
        return self._faults.full_disk

    def shifted(self, now: datetime) -> datetime:
        """What the server's clock says."""
        return now + timedelta(seconds=self._faults.clock_ahead)
