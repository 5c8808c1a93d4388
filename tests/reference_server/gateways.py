"""The project's own connectors in front of a running reference server, with cards in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from connectors.connecting import connecting
from connectors.dmp.client import DmpClient
from connectors.endpoint import DmpEndpoint, Software
from demonstration import people
from demonstration.authority import KeyPair, TestAuthority
from praticien.professional import CardHolder, CardKind, PracticeSituation, Professional, Structure
from tests.connectors.support import SoftwareSigner
from tests.reference_server.conftest import World

OID = "2.25.987654321"


@dataclass
class Gateways:
    """``of(name)`` is the DMP as the holder of a demonstration card reaches it; ``changes`` spoil it."""

    authority: TestAuthority
    served: World
    opened: list[DmpClient] = field(default_factory=list)

    def pair(self, who: Professional, kind: CardKind, *, signature: bool, **more: Any) -> KeyPair:
        return self.authority.professional(who, kind, "", signature=signature, **more)

    def of(self, name: str) -> DmpClient:
        card = people.CARDS[name]
        return self.open(card.professional, card.card_kind, card.situations[0].structure)

    def open(
        self,
        who: Professional,
        kind: CardKind,
        structure: Structure,
        *,
        signer: SoftwareSigner | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> DmpClient:
        signer = signer or SoftwareSigner(*(self.pair(who, kind, signature=one) for one in (False, True)))
        situation = PracticeSituation(1, structure)
        endpoint = DmpEndpoint(self.served.server.base_url, self.served.ca_file)
        software = Software("Praticien", "0", installation_id=OID, oid=OID)
        connections = connecting(endpoint, software)(signer, CardHolder(kind, "1", who, (situation,)), situation)
        dmp = connections.dmp
        assert isinstance(dmp, DmpClient)
        if clock:
            dmp._clock = dmp._assertions._clock = clock
        self.opened.append(dmp)
        return dmp

    def close(self) -> None:
        for dmp in self.opened:
            dmp.close()


def nurse(**changes: str) -> Professional:
    """No physician."""
    return replace(Professional("899700000156", "TESTINFIRMIER", "Luc", profession="60"), **changes)


def now() -> datetime:
    return datetime.now(UTC)
