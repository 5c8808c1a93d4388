"""A read CDA as HTML of our own: every text escaped, no style, link or resource of the document itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from praticien.documents.cda_model import (
    Block,
    CdaHeader,
    Cell,
    ListBlock,
    Paragraph,
    Participant,
    Picture,
    Run,
    Section,
    StructuredBody,
    Table,
)
from ui.text import NBSP

MAX_SPAN = 50
MAX_TABLE_DEPTH = 6
PIECE_ROWS = 100
MAX_CHARACTERS, CELL_COST = 1_000_000, 20
CUT = "Ce document est trop long pour être montré en entier\u00a0: la suite n’est pas ici."
PART_WORDS = {
    "author": "Auteur",
    "legalAuthenticator": "Responsable du document",
    "authenticator": "Validé par",
    "dataEnterer": "Saisi par",
    "informant": "Informateur",
    "participant": "Participant",
    "performer": "Exécutant",
    "custodian": "Conservé par",
    "informationRecipient": "Destinataire",
}
CSS = """
body { line-height: 140%; } h2, h3 { font-weight: 600; margin-top: 16px; margin-bottom: 8px; }
table { border-collapse: collapse; margin-top: 8px; margin-bottom: 8px; }
td, th { padding: 4px 8px; border: 1px solid #7b8993; } th { font-weight: 600; text-align: left; }
table.facts td { border: 0; padding: 4px 16px 4px 0; }
"""


class NarrativeWriter:
    """Writes sections; ``pictures`` holds what the ``src="picture:N"`` stand for.

    Qt lays out long tables in the square of their rows, and tables in tables in the power of their depth: long ones are
    cut in pieces, deep ones written as text. What exceeds a book is left out; ``is_cut`` says so, and so does the page.
    """

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.is_cut = False
        self._left = MAX_CHARACTERS
        self._depth = 0

    def body(self, body: StructuredBody) -> str:
        """All sections."""
        inner = "".join(self._section(section, 2) for section in body.sections)
        return page(inner + (f"<p><b>{escape(CUT)}</b></p>" if self.is_cut else ""))

    def _section(self, section: Section, level: int) -> str:
        tag = f"h{min(level, 3)}"
        title = f"<{tag}>{escape(section.title)}</{tag}>" if section.title else ""
        inner = "".join(self._section(s, level + 1) for s in section.sections)
        return title + self._blocks(section.blocks) + inner

    def _blocks(self, blocks: tuple[Block, ...]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        if self._left <= 0:
            self.is_cut = True
            return ""
        if isinstance(block, Paragraph):
            return f"<p>{caption(block.caption)}{self._runs(block)}</p>"
        if isinstance(block, ListBlock):
            tag = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{self._blocks(item.blocks)}</li>" for item in block.items)
            return f"{caption(block.caption)}<{tag}>{items}</{tag}>"
        if isinstance(block, Table):
            return self._table(block)
        return self._picture(block)

    def _runs(self, paragraph: Paragraph) -> str:
        """At most what is left to show."""
        written = []
        for piece in paragraph.runs:
            self.is_cut = self.is_cut or len(piece.text) > self._left
            written.append(run(replace(piece, text=piece.text[: max(self._left, 0)])))
            self._left -= len(piece.text)
        return "".join(written)

    def _table(self, table: Table) -> str:
        self._depth += 1
        write = self._grid if self._depth <= MAX_TABLE_DEPTH else self._rows_as_text
        written = caption(table.caption) + "".join(write(rows) for rows in _pieces(table.rows))
        self._depth -= 1
        return written

    def _grid(self, rows: Sequence[tuple[Cell, ...]]) -> str:
        inner = "".join(f"<tr>{''.join(self._cell(cell) for cell in cells)}</tr>" for cells in rows)
        return f'<table border="1" cellspacing="0" cellpadding="4">{inner}</table>'

    def _rows_as_text(self, rows: Sequence[tuple[Cell, ...]]) -> str:
        return "".join(self._blocks(cell.blocks) for cells in rows for cell in cells)

    def _cell(self, cell: Cell) -> str:
        self._left -= CELL_COST
        if self._left <= 0:
            self.is_cut = True
            return ""
        tag = "th" if cell.header else "td"
        spans = f' colspan="{min(cell.columns, MAX_SPAN)}" rowspan="{min(cell.rows, MAX_SPAN)}"'
        return f"<{tag}{spans}>{self._cell_text(cell)}</{tag}>"

    def _cell_text(self, cell: Cell) -> str:
        only = cell.blocks[0] if len(cell.blocks) == 1 else None
        if isinstance(only, Paragraph) and not only.caption:
            return self._runs(only)
        return self._blocks(cell.blocks)

    def _picture(self, picture: Picture) -> str:
        if not picture.mime_type.startswith("image/"):
            what = "PDF joint, dans son onglet" if picture.mime_type == "application/pdf" else picture.mime_type
            return f"<p>{escape(f'{picture.caption} [{what}]'.strip())}</p>"
        self.pictures.append(picture)
        words = f"<br>{escape(picture.caption)}" if picture.caption else ""
        return f'<p><img src="picture:{len(self.pictures) - 1}">{words}</p>'


def _pieces(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Sequence[tuple[Cell, ...]]]:
    """The rows by the hundred or so, never cut through a cell that spans them."""
    start = reaching = 0
    for number, cells in enumerate(rows):
        if number - start >= PIECE_ROWS and number >= reaching:
            yield rows[start:number]
            start = number
        reaching = max(reaching, number + max((min(cell.rows, MAX_SPAN) for cell in cells), default=1))
    yield rows[start:]


def page(inner: str) -> str:
    """A whole page around ``inner``."""
    return f"<html><head><style>{CSS}</style></head><body>{inner}</body></html>"


def caption(text: str) -> str:
    """A caption before what it names."""
    return f"<b>{escape(text)}</b><br>" if text else ""


def run(piece: Run) -> str:
    """A stretch of text in its style; the address of a link is shown, never followed."""
    text = escape(piece.text).replace("\n", "<br>")
    for on, tag in ((piece.bold, "b"), (piece.italic, "i"), (piece.underline, "u")):
        text = f"<{tag}>{text}</{tag}>" if on else text
    return f"{text} ({escape(piece.link)})" if piece.link and piece.link != piece.text else text


def header_page(header: CdaHeader) -> str:
    """The header, one fact a line."""
    rows = "".join(
        f"<tr><td><b>{escape(name)}</b></td><td>{escape(value)}</td></tr>" for name, value in facts(header) if value
    )
    return page(f'<table class="facts">{rows}</table>')


def facts(header: CdaHeader) -> list[tuple[str, str]]:
    """(name, value) in the order of reading; empty values are left out by the page."""
    found = [
        ("Titre", header.title),
        ("Type", header.type_code.display if header.type_code else ""),
        ("Date du document", header.created.text if header.created else ""),
        ("Patient", _patient_words(header)),
    ]
    found += [(PART_WORDS["author"], participant_words(author)) for author in header.authors]
    for part in (header.legal_authenticator, header.entered_by, *header.others):
        if part:
            found.append((PART_WORDS.get(part.part, part.part), participant_words(part)))
    found.append((PART_WORDS["custodian"], header.custodian.name if header.custodian else ""))
    for event in header.events:
        found.append(("Acte", event.code.display if event.code else ""))
        found.append(("Date de l’acte", event.start.text if event.start else ""))
    place = header.encounter.facility_name if header.encounter else ""
    found.append(("Lieu", place))
    found.append(("Numéro d’examen", ", ".join(header.accession_numbers)))
    found.append(("Demande", ", ".join(header.orders)))
    found.append(("Confidentialité", header.confidentiality.display if header.confidentiality else ""))
    found.append(("Version", str(header.version) if header.version else ""))
    found += [("Remplace le document", r.identifier) for r in header.related if r.relation == "RPLC"]
    found.append(("Identifiant", header.identifier))
    return found


def _patient_words(header: CdaHeader) -> str:
    patient = header.patient
    names = f"{patient.birth_name} {patient.birth_first_names or patient.first_birth_name}".strip()
    born = patient.birth_date.text if patient.birth_date else ""
    return " · ".join(part for part in (names, patient.sex, born, patient.birth_place) if part)


def participant_words(person: Participant) -> str:
    """Name, specialty, structure, moment."""
    specialty = person.specialty.display if person.specialty else ""
    structure = person.organisation.name if person.organisation else ""
    time = f"le{NBSP}{person.time.text}" if person.time else ""
    return " · ".join(part for part in (person.name, specialty, structure, time) if part)
