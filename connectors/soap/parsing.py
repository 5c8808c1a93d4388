"""Reading XML that comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from connectors.errors import AnswerTooLarge, ForbiddenXml, MalformedAnswer
from praticien.safe_xml import untrusting_parser

Element: TypeAlias = etree._Element


def parse(data: bytes, limit: int) -> Element:
    """The root of a document of at most ``limit`` bytes: no DTD, no entity, no network, no huge tree.

    Raises AnswerTooLarge, ForbiddenXml (DOCTYPE), MalformedAnswer.
    """
    if len(data) > limit:
        raise AnswerTooLarge("XML")
    parser = untrusting_parser()
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise MalformedAnswer("not well-formed XML") from None  # lxml's text quotes what it read
    if root.getroottree().docinfo.internalDTD is not None:
        raise ForbiddenXml("DOCTYPE")
    return root


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """``text`` without the characters that XML cannot hold (a pasted control character, half a surrogate pair)."""
    return _NOT_XML.sub("", text)


def local(element: Element) -> str:
    """The local name: answers are read whatever their prefixes, and some whatever their namespace."""
    return str(etree.QName(element).localname)


def all_named(scope: Element, name: str) -> Iterator[Element]:
    """Descendants of ``scope`` (itself included) with that local name."""
    yield from scope.iter(f"{{*}}{name}")


def first(scope: Element, *path: str) -> Element | None:
    """The element at the end of a path of local names, each the first child of that name."""
    found: Element | None = scope
    for name in path:
        found = found.find(f"{{*}}{name}") if found is not None else None
    return found


def text(scope: Element | None, *path: str) -> str:
    """The stripped text of ``first``, empty when there is none."""
    found = first(scope, *path) if scope is not None else None
    return str(found.text or "").strip() if found is not None else ""


def required(scope: Element, *path: str) -> Element:
    """``first``, or MalformedAnswer naming the last step."""
    found = first(scope, *path)
    if found is None:
        raise MalformedAnswer(f"{path[-1]} missing")
    return found
