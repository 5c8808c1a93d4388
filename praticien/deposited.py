"""What this installation deposited, so that nothing goes twice (EX_GEN-1060): keyed hashes and sealed titles on disk.

Neither matricule nor content is there: an entry is found under a keyed hash of patient and digest, its title is
encrypted. A file that cannot be read or written only means that a repetition is not noticed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from praticien.documents import said
from praticien.documents.errors import AlreadyDeposited
from praticien.documents.model import AttachedFile, NewDocument, PdfFile
from praticien.documents.summary import MedicalSummary
from praticien.identity import Ins

KEPT = timedelta(days=5 * 365)
"""Older deposits are forgotten."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """When (seconds since 1970), the sealed title, a keyed hash of the document's unique id; whether it was refused."""

    when: int
    title: str
    document: str
    refused: bool = False


class Deposited:
    """Safe to call from several threads."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = hmac.digest(key, b"praticien deposited", hashlib.sha256)  # the key also encrypts other things
        self._cipher = AESGCM(self._key)
        self._lock = threading.Lock()
        self._known = self._read()

    def refuse_again(self, document: NewDocument, cda: bytes) -> None:
        """Raise AlreadyDeposited when another document said the same of this patient.

        A new version is compared with the one it replaces instead; one may go back to what was said before.
        """
        name = self._place(document, cda)
        with self._lock:
            earlier = self._known.get(name)
        if (
            earlier
            and not earlier.refused
            and not document.replaces
            and earlier.document != self._hash(document.unique_id)
        ):
            day = datetime.fromtimestamp(earlier.when).astimezone()
            raise AlreadyDeposited(self._unsealed(name, earlier.title), f"{day:%d/%m/%Y}")

    def remember(self, document: NewDocument, cda: bytes, now: datetime) -> None:
        """It was accepted for sending."""
        name = self._place(document, cda)
        entry = _Entry(int(now.timestamp()), self._sealed(name, document.title), self._hash(document.unique_id))
        with self._lock:
            self._known[name] = entry
            self._write(now)

    def settle(self, unique_id: str, *, refused: bool) -> None:
        """What the DMP answered; what it refused may be deposited anew."""
        document = self._hash(unique_id)
        self._change({n: replace(e, refused=refused) if e.document == document else e for n, e in self._known.items()})

    def forget(self, unique_id: str) -> None:
        """The user gave it up, or deleted it in the DMP: it may be deposited again."""
        document = self._hash(unique_id)
        self._change({name: entry for name, entry in self._known.items() if entry.document != document})

    def _change(self, known: dict[str, _Entry]) -> None:
        with self._lock:
            if known != self._known:
                self._known = known
                self._write(datetime.now(UTC))

    def _place(self, document: NewDocument, cda: bytes) -> str:
        return self._hash(*_whose(document.patient.ins), said.digest(cda, with_day=_is_said_anew(document.body)))

    def _hash(self, *parts: str) -> str:
        return hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()[:32]

    def _sealed(self, name: str, title: str) -> str:
        nonce = secrets.token_bytes(12)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, title.encode(), name.encode())).decode()

    def _unsealed(self, name: str, sealed: str) -> str:
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:12], raw[12:], name.encode()).decode()
        except (ValueError, InvalidTag):
            return ""

    def _read(self) -> dict[str, _Entry]:
        try:
            kept = json.loads(self._path.read_bytes())
            return {str(name): _Entry(int(e[0]), str(e[1]), str(e[2]), bool(e[3])) for name, e in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError, LookupError):
            return {}

    def _write(self, now: datetime) -> None:
        limit = (now - KEPT).timestamp()
        self._known = {name: entry for name, entry in self._known.items() if entry.when >= limit}
        aside = self._path.with_suffix(".aside")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump({name: (e.when, e.title, e.document, e.refused) for name, e in self._known.items()}, file)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)


def _whose(ins: Ins | None) -> tuple[str, str]:
    return (ins.oid, ins.matricule) if ins else ("", "")


def _is_said_anew(body: object) -> bool:
    """On another day the same typed words are another act (a renewed prescription, a certificate); a file chosen from
    disk and a synthesis are not."""
    return not isinstance(body, PdfFile | AttachedFile | MedicalSummary)
