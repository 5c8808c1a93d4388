"""The shape of a document: elements, their order and number, attributes and their forms, text where text may be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from praticien.documents.conformance.grammar import ANYTHING, NAMESPACES, UNEXAMINED, Kind, derives, kinds
from praticien.documents.conformance.problem import Element, Problem, path_of
from praticien.documents.conformance.words import is_written

SOURCE = "CDA R2"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ANYWHERE = frozenset({f"{_XSI}type", f"{_XSI}schemaLocation"})


def check_shape(root: Element) -> Iterator[Problem]:
    """What departs from the schema. The rules about content suppose a document without such problems."""
    document = kinds()["ClinicalDocument"]
    if _name(root) != document.name:
        yield Problem("shape.root", path_of(root), SOURCE)
        return
    seen: set[str] = set()
    waiting = [(root, document)]
    while waiting:
        element, declared = waiting.pop()
        kind = _actual(element, declared)
        if kind is None:
            yield _problem("shape.type", element)
            continue
        yield from _attributes(element, kind, seen)
        children = [(child, _name(child)) for child in element if isinstance(child.tag, str)]
        yield from _content(element, [name for _, name in children], kind)
        for child, name in children:
            expected = kind.children.get(name)
            if expected == UNEXAMINED:
                yield _problem("shape.unexamined", child)
            elif expected and expected != ANYTHING:
                waiting.append((child, kinds()[expected]))


def _problem(code: str, element: Element) -> Problem:
    return Problem(code, path_of(element), SOURCE)


def _name(element: Element) -> str:
    """The name as the tables have it; ``any/other`` in a namespace that they do not know."""
    return _named(element.tag)


@lru_cache(maxsize=1024)  # tags come from outside
def _named(tag: str) -> str:
    name = etree.QName(tag)
    prefix = NAMESPACES.get(name.namespace or "")
    return "any/other" if prefix is None else f"{prefix}{name.localname}"


def _actual(element: Element, declared: Kind) -> Kind | None:
    """The kind that ``xsi:type`` chooses, or the declared one; None when it does not fit, or nothing chooses."""
    chosen = element.get(f"{_XSI}type")
    if chosen is None:
        return None if declared.is_abstract else declared
    prefix, _, name = " ".join(chosen.split()).rpartition(":")
    kind = kinds().get(name)
    if NAMESPACES.get(element.nsmap.get(prefix or None, "")) != "" or kind is None or kind.is_abstract:
        return None
    return kind if derives(kind, declared.name) else None


def _attributes(element: Element, kind: Kind, seen: set[str]) -> Iterator[Problem]:
    for name, value in element.attrib.items():
        if name in _ANYWHERE:
            continue
        form = kind.attributes.get(name)
        if form is None:
            yield _problem("shape.attribute", element)
        elif not is_written(form, value):
            yield _problem("shape.time" if form == "ts" else "shape.value", element)
        elif form == "id":
            if value in seen:
                yield _problem("shape.id_twice", element)
            seen.add(value)
    if not kind.required <= set(element.attrib):
        yield _problem("shape.attribute_missing", element)


def _content(element: Element, names: list[str], kind: Kind) -> Iterator[Problem]:
    if not kind.content.fullmatch("".join(f"{name} " for name in names)):
        yield _problem("shape.children", element)
    if kind.is_mixed:
        return
    if _is_said(element.text) or any(_is_said(child.tail) for child in element):
        yield _problem("shape.text", element)


def _is_said(text: str | None) -> bool:
    return text is not None and bool(text.strip(" \t\r\n"))
