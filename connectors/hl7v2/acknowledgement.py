"""ACK^R01: what became of a message. AA only once the message is on the disk (CA in enhanced mode).

Source: HL7 v2.5 chapter 2.9 and 2.15. MSA-1: A or C (enhanced mode, when MSH-15 asks for it), then A accepted, E could
not be kept now, R refused as it is. ERR-3 is a code of table 0357, ERR-8 a technical remark without any content.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from connectors.hl7v2.er7 import Message
from connectors.hl7v2.errors import Hl7Problem
from praticien.errors import PraticienError

ACCEPTED, NOT_NOW, REFUSED = "A", "E", "R"
_NOBODY = "PRATICIEN"


def acknowledge(message: Message | None, now: datetime, error: PraticienError | None = None) -> bytes:
    """The answer to a message; ``message`` is None when not even its header could be read."""
    verdict = ACCEPTED if error is None else REFUSED if isinstance(error, Hl7Problem) else NOT_NOW
    segments = [_header(message, now), _verdict(message, verdict)]
    if error:
        segments.append(_reason(error))
    return ("\r".join(segments) + "\r").encode("utf-8")


def _header(message: Message | None, now: datetime) -> str:
    header = message.header if message else None
    sender = [_field(header.text(n)) if header else "" for n in (5, 6, 3, 4)]
    version = header.text(12) if header and header.text(12).startswith("2") else "2.5"
    processing = header.text(11).upper()[:1] if header and header.text(11) else "P"
    fields = [
        "MSH",
        "^~\\&",
        sender[0] or _NOBODY,
        *sender[1:],
        now.strftime("%Y%m%d%H%M%S%z"),
        "",
        "ACK^R01^ACK",
        uuid4().hex[:20],
        processing,
        _field(version),
        *[""] * 4,
        "FRA",
        "UNICODE UTF-8",
    ]
    return "|".join(fields)


def _verdict(message: Message | None, verdict: str) -> str:
    header = message.header if message else None
    enhanced = header is not None and header.text(15).upper() in ("AL", "SU", "ER")
    return f"MSA|{'C' if enhanced else 'A'}{verdict}|{_field(header.text(10)) if header else ''}"


def _reason(error: PraticienError) -> str:
    condition = error.condition if isinstance(error, Hl7Problem) else "207"
    place = error.place.replace("-", "^1^") if isinstance(error, Hl7Problem) else ""
    return f"ERR||{place}|{condition}^^HL70357|E||||{_field(error.code)} {_field(error.detail)}"


def _field(text: str) -> str:
    """Text of one field: what would cut the message is escaped."""
    escapes = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}
    return "".join(escapes.get(c, c) for c in text if c.isprintable())[:200]
