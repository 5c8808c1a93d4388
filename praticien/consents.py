"""Agreements that patients gave here: by whom, to whom, within the care team or not. Kept encrypted.

Within the care team the agreement is presumed once the patient was informed; outside it is asked at each consultation
(CSP L.1110-4, L.1110-12, R.1111-46). The rights of a minor are exercised by their legal representatives (R.1111-40).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from praticien.identity import Ins
from praticien.outbox_store import Damaged, Store


class Giver(Enum):
    """Who agrees."""

    PATIENT = "patient"
    PARENT = "parent"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement as it is stated; ``care_team``: the professional belongs to the patient's care team."""

    giver: Giver = Giver.PATIENT
    care_team: bool = True


@dataclass(frozen=True, slots=True)
class Recorded:
    """The latest agreement of a patient to a professional, and when (aware)."""

    consent: Consent
    moment: datetime


class ConsentRegister:
    """One encrypted file a professional and patient, under a keyed hash. Raises as ``outbox_store.Store``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._store = Store(folder, key)
        self._names = hmac.new(key, b"praticien/consents", hashlib.sha256).digest()

    def close(self) -> None:
        """Let the folder go; never raises."""
        self._store.close()

    def record(self, professional: str, patient: Ins, consent: Consent, moment: datetime) -> None:
        """Durable when it returns. All agreements are kept, the latest counts."""
        name = self._name(professional, patient)
        stated = {"giver": consent.giver.value, "care_team": consent.care_team, "moment": moment.isoformat()}
        self._store.write(name, json.dumps([*self._read(name), stated]).encode())

    def latest(self, professional: str, patient: Ins) -> Recorded | None:
        """What was stated last; None when nothing was, or when its file was damaged (set aside then)."""
        stated = self._read(self._name(professional, patient))
        if not stated:
            return None
        last = stated[-1]
        consent = Consent(Giver(last["giver"]), bool(last["care_team"]))
        return Recorded(consent, datetime.fromisoformat(str(last["moment"])))

    def _read(self, name: str) -> list[dict[str, str | bool]]:
        if name not in self._store.names():
            return []
        try:
            return list(json.loads(self._store.read(name)))
        except (Damaged, ValueError):
            self._store.park(name)
            return []

    def _name(self, professional: str, patient: Ins) -> str:
        about = f"{professional}|{patient.cx}".encode()
        return hmac.new(self._names, about, hashlib.sha256).hexdigest()[:32]
