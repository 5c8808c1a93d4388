"""What the sections of every structured document share: the section itself, a table to read, the PDF copy, an image."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from praticien.documents.cda_elements import LOINC, Element, add, coded, stable_id, templates, typed
from praticien.metadata import Code

SIMPLE_OBSERVATION = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48")
PDF_COPY = Code("55108-5", LOINC, "Copie du document")


@dataclass(frozen=True, slots=True)
class Words:
    """A cell of the narrative; ``id`` is what coded entries refer to, empty when none does."""

    text: str
    id: str = ""


def add_section(
    body: Element, document: str, roots: Sequence[str], code: Code, title: str, *, place: str = ""
) -> Element:
    """A section with its templates, id, code and title.

    ``document`` is the OID that ids derive from; ``place`` tells apart the sections that share a code.
    """
    section = add(add(body, "component"), "section")
    templates(section, *roots)
    add(section, "id", root=stable_id(document, f"section/{code.code}{place and '/'}{place}"))
    coded(section, "code", code)
    add(section, "title", title)
    return section


def add_table(text: Element, header: Sequence[str], rows: Iterable[tuple[str, Sequence[Words]]]) -> Element:
    """A narrative table; each row comes with its own ID."""
    table = add(text, "table", border="0")
    head = add(add(table, "thead"), "tr")
    for title in header:
        add(head, "th", title)
    body = add(table, "tbody")
    for row_id, cells in rows:
        row = add(body, "tr", ID=row_id)
        for cell in cells:
            place = add(row, "td")
            fill(place, cell)
    return table


def fill(place: Element, cell: Words) -> None:
    """The words of a cell, and the ID that entries refer to."""
    if cell.id:
        place = add(place, "content", ID=cell.id)
    place.text = cell.text


def add_paragraphs(section: Element, words: str) -> None:
    """Free text as narrative: a paragraph a line, empty lines dropped."""
    text = add(section, "text")
    for line in words.strip().split("\n"):
        if line.strip():
            add(text, "paragraph", line.strip())


def add_reference(parent: Element, tag: str, id_: str) -> None:
    """``<text><reference value="#id"/></text>``, or ``originalText``."""
    add(add(parent, tag), "reference", value=f"#{id_}")


def add_image(section: Element, png: bytes) -> None:
    """What a section needs to show one image (FR-Image-illustrative)."""
    add(add(section, "text"), "renderMultiMedia", referencedObject="image-1")
    media = add(add(section, "entry"), "observationMedia", classCode="OBS", moodCode="EVN", ID="image-1")
    templates(media, "2.16.840.1.113883.10.12.304", "1.2.250.1.213.1.1.3.103")
    _carry(media, "image/png", png)


def add_pdf_copy(body: Element, document: str, pdf: bytes) -> None:
    """The section FR-Document-PDF-copie: the whole document as the author saw it."""
    section = add_section(body, document, ("1.2.250.1.213.1.1.2.243",), PDF_COPY, PDF_COPY.display)
    _attach(section, document, pdf)


def add_attached_pdf(body: Element, document: str, pdf: bytes, title: str) -> None:
    """The section FR-Documents-ajoutes, for the models that have no section of copy."""
    code = Code("55107-7", LOINC, "Documents ajoutés")
    _attach(add_section(body, document, ("1.2.250.1.213.1.1.2.37",), code, title), document, pdf)


def _attach(section: Element, document: str, pdf: bytes) -> None:
    """FR-Document-attache: what is shown, what kind of document it is, its bytes."""
    row = add(add(add(add(section, "text"), "table", border="0"), "tbody"), "tr")
    add(add(row, "td", ID="copie-pdf"), "renderMultiMedia", referencedObject="copie-1")
    organizer = add(add(section, "entry"), "organizer", classCode="CLUSTER", moodCode="EVN")
    templates(organizer, "1.2.250.1.213.1.1.3.18")
    add(organizer, "id", root=stable_id(document, "copy"))
    coded(organizer, "code", Code("55107-7", LOINC, "Document attaché"))
    add(organizer, "statusCode", code="completed")
    _kind_of_copy(add(organizer, "component"), document)
    media = add(add(organizer, "component"), "observationMedia", classCode="OBS", moodCode="EVN", ID="copie-1")
    _carry(media, "application/pdf", pdf)


def _kind_of_copy(parent: Element, document: str) -> None:
    observation = add(parent, "observation", classCode="OBS", moodCode="EVN")
    templates(observation, *SIMPLE_OBSERVATION, "1.2.250.1.213.1.1.3.48.18")
    add(observation, "id", root=stable_id(document, "copy/kind"))
    coded(observation, "code", Code("69764-9", LOINC, "Type de document"))
    add_reference(observation, "text", "copie-pdf")
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", nullFlavor="NA")
    value = typed(observation, "value", "CD", code=PDF_COPY.code, displayName=PDF_COPY.display, codeSystem=LOINC)
    value.set("codeSystemName", "LOINC")


def _carry(media: Element, mime_type: str, content: bytes) -> None:
    text = base64.b64encode(content).decode("ascii")
    add(media, "value", text, mediaType=mime_type, representation="B64")
