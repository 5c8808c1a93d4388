"""``python -m benchmarks.documents_once FOLDER RUNS``: builds, checks, reads and draws a document of each type; JSON.

A program of its own, because a window's fonts and the laid out pages stay in the memory of whoever drew them.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.conformity import forms
from benchmarks.laps import Laps
from benchmarks.setting import SOFTWARE_OID
from praticien.deposit import prepare
from praticien.documents import cda_reader
from praticien.documents.cda_model import AttachedBody, StructuredBody
from praticien.documents.coded.reading import read_facts
from praticien.documents.conformance.checking import check
from praticien.documents.model import NewDocument
from ui.viewer.cda_html import NarrativeWriter, header_page
from ui.viewer.facts_html import facts_page
from ui.viewer.pdf_pages import draw_page
from ui.viewer.safe_browser import SafeBrowser

_WIDTH, _HEIGHT = 900, 1200


def main(arguments: list[str]) -> int:
    """Samples in milliseconds and peaks in megabytes by label, on standard output."""
    folder, runs = Path(arguments[0]), int(arguments[1])
    application = QApplication(sys.argv[:1])
    found: dict[str, list[float]] = {}
    peaks: dict[str, float] = {}
    for name, form in forms(folder).items():
        once(form, Laps(lambda: 0), name)  # imports, fonts, value sets
        laps = Laps(lambda: 0)
        for _ in range(runs):
            once(form, laps, name)
        found |= {row.label: list(row.samples) for row in laps.rows()}
        work = partial(once, form, Laps(lambda: 0), name)
        peaks[f"{name}: peak of Python's memory, all of it"] = peak(work)
    application.processEvents()
    print(json.dumps({"ms": found, "MB": peaks}))
    return 0


def once(form: NewDocument, laps: Laps, name: str) -> None:
    """Each part in turn, on one document. Raises AssertionError when ours refuses what we write."""
    with laps.lap(f"{name}: built, as for a deposit"):
        content = prepare(form, software_oid=SOFTWARE_OID).documents[0].content
    with laps.lap(f"{name}: checked by our validator"):
        problems = check(content)
    if problems:
        raise AssertionError(f"{name}: {problems[0].code}")
    with laps.lap(f"{name}: read, coded entries too"):
        cda, facts = cda_reader.read(content), read_facts(content)
    with laps.lap(f"{name}: drawn, all tabs"):
        pages = [header_page(cda.header)]
        if isinstance(cda.body, StructuredBody):
            pages += [NarrativeWriter().body(cda.body), facts_page(facts)]
        for page in pages:
            drawn(page)
        draw_page(_pdf(cda.body), 0, 1.0)


def drawn(html: str) -> QImage:
    """A page laid out and painted."""
    browser = SafeBrowser("benchmark")
    browser.resize(_WIDTH, _HEIGHT)
    browser.show_html(html)
    return browser.grab().toImage()


def _pdf(body: AttachedBody | StructuredBody | None) -> bytes:
    held = body.attachments if isinstance(body, StructuredBody) else (body,)
    return next(one.content for one in held if one and one.mime_type == "application/pdf")


def peak(work: Callable[[], None]) -> float:
    """Megabytes that Python's allocator held at most during ``work``, beyond what it held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
