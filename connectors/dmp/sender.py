"""In whose name a call is made, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.endpoint import Software
from praticien.ports import Signer
from praticien.professional import CardHolder, PracticeSituation, Professional, Structure


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, repr=False)
class Sender:
    """An unlocked card, the structure its holder works in, our software, and when the user logged in (aware UTC)."""

    signer: Signer
    holder: CardHolder
    situation: PracticeSituation
    software: Software
    since: datetime

    @property
    def professional(self) -> Professional:
        """The holder of the card."""
        return self.holder.professional

    @property
    def structure(self) -> Structure:
        """The structure of the chosen practice situation."""
        return self.situation.structure
