"""The sections of an imaging report in the deposit form: acts, dictated text by headings, dose, request."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from praticien.documents.imaging import ImagingAct, ImagingReport
from praticien.documents.imaging_acts import KnownAct, proposed
from praticien.documents.imaging_check import CCAM_SHAPE
from praticien.documents.imaging_codes import Pregnancy
from praticien.documents.imaging_dose import WrongDose, parse, words
from praticien.documents.model import ImagingStudy
from ui.deposit.imaging_act_row import ImagingActRow
from ui.deposit.imaging_sections import ImagingSections
from ui.deposit.imaging_typed import ImagingTyped, TypedAct
from ui.deposit.named_model import NamedModel
from ui.deposit.row_list import RowList
from ui.flow_row import FlowRow
from ui.messages import for_code, sentence
from ui.theme import GRID
from ui.widgets import Field, button, column, label

_PREGNANCY = {Pregnancy.UNKNOWN: "Grossesse : non renseignée", Pregnancy.ABSENT: "Pas de grossesse"}
_PREGNANCY |= {Pregnancy.PREGNANT: "Grossesse en cours"}


class ImagingPanel(QWidget):
    """Empty, it reports nothing and the chosen PDF alone is the document."""

    def __init__(self, acts: Sequence[KnownAct]) -> None:
        super().__init__()
        self.setObjectName("deposit.imaging")
        self._acts, self._known = NamedModel(acts), tuple(acts)
        self._sections = ImagingSections(self)
        self._rows = RowList("acts", self._row)
        self._add_act = button(self.tr("Ajouter un acte (Ctrl+Maj+A)"), self.add_act, "quiet", "deposit.acts.add")
        self._rows.precede(self._add_act)
        self._split = button(self.tr("Répartir la dictée (Ctrl+Maj+R)"), self.split_dictation, "quiet", "deposit.split")
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

    def _lay_out(self) -> None:
        caption = label(self.tr("Actes"), "strong")
        hint = label(self.tr("Une dictée entière collée dans une rubrique se répartit d’après ses titres."), "muted")
        self._parts = QWidget()
        self._parts.setLayout(
            column(
                caption,
                self._rows.error,
                self._rows.box,
                FlowRow(self._add_act, self._split),
                hint,
                *self._sections.fields.values(),
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
            acts=tuple(row.typed for row in self._rows.filled),
            sections=self._sections.typed,
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
        self._rows.clear()
        for act in typed.acts or (TypedAct(),):
            self._rows.add().fill(act)
        self._sections.show(typed.sections)
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
        if act and not self._rows.filled:
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
        """Fill the sections from a printed report."""
        self._sections.take_print(text)

    def split_dictation(self) -> None:
        """Cut what stands in the findings at its headings."""
        self._sections.split_findings()

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
        acts = [self._checked(row) for row in self._rows.filled]
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

    @property
    def _named(self) -> dict[str, Field]:
        own = {"exposures": self._dose, "requester": self._requester, "order_number": self._order}
        return self._sections.fields | own

    def show_error(self, place: str, text: str) -> bool:
        """A sentence for ``conclusion``, ``acts``, ``acts.1.ccam``, ``exposures``…; False when it speaks of another."""
        if place in self._named:
            self._named[place].set_error(text)
            return True
        return self._rows.show_error(place, text)

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self._rows.clear_errors()
        for field in self._named.values():
            field.set_error("")

    def focus_error(self) -> bool:
        """The first field in error gets the focus; False when none is."""
        if self._rows.focus_error():
            return True
        field = next((field for field in self._named.values() if field.error), None)
        if field:
            field.editor.setFocus()
        return field is not None

    def error_of(self, place: str) -> str:
        """The sentence next to a field, empty when none."""
        return self._named[place].error if place in self._named else ""

    def take_focus(self) -> None:
        """The act when it is still to be named, else the conclusion."""
        empty = self._rows.empty
        (empty.name if empty else self._sections.fields["conclusion"].editor).setFocus()

    # -- rows ------------------------------------------------------------------------------------------------

    def add_act(self) -> None:
        """One more act, its name to be typed."""
        self._rows.add().name.setFocus()

    def _row(self, number: int) -> ImagingActRow:
        row = ImagingActRow(self._acts, number)
        row.completed.connect(self._sections.fields["indication"].editor.setFocus)
        return row

    @staticmethod
    def _line(field: Field) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor
