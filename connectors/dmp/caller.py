"""One addressed and signed call to a service of the DMP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from connectors.dmp.sender import Sender, utc_now
from connectors.dmp.vihf import Assertions
from connectors.endpoint import DmpEndpoint
from connectors.soap.channel import Channel
from connectors.soap.envelope import Request
from connectors.soap.mtom import Attachment
from connectors.soap.parsing import Element
from connectors.soap.service import Answer, SoapService
from praticien.access import Access
from praticien.identity import Ins


class Caller:
    """In the name of one professional; every call may raise the errors of ``connectors.errors`` and of the card."""

    def __init__(
        self,
        channel: Channel,
        endpoint: DmpEndpoint,
        sender: Sender,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._channel = channel
        self._endpoint = endpoint
        self._sender = sender
        self._clock = clock
        self._assertions = Assertions(sender, clock)

    def cancel(self) -> None:
        """Give up the calls under way in other threads: they raise Cancelled."""
        self._channel.cancel()

    def close(self) -> None:
        """End the connections, give up what is under way; never raises."""
        self._channel.close()

    def _ask(
        self,
        service: str,
        action: str,
        body: Element,
        patient: Ins | None,
        access: Access,
        *,
        attachments: Sequence[Attachment] | None = None,
        once: bool = False,
    ) -> Answer:
        request = Request(action, body, self._assertions.about(patient, access))
        return SoapService(self._channel, self._endpoint.url(service)).call(request, attachments, once=once)
