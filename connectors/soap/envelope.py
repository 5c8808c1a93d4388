"""SOAP 1.2 envelopes with WS-Addressing 1.0: ours written, theirs opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from lxml import etree

from connectors.errors import Fault, MalformedAnswer, UnrelatedAnswer, from_fault
from connectors.soap.parsing import Element, all_named, first, local, required, text

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ANONYMOUS = f"{WSA}/anonymous"
_MUST_UNDERSTAND = {f"{{{SOAP}}}mustUnderstand": "1"}


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One call: its WS-Addressing action, its body element, the assertion for wsse:Security, further headers."""

    action: str
    body: Element
    assertion: Element
    headers: tuple[Element, ...] = ()


def write(request: Request, to: str) -> tuple[bytes, str]:
    """The envelope as bytes, and the MessageID that the answer must relate to."""
    message_id = f"urn:uuid:{uuid4()}"
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "wsa": WSA})
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    _addressing(header, request.action, to, message_id)
    security = etree.SubElement(header, f"{{{WSSE}}}Security", _MUST_UNDERSTAND, nsmap={"wsse": WSSE})
    security.append(request.assertion)
    _append(header, request.headers)
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(request.body)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"), message_id


def _addressing(header: Element, action: str, to: str, message_id: str) -> None:
    etree.SubElement(header, f"{{{WSA}}}Action", _MUST_UNDERSTAND).text = action
    etree.SubElement(header, f"{{{WSA}}}MessageID").text = message_id
    reply_to = etree.SubElement(header, f"{{{WSA}}}ReplyTo", _MUST_UNDERSTAND)
    etree.SubElement(reply_to, f"{{{WSA}}}Address").text = ANONYMOUS
    etree.SubElement(header, f"{{{WSA}}}To").text = to


def _append(parent: Element, children: Iterable[Element]) -> None:
    for child in children:
        parent.append(child)


def open_answer(envelope: Element, message_id: str, *, addressed: bool) -> Element:
    """The one element of the Body.

    ``addressed``: the answer must say that it relates to ``message_id``; without it, it may be silent but not
    contradict. Raises MalformedAnswer, UnrelatedAnswer, and the typed error of a SOAP fault.
    """
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise MalformedAnswer("not a SOAP 1.2 envelope")
    content: list[Element] = list(required(envelope, "Body"))
    if len(content) != 1:
        raise MalformedAnswer("one element expected in Body")
    is_fault = content[0].tag == f"{{{SOAP}}}Fault"
    _check_relation(envelope, message_id, addressed=addressed and not is_fault)
    if is_fault:
        raise from_fault(read_fault(content[0]))
    return content[0]


def _check_relation(envelope: Element, message_id: str, *, addressed: bool) -> None:
    header = first(envelope, "Header")
    told = header.findall(f"{{{WSA}}}RelatesTo") if header is not None else []
    related = [str(e.text or "").strip() for e in told]
    if any(r != message_id for r in related) or (addressed and not related):
        raise UnrelatedAnswer("RelatesTo")


def read_fault(fault: Element) -> Fault:
    """Code and innermost subcode without their prefixes, and the reason."""
    values = [_unprefixed(text(code, "Value")) for code in _codes(fault)]
    if not values or not values[0]:
        raise MalformedAnswer("fault without a code")
    reasons = [(e.text or "").strip() for e in all_named(fault, "Text")]
    return Fault(values[0], values[-1] if len(values) > 1 else "", " ".join(reasons)[:500])


def _codes(fault: Element) -> list[Element]:
    return [e for e in fault.iter() if local(e) in {"Code", "Subcode"}]


def _unprefixed(qname: str) -> str:
    return qname.rpartition(":")[2]
