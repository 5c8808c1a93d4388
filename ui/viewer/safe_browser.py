"""A text browser that reaches nothing: no network, no file, no script, no link that opens anything."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QImage, QTextDocument, QTextOption
from PySide6.QtWidgets import QTextBrowser


class SafeBrowser(QTextBrowser):
    """Shows HTML of our own; the only resources are the images handed over with it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # a date or a drug is never cut: wide tables scroll
        self._images: dict[str, QImage] = {}
        self._html = ""

    def show_html(self, html: str, images: dict[str, QImage] | None = None) -> None:
        """``images`` by the ``src`` they have in ``html``."""
        self._images, self._html = images or {}, html
        self.setHtml(html)

    def show_text(self, text: str) -> None:
        """As it is."""
        self._images, self._html = {}, ""
        self.setPlainText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Qt writes the colour of a link into the text: another theme, another text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and "<a " in self._html:
            self.setHtml(self._html)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._images.get(QUrl(name).toString(), QImage(1, 1, QImage.Format.Format_Mono))
        return b""
