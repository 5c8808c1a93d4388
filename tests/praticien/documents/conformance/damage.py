"""Kinds of damage done to a document, each at one place. The same seed does the same damage."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

HL7 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TYPES = [
    "CD",
    "CE",
    "CS",
    "ST",
    "ED",
    "II",
    "TS",
    "IVL_TS",
    "PIVL_TS",
    "SXPR_TS",
    "PQ",
    "IVL_PQ",
    "INT",
    "BL",
    "RTO",
    "X",
]
STRAYS = ["", " ", "XXX", "0", "-1", "1.2.3.4", "20269999", "true", "UNK", "2026112009301", "é à", "1..2", "NaN"]


def drop(element, rng):
    parent = element.getparent()
    if parent is None:
        return False
    parent.remove(element)
    return True


def duplicate(element, rng):
    if element.getparent() is None:
        return False
    copy = deepcopy(element)
    element.addnext(copy)
    return True


def duplicate_unmarked(element, rng):
    """Twice, but for its ID and those inside, which may be there only once."""
    if not duplicate(element, rng):
        return False
    for inner in element.getnext().iter("*"):
        inner.attrib.pop("ID", None)
    return True


def swap(element, rng):
    after = element.getnext()
    if after is None:
        return False
    after.addnext(element)
    return True


def rename(element, rng):
    element.tag = f"{HL7}{rng.choice(['id', 'code', 'text', 'time', 'name', 'unknown', 'templateId', 'value'])}"
    return True


def foreign(element, rng):
    element.tag = f"{{urn:example:foreign}}{etree.QName(element).localname}"
    return True


def empty(element, rng):
    if not len(element) and not (element.text or "").strip():
        return False
    tail = element.tail
    attributes = dict(element.attrib)
    element.clear()
    element.attrib.update(attributes)
    element.tail = tail
    return True


def add_text(element, rng):
    element.text = (element.text or "") + "texte de trop"
    return True


def add_child(element, rng):
    child = etree.SubElement(element, f"{HL7}{rng.choice(['id', 'code', 'text', 'translation', 'low', 'templateId'])}")
    child.set("nullFlavor", "UNK")
    return True


def _some_attribute(element, rng):
    return rng.choice(sorted(element.attrib)) if element.attrib else None


def drop_attribute(element, rng):
    name = _some_attribute(element, rng)
    if name is None:
        return False
    del element.attrib[name]
    return True


def stray_value(element, rng):
    name = _some_attribute(element, rng)
    if name is None:
        return False
    old = element.get(name)
    element.set(name, rng.choice(STRAYS))
    return element.get(name) != old


def other_value(element, rng):
    """The value that the same attribute has elsewhere in the document."""
    name = _some_attribute(element, rng)
    if name is None:
        return False
    values = sorted(
        {other.get(name) for other in element.getroottree().iter("*") if other.get(name)} - {element.get(name)}
    )
    if not values:
        return False
    element.set(name, rng.choice(values))
    return True


def bent_value(element, rng):
    """One character of a value is another."""
    name = _some_attribute(element, rng)
    if name is None or not element.get(name):
        return False
    value = element.get(name)
    place = rng.randrange(len(value))
    element.set(name, value[:place] + rng.choice("0159AZaz.- ") + value[place + 1 :])
    return element.get(name) != value


def add_null(element, rng):
    if "nullFlavor" in element.attrib:
        return False
    element.set("nullFlavor", rng.choice(["UNK", "NA", "NASK", "OTH", "XX"]))
    return True


def null_instead(element, rng):
    """Nothing is left but a nullFlavor (and what xsi:type says)."""
    kept = element.get(XSI_TYPE)
    empty(element, rng)
    element.attrib.clear()
    if kept:
        element.set(XSI_TYPE, kept)
    element.set("nullFlavor", rng.choice(["UNK", "NA", "NASK"]))
    return True


def change_type(element, rng):
    if XSI_TYPE not in element.attrib:
        return False
    old = element.get(XSI_TYPE)
    element.set(XSI_TYPE, rng.choice(TYPES))
    return element.get(XSI_TYPE) != old


def add_attribute(element, rng):
    name, value = rng.choice(
        [
            ("unknown", "1"),
            ("code", "X"),
            ("value", "1"),
            ("use", "H"),
            ("moodCode", "EVN"),
            ("ID", "x"),
            ("unit", "mg"),
        ]
    )
    if name in element.attrib:
        return False
    element.set(name, value)
    return True


def move_elsewhere(element, rng):
    """Into another element of the document, as its last child."""
    inside = set(element.iter("*"))
    others = [
        each for each in element.getroottree().iter("*") if each not in inside and each is not element.getparent()
    ]
    if element.getparent() is None or not others:
        return False
    rng.choice(others).append(element)
    return True


def graft(element, rng):
    """A copy of another element of the document, without its IDs, beside this one."""
    if element.getparent() is None:
        return False
    copy = deepcopy(rng.choice(list(element.getroottree().getroot().iter("*"))[1:]))
    for inner in copy.iter("*"):
        inner.attrib.pop("ID", None)
    element.addnext(copy)
    return True


def foreign_inside(element, rng):
    """The element and all inside are of another namespace."""
    for inner in element.iter("*"):
        foreign(inner, rng)
    return True


def foreign_attribute(element, rng):
    name = _some_attribute(element, rng)
    if name is None or name.startswith("{"):
        return False
    element.set(f"{{urn:example:foreign}}{name}", element.attrib.pop(name))
    return True


def drop_alike(element, rng):
    """All of its kind beside it."""
    parent = element.getparent()
    if parent is None:
        return False
    for each in parent.findall(element.tag):
        parent.remove(each)
    return True


def exchange_attributes(element, rng):
    """What another element of the same name says, and it what this one says."""
    mine = dict(element.attrib)
    others = [each for each in element.getroottree().iter(element.tag) if dict(each.attrib) != mine]
    if not others:
        return False
    other = rng.choice(others)
    theirs = dict(other.attrib)
    for each, attributes in ((element, theirs), (other, mine)):
        each.attrib.clear()
        each.attrib.update(attributes)
    return True


def other_code(element, rng):
    """A code of the same system and of another value set, as a careless table would give."""
    alike = [
        each
        for each in element.getroottree().iter("*")
        if each.get("codeSystem") == element.get("codeSystem") and each.get("code") not in (None, element.get("code"))
    ]
    if "code" not in element.attrib or not alike:
        return False
    element.set("code", rng.choice(alike).get("code"))
    return True


Damage = Callable[[etree._Element, random.Random], bool]
KINDS: dict[str, Damage] = {
    kind.__name__: kind
    for kind in (
        drop,
        duplicate,
        duplicate_unmarked,
        swap,
        rename,
        foreign,
        empty,
        add_text,
        add_child,
        drop_attribute,
        stray_value,
        other_value,
        bent_value,
        add_null,
        null_instead,
        change_type,
        add_attribute,
        move_elsewhere,
        graft,
        foreign_inside,
        foreign_attribute,
        drop_alike,
        exchange_attributes,
        other_code,
    )
}


def place_of(element: etree._Element) -> str:
    """The element's place, without positions: what the rules speak of. Templates tell alike elements apart."""
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    return "/".join(reversed(steps))


