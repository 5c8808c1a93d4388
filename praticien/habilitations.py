"""Authorisations on dossiers seen from both ends, and the acts that change one. Source: TD0.3, TD0.4, TD1.6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from praticien.identity import Ins, Sex

AUTHORISATION_LIFETIME = timedelta(days=365)
"""One year: an old public page; the DMP tells when an authorisation was declared, never when it ends."""


class AuthorisationAct(Enum):
    """What ``setAuthorization`` can do: (action, role). Withdrawing ends the médecin traitant's role too."""

    DECLARE = ("AJOUT", "")
    WITHDRAW = ("SUPPRESSION", "")
    BECOME_TREATING = ("AJOUT", "MEDECIN_TRAITANT")
    STOP_TREATING = ("SUPPRESSION", "MEDECIN_TRAITANT")


@dataclass(frozen=True, slots=True, repr=False)
class AuthorisedDossier:
    """A row of TD0.4. ``birth_date`` is AAAAMMJJ, ``sex`` None when the civility does not tell; instants are aware."""

    ins: Ins
    birth_name: str
    used_name: str
    first_name: str
    birth_date: str
    sex: Sex | None
    treating: bool
    last_access: datetime | None = None
    last_update: datetime | None = None
    last_addition: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class AuthorisedHolder:
    """A row of TD1.6: a professional (or a structure, without given name) who may consult, or who is blocked."""

    national_id: str
    family_name: str
    given_name: str
    specialty: str
    blocked: bool
    treating: bool
    since: datetime | None = None
    last_action: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """When the authorisation should end; None when the DMP did not say since when it runs."""
        return self.since + AUTHORISATION_LIFETIME if self.since and not self.blocked else None
