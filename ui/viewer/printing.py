"""The document that is read, on paper: its pages as they are, or its text under a heading that says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTextCursor, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from ui.viewer.pdf_pages import draw_page, page_sizes

DOTS = 200
"""Dots an inch at which pages are drawn: enough to read small print, little enough for the memory of a printer."""
Heading = tuple[str, ...]
"""Lines: the title first, then whose document it is and what it is."""


def text_job(document: QTextDocument, heading: Heading) -> Callable[[QPrinter], None]:
    """Prints a copy of ``document`` under its heading; in the thread that shows it."""
    copy = document.clone(document.parent())  # which knows its pictures
    lines = "".join(f"<p>{escape(line)}</p>" for line in heading[1:])
    cursor = QTextCursor(copy)
    cursor.insertHtml(f"<h2>{escape(heading[0])}</h2>{lines}<hr>")
    cursor.insertBlock()

    def work(printer: QPrinter) -> None:
        copy.print_(printer)
        copy.deleteLater()

    return work


def pdf_job(content: bytes) -> Callable[[QPrinter], None]:
    """Prints the pages of a PDF, each as large as the paper allows; may run in any thread. Raises NotPdf."""
    sizes = page_sizes(content)

    def work(printer: QPrinter) -> None:
        painter = QPainter(printer)
        try:
            for number in range(len(sizes)):
                if number:
                    printer.newPage()
                _draw(painter, draw_page(content, number, DOTS / 72))
        finally:
            painter.end()

    return work


def _draw(painter: QPainter, page: QImage) -> None:
    paper = QRectF(painter.viewport())
    size = page.size().scaled(paper.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    left = (paper.width() - size.width()) / 2
    painter.drawImage(QRectF(left, 0, size.width(), size.height()), page)
