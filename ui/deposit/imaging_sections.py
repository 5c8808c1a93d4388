"""The dictated text of an imaging report, under its headings; a whole dictation is cut at them."""

from __future__ import annotations

from dataclasses import asdict, fields

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QPlainTextEdit

from praticien.documents.imaging import ReportSections
from praticien.documents.imaging_dictation import split
from ui.theme import GRID
from ui.widgets import Field

_LINES = {"conclusion": 3, "findings": 5}


class _Dictated(QPlainTextEdit):
    """A section; a whole dictation pasted into it is offered to all sections."""

    pasted = Signal(str)

    def insertFromMimeData(self, source: QMimeData) -> None:
        said = split(source.text())
        if sum(bool(getattr(said, part.name)) for part in fields(said)) > 1:
            self.pasted.emit(source.text())
        else:
            super().insertFromMimeData(source)


class ImagingSections(QObject):
    """``fields`` by name of ``ReportSections``, to be laid out."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.fields = {name: self._section(name, caption) for name, caption in self._captions()}

    def _captions(self) -> tuple[tuple[str, str], ...]:
        return (
            ("indication", self.tr("Indication")),
            ("history", self.tr("Antécédents")),
            ("technique", self.tr("Technique")),
            ("findings", self.tr("Résultat")),
            ("comparison", self.tr("Comparaison")),
            ("conclusion", self.tr("Conclusion")),
        )

    def _section(self, name: str, caption: str) -> Field:
        editor = _Dictated()
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(editor.fontMetrics().lineSpacing() * _LINES.get(name, 2) + GRID * 2)
        editor.pasted.connect(self._take)
        return Field(caption, editor, "", f"deposit.{name}")

    @property
    def typed(self) -> ReportSections:
        """What they hold."""
        return ReportSections(**{name: _editor(field).toPlainText() for name, field in self.fields.items()})

    def show(self, sections: ReportSections) -> None:
        """Put these texts in place of what is there."""
        for name, field in self.fields.items():
            _editor(field).setPlainText(getattr(sections, name))

    def take_print(self, text: str) -> None:
        """Fill from a printed report, unless something was already dictated."""
        if not self.typed.text:
            self.show(split(text, letterhead=True))

    def split_findings(self) -> None:
        """Cut what stands in the findings at its headings."""
        self._take(self.typed.findings, instead=True)

    def _take(self, text: str, *, instead: bool = False) -> None:
        said, held = asdict(split(text)), asdict(self.typed)
        if instead:
            held["findings"] = ""
        merged = {name: "\n".join(part for part in (held[name], said[name]) if part) for name in said}
        self.show(ReportSections(**merged))


def _editor(field: Field) -> QPlainTextEdit:
    assert isinstance(field.editor, QPlainTextEdit)
    return field.editor
