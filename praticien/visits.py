"""When a professional last looked at a dossier (EX_3.1-1020: "new since my last visit"), kept on this machine.

Neither matricule nor name is on the disk: a visit is found under a keyed hash of professional and patient, and the
file says instants only. Looking again within four hours belongs to the same visit: what was new stays new until then.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from praticien.identity import Ins

SAME_VISIT = timedelta(hours=4)
KEPT = timedelta(days=3 * 365)
"""Older visits are forgotten: after that everything is to be read anyway."""

_Visit = tuple[int, int]
"""Seconds since 1970: when the present visit was last seen, when the one before ended (0: never)."""


class Visits:
    """Dates by professional and patient. A file that cannot be read or written only means that nothing is new."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = hmac.digest(key, b"praticien visits", hashlib.sha256)  # the key also encrypts other things
        self._lock = threading.Lock()
        self._known = self._read()

    def look(self, professional: str, patient: Ins, now: datetime) -> datetime | None:
        """The professional looks now: when did the visit before this one end? None when there was none."""
        name = self._name(professional, patient)
        moment = int(now.timestamp())
        with self._lock:
            seen, before = self._known.get(name, (0, 0))
            if moment - seen > SAME_VISIT.total_seconds():
                before = seen
            self._known[name] = (moment, before)
            self._write(moment)
        return datetime.fromtimestamp(before, UTC) if before else None

    def _name(self, professional: str, patient: Ins) -> str:
        told = "\n".join((professional, patient.oid, patient.matricule)).encode()
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:32]

    def _read(self) -> dict[str, _Visit]:
        try:
            kept = json.loads(self._path.read_bytes())
            return {str(name): (int(seen), int(before)) for name, (seen, before) in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self, now: int) -> None:
        limit = now - KEPT.total_seconds()
        self._known = {name: visit for name, visit in self._known.items() if visit[0] >= limit}
        aside = self._path.with_suffix(".aside")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(self._known, file)
            aside.replace(self._path)
