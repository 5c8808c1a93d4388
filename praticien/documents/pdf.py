"""PDF: typed text rendered to A4, and a PDF chosen from disk checked before it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from praticien.documents.model import NewDocument

MAX_PDF_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the check saw."""

    pages: int
    size: int


def render(document: NewDocument) -> bytes:
    """The typed text as an A4 PDF. Raises InvalidInput(field="text") when there is none."""
    raise NotImplementedError


def check_pdf(content: bytes) -> PdfInfo:
    """Pages and size of a PDF that can be sent. Raises InvalidPdf subclasses (field "pdf")."""
    raise NotImplementedError


def text_of(content: bytes) -> str:
    """All text of the pages, empty for a scan. Raises InvalidPdf subclasses."""
    raise NotImplementedError
