"""The narrative block of a section (CDA R2 NarrativeBlock) as plain blocks: paragraphs, lists, tables, pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from praticien.documents.cda_model import Block, Cell, ListBlock, ListItem, Paragraph, Picture, Run, Table
from praticien.documents.cda_xml import Element, attribute, child, children, elements, name_of, shifted, text

Pictures = Mapping[str, Picture]
_MAX_SPAN = 100
_AROUND = {"footnote": (" [note\u00a0: ", "]"), "footnoteRef": (" [voir note]", "")}
_BLOCKS = frozenset({"paragraph", "list", "table", "renderMultiMedia"})


def read_blocks(element: Element, pictures: Pictures) -> tuple[Block, ...]:
    """Blocks of a ``text``, ``item``, ``td`` or ``th``. Never raises: what is unknown is read as its text."""
    collector = _Collector(pictures)
    collector.walk(element, _PLAIN)
    collector.flush()
    return tuple(collector.blocks)


_PLAIN = Run("")


class _Collector:
    """Inline text gathers into runs; a block element closes the paragraph under way."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._runs: list[Run] = []
        self.blocks: list[Block] = []

    def walk(self, element: Element, style: Run) -> None:
        self._add(element.text, style)
        for item in elements(element):
            name = name_of(item)
            if name == "br":
                self._runs.append(_styled("\n", style))
            if name in _BLOCKS:
                self._block(item, name)
            elif name != "caption":
                self._inline(item, name, style)
            self._add(item.tail, style)

    def _inline(self, item: Element, name: str, style: Run) -> None:
        """What a style alone would say, or nothing, is said in words: deleted text, notes, raised figures."""
        before, after = _AROUND.get(name, ("", ""))
        if attribute(item, "revised") == "delete":
            before, after = "[supprimé\u00a0: ", "]"
        self._add(before, style)
        if name in ("sup", "sub"):
            self._add(shifted(text(item), name), _inner_style(item, name, style))
        else:
            self.walk(item, _inner_style(item, name, style))
        self._add(after, style)

    def flush(self) -> None:
        runs = _trimmed(self._runs)
        if runs:
            self.blocks.append(Paragraph(runs))
        self._runs = []

    def _add(self, raw: str | None, style: Run) -> None:
        if raw:
            self._runs.append(_styled(re.sub(r"[ \t\r\n]+", " ", raw), style))

    def _block(self, item: Element, name: str) -> None:
        self.flush()
        if name == "renderMultiMedia":
            self.blocks += self._pictures_of(item)
        elif name == "list":
            self.blocks.append(_list(item, self._pictures))
        elif name == "table":
            self.blocks.append(_table(item, self._pictures))
        else:
            self._paragraph(item)

    def _paragraph(self, item: Element) -> None:
        caption = text(child(item, "caption"))
        if caption:
            self.blocks.append(Paragraph((Run(caption, bold=True),)))
        self.walk(item, _inner_style(item, "paragraph", _PLAIN))
        self.flush()

    def _pictures_of(self, item: Element) -> list[Block]:
        """Every object referred to; one that is not in the document is named, never fetched."""
        caption = text(child(item, "caption"))
        found = [self._pictures.get(name) for name in attribute(item, "referencedObject").split()]
        absent = Paragraph((Run(" ".join(part for part in (caption, "[image absente du document]") if part)),))
        return [replace(picture, caption=caption) if picture else absent for picture in found]


def _styled(raw: str, style: Run) -> Run:
    return Run(raw, style.bold, style.italic, style.underline, style.link)


def _inner_style(item: Element, name: str, style: Run) -> Run:
    codes = attribute(item, "styleCode").lower()
    return Run(
        "",
        bold=style.bold or "bold" in codes,
        italic=style.italic or "italic" in codes,
        underline=style.underline or "underline" in codes,
        link=(attribute(item, "href") if name == "linkHtml" else "") or style.link,
    )


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Blanks at both ends dropped, neighbours of one style joined."""
    joined: list[Run] = []
    for run in runs:
        if joined and _styled("", joined[-1]) == _styled("", run):
            joined[-1] = _styled(re.sub(r" *\n *", "\n", re.sub(" +", " ", joined[-1].text + run.text)), run)
        else:
            joined.append(run)
    if joined:
        joined[0] = _styled(joined[0].text.lstrip(), joined[0])
        joined[-1] = _styled(joined[-1].text.rstrip(), joined[-1])
    return tuple(run for run in joined if run.text)


def _list(element: Element, pictures: Pictures) -> ListBlock:
    items = tuple(_item(item, pictures) for item in children(element, "item"))
    return ListBlock(items, attribute(element, "listType") == "ordered", text(child(element, "caption")))


def _item(element: Element, pictures: Pictures) -> ListItem:
    caption = text(child(element, "caption"))
    named = (Paragraph((Run(caption, bold=True),)),) if caption else ()
    return ListItem((*named, *read_blocks(element, pictures)))


def _table(element: Element, pictures: Pictures) -> Table:
    header = children(element, "thead/tr")
    body = [*children(element, "tbody/tr"), *children(element, "tr"), *children(element, "tfoot/tr")]
    rows = tuple(_row(row, pictures) for row in (*header, *body))
    return Table(rows, len(header), text(child(element, "caption")))


def _row(row: Element, pictures: Pictures) -> tuple[Cell, ...]:
    cells = (item for item in elements(row) if name_of(item) in ("th", "td"))
    return tuple(
        Cell(
            read_blocks(cell, pictures),
            header=name_of(cell) == "th",
            columns=_span(attribute(cell, "colspan")),
            rows=_span(attribute(cell, "rowspan")),
        )
        for cell in cells
    )


def _span(value: str) -> int:
    return min(int(value), _MAX_SPAN) if re.fullmatch(r"[1-9][0-9]{0,8}", value) else 1
