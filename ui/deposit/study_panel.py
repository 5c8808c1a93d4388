"""The DICOM study beside the patient: what each says, and in words whether they agree."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from praticien.documents.checks import Discrepancy
from praticien.documents.model import ImagingStudy
from praticien.documents.nomenclatures import MODALITIES
from praticien.identity import Patient
from ui.deposit.received_list import ReceivedList
from ui.flow_row import FlowRow
from ui.text import count, date_text, sex_text
from ui.theme import GRID
from ui.widgets import button, column, label, line


def study_words(study: ImagingStudy) -> str:
    """Modality, description, date, accession number and number of images on one line."""
    modality = MODALITIES.get(study.modality)
    parts = [
        str(modality or study.modality),
        study.description,
        date_text(study.study_date),
        f"n° {study.accession_number}" if study.accession_number else "",
        count(study.files, "fichier", "fichiers") if study.files else "",
    ]
    return " · ".join(part for part in parts if part)


class StudyPanel(QWidget):
    """Choose, look at, take away. Emits what is asked; the form reads the files."""

    file_asked = Signal()
    folder_asked = Signal()
    removed = Signal()
    received_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("deposit.study")
        self._summary = label("", "", "deposit.study.summary")
        self._error = label("", "error", "deposit.dicom.error")
        self._verdict = label("", "strong", "deposit.study.verdict")
        self._remove = button(self.tr("Retirer l’examen"), self.removed.emit, "quiet", "deposit.study.remove")
        file = button(self.tr("Fichier DICOM… (Ctrl+D)"), self.file_asked.emit, "", "deposit.study.file")
        folder = button(self.tr("Dossier DICOM… (Ctrl+Maj+D)"), self.folder_asked.emit, "", "deposit.study.folder")
        self._received = button(
            self.tr("Examen reçu… (Ctrl+Maj+E)"), self.received_asked.emit, "", "deposit.study.received"
        )
        buttons = FlowRow(file, folder, self._received, self._remove)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID // 2)
        caption = label(self.tr("Examen DICOM (facultatif)"), "strong")
        self._manifest = QCheckBox(self.tr("Joindre la liste des images et leur adresse (KOS)"))
        self._manifest.setObjectName("deposit.manifest")
        self._has_address = False
        self.received = ReceivedList("deposit.received")
        self.received.hide()
        parts = (self.received, self._error, self._summary, self._verdict, self._table, self._manifest)
        self.setLayout(column(caption, buttons, *parts))
        self.show_study(None, "", None, ())

    def offer(self, *, addresses: bool, reception: bool) -> None:
        """What this installation has: an address where images can be asked for, a list of examinations received."""
        self._has_address = addresses
        self._received.setVisible(reception)

    @property
    def manifest_wanted(self) -> bool:
        """The list of images goes with the report."""
        return self._has_address and self._manifest.isChecked()

    def want_manifest(self, wanted: bool) -> None:
        """Tick or untick it."""
        self._manifest.setChecked(wanted)

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""
        return self._error.text()

    @property
    def verdict(self) -> str:
        """In words: same person, another, not compared."""
        return self._verdict.text()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The side-by-side table as shown."""
        found = []
        for number in range(1, self._grid.rowCount()):
            cells = [self._grid.itemAtPosition(number, c) for c in range(4)]
            if all(cells):
                found.append(tuple(cell.widget().text() for cell in cells))
        return tuple(found)

    def set_error(self, text: str) -> None:
        """Show a sentence under the buttons."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def show_study(
        self, study: ImagingStudy | None, name: str, patient: Patient | None, found: tuple[Discrepancy, ...]
    ) -> None:
        """Fill; ``found`` is what the checks say differs."""
        self._summary.setText(f"{name} — {study_words(study)}" if study else "")
        for widget in (self._summary, self._remove, self._verdict, self._table):
            widget.setVisible(study is not None)
        self._manifest.setVisible(self._has_address and study is not None and bool(study.series))
        self._clear_table()
        if study:
            differing = {d.trait for d in found}
            self._fill(study, patient, differing)
            self._verdict.setText(self._verdict_words(patient, differing))

    def _verdict_words(self, patient: Patient | None, differing: set[str]) -> str:
        if patient is None:
            return self.tr("Patient à identifier : F2, avec les traits ci-dessous sous les yeux.")
        if differing:
            return self.tr("L’examen parle d’une autre personne : vérifiez le patient et le fichier.")
        return self.tr("L’examen et le patient concordent.")

    def _fill(self, study: ImagingStudy, patient: Patient | None, differing: set[str]) -> None:
        traits = patient.traits if patient else None
        for place, title in enumerate(
            (self.tr("Trait"), self.tr("Patient"), self.tr("Fichier"), self.tr("Comparaison"))
        ):
            self._grid.addWidget(line(title, "muted"), 0, place)
        lines = (
            ("birth_name", self.tr("Nom"), traits.birth_name if traits else "", study.patient_family_name),
            ("first_name", self.tr("Prénom"), traits.first_name if traits else "", study.patient_given_name),
            (
                "birth_date",
                self.tr("Né(e) le"),
                _day(traits.birth_date if traits else ""),
                _day(study.patient_birth_date),
            ),
            ("sex", self.tr("Sexe"), sex_text(traits.sex) if traits else "", study.patient_sex),
            ("ins", self.tr("Identifiant"), patient.ins.matricule if patient and patient.ins else "", study.patient_id),
        )
        for number, (trait, caption, mine, theirs) in enumerate(lines, 1):
            same = mine and theirs and mine.replace(" ", "") == theirs.replace(" ", "")
            words = self._compared(trait in differing, bool(traits), theirs, bool(same) or trait != "ins")
            for place, text in enumerate((caption, mine or "—", theirs or "—", words)):
                self._grid.addWidget(label(text, "strong" if place == 3 and trait in differing else ""), number, place)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)

    def _compared(self, differs: bool, known: bool, theirs: str, alike: bool) -> str:
        if differs:
            return self.tr("différent")
        if not theirs:
            return self.tr("absent du fichier")
        if not known:
            return self.tr("à comparer")
        return self.tr("concorde") if alike else self.tr("identifiant local")

    def _clear_table(self) -> None:
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget:
                widget.hide()
                widget.deleteLater()


def _day(compact: str) -> str:
    return date_text(compact) if compact else ""
