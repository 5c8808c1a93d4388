"""XML from elsewhere, read without trust, and small look-ups in the HL7 namespace."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from praticien.documents.errors import CdaTooBig, ForbiddenXml, NotCda
from praticien.safe_xml import untrusting_parser

MAX_BYTES = 30_000_000
MAX_DEPTH = 100
HL7 = "urn:hl7-org:v3"
Element: TypeAlias = Any  # an lxml element; lxml has no types

_H = f"{{{HL7}}}"
_APART = frozenset({"br", "caption", "footnote", "item", "list", "paragraph", "text", "title"}) | frozenset(
    {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_SHIFTED = {
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(content: bytes) -> Element:
    """The root element. Raises ForbiddenXml (DOCTYPE, entity), CdaTooBig (bytes, depth), NotCda (not well-formed)."""
    if len(content) > MAX_BYTES:
        raise CdaTooBig("bytes")
    if _DECLARATION.search(content):
        raise ForbiddenXml
    parser = untrusting_parser()
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that the search above cannot read
        raise ForbiddenXml
    _refuse_deep(root)
    return root


def _refusal(error: Any) -> Exception:
    text = str(error).lower()
    too_big = "depth" in text or "huge" in text or "too long" in text
    return CdaTooBig("limits of the parser") if too_big else NotCda("not well-formed")


def _refuse_deep(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise CdaTooBig("depth")


@lru_cache(maxsize=1024)
def path(steps: str) -> str:
    """``a/b`` in the HL7 namespace, for find and findall."""
    return "/".join(_H + step for step in steps.split("/"))


def child(element: Element | None, steps: str) -> Element | None:
    """The first descendant at ``a/b``, None when absent."""
    return None if element is None else element.find(path(steps))


def children(element: Element | None, steps: str) -> list[Element]:
    """All descendants at ``a/b``."""
    return [] if element is None else list(element.findall(path(steps)))


def attribute(element: Element | None, name: str) -> str:
    """An attribute, empty when the element or the attribute is absent."""
    return "" if element is None else str(element.get(name, "")).strip()


def text(element: Element | None) -> str:
    """All text that holds, blanks collapsed; what a reader sees on lines or in cells of their own stays apart."""
    return "" if element is None else " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    """``5,1<br/>0,2`` is two numbers, ``10<sup>9</sup>`` is not 109. Depth is bounded by ``parse``."""
    yield element.text or ""
    for item in element:
        if isinstance(item.tag, str) and attribute(item, "revised") != "delete":
            name = name_of(item)
            apart = " " if name in _APART else ""
            yield apart
            yield from (shifted(piece, name) for piece in _pieces(item)) if name in _SHIFTED else _pieces(item)
            yield apart
        yield item.tail or ""


def shifted(text: str, name: str) -> str:
    """The text of a ``sup`` or ``sub`` element with its digits raised or lowered; unchanged for any other ``name``."""
    return text.translate(_SHIFTED[name]) if name in _SHIFTED else text


def name_of(element: Element) -> str:
    """Local name of an HL7 element, empty for any other namespace."""
    tag = element.tag
    return tag[len(_H) :] if isinstance(tag, str) and tag.startswith(_H) else ""


def elements(element: Element) -> Iterator[Element]:
    """Child elements (no comment, no entity)."""
    return (item for item in element if isinstance(item.tag, str))


def carried(element: Element) -> bytes | None:
    """What an ED element carries: base64 or plain text; None when it refers elsewhere or cannot be decoded."""
    if attribute(element, "compression"):
        return None
    raw = "".join(element.itertext())
    if attribute(element, "representation") != "B64":
        return raw.strip().encode() or None
    try:
        return base64.b64decode("".join(raw.split()), validate=True) or None
    except ValueError:
        return None
