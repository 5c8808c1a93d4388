"""SOAP 1.2 envelopes with WS-Addressing 1.0: read strictly, answered completely."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from lxml import etree

from reference_server import names, xml
from reference_server.errors import BadRequest, Fault, MalformedXml
from reference_server.names import q
from reference_server.xml import Element

_UNDERSTOOD = frozenset({names.WSA, names.WSSE, names.BAM_CONTEXT, names.LPS_CONTEXT})


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request: whole tree, header, the one element of its body, and its addressing."""

    root: Element
    header: Element
    payload: Element
    action: str
    message_id: str


def read(data: bytes) -> Envelope:
    """Raises BadRequest for anything but one well-formed SOAP 1.2 request with Action and MessageID."""
    try:
        root = xml.parse(data)
    except MalformedXml as error:
        raise BadRequest("MalformedXML", "le XML est mal formé, trop profond ou contient un DOCTYPE") from error
    if root.tag == q(names.SOAP11, "Envelope"):
        raise BadRequest("VersionMismatch", "l'enveloppe n'est pas en SOAP 1.2", role="VersionMismatch")
    header, payload = _parts(root)
    _check_understood(header)
    return Envelope(root, header, payload, _addressing(header, "Action"), _addressing(header, "MessageID"))


def _parts(root: Element) -> tuple[Element, Element]:
    shape = [child.tag for child in xml.children(root)]
    if root.tag != q(names.SOAP, "Envelope") or shape != [q(names.SOAP, "Header"), q(names.SOAP, "Body")]:
        raise BadRequest("MalformedSOAP", "une enveloppe SOAP 1.2 avec Header et Body est attendue")
    header, body = xml.children(root)
    content = xml.children(body)
    if len(content) != 1:
        raise BadRequest("MalformedSOAP", "le Body doit contenir exactement un élément")
    return header, content[0]


def _check_understood(header: Element) -> None:
    for block in xml.children(header):
        must = block.get(q(names.SOAP, "mustUnderstand"), "false") in ("true", "1")
        if must and etree.QName(block).namespace not in _UNDERSTOOD:
            raise BadRequest("MustUnderstand", "un en-tête obligatoire n'est pas compris", role="MustUnderstand")


def _addressing(header: Element, name: str) -> str:
    found = xml.children(header, q(names.WSA, name))
    value = xml.text_of(found[0]) if len(found) == 1 else ""
    if not value:
        raise BadRequest("MessageAddressingHeaderRequired", f"l'en-tête wsa:{name} est attendu une fois")
    return value


def _envelope(action: str, relates_to: str) -> tuple[Element, Element]:
    root = etree.Element(q(names.SOAP, "Envelope"), nsmap={"soap": names.SOAP, "wsa": names.WSA})
    header = xml.add(root, q(names.SOAP, "Header"))
    xml.add(header, q(names.WSA, "Action"), action)
    xml.add(header, q(names.WSA, "MessageID"), f"urn:uuid:{uuid.uuid4()}")
    xml.add(header, q(names.WSA, "To"), names.ANONYMOUS)
    if relates_to:
        xml.add(header, q(names.WSA, "RelatesTo"), relates_to)
    return root, xml.add(root, q(names.SOAP, "Body"))


def answer(payload: Element, action: str, relates_to: str, stored: tuple[bytes, ...] = ()) -> bytes:
    """A complete answer; ``stored`` are serialised elements that the payload's last child is to hold."""
    root, body = _envelope(action, relates_to)
    body.append(payload)
    if not stored:
        return xml.serialise(root)
    place = secrets.token_hex(16)  # a text that nobody who asks could have put elsewhere in the answer
    payload[-1].text = place
    before, after = xml.serialise(root).split(place.encode())
    return b"".join((before, *stored, after))


def payload_of(octets: bytes) -> Element:
    """The one element in the body of an answer of this server."""
    return xml.parse_own(octets)[-1][0]


def fault(problem: Fault, relates_to: str = "") -> bytes:
    """A fault: Sender or Receiver, subcode, French reason, and the rule in the detail."""
    root, body = _envelope("http://www.w3.org/2005/08/addressing/soap/fault", relates_to)
    element = xml.add(body, q(names.SOAP, "Fault"))
    code = xml.add(element, q(names.SOAP, "Code"))
    xml.add(code, q(names.SOAP, "Value"), f"soap:{problem.role}")
    xml.add(xml.add(code, q(names.SOAP, "Subcode")), q(names.SOAP, "Value"), problem.subcode)
    reason = xml.add(element, q(names.SOAP, "Reason"))
    xml.add(
        reason, q(names.SOAP, "Text"), problem.sentence, **{q("http://www.w3.org/XML/1998/namespace", "lang"): "fr"}
    )
    detail = etree.SubElement(
        xml.add(element, q(names.SOAP, "Detail")), q(names.REFUSAL, "refusal"), nsmap={None: names.REFUSAL}
    )
    detail.set("rule", problem.rule)
    if problem.article:
        detail.set("article", problem.article)
    return xml.serialise(root)
