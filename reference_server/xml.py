"""Reading XML that comes from outside: no DTD, no entity, no network, bounded depth and size."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

from reference_server.errors import MalformedXml

MAX_DEPTH = 100
Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""


def parse(data: bytes, *, keep_comments: bool = False) -> Element:
    """Root of a document. Comments are dropped unless asked for, so that no text is cut in two by one.

    Raises MalformedXml for anything not well-formed, any DOCTYPE, more than MAX_DEPTH levels, or a text above 10 MB.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not keep_comments,
    )
    if b"<!DOCTYPE" in data:
        raise MalformedXml("DOCTYPE")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedXml("not well-formed") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedXml("DOCTYPE")
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise MalformedXml("too deep")


def children(parent: Element, name: str | None = None) -> list[Element]:
    """Child elements (no comments or instructions), of that qualified name when given."""
    return [child for child in parent if isinstance(child.tag, str) and (name is None or child.tag == name)]


def local_name(element: Element) -> str:
    """Name without namespace."""
    return str(etree.QName(element).localname)


def local_children(parent: Element, name: str) -> list[Element]:
    """Child elements by local name, whatever their namespace, whatever the case."""
    return [child for child in children(parent) if local_name(child).casefold() == name.casefold()]


def text_of(element: Element | None) -> str:
    """All character data of an element, without instructions or comments; empty for None."""
    return "" if element is None else str(element.xpath("string()")).strip()


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
