"""Reading XML that comes from outside: no DTD, no entity, no network, bounded depth and size."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from lxml import etree

from reference_server.errors import MalformedXml

MAX_DEPTH = 100
MAX_MARKUP = 400_000
"""Tags and attributes, counted as ``<`` and ``=``: a tree weighs a hundred times its text when it is nothing else."""
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
"""Where ``<`` and ``=`` are the same octets as in ASCII, so that what is counted and looked for is what is parsed."""
_DECLARED = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""


def parse(data: bytes, *, keep_comments: bool = False) -> Element:
    """Root of a document. Comments are dropped unless asked for, so that no text is cut in two by one.

    Raises MalformedXml for anything not well-formed, any DOCTYPE, more than MAX_DEPTH levels, more than MAX_MARKUP
    tags or attributes, an unusual encoding, or a text above 10 MB.
    """
    _check_before(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not keep_comments,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedXml("not well-formed") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedXml("DOCTYPE")
    if _TOO_DEEP(root):
        raise MalformedXml("too deep")
    return root


def parse_own(data: bytes) -> Element:
    """Root of what this server wrote itself, from elements that ``parse`` let in: nothing is bounded again."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _check_before(data: bytes) -> None:
    """What can be seen before any tree is built."""
    if b"<!DOCTYPE" in data:
        raise MalformedXml("DOCTYPE")
    if len(data) > MAX_MARKUP and max(data.count(b"<"), data.count(b"=")) > MAX_MARKUP:
        raise MalformedXml("too much markup")
    declared = _DECLARED.search(data[:400].replace(b"\0", b"").partition(b"?>")[0])
    if declared and declared[1].decode("latin-1").lower() not in _ENCODINGS:
        raise MalformedXml("encoding")


def children(parent: Element, name: str | None = None) -> list[Element]:
    """Child elements (no comments or instructions), of that qualified name when given."""
    return list(parent.iterchildren(etree.Element if name is None else name))


def local_name(element: Element) -> str:
    """Name without namespace."""
    return str(element.tag).rpartition("}")[2]


def local_children(parent: Element, name: str) -> list[Element]:
    """Child elements by local name, whatever their namespace, whatever the case."""
    return [child for child in children(parent) if local_name(child).casefold() == name.casefold()]


def text_of(element: Element | None) -> str:
    """All character data of an element, without instructions or comments; empty for None."""
    if element is None:
        return ""
    text = str(element.xpath("string()")) if len(element) else element.text or ""
    return text.strip()


def local_text(parent: Element, name: str) -> str:
    """Text of the first child of that local name, or empty."""
    found = local_children(parent, name)
    return text_of(found[0]) if found else ""


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A new child element."""
    child = etree.SubElement(parent, name, attributes)
    if text is not None:
        child.text = text
    return child


def serialise(root: Element) -> bytes:
    """UTF-8 bytes with a declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
