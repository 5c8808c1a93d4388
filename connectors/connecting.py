"""From an unlocked card to the distant systems."""

from __future__ import annotations

from connectors.endpoint import DmpEndpoint, Software
from connectors.server_clock import ServerClock
from praticien.ports import Connect, Connections, Signer
from praticien.professional import CardHolder, PracticeSituation


def connecting(endpoint: DmpEndpoint, software: Software, clock: ServerClock | None = None) -> Connect:
    """What ``praticien`` calls once a card is unlocked. The DMP and INSi share one channel, ended by ``dmp.close``.

    The wire's libraries (requests, signxml) are loaded at the first call, in its background task: the window does not
    wait for them. ``clock`` hears the time of each answer.
    """

    def connect(signer: Signer, holder: CardHolder, situation: PracticeSituation) -> Connections:
        from connectors.dmp.client import DmpClient
        from connectors.dmp.sender import Sender, utc_now
        from connectors.insi.client import InsiClient
        from connectors.soap.channel import Channel

        channel = Channel(endpoint, signer, clock)
        sender = Sender(signer, holder, situation, software, utc_now())
        return Connections(DmpClient(channel, endpoint, sender), InsiClient(channel, endpoint, sender))

    return connect
