"""What is wrong with a document, and where, without a word of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # an lxml element; lxml has no types


@dataclass(frozen=True, slots=True)
class Problem:
    """One departure from the rules. ``code`` is stable; ``path`` names elements alone; ``source`` is who says so.

    ``rule`` is the line of the table that does not hold, empty when the code says all.
    """

    code: str
    path: str
    source: str = ""
    rule: str = ""


def path_of(element: Element) -> str:
    """``/ClinicalDocument/author[2]/time``: local names, and positions where a name repeats."""
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    return "/" + "/".join(reversed(steps))


def _step(element: Element) -> str:
    name = str(etree.QName(element).localname)
    parent = element.getparent()
    if parent is None:
        return name
    same = parent.findall(element.tag)
    return name if len(same) == 1 else f"{name}[{same.index(element) + 1}]"
