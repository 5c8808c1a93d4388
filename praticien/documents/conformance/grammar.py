"""Reads the tables of ``classes``, ``datatypes`` and ``narrative`` into what ``shape`` walks by.

A content model becomes a regular expression over the names of the children, each followed by a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from praticien.documents.conformance.classes import CLASSES, DOCUMENT
from praticien.documents.conformance.datatypes import ABSTRACT, TYPES
from praticien.documents.conformance.narrative import NARRATIVE

NAMESPACES = {
    "urn:hl7-org:v3": "",
    "urn:oid:1.3.6.1.4.1.19376.1.3.2": "lab/",
    "urn:dicom-org:ps3-20": "dicom/",
    "urn:hl7-org:sdtc": "sdtc/",
    "urn:ihe:pharm:medication": "pharm/",
}
"""Namespaces of the children, and how their names begin in the tables."""
UNEXAMINED = "-"
ANYTHING = "any"
_INFRASTRUCTURE = "realmCode:CS* typeId:typeId? templateId:II* "
_ENTRY = re.compile(r"(~?)([\w.]+)(?: < (\w+)( :=)?)? \|([^|]*)\|(.*)")
_ATTRIBUTE = re.compile(r"@(\w+)(!?):(\S+)")
_CHILD = re.compile(r"([\w/]+):([\w.\-]+)(\{0\})?")


@dataclass(frozen=True, slots=True)
class Kind:
    """One class or data type. ``attributes`` maps a name to its form; ``children`` a name to the name of its kind."""

    name: str
    base: str
    is_mixed: bool
    attributes: dict[str, str]
    required: frozenset[str]
    children: dict[str, str]
    content: re.Pattern[str]
    is_abstract: bool = False
    _model: str = field(default="", repr=False)


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    found: dict[str, Kind] = {}
    for line in _lines(TYPES) + _lines(NARRATIVE) + _lines(DOCUMENT):
        _read(line, found)
    for line in _lines(CLASSES):
        name, attributes, model = line.split("|", 2)
        _read(f"{name}| @nullFlavor:null {attributes}|{_INFRASTRUCTURE}{model}", found)
    return found


def derives(kind: Kind, declared: str) -> bool:
    """Whether ``kind`` may stand where ``declared`` is announced (xsi:type)."""
    known = kinds()
    current: Kind | None = kind
    while current is not None:
        if current.name == declared:
            return True
        current = known.get(current.base)
    return False


def _lines(table: str) -> list[str]:
    return table.strip().replace("\n  ", " ").split("\n")


def _read(line: str, known: dict[str, Kind]) -> None:
    match = _ENTRY.fullmatch(line)
    assert match, line
    mixed, name, base, replaces, attributes, model = match.groups()
    parent = known.get(base or "")
    listed = _ATTRIBUTE.findall(attributes)
    forms = dict(parent.attributes if parent else {}) | {attribute: form for attribute, _, form in listed}
    inherited = parent._model if parent and not replaces else ""
    whole = f"{inherited} {model}".strip()
    known[name] = Kind(
        name=name,
        base=base or "",
        is_mixed=bool(mixed),
        attributes={attribute: form for attribute, form in forms.items() if form != UNEXAMINED},
        required=frozenset(attribute for attribute, needed, _ in listed if needed)
        | (parent.required if parent else frozenset()),
        children={child: kind for child, kind, _ in _CHILD.findall(whole)},
        content=re.compile(_expression(whole)),
        is_abstract=name in ABSTRACT,
        _model=whole,
    )


def _expression(model: str) -> str:
    """``a:T? (b:U | c:V)*`` as ``(?:a )?(?:(?:b )|(?:c ))*``."""
    spelled = _CHILD.sub(lambda child: f"(?:{child[1]}_){child[3] or ''}", model)
    return spelled.replace("(?:", "\0").replace("(", "(?:").replace("\0", "(?:").replace(" ", "").replace("_", " ")
