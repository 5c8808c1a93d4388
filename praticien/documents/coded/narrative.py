"""Finds what an entry refers to in the narrative: the words, and the table row (with its headings) they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from praticien.documents.cda_xml import Element, attribute, children, elements, name_of, text

_MAX_SPAN = 100
_MAX_CELLS = 50_000
Row = tuple[tuple[str, str], ...]


@dataclass
class Narrative:
    """The narrative of one section (and of those above it), searched by ID."""

    by_id: dict[str, Element] = field(default_factory=dict)
    _rows: dict[Element, Row] = field(default_factory=dict)

    def add(self, block: Element) -> None:
        """Index a ``section/text`` element."""
        for item in block.iter():
            name = attribute(item, "ID") if isinstance(item.tag, str) else ""
            if name:
                self.by_id.setdefault(name, item)

    def words(self, reference: str) -> str:
        """The text at ``#ID`` (a bare ID is accepted: documents in the field forget the #); empty when absent."""
        return text(self.by_id.get(reference.removeprefix("#")))

    def row(self, reference: str) -> Row:
        """(heading, text) of each cell of the row, or one pair for the paragraph or list item around it."""
        element = self.by_id.get(reference.removeprefix("#"))
        holder = _holder(element)
        if holder is None:
            return ()
        if name_of(holder) != "tr":
            return (("", text(holder)),)
        if holder not in self._rows:
            self._rows.update(_rows_of(_table_around(holder)))
        return self._rows.get(holder, ())


def _holder(element: Element | None) -> Element | None:
    while element is not None and name_of(element) not in ("tr", "item", "paragraph", "text"):
        element = element.getparent()
    return element


def _table_around(row: Element) -> Element:
    table = row
    while table.getparent() is not None and name_of(table) != "table":
        table = table.getparent()
    return table


def _rows_of(table: Element) -> dict[Element, Row]:
    """Every row with its headings, spans resolved; the last header row names the columns."""
    headings: dict[int, str] = {}
    found: dict[Element, Row] = {}
    for row, cells in _grid(table):
        if name_of(row.getparent()) == "thead":
            headings = {column: text(cell) for column, cell in cells}
        found[row] = tuple((headings.get(column, ""), text(cell)) for column, cell in cells)
    return found


def _grid(table: Element) -> Iterator[tuple[Element, list[tuple[int, Element]]]]:
    """Rows as (column, cell), a cell that spans rows being repeated in each; a cell that spans columns stands once."""
    reaching: dict[int, tuple[int, Element]] = {}  # column -> rows still to come, cell
    cells_left = _MAX_CELLS
    for row in [*children(table, "thead/tr"), *children(table, "tbody/tr"), *children(table, "tr")]:
        placed: list[tuple[int, Element]] = []
        column = 0
        for cell in (item for item in elements(row) if name_of(item) in ("th", "td")):
            column = _past_reaching(column, reaching, placed)
            placed.append((column, cell))
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            reaching.update({column: (height, cell)} if height > 1 else {})
            column += width
        _past_reaching(column, reaching, placed)
        reaching = {at: (left - 1, cell) for at, (left, cell) in reaching.items() if left > 1}
        cells_left -= len(placed)
        if cells_left < 0:
            return
        yield row, placed


def _past_reaching(column: int, reaching: dict[int, tuple[int, Element]], placed: list[tuple[int, Element]]) -> int:
    """Places the cells that reach down into this row at ``column``; returns the first free column."""
    taken = {at for at, _cell in placed}
    while column in reaching and column not in taken:
        placed.append((column, reaching[column][1]))
        column += 1
    return column


def _span(cell: Element, name: str) -> int:
    value = attribute(cell, name)
    return min(int(value), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 and value != "0" else 1
