"""multipart/related both ways: MTOM requests (XOP) and answers. RFC 2387, W3C XOP and MTOM."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass, field
from email.message import Message

from reference_server.errors import BadRequest

MAX_PARTS = 200
"""Parts of a message, which are never taken apart themselves."""
MAX_HEAD = 8 * 1024
"""Octets of the headers of one part."""
MAX_BOUNDARY = 70
"""RFC 2046."""
SOAP_TYPE = "application/soap+xml"


@dataclass(frozen=True, slots=True)
class Package:
    """A message: its XML, and its binary parts by Content-ID (without angle brackets)."""

    root: bytes
    parts: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A binary part of an answer."""

    content_id: str
    mime_type: str
    content: bytes


def read(content_type: str, body: bytes) -> Package:
    """Split a request. Plain SOAP 1.2 is a package without parts. Raises BadRequest."""
    header = _header(content_type)
    kind = header.get_content_type()
    if kind == SOAP_TYPE:
        return Package(body)
    if kind != "multipart/related":
        raise BadRequest("UnsupportedMediaType", "le type de contenu n'est ni SOAP 1.2 ni MTOM", status=415)
    parameters = _parameters(header)
    boundary = parameters.get("boundary")
    if not isinstance(boundary, str) or not 1 <= len(boundary) <= MAX_BOUNDARY:
        raise BadRequest("MalformedMime", "la limite des parties MIME manque")
    return _package(_split(body, boundary.encode("latin-1", "replace")), _bare(parameters.get("start")))


def _header(content_type: str) -> Message:
    message = Message()
    message["Content-Type"] = content_type
    return message


def _parameters(header: Message) -> dict[str, object]:
    """By name in lower case; the first of several counts. A value that is no text is an RFC 2231 one."""
    found: dict[str, object] = {}
    for name, value in header.get_params([]):
        found.setdefault(name.lower(), value)
    return found


def _bare(value: object) -> str:
    return value.strip().strip("<>") if isinstance(value, str) else ""


Headers = dict[str, str]
"""Of one part, by name in lower case; the first of several counts."""


def _split(body: bytes, boundary: bytes) -> list[tuple[Headers, bytes]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MAX_PARTS + 2)
    if len(pieces) - 2 > MAX_PARTS:
        raise BadRequest("MalformedMime", "les parties MIME sont trop nombreuses")
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise BadRequest("MalformedMime", "les parties MIME sont incomplètes")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> tuple[Headers, bytes]:
    head, separator, content = piece.partition(b"\r\n\r\n")
    if not separator or len(head) > MAX_HEAD:
        raise BadRequest("MalformedMime", "une partie MIME n'a pas d'en-tête, ou un trop long")
    headers: Headers = {}
    for line in head.decode("latin-1").replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers, _decoded(headers, content)


def _decoded(headers: Headers, content: bytes) -> bytes:
    if headers.get("content-transfer-encoding", "binary").lower() != "base64":
        return content
    try:
        return base64.b64decode(content)
    except binascii.Error:
        raise BadRequest("MalformedMime", "une partie MIME n'est pas en base 64") from None


def _package(parts: list[tuple[Headers, bytes]], start: str) -> Package:
    by_id: dict[str, bytes] = {}
    root: bytes | None = None
    for headers, content in parts:
        identifier = _bare(headers.get("content-id", ""))
        if root is None and (not start or identifier == start):
            root = content
        elif identifier in by_id:
            raise BadRequest("MalformedMime", "deux parties MIME portent le même identifiant")
        else:
            by_id[identifier] = content
    if root is None:
        raise BadRequest("MalformedMime", "la partie MIME principale manque")
    return Package(root, by_id)


def write(root: bytes, attachments: tuple[Attachment, ...]) -> tuple[str, bytes]:
    """Content-Type and body of an MTOM answer."""
    boundary = f"uuid-{uuid.uuid4()}"
    start = f"root-{uuid.uuid4()}@reference-server"
    parts = [_written(start, f'application/xop+xml; charset=UTF-8; type="{SOAP_TYPE}"', root)]
    parts += [_written(one.content_id, one.mime_type, one.content) for one in attachments]
    delimiter = b"\r\n--" + boundary.encode()
    body = b"".join(delimiter + b"\r\n" + part for part in parts) + delimiter + b"--\r\n"
    kind = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<{start}>"; '
        f'start-info="{SOAP_TYPE}"'
    )
    return kind, body.removeprefix(b"\r\n")


def _written(content_id: str, content_type: str, content: bytes) -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{content_id}>\r\n\r\n"
    return head.encode() + content
