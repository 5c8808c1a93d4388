"""Between a draft and the widgets of the form, both ways."""

from __future__ import annotations

from collections.abc import Sequence

from praticien.documents.model import AttachedFile, DocumentKind, ImagingStudy, PdfFile
from praticien.documents.naming import somebody_else, stem_of
from praticien.documents.summary_sources import ReadDocument
from praticien.identity import Patient, calendar_date
from praticien.minors import may_be_minor
from ui.deposit.building import Lineage, Occasion
from ui.deposit.drafts import Draft
from ui.deposit.imaging_typed import ImagingTyped
from ui.deposit.parts import Parts
from ui.deposit.summary_typed import SummaryTyped
from ui.deposit.visibility import Visibility
from ui.document_words import KIND_WORDS
from ui.text import date_text, local_today


def fill(parts: Parts, draft: Draft, occasion: Occasion, *, secret: bool, read: Sequence[ReadDocument]) -> None:
    """Show what ``draft`` holds, in the parts of this occasion."""
    parts.title.setText(draft.title or KIND_WORDS[occasion.kind])
    parts.text.setPlainText(draft.text)
    parts.day.setText(local_today().strftime("%d/%m/%Y"))
    parts.authors.choose(draft.author, draft.other_author)
    parts.type.restore(draft.type_code)
    _fill_panels(parts, draft, occasion, read)
    _show_visibility(parts, draft, occasion.patient, secret)
    parts.show_for(occasion)
    if draft.day:  # rather than that of the examination held
        parts.day.setText(draft.day)


def _fill_panels(parts: Parts, draft: Draft, occasion: Occasion, read: Sequence[ReadDocument]) -> None:
    kind, patient = occasion.kind, occasion.patient
    if kind is DocumentKind.PRESCRIPTION:
        parts.lines.restore(draft.lines, draft.valid_until, local_today(), draft.marks)
    else:
        parts.lines.restore((), "", local_today())
    parts.summary.restore(draft.summary, read if kind is DocumentKind.SUMMARY else ())
    parts.study.want_manifest(draft.manifest)
    parts.imaging.restore(draft.imaging)
    hold_file(parts, draft.pdf, occasion)
    hold_study(parts, draft.study, draft.study_name, patient)
    parts.lab.show_loaded(draft.lab if kind is DocumentKind.LAB_RESULT else None, patient)


def _show_visibility(parts: Parts, draft: Draft, patient: Patient | None, secret: bool) -> None:
    minor = patient is not None and may_be_minor(patient.traits.birth_date, local_today())
    hidden = Visibility(draft.masked, draft.invisible, draft.representatives)
    parts.visibility.restore(hidden, minor=minor, secret=secret)


def held(parts: Parts, lineage: Lineage) -> Draft:
    """What the widgets hold now."""
    hidden = parts.visibility.chosen
    return Draft(
        title=parts.title.text(),
        text=parts.text.toPlainText(),
        lines=parts.lines.typed,
        valid_until=parts.lines.valid_until,
        marks=parts.lines.marks,
        pdf=parts.file.file,
        study=parts.study.study,
        study_name=parts.study.name,
        lab=parts.lab.loaded,
        imaging=parts.imaging.typed,
        summary=parts.summary.typed,
        type_code=parts.type.code,
        manifest=parts.study.manifest_choice,
        day=parts.day.text(),
        author=parts.authors.listed,
        other_author=parts.authors.typed,
        masked=hidden.masked,
        invisible=hidden.invisible,
        representatives=hidden.representatives,
        unique_id=lineage.unique_id,
        set_id=lineage.set_id,
        replaces=lineage.replaces,
        version=lineage.version,
    )


def empty(parts: Parts, kind: DocumentKind) -> None:
    """Nothing of a patient stays."""
    parts.text.clear()
    parts.lines.restore((), "", local_today())
    parts.title.clear()
    parts.imaging.restore(ImagingTyped())
    parts.summary.restore(SummaryTyped())
    parts.type.restore("")
    parts.study.received.forget()
    hold_file(parts, None, None)
    parts.show_text(kind)
    hold_study(parts, None, "", None)
    parts.lab.remove()


def hold_file(parts: Parts, file: PdfFile | AttachedFile | None, occasion: Occasion | None) -> None:
    """The file of the document; what it replaces is put out of sight."""
    parts.file.hold(file)
    parts.imaging.show_pdf(file is not None)
    if occasion:
        parts.show_text(occasion.kind)
        parts.file.say_doubt(_somebody_else(file, occasion, parts.authors.names) if file else "")


def _somebody_else(file: PdfFile | AttachedFile, occasion: Occasion, physicians: tuple[str, ...]) -> str:
    """Whom the file's name or title seems to be about, when it is neither the patient nor an author."""
    if occasion.patient is None:
        return ""
    others = (*physicians, occasion.holder.professional.family_name)
    texts = (stem_of(file.name), getattr(file, "title", ""))
    return next((found for text in texts if (found := somebody_else(text, occasion.patient, others))), "")


def hold_study(parts: Parts, study: ImagingStudy | None, name: str, patient: Patient | None) -> None:
    """The examination, whose day becomes the act's, and which fills what is still empty of the report."""
    parts.study.clear_errors()
    parts.study.show_study(study, name, patient)
    if study:
        parts.imaging.take_study(study)
    if study and calendar_date(study.study_date):
        parts.day.setText(date_text(study.study_date))
