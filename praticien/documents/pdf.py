"""PDF chosen from disk: is it one, can it leave, what does it say? And the door to rendering typed text.

PDFium works for one caller at a time: whoever uses it holds ``PDFIUM_LOCK`` (the viewer too).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from praticien.documents.errors import BlankPdf, EmptyPdf, EncryptedPdf, NotPdf, PdfTooBig
from praticien.documents.pdf_render import render

__all__ = ["MAX_PDF_BYTES", "PDFIUM_LOCK", "PdfInfo", "check_pdf", "images_of", "properties_of", "render", "text_of"]

MAX_PDF_BYTES = 7_000_000
"""Our limit: in base64 the body stays under the ten million characters that a cautious XML reader takes at once."""

MAX_TEXT = 2_000_000
MAX_PROPERTY = 2_000
_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
PDFIUM_LOCK = threading.RLock()

_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the check saw: pages, and size in bytes."""

    pages: int
    size: int


def check_pdf(content: bytes) -> PdfInfo:
    """Pages and size of a PDF that can be sent.

    Raises EmptyPdf, BlankPdf, PdfTooBig, NotPdf, EncryptedPdf (all with field "pdf").
    """
    with _opened(content) as document:
        if not any(_shows_something(page) for page in _pages(document)):
            raise BlankPdf
        return PdfInfo(pages=len(document), size=len(content))


def text_of(content: bytes) -> str:
    """All text of the pages (two million characters at most), empty for a scan. Raises as ``check_pdf``."""
    with _opened(content) as document:
        pages: list[str] = []
        for index in range(len(document)):
            pages.append(_page_text(document, index))
            if sum(map(len, pages)) > MAX_TEXT:
                break
        return "\n".join(pages).replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT]


def images_of(content: bytes) -> tuple[bytes, ...]:
    """The data of every image of the pages, decompressed where that loses nothing. Raises as ``check_pdf``."""
    import pypdfium2.raw

    found: list[bytes] = []
    with _opened(content) as document:
        for page in _pages(document):
            for image in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)):
                found.append(bytes(image.get_data(decode_simple=True)))
    return tuple(found)


def properties_of(content: bytes) -> dict[str, str]:
    """Those of Title, Author, Subject and Keywords that say something. Raises as ``check_pdf``."""
    with _opened(content) as document:
        found = {key: str(document.get_metadata_value(key)).strip()[:MAX_PROPERTY] for key in _PROPERTIES}
        return {key: text for key, text in found.items() if text}


def _pages(document: Any) -> Iterator[Any]:
    """Pages that can be loaded; a damaged one says nothing."""
    import pypdfium2

    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue
        try:
            yield page
        finally:
            page.close()


def _shows_something(page: Any) -> bool:
    """An image or a drawing, a filled form field, or a word; spaces show nothing."""
    from pypdfium2 import raw

    words = (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_UNKNOWN)
    if any(item.type not in words for item in page.get_objects()):
        return True
    text_page = page.get_textpage()
    try:
        return bool(str(text_page.get_text_bounded()).strip()) or raw.FPDFPage_GetAnnotCount(page) > 0
    finally:
        text_page.close()


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    if not content:
        raise EmptyPdf
    if len(content) > MAX_PDF_BYTES:
        raise PdfTooBig
    if b"%PDF-" not in content[:1024]:
        raise NotPdf("no PDF header")
    with PDFIUM_LOCK:
        document = _open(content)
        try:
            _refuse_unusable(document)
            yield document
        finally:
            document.close()


def _open(content: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise EncryptedPdf from None
        raise NotPdf("PDFium cannot open it") from None


def _refuse_unusable(document: Any) -> None:
    import pypdfium2
    import pypdfium2.raw

    if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        raise EncryptedPdf("opens without password, but with restrictions")
    if len(document) == 0:
        raise EmptyPdf("no page")
    try:
        document[0].close()
    except pypdfium2.PdfiumError:
        raise NotPdf("first page cannot be read") from None


def _page_text(document: Any, index: int) -> str:
    import pypdfium2

    try:
        page = document[index]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""  # a damaged page says nothing; the radar then knows less, and the page is shown as it is
    try:
        return str(text_page.get_text_bounded())
    finally:
        text_page.close()
        page.close()
