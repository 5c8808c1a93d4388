"""Rules about content, read from tables.

A table is made of blocks. The first line of a block has the code of its rules and where they apply: ``{oid}``, every
element with this templateId (with a path from there); ``/path``, from the document; ``//path``, anywhere. The indented
lines are the rules, all of which must hold there:

    path n..m                   that many nodes; a path alone: at least one
    path : TYPE @needed ...     each node is a sound value (see ``values``) and has these attributes; a codeSystem that
                                is named here, were it with ``?``, is an OID
    path among SET [or null]    each node's code and system are in the value set
    path codes SET              each node's code is in the value set
    expression                  XPath 1.0

In paths, names are HL7's (``lab:`` and ``dicom:`` for the two others), ``step{oid}`` is a step with this templateId and
``step#LOINC:55108-5`` one with this code. A line indented further continues the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lxml import etree

from praticien.documents.conformance.problem import Element, Problem, path_of
from praticien.documents.conformance.value_sets import codes, pairs
from praticien.documents.conformance.values import is_oid, is_value

SYSTEMS = {
    "LOINC": "2.16.840.1.113883.6.1",
    "DCM": "1.2.840.10008.2.16.4",
    "TA": "1.2.250.1.213.1.1.4.322",
    "SUBSTITUTION": "2.16.840.1.113883.5.1070",
    "ACTCODE": "2.16.840.1.113883.5.4",
}
_NAMESPACES = {
    "h": "urn:hl7-org:v3",
    "lab": "urn:oid:1.3.6.1.4.1.19376.1.3.2",
    "dicom": "urn:dicom-org:ps3-20",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_XSI_TYPE = f"{{{_NAMESPACES['xsi']}}}type"
_NULLS = frozenset({"UNK", "NA", "NASK", "ASKU", "NI", "NAV", "MSK", "OTH", "NINF", "PINF", "TRC"})
_TOKEN = re.compile(
    r"""'[^']*'|"[^"]*"|@[\w:]+|\{(?P<template>[\d.]+)\}|\#(?P<system>[A-Z]+):(?P<code>[\w.\-]+)"""
    r"""|(?P<name>[A-Za-z][\w\-]*(?::\w+)?)(?P<after>\s*\(|::)?"""
)
_MANY = 500  # of one thing in a header: nobody has so many, and values are compared with all their siblings
_OPERATORS = frozenset({"and", "or"})
_COUNT = re.compile(r"(.+) (\d+)\.\.(\d+|\*)")
_VALUE = re.compile(r"(.+) : ([A-Z_]+)((?: @\w+\??)*)")
_AMONG = re.compile(r"(.+) (among|codes) (\w+)( or null)?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table, and what its block says."""

    code: str
    where: str
    line: str
    source: str


def read(source: str, table: str) -> tuple[Rule, ...]:
    """The rules of a table, all from one ``source``."""
    rules: list[Rule] = []
    code = where = ""
    for line in table.strip("\n").split("\n"):
        if line.startswith("    "):
            rules[-1] = replace(rules[-1], line=f"{rules[-1].line} {line.strip()}")
        elif line.startswith(" "):
            rules.append(Rule(code, where, line.strip(), source))
        elif line:
            code, where = line.split(None, 1)
    return tuple(rules)


def broken(rules: tuple[Rule, ...], root: Element, holders: Mapping[str, list[Element]]) -> Iterator[Problem]:
    """The rules that do not hold. ``holders`` are the elements by the templateIds that they have."""
    for rule in rules:
        for element in _places(rule.where, root, holders):
            if not _holds(rule.line, element):
                yield Problem(rule.code, path_of(element), rule.source, rule.line)


def by_template(root: Element) -> dict[str, list[Element]]:
    """The elements of a document by each templateId that they have."""
    found: dict[str, list[Element]] = {}
    for mark in root.iter(f"{{{_NAMESPACES['h']}}}templateId"):
        holder = mark.getparent()
        if holder is not None:
            found.setdefault(mark.get("root", ""), []).append(holder)
    return found


def _places(where: str, root: Element, holders: Mapping[str, list[Element]]) -> list[Element]:
    if where.startswith("{"):
        oid, _, path = where[1:].partition("}")
        named = list(dict.fromkeys(holders.get(oid, ())))
        return [found for holder in named for found in _find("self::*" + path, holder)] if path else named
    if where.startswith("//"):
        return _find("descendant::" + where[2:], root)
    return _find("self::*" + (where if where != "/" else ""), root)


def _find(path: str, element: Element) -> list[Element]:
    found: list[Element] = _compiled(path)(element)
    return found


def _holds(line: str, element: Element) -> bool:
    if match := _COUNT.fullmatch(line):
        number = len(_find(match[1], element))
        return int(match[2]) <= number and (match[3] == "*" or number <= int(match[3]))
    if match := _VALUE.fullmatch(line):
        nodes = _find(match[1], element)
        return len(nodes) <= _MANY and all(_is_sound(node, match[2], match[3]) for node in nodes)
    if match := _AMONG.fullmatch(line):
        nodes = _find(match[1], element)
        if match[2] == "codes":
            return all(node.get("code", "").strip() in codes(match[3]) for node in nodes if "code" in node.attrib)
        return all(_is_among(node, match[3], null=bool(match[4])) for node in nodes)
    return bool(_compiled(line)(element))


def _is_sound(node: Element, kind: str, named: str) -> bool:
    names = named.replace("@", "").split()
    needed = {name for name in names if not name.endswith("?")}
    system = node.get("codeSystem") if any(name.startswith("codeSystem") for name in names) else None
    return is_value(node, kind) and needed <= set(node.attrib) and (system is None or is_oid(system))


def _is_among(node: Element, name: str, *, null: bool) -> bool:
    """A code of the value set; values of other types are not codes and pass."""
    flavor, kind = node.get("nullFlavor"), node.get(_XSI_TYPE)
    other = kind is not None and kind not in ("CD", "CE")
    if flavor is not None and not null:
        return False
    coded = "code" in node.attrib and "codeSystem" in node.attrib
    if not (coded or other or (null and flavor in _NULLS)):
        return False
    return flavor is not None or other or (node.get("code"), node.get("codeSystem")) in pairs(name)


@cache
def _compiled(expression: str) -> Any:
    return etree.XPath(_TOKEN.sub(_spelled, expression), namespaces=_NAMESPACES)


def _spelled(token: re.Match[str]) -> str:
    if token["template"]:
        return f"[h:templateId/@root='{token['template']}']"
    if token["system"]:
        return f"[@code='{token['code']}' and @codeSystem='{SYSTEMS[token['system']]}']"
    name = token["name"]
    if name is None or token["after"] or ":" in name or name in _OPERATORS:
        return token[0]
    return f"h:{name}"
