"""The DICOM study beside the patient: what each says, and in words whether they agree."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from praticien.documents.checks import dicom_discrepancies
from praticien.documents.model import ImagingStudy
from praticien.documents.nomenclatures import MODALITIES
from praticien.identity import Patient
from ui.comparison_table import ComparedTrait, Comparison, ComparisonTable, compared_words
from ui.deposit.received_list import ReceivedList
from ui.flow_row import FlowRow
from ui.text import count, date_text, sex_text
from ui.widgets import button, column, label


def study_words(study: ImagingStudy) -> str:
    """Modality, description, date, accession number and number of images on one line."""
    modality = MODALITIES.get(study.modality)
    parts = [
        str(modality or study.modality),
        study.description,
        date_text(study.study_date),
        f"n° {study.accession_number}" if study.accession_number else "",
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
        self._study: ImagingStudy | None = None
        self._name = ""
        self._summary = label("", "", "deposit.study.summary")
        self._error = label("", "error", "deposit.dicom.error")
        self._error.hide()
        self._table = ComparisonTable("deposit.study.whose")
        self._manifest = QCheckBox(self.tr("Joindre la liste des images et leur adresse (KOS)"))
        self._manifest.setObjectName("deposit.manifest")
        self._has_address = False
        self.received = ReceivedList("deposit.received")
        self.received.hide()
        caption = label(self.tr("Examen DICOM (facultatif)"), "strong")
        parts = (self.received, self._error, self._summary, self._table, self._manifest)
        self.setLayout(column(caption, self._buttons(), *parts))
        self.show_study(None, "", None)

    def _buttons(self) -> FlowRow:
        self._remove = button(self.tr("Retirer l’examen"), self.removed.emit, "quiet", "deposit.study.remove")
        file = button(self.tr("Fichier DICOM… (Ctrl+D)"), self.file_asked.emit, "", "deposit.study.file")
        folder = button(self.tr("Dossier DICOM… (Ctrl+Maj+D)"), self.folder_asked.emit, "", "deposit.study.folder")
        self._received = button(
            self.tr("Examen reçu… (Ctrl+Maj+E)"), self.received_asked.emit, "", "deposit.study.received"
        )
        return FlowRow(file, folder, self._received, self._remove)

    def offer(self, *, addresses: bool, reception: bool) -> None:
        """What this installation has: an address where images can be asked for, a list of examinations received."""
        self._has_address = addresses
        self._received.setVisible(reception)

    @property
    def study(self) -> ImagingStudy | None:
        """The study held."""
        return self._study

    @property
    def name(self) -> str:
        """Where it comes from, empty without a study."""
        return self._name

    @property
    def manifest_wanted(self) -> bool:
        """The list of images goes with the report."""
        return self._has_address and self._manifest.isChecked()

    @property
    def manifest_choice(self) -> bool:
        """For a draft: what is ticked, and ticked where there is nothing to choose."""
        return self.manifest_wanted or not self._has_address

    def want_manifest(self, wanted: bool) -> None:
        """Tick or untick it."""
        self._manifest.setChecked(wanted)

    @property
    def verdict(self) -> str:
        """In words: same person, another, not compared."""
        return self._table.verdict

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The side-by-side table as shown."""
        return self._table.rows

    def show_study(self, study: ImagingStudy | None, name: str, patient: Patient | None) -> None:
        """Hold this study and show it beside the patient."""
        self._study, self._name = study, name if study else ""
        self._summary.setText(f"{name} — {study_words(study)}" if study else "")
        for widget in (self._summary, self._remove):
            widget.setVisible(study is not None)
        self._manifest.setVisible(self._has_address and study is not None and bool(study.series))
        self._table.compare(study_comparison(study, patient) if study else None)

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """A sentence under the buttons; False when it speaks of something else."""
        if place != "dicom":
            return False
        self._error.setText(text)
        self._error.setVisible(bool(text))
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("dicom", "")

    def focus_error(self) -> bool:
        """Nothing here is typed."""
        return False

    def error_of(self, place: str) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if place == "dicom" else ""


def study_comparison(study: ImagingStudy, patient: Patient | None) -> Comparison:
    """The traits of the header beside the patient's."""
    differing = {found.trait for found in dicom_discrepancies(study, patient)} if patient else set()
    traits = (
        ComparedTrait(caption, mine, theirs, _words(trait, mine, theirs, trait in differing, patient is not None))
        for trait, caption, mine, theirs in _lines(study, patient)
    )
    return Comparison(_verdict(patient, differing), tuple(traits))


def _verdict(patient: Patient | None, differing: set[str]) -> str:
    if patient is None:
        return "Patient à identifier : F2, avec les traits ci-dessous sous les yeux."
    if differing:
        return "L’examen parle d’une autre personne : vérifiez le patient et le fichier."
    return "L’examen et le patient concordent."


def _words(trait: str, mine: str, theirs: str, differs: bool, known: bool) -> str:
    """An identifier that is neither the INS nor another one is the site's own."""
    own = trait == "ins" and theirs.replace(" ", "") != mine.replace(" ", "")
    if own and theirs and known and not differs:
        return "identifiant local"
    return compared_words(theirs, differs=differs, known=known)


def _lines(study: ImagingStudy, patient: Patient | None) -> tuple[tuple[str, str, str, str], ...]:
    """Name of the trait, caption, the patient's, the study's."""
    traits = patient.traits if patient else None
    number = patient.ins.matricule if patient and patient.ins else ""
    born = _day(traits.birth_date) if traits else ""
    return (
        ("birth_name", "Nom", traits.birth_name if traits else "", study.patient_family_name),
        ("first_name", "Prénom", traits.first_name if traits else "", study.patient_given_name),
        ("birth_date", "Né(e) le", born, _day(study.patient_birth_date)),
        ("sex", "Sexe", sex_text(traits.sex) if traits else "", study.patient_sex),
        ("ins", "Identifiant", number, study.patient_id),
    )


def _day(compact: str) -> str:
    return date_text(compact) if compact else ""
