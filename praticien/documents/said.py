"""What a document says, apart from its identifiers and dates: two that say the same have the same digest (EX_GEN-1060).

A level 1 document says the words and the images of its file, however it was exported; a structured one its narrative,
without the copy on paper. The rule is ours: the requirement forbids unchanged documents and does not say how to know.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from praticien.documents.attached import UnusableFile, rtf_text
from praticien.documents.cda_xml import HL7, Element, attribute, carried, child, children, parse, text
from praticien.documents.errors import InvalidPdf
from praticien.documents.pdf import images_of, text_of

_COPIES = frozenset({"55108-5", "55107-7", "57723-9"})  # PDF copy, documents added, number as an image
_PRESCRIPTION = "57833-6"
_DATED_ANEW = re.compile(r"(?m)^\s*Le \d{2}/\d{2}/\d{4}\s*$|\b(?:du|au) \d{2}/\d{2}/\d{4}")
_FOOTER = re.compile(r"(?m)\bPage \d+/\d+\s*$")


def digest(cda: bytes, *, with_day: bool = False) -> str:
    """SHA-256 (hexadecimal) of type and content; ``with_day`` adds the day of the act.

    Raises InvalidCda subclasses when it is no CDA.
    """
    root = parse(cda)
    code = attribute(child(root, "code"), "code")
    parts = [code, *(_level_1(root) or _narrative(root, code))]
    if with_day:
        parts.append(_day(root))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _day(root: Element) -> str:
    return attribute(child(root, "documentationOf/serviceEvent/effectiveTime/low"), "value")[:8]


def _level_1(root: Element) -> list[str]:
    """Words and images of the file carried; nothing for a structured body."""
    body = child(root, "component/nonXMLBody/text")
    content = carried(body) if body is not None else None
    if content is None:
        return []
    found = list(_of_file(content, attribute(body, "mediaType")))
    return found if any(found) else [hashlib.sha256(content).hexdigest()]


def _of_file(content: bytes, mime_type: str) -> Iterator[str]:
    try:
        if mime_type == "application/pdf":
            yield _words(_DATED_ANEW.sub(" ", _FOOTER.sub(" ", text_of(content))))
            yield from (hashlib.sha256(image).hexdigest() for image in images_of(content))
        elif mime_type in ("text/plain", "application/rtf"):
            plain = content.decode("utf-8", "replace")
            yield _words(rtf_text(plain) if mime_type == "application/rtf" else plain)
    except (InvalidPdf, UnusableFile):
        return


def _words(said: str) -> str:
    """As a reader takes them: no case, no form of letters, no blank but between figures."""
    plain = unicodedata.normalize("NFKC", said).casefold()
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", plain)


def _narrative(root: Element, code: str) -> list[str]:
    body = child(root, "component/structuredBody")
    sections = [] if body is None else body.iter(f"{{{HL7}}}section")
    found = []
    for section in sections:
        if attribute(child(section, "code"), "code") not in _COPIES:
            title = text(child(section, "title"))
            found += [title, *(_cells(block) for block in children(section, "text"))]
    return [_words(_DATED_ANEW.sub(" ", part) if code == _PRESCRIPTION else part) for part in found]


def _cells(block: Element) -> str:
    """The words with a mark between cells, so that "1" beside "12" is not "11" beside "2"."""
    return "\x1e".join(part for piece in block.itertext() if (part := " ".join(piece.split())))
