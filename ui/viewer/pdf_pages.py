"""PDF pages, drawn in the background as they come into sight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from praticien.documents.errors import NotPdf
from praticien.documents.pdf import PDFIUM_LOCK
from ui.tasks import Tasks
from ui.theme import GRID

ZOOMS = (50, 75, 100, 125, 150, 200, 300)
MAX_PIXELS = 24_000_000


@dataclass(frozen=True, slots=True)
class PageSize:
    """In points."""

    width: float
    height: float


def page_sizes(content: bytes) -> tuple[PageSize, ...]:
    """Sizes of all pages. Raises NotPdf."""
    import pypdfium2

    try:
        with PDFIUM_LOCK, pypdfium2.PdfDocument(content) as document:
            sizes = tuple(PageSize(*document.get_page_size(i)) for i in range(len(document)))
    except (pypdfium2.PdfiumError, ValueError):
        raise NotPdf from None
    if not sizes:
        raise NotPdf
    return sizes


def draw_page(content: bytes, number: int, scale: float) -> QImage:
    """One page; ``scale`` in pixels a point. Raises NotPdf."""
    import pypdfium2

    try:
        with PDFIUM_LOCK, pypdfium2.PdfDocument(content) as document:
            page = document[number]
            width, height = page.get_size()
            scale = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            kind = QImage.Format.Format_RGBX8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
            data = bytes(bitmap.buffer)
            return QImage(data, bitmap.width, bitmap.height, bitmap.stride, kind).copy()
    except (pypdfium2.PdfiumError, ValueError):
        raise NotPdf from None


class PdfPages(QScrollArea):
    """One page under the other, as wide as the view at 100 %."""

    failed = Signal(object)
    drawn = Signal(int)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("viewer.pdf")
        self.setAccessibleName(self.tr("Pages du document"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tasks = tasks
        self._content = b""
        self._sizes: tuple[PageSize, ...] = ()
        self._labels: list[QLabel] = []
        self._asked: dict[int, int] = {}  # page -> width it was asked at
        self._zoom = 100
        self._round = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(60)
        self._again.timeout.connect(self._draw_visible)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._again.start())
        self._rebuild()

    @property
    def page_count(self) -> int:
        """Pages of the PDF shown."""
        return len(self._sizes)

    @property
    def is_drawn(self) -> bool:
        """Whether the first page has its picture."""
        return bool(self._labels) and not self._labels[0].pixmap().isNull()

    @property
    def zoom(self) -> int:
        """In percent of the view's width."""
        return self._zoom

    @property
    def content(self) -> bytes:
        """The PDF shown."""
        return self._content

    def show_pdf(self, content: bytes) -> None:
        """Replace what is shown."""
        self.clear()
        self._content = content
        round_ = self._round
        task = self._tasks.start(partial(page_sizes, content), self.tr("Ouverture du PDF…"), lane="file")
        task.on_success(lambda sizes: self._opened(round_, sizes))
        task.on_failure(lambda error: self.failed.emit(error) if round_ == self._round else None)

    def clear(self) -> None:
        """Forget the document and its pictures."""
        self._round += 1
        self._content, self._sizes, self._asked = b"", (), {}
        self._rebuild()

    def set_zoom(self, percent: int) -> None:
        """Change the size of the pages."""
        self._zoom = percent
        self._resize_pages()

    def zoom_by(self, steps: int) -> None:
        """To the next (or previous) size."""
        place = min(max(ZOOMS.index(self._zoom) + steps, 0), len(ZOOMS) - 1)
        self.set_zoom(ZOOMS[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {"+": 1, "-": -1}.get(event.text())
        if steps:
            self.zoom_by(steps)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize_pages()

    def _opened(self, round_: int, sizes: tuple[PageSize, ...]) -> None:
        if round_ == self._round:
            self._sizes = sizes
            self._rebuild()

    def _rebuild(self) -> None:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setSpacing(GRID * 2)
        self._labels = [QLabel() for _size in self._sizes]
        for number, page in enumerate(self._labels, 1):
            page.setProperty("role", "page")
            page.setAccessibleName(self.tr("Page {number}").format(number=number))
            box.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.setWidget(holder)
        self._resize_pages()

    def _page_width(self) -> int:
        return max(int((self.viewport().width() - GRID * 4) * self._zoom / 100), GRID * 10)

    def _resize_pages(self) -> None:
        width = self._page_width()
        for size, page in zip(self._sizes, self._labels, strict=True):
            page.setFixedSize(width, max(int(width * size.height / max(size.width, 1)), 1))
        self._again.start()

    def _draw_visible(self) -> None:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        for number, page in enumerate(self._labels):
            seen = page.y() < bottom + page.height() and page.y() + page.height() > top - page.height()
            if seen and self._asked.get(number) != page.width():
                self._draw(number, page.width())

    def _draw(self, number: int, width: int) -> None:
        self._asked[number] = width
        ratio = self.devicePixelRatioF()
        scale = width * ratio / max(self._sizes[number].width, 1)
        round_ = self._round
        work = partial(draw_page, self._content, number, scale)
        task = self._tasks.start(work, self.tr("Affichage des pages…"), lane="file")
        task.on_success(lambda image: self._drawn(round_, number, image))
        task.on_failure(lambda error: self.failed.emit(error) if round_ == self._round else None)

    def _drawn(self, round_: int, number: int, image: QImage) -> None:
        if round_ != self._round:
            return
        pixmap = QPixmap.fromImage(image)
        self._labels[number].setScaledContents(True)
        self._labels[number].setPixmap(pixmap)
        self.drawn.emit(number)
