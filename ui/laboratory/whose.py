"""Whose report is it? The open patient beside what the laboratory's file says, and in words what disagrees."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from praticien.documents.lab_report import SourcePatient
from praticien.documents.lab_source import NOT_ENOUGH, lab_differences
from praticien.identity import IdentityStatus, Patient
from ui.text import date_text, sex_text
from ui.theme import GRID
from ui.widgets import column, label


def verdict_words(source: SourcePatient, patient: Patient | None) -> str:
    """One sentence: the same person, another one, or nobody to compare with."""
    if patient is None:
        return "Patient à identifier : F2 reprend les traits du fichier."
    found = {trait for trait, _said in lab_differences(source, patient)}
    if NOT_ENOUGH in found:
        return "Le fichier ne dit pas assez de qui il parle : il ne peut pas être rattaché."
    if found:
        return "Le fichier parle d’une autre personne : vérifiez le patient et le fichier."
    if patient.status is not IdentityStatus.QUALIFIED:
        return "Le fichier et le patient concordent ; son identité reste à contrôler (Ctrl+I)."
    return "Le fichier et le patient concordent."


class WhosePanel(QWidget):
    """A verdict over a table of traits."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._verdict = label("", "strong", f"{name}.verdict")
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID // 2)
        self.setLayout(column(self._verdict, self._table))
        self._rows: list[tuple[str, ...]] = []

    @property
    def verdict(self) -> str:
        """The sentence shown."""
        return self._verdict.text()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table as shown: trait, patient, file, comparison."""
        return tuple(self._rows)

    def show_source(self, source: SourcePatient | None, patient: Patient | None) -> None:
        """Fill, or empty."""
        self._clear()
        self._verdict.setText(verdict_words(source, patient) if source else "")
        self.setVisible(source is not None)
        if source is None:
            return
        self._head()
        differing = {trait for trait, _said in lab_differences(source, patient)} if patient else set()
        for caption, trait, mine, theirs in self._lines(source, patient):
            self._add(caption, mine, theirs, self._compared(trait in differing, bool(patient), theirs))

    def _lines(self, source: SourcePatient, patient: Patient | None) -> list[tuple[str, str, str, str]]:
        traits = patient.traits if patient else None
        kind = "" if source.family_name or not source.used_name else self.tr(" (sans préciser de naissance)")
        return [
            (
                self.tr("Nom de naissance"),
                "birth_name",
                traits.birth_name if traits else "",
                (source.family_name or source.used_name) + kind,
            ),
            (
                self.tr("Prénom(s)"),
                "first_name",
                " ".join(traits.birth_first_names) if traits else "",
                source.given_names,
            ),
            (
                self.tr("Né(e) le"),
                "birth_date",
                date_text(traits.birth_date) if traits else "",
                date_text(source.birth_date),
            ),
            (
                self.tr("Sexe"),
                "sex",
                sex_text(traits.sex) if traits else "",
                sex_text(source.sex) if source.sex else "",
            ),
            (
                self.tr("Matricule INS"),
                "ins",
                patient.ins.matricule if patient and patient.ins else "",
                source.ins.matricule if source.ins else "",
            ),
        ]

    def _compared(self, differs: bool, known: bool, theirs: str) -> str:
        if differs:
            return self.tr("différent")
        if not theirs:
            return self.tr("absent du fichier")
        return self.tr("concorde") if known else self.tr("à comparer")

    def _head(self) -> None:
        titles = (self.tr("Trait"), self.tr("Patient"), self.tr("Fichier"), self.tr("Comparaison"))
        for place, title in enumerate(titles):
            self._grid.addWidget(label(title, "muted"), 0, place)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)

    def _add(self, *cells: str) -> None:
        self._rows.append(cells)
        for place, text in enumerate(cells):
            differs = place == 3 and text == self.tr("différent")
            self._grid.addWidget(label(text or "—", "strong" if differs else ""), len(self._rows), place)

    def _clear(self) -> None:
        self._rows = []
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget:
                widget.hide()
                widget.deleteLater()
