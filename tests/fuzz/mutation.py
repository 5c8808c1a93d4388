"""Damage to a valid sample: its octets, or the tree of an XML document. The same seed, the same damage."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from lxml import etree

WORDS = (
    b"", b"\0", b"\xff\xfe", b"'", b'"', b"<", b"]]>", b"&", b"&amp;", b"&#0;", b"%", b"^", b"^^^&&ISO", b"\\",
    b"-1", b"0", b"9" * 40, b"1e999", b"NaN", b"00000000", b"99999999999999", b"2A", b"urn:oid:", b"urn:uuid:", b"#",
    b"../..", b"\r\n", b"\r\n\r\n", b"--", b"A" * 5000, b"((((((((", b"%_%_%_%_%_%", b"{{7*7}}",
    "é\u202e\u0301".encode(), "\U0001f600".encode(),
)  # fmt: skip


def mutant(sample: bytes, others: list[bytes], random: Random) -> bytes:
    """One to four damages, of octets or, where the sample is XML, of its tree. Never longer than a few samples."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        damage = random.choice(_OCTETS if random.random() < 0.5 else (_tree,))
        sample = damage(sample, random) if damage is not _splice else _splice(sample, random, others)
    return sample[:400_000]


def _place(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 1, 2, 4, 16, 200)))


def _flip(data: bytes, random: Random) -> bytes:
    start, _ = _place(data, random)
    return data[:start] + bytes([random.randrange(256)]) + data[start + 1 :]


def _remove(data: bytes, random: Random) -> bytes:
    start, end = _place(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _place(data, random)
    return data[:start] + data[start:end] * random.choice((2, 3, 50)) + data[end:]


def _insert(data: bytes, random: Random) -> bytes:
    start, _ = _place(data, random)
    return data[:start] + random.choice(WORDS) + data[start:]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _splice(data: bytes, random: Random, others: list[bytes] | None = None) -> bytes:
    other = random.choice(others or [data])
    return data[: _place(data, random)[0]] + other[_place(other, random)[0] :]


_OCTETS: tuple[Callable[..., bytes], ...] = (_flip, _remove, _repeat, _insert, _cut, _splice)


# -- trees ------------------------------------------------------------------------------------------------------------


def _tree(data: bytes, random: Random) -> bytes:
    """Still well-formed: damage of meaning. Octets where it is no XML."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _insert(data, random)
    elements = list(root.iter(etree.Element))
    try:
        random.choice(_CHANGES)(random.choice(elements), elements, random)
    except (ValueError, TypeError):  # a place where this change cannot be, or a word that XML cannot hold
        return _flip(data, random)
    return etree.tostring(root)


def _word(random: Random) -> str:
    return random.choice(WORDS).decode("latin-1")


def _drop(one, elements, random):
    if one.getparent() is not None:
        one.getparent().remove(one)


def _double(one, elements, random):
    if one.getparent() is not None:
        one.addnext(copy.deepcopy(one))


def _move(one, elements, random):
    target = random.choice(elements)
    if target is not one and one not in target.iterancestors() and one.getparent() is not None:
        target.insert(random.randrange(len(target) + 1), one)


def _rename(one, elements, random):
    one.tag = random.choice((random.choice(elements).tag, etree.QName(one).localname, "{urn:x}x"))


def _say(one, elements, random):
    one.text = random.choice((_word(random), random.choice(elements).text))


def _attribute(one, elements, random):
    names = list(one.attrib) or ["id"]
    name = random.choice(names)
    if random.random() < 0.3:
        one.attrib.pop(name, None)
    else:
        one.set(name, _word(random))


def _borrow(one, elements, random):
    for name, value in random.choice(elements).attrib.items():
        one.set(name, value)


def _hollow(one, elements, random):
    one[:] = []


def _wrap(one, elements, random):
    inner = one
    for _ in range(random.choice((1, 5, 120))):
        inner = etree.SubElement(inner, one.tag)


def _comment(one, elements, random):
    one.insert(0, random.choice((etree.Comment("c"), etree.ProcessingInstruction("p", "i"))))


_CHANGES = (_drop, _double, _move, _rename, _say, _attribute, _attribute, _borrow, _hollow, _wrap, _comment)
