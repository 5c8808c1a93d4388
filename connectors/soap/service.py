"""One SOAP call from question to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import AnswerCut, HttpRefused, MalformedAnswer
from connectors.soap import envelope, mtom
from connectors.soap.channel import Channel, Reply
from connectors.soap.envelope import Request
from connectors.soap.mtom import Attachment
from connectors.soap.parsing import Element, parse


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The element in the Body of the answer, and its attachments."""

    body: Element
    parts: Mapping[str, bytes]

    def binary(self, element: Element) -> bytes:
        """The bytes of an element of the answer, attached or inline."""
        return mtom.binary(element, self.parts)


class SoapService:
    """One endpoint. ``addressed`` is False for a partner whose answers carry no WS-Addressing headers."""

    def __init__(self, channel: Channel, url: str, *, addressed: bool = True) -> None:
        self._channel = channel
        self._url = url
        self._addressed = addressed

    def call(self, request: Request, attachments: Sequence[Attachment] | None = None, *, once: bool = False) -> Answer:
        """Send, and return what came back; MTOM when ``attachments`` is given, even empty; ``once``: see Channel.

        Raises WireProblem subclasses, ServerRefusal and ServerFailure for faults, and what the card raises.
        """
        root, message_id = envelope.write(request, self._url)
        if attachments is None:
            content_type, content = f'{mtom.SOAP_XML}; charset=UTF-8; action="{request.action}"', root
        else:
            content_type, content = mtom.write(root, attachments, request.action)
        reply = self._channel.post(self._url, content_type, content, once=once)
        return self._open(reply, message_id)

    def _open(self, reply: Reply, message_id: str) -> Answer:
        media_type = mtom.header_value(reply.content_type).get_content_type()
        is_soap = media_type in {"multipart/related", mtom.SOAP_XML, "text/xml", "application/xml"}
        if reply.status >= 300 and not (is_soap and reply.body):
            raise HttpRefused(reply.status)
        if not reply.content_type and not reply.body:
            raise AnswerCut("nothing after the status line")
        if not is_soap:
            raise MalformedAnswer("content type")
        package = (
            mtom.read(reply.content_type, reply.body)
            if media_type == "multipart/related"
            else mtom.Package(reply.body, {})
        )
        body = envelope.open_answer(
            parse(package.root, self._channel.limits.xml), message_id, addressed=self._addressed
        )
        if reply.status >= 300:
            raise HttpRefused(reply.status)  # an error status without a fault inside
        return Answer(body, package.parts)
