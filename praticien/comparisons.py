"""The register of texts that seemed to name somebody else and that the user declared to be this patient's.

One line an act, each bound to the one before (HMAC): professional, structure, patient and document as keyed hashes,
what disagreed by name and never by value. An act that cannot be written does not happen.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import os
import threading
from datetime import datetime
from pathlib import Path

from praticien.documents.checks import Source, discrepancies
from praticien.documents.model import NewDocument
from praticien.errors import EnvironmentProblem

_COLUMNS = ("le", "professionnel", "structure", "patient", "document", "type", "ecarts", "chaine")
_FIELDS = ("when", "professional", "structure", "patient", "document", "type", "traits")


class RegisterUnavailable(EnvironmentProblem):
    """The register cannot be read or written: the act did not happen."""

    code = "comparisons.disk"


class RegisterAltered(EnvironmentProblem):
    """A line was changed, taken away or put elsewhere; ``detail`` is its number."""

    code = "comparisons.altered"


class Comparisons:
    """Safe to call from several threads. Raises RegisterUnavailable."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = hmac.digest(key, b"praticien comparisons", hashlib.sha256)  # the key also encrypts other things
        self._lock = threading.Lock()

    def record(self, document: NewDocument, now: datetime) -> None:
        """The user compared this document's text; nothing is written when nothing disagrees, or it is there already."""
        traits = dict.fromkeys(one.trait for one in discrepancies(document) if one.source is Source.TEXT)
        if not traits:
            return
        who = document.entered_by or document.author
        ins = document.patient.ins
        fields = {
            "when": now.isoformat(timespec="seconds"),
            "professional": who.professional.national_id,
            "structure": who.structure.national_id,
            "patient": self._hash(ins.matricule if ins else ""),
            "document": self._hash(document.unique_id),
            "type": document.codes.type_code.code,
            "traits": "|".join(traits),
        }
        with self._lock:
            self._append(fields)

    def export(self) -> str:
        """All acts as CSV (semicolons), without names. Raises RegisterAltered when a line is not what was written."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for line in self._lines():
            writer.writerow([*(line[name] for name in _FIELDS), line["chain"]])
        return out.getvalue()

    def _append(self, fields: dict[str, str]) -> None:
        lines = self._lines()
        if any(line["document"] == fields["document"] and line["traits"] == fields["traits"] for line in lines):
            return
        lines.append({**fields, "chain": self._chain(lines[-1]["chain"] if lines else "", fields)})
        aside = self._path.with_suffix(".aside")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            raise RegisterUnavailable(type(error).__name__) from None

    def _lines(self) -> list[dict[str, str]]:
        """Every line, its place in the chain checked."""
        try:
            raw = self._path.read_text("utf-8") if self._path.exists() else ""
        except (OSError, ValueError) as error:
            raise RegisterUnavailable(type(error).__name__) from None
        found: list[dict[str, str]] = []
        for number, text in enumerate(raw.splitlines(), 1):
            try:
                line = json.loads(text)
                fields = {name: str(line[name]) for name in _FIELDS}
                sound = hmac.compare_digest(
                    str(line["chain"]), self._chain(found[-1]["chain"] if found else "", fields)
                )
            except (ValueError, KeyError, TypeError):
                sound = False
            if not sound:
                raise RegisterAltered(str(number))
            found.append(line)
        return found

    def _chain(self, before: str, fields: dict[str, str]) -> str:
        told = "\n".join((before, *(fields[name] for name in _FIELDS)))
        return hmac.new(self._key, told.encode(), hashlib.sha256).hexdigest()

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]
