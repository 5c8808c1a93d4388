"""The sections of an imaging report in the deposit form: acts, dictated text by headings, dose, request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from praticien.documents.imaging import ImagingAct, ImagingReport, ReportSections
from praticien.documents.imaging_acts import KnownAct, proposed
from praticien.documents.imaging_check import CCAM_SHAPE
from praticien.documents.imaging_codes import Pregnancy
from praticien.documents.imaging_dictation import split
from praticien.documents.imaging_dose import WrongDose, parse, words
from praticien.documents.model import ImagingStudy
from ui.deposit.imaging_act_row import ImagingActRow
from ui.deposit.imaging_typed import ImagingTyped, TypedAct
from ui.deposit.prescription_row import NamedModel
from ui.flow_row import FlowRow
from ui.messages import for_code, sentence
from ui.theme import GRID
from ui.widgets import Field, button, column, label

_LINES = {"conclusion": 3, "findings": 5}
_PREGNANCY = {Pregnancy.UNKNOWN: "Grossesse : non renseignée", Pregnancy.ABSENT: "Pas de grossesse"}
_PREGNANCY |= {Pregnancy.PREGNANT: "Grossesse en cours"}


class _Dictated(QPlainTextEdit):
    """A section; a whole dictation pasted into it is offered to all sections."""

    pasted = Signal(str)

    def insertFromMimeData(self, source: QMimeData) -> None:
        said = split(source.text())
        if sum(bool(getattr(said, part.name)) for part in fields(said)) > 1:
            self.pasted.emit(source.text())
        else:
            super().insertFromMimeData(source)


class ImagingPanel(QWidget):
    """Empty, it reports nothing and the chosen PDF alone is the document."""

    def __init__(self, acts: Sequence[KnownAct]) -> None:
        super().__init__()
        self.setObjectName("deposit.imaging")
        self._acts, self._known = NamedModel(acts), tuple(acts)
        self._rows: list[ImagingActRow] = []
        self._made = 0
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._acts_error = label("", "error", "deposit.acts.error")
        self._acts_error.hide()
        self._add_act = button(self.tr("Ajouter un acte (Ctrl+Maj+A)"), self.add_act, "quiet", "deposit.acts.add")
        self._split = button(self.tr("Répartir la dictée (Ctrl+Maj+R)"), self.split_dictation, "quiet", "deposit.split")
        self._sections = {name: self._section(name, caption) for name, caption in self._captions()}
        self._dose = Field(self.tr("Dose"), QLineEdit(), self.tr("PDL 540,2 ; IDSV 13,6"), "deposit.dose")
        self._requester = Field(self.tr("Demandé par"), QLineEdit(), "", "deposit.requester")
        self._order = Field(self.tr("Numéro de la demande"), QLineEdit(), "", "deposit.order_number")
        self._pregnancy = QComboBox()
        self._pregnancy.setObjectName("deposit.pregnancy")
        self._pregnancy.setAccessibleName(self.tr("Grossesse"))
        for value, said in _PREGNANCY.items():
            self._pregnancy.addItem(said, value)
        self._pdf_only = QCheckBox(self.tr("Envoyer le PDF seul, sans acte ni rubriques"))
        self._pdf_only.setObjectName("deposit.pdf_only")
        self._pdf_only.toggled.connect(self._show_parts)
        self._lay_out()
        self.restore(ImagingTyped())
        self.show_pdf(False)

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
        editor.pasted.connect(self._take_dictation)
        return Field(caption, editor, "", f"deposit.{name}")

    def _lay_out(self) -> None:
        caption = label(self.tr("Actes"), "strong")
        hint = label(self.tr("Une dictée entière collée dans une rubrique se répartit d’après ses titres."), "muted")
        self._parts = QWidget()
        self._parts.setLayout(
            column(
                caption,
                self._acts_error,
                self._box,
                FlowRow(self._add_act, self._split),
                hint,
                *self._sections.values(),
                self._dose,
                self._pregnancy,
                self._requester,
                self._order,
            )
        )
        self.setLayout(column(self._pdf_only, self._parts, gap=GRID))

    # -- content ---------------------------------------------------------------------------------------------

    @property
    def typed(self) -> ImagingTyped:
        """What the panel holds."""
        return ImagingTyped(
            acts=tuple(row.typed for row in self._rows if not row.typed.is_empty),
            sections=ReportSections(**{name: self._plain(field) for name, field in self._sections.items()}),
            requester=self._line(self._requester).text(),
            order_number=self._line(self._order).text(),
            dose=self._line(self._dose).text(),
            pregnancy=self._pregnancy.currentData(),
            pdf_only=self._pdf_only.isChecked(),
        )

    @property
    def is_used(self) -> bool:
        """Something is to be structured: not when the PDF goes alone."""
        typed = self.typed
        return bool(typed.acts or typed.sections.text) and not (typed.pdf_only and not self._pdf_only.isHidden())

    def restore(self, typed: ImagingTyped) -> None:
        """Show what a draft holds."""
        for row in list(self._rows):
            self._drop(row)
        for act in typed.acts or (TypedAct(),):
            self._add().fill(act)
        for name, field in self._sections.items():
            self._editor(field).setPlainText(getattr(typed.sections, name))
        self._line(self._requester).setText(typed.requester)
        self._line(self._order).setText(typed.order_number)
        self._line(self._dose).setText(typed.dose)
        self._pregnancy.setCurrentIndex(self._pregnancy.findData(typed.pregnancy))
        self._pdf_only.setChecked(typed.pdf_only)
        self.clear_errors()

    def show_pdf(self, chosen: bool) -> None:
        """Whether a PDF is there, which may then go alone."""
        self._pdf_only.setVisible(chosen)
        self._show_parts()

    def _show_parts(self) -> None:
        self._parts.setVisible(self._pdf_only.isHidden() or not self._pdf_only.isChecked())

    def take_study(self, study: ImagingStudy) -> None:
        """Fill from the images what is still empty: act, dose, requester, order."""
        act = proposed(study, self._known)
        if act and all(row.typed.is_empty for row in self._rows):
            self._rows[0].fill(self._as_typed(act))
        for field, text in (
            (self._dose, words(study.exposures)),
            (self._requester, study.requester),
            (self._order, study.order_number),
        ):
            if not self._line(field).text().strip():
                self._line(field).setText(text)

    def _as_typed(self, act: ImagingAct) -> TypedAct:
        name = next(known.name for known in self._known if known.code == act.code)
        side = act.side.value if act.side else ""
        return TypedAct(name, act.modality, act.location.code.code, side, act.ccam)

    def take_print(self, text: str) -> None:
        """Fill the sections from a printed report, unless something was already dictated."""
        if not self.typed.sections.text:
            self._show_sections(split(text, letterhead=True))

    def split_dictation(self) -> None:
        """Cut what stands in the findings at its headings."""
        self._take_dictation(self._plain(self._sections["findings"]), instead=True)

    def _take_dictation(self, text: str, *, instead: bool = False) -> None:
        said = asdict(split(text))
        held = asdict(self.typed.sections)
        if instead:
            held["findings"] = ""
        merged = {name: "\n".join(part for part in (held[name], said[name]) if part) for name in said}
        self._show_sections(ReportSections(**merged))

    def _show_sections(self, sections: ReportSections) -> None:
        for name, field in self._sections.items():
            self._editor(field).setPlainText(getattr(sections, name))

    def report(self, pdf: bytes) -> ImagingReport | None:
        """The report; None, with sentences next to the fields, when something is missing."""
        self.clear_errors()
        typed, dose = self.typed, None
        try:
            dose = parse(typed.dose)
        except WrongDose as error:
            self.show_error("exposures", sentence(error).whole)
        if not typed.sections.conclusion.strip():
            self.show_error("conclusion", for_code("imaging.no_conclusion").whole)
        if not typed.acts:
            self.show_error("acts", for_code("imaging.no_act").whole)
        acts = [self._checked(row) for row in self._rows if not row.typed.is_empty]
        if dose is None or not acts or None in acts or not typed.sections.conclusion.strip():
            return None
        return ImagingReport(
            acts=tuple(act for act in acts if act),
            sections=typed.sections,
            exposures=dose,
            pregnancy=typed.pregnancy,
            requester=typed.requester.strip(),
            order_number=typed.order_number.strip(),
            pdf=pdf,
        )

    def _checked(self, row: ImagingActRow) -> ImagingAct | None:
        typed = row.typed
        act = typed.act(self._acts.by_name)
        if typed.code(self._acts.by_name) is None:
            row.set_error(
                self.tr("Cet acte n’est pas dans la liste : choisissez-le, ou tapez son code LOINC et son nom.")
            )
        elif not typed.modality:
            row.set_error(self.tr("La modalité manque."), "modality")
        elif act is None:
            row.set_error(self.tr("La localisation manque."), "location")
        elif act.ccam and not CCAM_SHAPE.fullmatch(act.ccam):
            row.set_error(for_code("imaging.ccam").whole, "ccam")
            return None
        return act

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, field: str, text: str) -> bool:
        """A sentence for ``conclusion``, ``acts``, ``acts.1.ccam``, ``exposures``…; False when it speaks of another."""
        root, _, rest = field.partition(".")
        number, _, part = rest.partition(".")
        named = {"exposures": self._dose, "requester": self._requester, "order_number": self._order} | self._sections
        if field in named:
            named[field].set_error(text)
        elif root == "acts" and number.isdigit() and int(number) < len(self._rows):
            self._rows[int(number)].set_error(text, part)
        elif root == "acts":
            self._acts_error.setText(text)
            self._acts_error.setVisible(bool(text))
        else:
            return False
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for name in ("acts", "exposures", "requester", "order_number", *self._sections):
            self.show_error(name, "")
        for row in self._rows:
            row.set_error("")

    def focus_error(self) -> bool:
        """The first field in error gets the focus; False when none is."""
        row = next((row for row in self._rows if row.error), None)
        fields_ = (*self._sections.values(), self._dose, self._requester, self._order)
        field = next((field for field in fields_ if field.error), None)
        if row:
            row.focus_error()
        elif self._acts_error.text():
            self._rows[0].name.setFocus()
        elif field:
            field.editor.setFocus()
        return bool(row or self._acts_error.text() or field)

    def take_focus(self) -> None:
        """The act when it is still to be named, else the conclusion."""
        empty = next((row for row in self._rows if row.typed.is_empty), None)
        (empty.name if empty else self._sections["conclusion"].editor).setFocus()

    # -- rows ------------------------------------------------------------------------------------------------

    def add_act(self) -> None:
        """One more act, its name to be typed."""
        self._add().name.setFocus()

    def _add(self) -> ImagingActRow:
        row = ImagingActRow(self._acts, self._made)
        self._made += 1
        row.completed.connect(self._sections["indication"].editor.setFocus)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._box.addWidget(row)
        return row

    def _drop(self, row: ImagingActRow) -> None:
        self._rows.remove(row)
        self._box.removeWidget(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()
        if not self._rows:
            self._made = 0

    def _remove(self, row: ImagingActRow) -> None:
        self._drop(row)
        if not self._rows:
            self._add()
        self._rows[-1].name.setFocus()

    @staticmethod
    def _line(field: Field) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor

    @staticmethod
    def _editor(field: Field) -> QPlainTextEdit:
        assert isinstance(field.editor, QPlainTextEdit)
        return field.editor

    def _plain(self, field: Field) -> str:
        return self._editor(field).toPlainText()
