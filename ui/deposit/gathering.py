"""What the form holds, looked at part by part; each refusal is said in its place."""

from __future__ import annotations

from datetime import datetime

from praticien.documents.model import DocumentKind, ImagingStudy, Party, TypedText
from ui.deposit.building import Body, Filled, Occasion, addressed, start_of_act
from ui.deposit.lab_panel import start_of
from ui.deposit.parts import Parts
from ui.messages import sentence
from ui.text import InvalidDate, local_today


def gather(parts: Parts, occasion: Occasion, retrieve_url: str) -> Filled | None:
    """Everything at once, so that all that is missing is said; None when something is."""
    title, start, author, body = _title(parts), _start(parts), _author(parts, occasion), _body(parts, occasion.kind)
    other = occasion.kind is DocumentKind.OTHER
    if other and parts.type.type is None:
        parts.type.refuse()
        return None
    if not (title and start and author and body):
        return None
    codes = parts.type.type.codes if other and parts.type.type else None
    study = _study(parts, retrieve_url)
    return Filled(title, body, author, start, parts.lab.end_after(start), study, parts.visibility.chosen, codes)


def _title(parts: Parts) -> str:
    title = " ".join(parts.title.text().split())  # pasted titles may hold ends of lines
    if not title:
        parts.errors.show("title", "À remplir.")
    return title


def _start(parts: Parts) -> datetime | None:
    loaded = parts.lab.loaded
    taken = start_of(loaded.report) if loaded else None
    try:
        return start_of_act(parts.day.text(), local_today(), taken, parts.study.study)
    except InvalidDate as error:
        parts.errors.show("day", sentence(error).whole)
        return None


def _author(parts: Parts, occasion: Occasion) -> Party | None:
    me = occasion.me
    who = me.professional if me.professional.profession else parts.authors.professional()
    return Party(who, me.structure) if who else None


def _body(parts: Parts, kind: DocumentKind) -> Body | None:
    """What the parts of this kind make, else the file, the lines with their comment, or the free text."""
    pdf, text = parts.file.pdf, parts.text.toPlainText()
    if kind is DocumentKind.SUMMARY:
        return parts.summary.summary()
    if kind is DocumentKind.IMAGING_REPORT and (parts.imaging.is_used or not pdf):
        return parts.imaging.report(pdf.content if pdf else b"")
    if parts.lab.loaded:
        return parts.lab.loaded.body(pdf)
    if parts.file.file:
        return parts.file.file
    return parts.lines.prescription(text) if parts.lines.typed else _free_text(parts, text)


def _free_text(parts: Parts, text: str) -> TypedText | None:
    if not text.strip():
        parts.errors.show("text", "Saisissez le texte ou choisissez un PDF.")
        return None
    return TypedText(text)


def _study(parts: Parts, retrieve_url: str) -> ImagingStudy | None:
    """With the address of its images when their list is to go too."""
    return addressed(parts.study.study, retrieve_url if parts.study.manifest_wanted else "")