def _step(element: etree._Element) -> str:
    roots = [child.get("root", "") for child in element.findall(f"{HL7}templateId")]
    mark = f"[{roots[-1]}]" if roots and element.getparent() is not None else ""
    return etree.QName(element).localname + mark


def places(content: bytes) -> list[int]:
    """Positions (in document order) of one element for each distinct place."""
    first: dict[str, int] = {}
    for position, element in enumerate(etree.fromstring(content).iter("*")):
        first.setdefault(place_of(element), position)
    return sorted(first.values())


def damaged(content: bytes, kind: str, position: int, seed: int) -> bytes | None:
    """A copy damaged at one element; None when this kind cannot be done there."""
    root = etree.fromstring(content)
    element = next(element for number, element in enumerate(root.iter("*")) if number == position)
    if not KINDS[kind](element, random.Random(f"{seed}/{kind}/{position}")):
        return None
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def every_damage(content: bytes, seed: int, kinds: tuple[str, ...] = tuple(KINDS)) -> Iterator[tuple[str, bytes]]:
    """Each kind at each distinct place: (what was done, the copy)."""
    elements = list(etree.fromstring(content).iter("*"))
    for position in places(content):
        for kind in kinds:
            copy = damaged(content, kind, position, seed)
            if copy is not None:
                yield f"{kind} {place_of(elements[position])}", copy
