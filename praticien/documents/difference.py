"""What changed between two versions of a document: section by section, line by line, word by word.

Text alone: pictures and attached copies are not compared. Lines are paragraphs, list items and table rows; a row is
compared as its cells in order. Unchanged lines are kept, so that the window can show a change where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest

from praticien.documents.cda_model import (
    Block,
    CdaDocument,
    ListBlock,
    Paragraph,
    Section,
    StructuredBody,
    Table,
)

_MAX_LINES = 5_000
_MAX_PAIRS = 4_000_000
_WORDS = re.compile(r"\s+|\w+(?:[.,]\w+)*|[^\w\s]")
CELLS = " · "


class Change(Enum):
    """What became of a stretch of text, a line or a section."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, repr=False)
class Stretch:
    """Words of a line; ``change`` is SAME, ADDED or REMOVED."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line; a CHANGED one holds stretches of all three kinds."""

    change: Change
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SectionDifference:
    """One section of either version, by its title."""

    title: str
    change: Change
    lines: tuple[Line, ...]


def difference(old: CdaDocument, new: CdaDocument) -> tuple[SectionDifference, ...]:
    """Sections in the order of the new version, those that went at the place they had."""
    before, after = list(_sections(old)), list(_sections(new))
    return tuple(_compare(was, now) for was, now in _aligned(before, after))


_Titled = tuple[str, str, list[str]]  # key, title, lines


def _sections(document: CdaDocument) -> Iterator[_Titled]:
    if isinstance(document.body, StructuredBody):
        for section in document.body.sections:
            yield from _flat(section, "")
    elif document.body is not None:
        yield "body", "", document.body.text.splitlines()


def _flat(section: Section, above: str) -> Iterator[_Titled]:
    title = f"{above} — {section.title}" if above and section.title else section.title or above
    key = f"{section.code.code if section.code else ''}|{title.casefold()}"
    lines = list(_lines(section.blocks))[:_MAX_LINES]
    if lines:
        yield key, title, lines
    for inner in section.sections:
        yield from _flat(inner, title)


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from "".join(run.text for run in block.runs).split("\n")
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield "• " + CELLS.join(_lines(item.blocks))
        elif isinstance(block, Table):
            for row in block.rows:
                yield CELLS.join(" ".join(_lines(cell.blocks)) for cell in row)


def _aligned(before: list[_Titled], after: list[_Titled]) -> Iterator[tuple[_Titled | None, _Titled | None]]:
    matcher = SequenceMatcher(None, [key for key, *_ in before], [key for key, *_ in after], autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        olds, news = before[old_from:old_to], after[new_from:new_to]
        if operation == "equal":
            yield from zip(olds, news, strict=True)
        else:
            yield from ((was, None) for was in olds)
            yield from ((None, now) for now in news)


def _compare(was: _Titled | None, now: _Titled | None) -> SectionDifference:
    if was is None or now is None:
        change = Change.ADDED if was is None else Change.REMOVED
        _key, title, lines = now or was or ("", "", [])
        return SectionDifference(title, change, tuple(_whole(line, change) for line in lines))
    lines_now = tuple(_compare_lines(was[2], now[2]))
    same = all(line.change is Change.SAME for line in lines_now)
    return SectionDifference(now[1], Change.SAME if same else Change.CHANGED, lines_now)


def _whole(line: str, change: Change) -> Line:
    return Line(change, (Stretch(line, change),))


def _compare_lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        olds, news = before[old_from:old_to], after[new_from:new_to]
        if operation == "equal":
            yield from (_whole(line, Change.SAME) for line in news)
        else:
            yield from (_changed(was, now) for was, now in zip_longest(olds, news))


def _changed(was: str | None, now: str | None) -> Line:
    if was is None or now is None:
        return _whole(now or was or "", Change.ADDED if was is None else Change.REMOVED)
    return Line(Change.CHANGED, tuple(_words(was, now)))


def _words(was: str, now: str) -> Iterator[Stretch]:
    """Numbers stay whole: 1,5 that becomes 15 is another word. Endless lines are compared whole."""
    olds, news = _WORDS.findall(was), _WORDS.findall(now)
    if len(olds) * len(news) > _MAX_PAIRS:
        yield from (Stretch(was, Change.REMOVED), Stretch(now, Change.ADDED))
        return
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old, new = "".join(olds[old_from:old_to]), "".join(news[new_from:new_to])
        if operation == "equal":
            yield Stretch(new, Change.SAME)
            continue
        if old:
            yield Stretch(old, Change.REMOVED)
        if new:
            yield Stretch(new, Change.ADDED)
