"""MTOM/XOP: multipart/related messages, written and read.

What is read is bounded in parts and header sizes; the whole body was already bounded when it was received.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import unquote
from uuid import uuid4

from lxml import etree

from connectors.errors import MalformedAnswer
from connectors.soap.parsing import Element

XOP = "http://www.w3.org/2004/08/xop/include"
XOP_XML = "application/xop+xml"
SOAP_XML = "application/soap+xml"
_MAX_PARTS = 64
_MAX_HEADERS = 8 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """One binary part, named by ``content_id`` (without angle brackets)."""

    content_id: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """A message taken apart: its XML, and the other parts by Content-ID."""

    root: bytes
    parts: Mapping[str, bytes]


def include(content_id: str) -> Element:
    """``xop:Include`` that stands for an attachment."""
    return etree.Element(f"{{{XOP}}}Include", href=f"cid:{content_id}", nsmap={"xop": XOP})


def write(root: bytes, attachments: Sequence[Attachment], action: str) -> tuple[str, bytes]:
    """Content-Type and body of the whole message."""
    boundary, start = f"uuid_{uuid4().hex}", f"root.{uuid4().hex}@praticien"
    pieces = [_part(boundary, start, f'{XOP_XML}; charset=UTF-8; type="{SOAP_XML}"', root)]
    pieces += [_part(boundary, a.content_id, a.media_type, a.content) for a in attachments]
    pieces.append(f"--{boundary}--\r\n".encode())
    content_type = (
        f'multipart/related; type="{XOP_XML}"; boundary="{boundary}"; start="<{start}>"; '
        f'start-info="{SOAP_XML}"; action="{action}"'
    )
    return content_type, b"".join(pieces)


def _part(boundary: str, content_id: str, media_type: str, content: bytes) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{content_id}>\r\n\r\n"
    )
    return head.encode("ascii") + content + b"\r\n"


def header_value(content_type: str) -> Message:
    """A Content-Type as something to ask ``get_content_type`` and ``get_param``."""
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    return message


def read(content_type: str, body: bytes) -> Package:
    """Take a multipart/related body apart. Raises MalformedAnswer."""
    header = header_value(content_type)
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not 1 <= len(boundary) <= 70 or not boundary.isascii():
        raise MalformedAnswer("no boundary")
    parts = _parts(body, boundary.encode("ascii"))
    start = header.get_param("start")
    root_id = start.strip("<>") if isinstance(start, str) else next(iter(parts))
    if root_id not in parts:
        raise MalformedAnswer("start part missing")
    return Package(parts.pop(root_id), parts)


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    _preamble, *pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, _MAX_PARTS + 2)
    if len(pieces) < 2 or len(pieces) > _MAX_PARTS + 1 or not pieces[-1].startswith(b"--"):
        raise MalformedAnswer("multipart not closed, or too many parts")
    parts: dict[str, bytes] = {}
    for number, piece in enumerate(pieces[:-1]):
        content_id, content = _open_part(piece)
        name = content_id or f"#{number}"
        if name in parts:
            raise MalformedAnswer("two parts with the same Content-ID")
        parts[name] = content
    return parts


def _open_part(piece: bytes) -> tuple[str, bytes]:
    head_end = piece.find(b"\r\n\r\n", 0, _MAX_HEADERS)
    if not piece.lstrip(b" \t").startswith(b"\r\n") or head_end < 0:
        raise MalformedAnswer("part without headers")
    headers = BytesHeaderParser().parsebytes(piece[:head_end].lstrip())
    content_id = str(headers.get("Content-ID", "")).strip().strip("<>")
    return content_id, _decoded(piece[head_end + 4 :], str(headers.get("Content-Transfer-Encoding", "binary")))


def _decoded(content: bytes, encoding: str) -> bytes:
    if encoding.strip().lower() in {"binary", "8bit", "7bit"}:
        return content
    if encoding.strip().lower() == "base64":
        return from_base64(content)
    raise MalformedAnswer("transfer encoding")


def from_base64(content: bytes) -> bytes:
    """Strict base64, white space apart. Raises MalformedAnswer."""
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        raise MalformedAnswer("base64") from None


def binary(element: Element, parts: Mapping[str, bytes]) -> bytes:
    """The bytes an element stands for: its one ``xop:Include``, or its base64 text. Raises MalformedAnswer."""
    children = list(element)
    if not children:
        return from_base64((element.text or "").encode())
    href = str(children[0].get("href", ""))
    if len(children) != 1 or children[0].tag != f"{{{XOP}}}Include" or not href.startswith("cid:"):
        raise MalformedAnswer("one xop:Include expected")
    content = parts.get(unquote(href[4:]))
    if content is None:
        raise MalformedAnswer("attachment missing")
    return content
